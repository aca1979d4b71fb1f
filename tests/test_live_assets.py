"""Python for the browser is fetched once, is what was locked, and a book can do without it."""

import hashlib
import json
import subprocess
import sys
import zipfile

import live_assets
import pytest
from conftest import SITE
from course import ROOT

LOCKED = json.loads((live_assets.CORE / "pyodide-lock.json").read_text(encoding="utf-8"))["packages"]


def test_a_wheel_comes_with_all_that_it_depends_on():
    packages = {
        name: {"depends": depends} for name, depends in {"a": ["b", "odd"], "b": ["c"], "c": [], "d": []}.items()
    }
    assert live_assets.closure(packages, ["a"], unused={"odd"}) == ["a", "b", "c"]


def test_a_wheel_that_is_not_locked_stops_the_build_and_not_the_reader():
    with pytest.raises(KeyError, match="gone"):
        live_assets.closure({"a": {"depends": ["gone"]}}, ["a"])


def test_a_file_is_held_to_its_digest():
    digest = hashlib.sha256(b"whole").hexdigest()
    assert live_assets.held("a.whl", b"whole", digest) == b"whole"
    with pytest.raises(ValueError, match="a.whl"):
        live_assets.held("a.whl", b"other", digest)


def test_what_is_pure_python_has_the_hashes_of_the_lock():
    lock = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    for name in live_assets.PURE:
        assert "--hash=sha256:" in live_assets.locked(name, lock)
    with pytest.raises(ValueError, match="requirements.lock"):
        live_assets.locked("no-such-thing", lock)


def test_the_core_and_its_wheels_are_of_one_version():
    manifest = json.loads((ROOT / "tools" / "web" / "package.json").read_text(encoding="utf-8"))
    (folder,) = (SITE / "_static").glob("python-*")
    assert folder.name == f"python-{manifest['devDependencies']['pyodide']}"
    assert set(live_assets.FROM_PYODIDE) <= set(LOCKED)


def test_every_archive_is_whole_and_the_site_says_who_made_it():
    (folder,) = (SITE / "_static").glob("python-*")
    for name in ("stdlib.zip", "numpy.zip", "plots.zip"):
        with zipfile.ZipFile(folder / name) as archive:
            assert archive.testzip() is None
    told = (folder / "LICENSES.txt").read_text(encoding="utf-8")
    for name in (
        "Pyodide",
        "CPython",
        "numpy",
        "matplotlib",
        "pillow",
        "ipywidgets",
        "anywidget",
        "CodeMirror",
        "lezer",
    ):
        assert name.lower() in told.lower(), name


def test_without_a_connection_the_book_does_without_and_says_so(tmp_path, monkeypatch, capsys):
    def fails(*_):
        raise subprocess.CalledProcessError(1, "pip")

    monkeypatch.delenv("LIVE", raising=False)
    monkeypatch.setattr(live_assets, "LIVE", tmp_path / "live")
    monkeypatch.setattr(live_assets, "wheels", fails)
    live_assets.main()
    assert not (tmp_path / "live").exists()
    assert "no button" in capsys.readouterr().out


def test_live_0_fetches_nothing_and_the_book_says_so(tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("LIVE", "0")
    monkeypatch.setattr(live_assets, "LIVE", tmp_path / "live")
    live_assets.main()
    assert list(tmp_path.iterdir()) == []
    assert "LIVE=0" in capsys.readouterr().out


def test_a_build_without_it_has_no_button_and_says_so(tmp_path, monkeypatch):
    sys.path.insert(0, str(ROOT / "book" / "_ext"))
    import course_live

    class App:
        class builder:
            format = "html"

        class config:
            course_live = None

        outdir, srcdir = tmp_path, ROOT

    said = []
    monkeypatch.setenv("LIVE", "0")
    monkeypatch.setattr(course_live.logger, "info", said.append)
    (tmp_path / "_static" / "live").mkdir(parents=True)
    course_live.configure(App, App.config)
    course_live.write_files(App)
    context = {"page_source_suffix": ".ipynb"}
    course_live.offer(App, "book/softmax", "page.html", context, object())
    assert context["course_live"] is None
    assert not (tmp_path / "_static" / "live").exists()
    assert said == [course_live.WITHOUT]
