"""`make book` renews what has changed, and only that: neither cache of Jupyter Book sees the package or the look."""

import os
import re
import shutil
import subprocess

import pytest
from course import ROOT
from packaging.requirements import Requirement

RUN_ANEW = "rm -rf _build\n"
WRITE_ANEW = "rm -rf _build/.doctrees _build/html _build/.look-*\n"


@pytest.fixture
def house(tmp_path):
    """A copy of the house in which everything is built."""
    for name in ("Makefile", "_config.yml", "_toc.yml", "requirements.lock", "pyproject.toml"):
        shutil.copy(ROOT / name, tmp_path)
    skip = shutil.ignore_patterns("*.xz", "*.ipynb", "__pycache__", "*.egg-info")
    for name in ("src", "book", "tools"):
        shutil.copytree(ROOT / name, tmp_path / name, ignore=skip)
    for stamp in (".venv/.locked", ".venv/.ready", ".cache/web/axe.min.js"):
        path = tmp_path / stamp
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    for line in re.findall(r"\.(?:package|look)-[\w-]+", plan(tmp_path)):
        (tmp_path / "_build").mkdir(exist_ok=True)
        (tmp_path / "_build" / line).touch()
    return tmp_path


def make(folder, *words):
    """`make` as typed in `folder`: nothing of the make that runs these tests comes through."""
    own = {name: value for name, value in os.environ.items() if name not in {"MAKEFLAGS", "MAKELEVEL", "MFLAGS"}}
    return subprocess.run(["make", *words], cwd=folder, env=own, capture_output=True, text=True, check=False)


def plan(folder, **environment):
    """What `make book` would do."""
    command, environment = ["make", "--dry-run", "book"], os.environ | environment
    run = subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=True)
    return run.stdout


def edit(path):
    path.write_text(path.read_text(encoding="utf-8") + "\n", encoding="utf-8")


def test_nothing_is_renewed_when_nothing_has_changed(house):
    assert RUN_ANEW not in plan(house)
    assert WRITE_ANEW not in plan(house)


@pytest.mark.parametrize(
    "name",
    ["src/softmaxlab/scratch.py", "src/softmaxlab/widgets/bars.py", "src/softmaxlab/palette.css"],
)
def test_a_change_in_the_package_runs_every_notebook_anew(house, name):
    edit(house / name)
    assert RUN_ANEW in plan(house)


def test_a_file_that_is_gone_from_the_package_runs_every_notebook_anew(house):
    (house / "src/softmaxlab/widgets/bars.py").unlink()
    assert RUN_ANEW in plan(house)


@pytest.mark.parametrize(
    "name",
    [
        "_config.yml",
        "_toc.yml",
        "book/_static/course.css",
        "book/_ext/offline_assets.py",
        "src/softmaxlab/widgets/bars.js",
        "src/softmaxlab/widgets/bars.css",
    ],
)
def test_a_change_of_the_look_writes_every_page_anew_and_runs_nothing(house, name):
    edit(house / name)
    assert WRITE_ANEW in plan(house)
    assert RUN_ANEW not in plan(house)


@pytest.mark.parametrize(
    "name", ["COURSE_REPO_URL", "COURSE_HUB_URL", "COURSE_SITE_URL", "GITHUB_REPOSITORY", "GITHUB_SERVER_URL"]
)
def test_another_address_of_the_course_writes_every_page_anew_and_runs_nothing(name, house):
    moved = plan(house, **{name: "https://github.com/someone/their-fork"})
    assert WRITE_ANEW in moved
    assert RUN_ANEW not in moved


def test_a_new_lock_installs_everything_anew(house):
    edit(house / "requirements.lock")
    assert "-m venv --clear .venv" in plan(house)


@pytest.mark.parametrize(("fails", "says"), [("jupyter-book", "make clean first"), ("python", "pip could not install")])
def test_what_stops_the_build_ends_with_one_line_that_says_what_to_do(house, fails, says):
    (house / ".venv/bin").mkdir()
    for name in ("python", "jupyter-book"):
        tool = house / ".venv/bin" / name
        tool.write_text(f"#!/bin/sh\nexit {int(name == fails)}\n")
        tool.chmod(0o755)
    os.utime(house / "pyproject.toml", (2e9, 2e9))  # so there is something to install
    run = make(house, "book")
    assert run.returncode != 0
    assert says in run.stdout.splitlines()[-1]


def test_a_python_that_is_not_there_is_told_of_in_one_line(house):
    (house / ".venv/.locked").unlink()
    run = make(house, "PYTHON=/nowhere/python", "book")
    assert run.returncode != 0
    assert run.stdout.splitlines()[-1].startswith("There is no /nowhere/python: ")


def test_a_folder_that_is_not_ones_own_is_told_of_in_one_line(house):
    # root may write everywhere, so ask a `test` that says no
    tool = house / "closed" / "sh"
    tool.parent.mkdir()
    tool.write_text("#!/bin/sh\necho .\n")
    tool.chmod(0o755)
    run = make(house, f"SHELL={tool}", "book")
    assert "You may not write to" in run.stderr
    assert len(run.stderr.splitlines()) == 1


def wanted(name):
    """The requirements in a file that people write."""
    lines = (ROOT / name).read_text().splitlines()
    return [Requirement(line.partition("#")[0]) for line in lines if re.match(r"\w", line)]


def locked(name):
    """`{package: its versions}` in a file that `make lock` writes, of those that have a hash."""
    pins = r"^([\w.-]+)==(\S+)[^\n]*\\\n    --hash=sha256:"
    found = {}
    for package, version in re.findall(pins, (ROOT / name).read_text(), re.MULTILINE):
        found.setdefault(package, []).append(version)
    return found


@pytest.mark.parametrize(
    ("file", "lock"),
    [
        ("requirements.txt", "requirements.lock"),
        (".binder/requirements.in", ".binder/requirements.txt"),
    ],
)
def test_the_lock_holds_every_requirement_with_its_hash(file, lock):
    for requirement in wanted(file):
        versions = locked(lock).get(requirement.name)
        assert versions, f"{requirement} is not in {lock}: run `make lock`"
        assert all(requirement.specifier.contains(version) for version in versions)


def test_binder_installs_the_versions_of_the_book_but_nothing_that_builds_it():
    book, lean = locked("requirements.lock"), locked(".binder/requirements.txt")
    for package, versions in lean.items():
        assert set(versions) <= set(book.get(package, versions)), package
    assert not {"jupyter-book", "sphinx", "playwright", "pytest", "tensorflow"} & set(lean)
    assert (ROOT / ".binder/runtime.txt").read_text() == "python-3.12\n"
