"""What comes from npm: versions and contents are locked, whoever the registry is, and the site gets all of it or
nothing.
"""

import base64
import hashlib
import json
import re
import tarfile

import pytest
import web_assets

MANIFEST = json.loads((web_assets.LOCK / "package.json").read_text(encoding="utf-8"))
LOCKED = json.loads((web_assets.LOCK / "package-lock.json").read_text(encoding="utf-8"))
ASKED_FOR = MANIFEST["dependencies"] | MANIFEST["devDependencies"]


def loose(lock):
    """The packages in `lock` without an integrity, or with the address of a registry."""
    packages = {path: entry for path, entry in lock["packages"].items() if path}
    return [
        path
        for path, entry in packages.items()
        if not entry.get("integrity", "").startswith("sha512-") or "resolved" in entry
    ]


def test_every_package_is_locked_to_its_content_and_to_no_registry():
    assert loose(LOCKED) == []
    assert len(LOCKED["packages"]) > len(ASKED_FOR)


@pytest.mark.parametrize(
    "entry",
    [
        {"version": "1.0.0"},
        {"version": "1.0.0", "integrity": "sha1-2jmj7l5rSw0yVb/vlWAYkK/YBwk="},
        {"integrity": "sha512-AAAA", "resolved": "https://registry.example.org/tiny.tgz"},
    ],
)
def test_a_package_that_is_not_locked_is_found(entry):
    assert loose({"packages": {"": {}, "node_modules/tiny": entry}}) == ["node_modules/tiny"]


def test_versions_are_exact_and_the_lock_has_them():
    for package, version in ASKED_FOR.items():
        assert re.fullmatch(r"\d+\.\d+\.\d+", version), package
        assert LOCKED["packages"][f"node_modules/{package}"]["version"] == version


def test_the_site_takes_something_of_every_package_it_asks_for_and_of_no_other():
    assert set(web_assets.FILES) == set(MANIFEST["dependencies"])


@pytest.mark.parametrize("package", web_assets.FILES)
def test_the_cache_holds_what_is_in_the_package(package):
    for name, target in web_assets.FILES[package].items():
        source, copy = web_assets.NPM / "node_modules" / package / name, web_assets.WEB / target
        inside = [path for path in source.rglob("*") if path.is_file()] or [source]
        for path in inside:
            assert (copy / path.relative_to(source)).read_bytes() == path.read_bytes()


@pytest.mark.parametrize("package", sorted(set(web_assets.FILES) - {"axe-core"}))
def test_a_package_on_the_site_comes_with_its_licence(package):
    copies = [web_assets.WEB / target for target in web_assets.FILES[package].values()]
    own = [path for path in copies if "LICENSE" in path.name]
    assert own or all("license" in path.read_text(encoding="utf-8")[:500] for path in copies)


def make_packages(folder):
    (folder / "tiny").mkdir(parents=True)
    (folder / "tiny" / "there.js").write_text("1")


def test_with_a_file_missing_there_is_no_cache_and_the_file_is_named(tmp_path):
    make_packages(tmp_path / "packages")
    files = {"tiny": {"there.js": "site/there.js", "gone.js": "site/gone.js"}}
    web = tmp_path / "web"
    with pytest.raises(FileNotFoundError, match=r"gone\.js.*tiny"):
        web_assets.lay_out(files, tmp_path / "packages", web)
    assert not web.exists()


def test_a_new_cache_has_nothing_of_the_old_one_or_of_one_that_was_broken_off(tmp_path):
    make_packages(tmp_path / "packages")
    web = tmp_path / "web"
    for left in (web, tmp_path / "web.part"):
        left.mkdir()
        (left / "old.js").write_text("0")
    web_assets.lay_out({"tiny": {"there.js": "site/there.js"}}, tmp_path / "packages", web)
    assert [path for path in tmp_path.rglob("*.js") if "packages" not in path.parts] == [web / "site" / "there.js"]


@pytest.fixture
def locked_package(tmp_path):
    """A folder with a package that would run a script, and its lock; the package lies beside, so no registry is
    asked.
    """
    about = {"name": "tiny", "version": "1.0.0", "scripts": {"install": "echo > ran"}}
    lock, inside = tmp_path / "lock", tmp_path / "package" / "package.json"
    lock.mkdir()
    inside.parent.mkdir()
    inside.write_text(json.dumps(about))
    with tarfile.open(tmp_path / "tiny.tgz", "w:gz") as archive:
        archive.add(inside, "package/package.json")
    digest = hashlib.sha512((tmp_path / "tiny.tgz").read_bytes()).digest()
    asked = {"dependencies": {"tiny": "file:../tiny.tgz"}}
    entry = {
        "version": "1.0.0",
        "resolved": "file:../tiny.tgz",
        "integrity": f"sha512-{base64.b64encode(digest).decode()}",
        "hasInstallScript": True,
    }
    packages = {"": asked, "node_modules/tiny": entry}
    (lock / "package.json").write_text(json.dumps(asked))
    (lock / "package-lock.json").write_text(json.dumps({"lockfileVersion": 3, "packages": packages}))
    return lock


def test_a_locked_package_is_installed_and_its_scripts_are_not_run(locked_package, tmp_path):
    web_assets.install(locked_package, tmp_path / "npm")
    installed = tmp_path / "npm" / "node_modules" / "tiny"
    assert [path.name for path in installed.iterdir()] == ["package.json"]


def test_a_package_with_another_content_than_the_locked_one_is_not_installed(locked_package, tmp_path, capfd):
    lock = locked_package / "package-lock.json"
    lock.write_text(re.sub("sha512-.{8}", "sha512-AAAAAAAA", lock.read_text()))
    with pytest.raises(SystemExit):
        web_assets.install(locked_package, tmp_path / "npm")
    assert "EINTEGRITY" in capfd.readouterr().err
    assert not (tmp_path / "npm" / "node_modules" / "tiny").exists()


def test_what_is_kept_is_whole_or_as_it_was(tmp_path, monkeypatch):
    kept = tmp_path / "new" / "kept.json"
    web_assets.keep(kept, "old")

    def full(path, text, **_):
        path.write_bytes(text[:1].encode())
        raise OSError("No space left on device")

    monkeypatch.setattr(type(kept), "write_text", full)
    with pytest.raises(OSError, match="No space"):
        web_assets.keep(kept, "new")
    assert kept.read_text(encoding="utf-8") == "old"
