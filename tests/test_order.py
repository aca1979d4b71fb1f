"""The order of the chapters is in `_toc.yml` alone: a book of three of them, one of them new, builds and passes."""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import nbformat
import pytest
from course import ROOT, chapters
from fork import NOWHERE
from test_publish import targets

SKIP = shutil.ignore_patterns("_build", ".cache", ".git", ".venv*", "__pycache__", "*.egg-info", "dist")
NEW = "Turned softmax: a chapter of one's own"


def run(*command, folder):
    """A command in the house in `folder`, with its own package and without an address."""
    here = NOWHERE | {"PYTHONPATH": str(folder / "src")}
    here.pop("PYTEST_XDIST_WORKER", None)
    return subprocess.run(command, cwd=folder, env=here, text=True, capture_output=True, check=False)


@pytest.fixture(scope="module")
def small(tmp_path_factory):
    """A fork with three chapters, the last before the first and a new one between them, built without running code."""
    folder = tmp_path_factory.mktemp("small") / "course"
    shutil.copytree(ROOT, folder, ignore=SKIP)
    (folder / ".cache").symlink_to(ROOT / ".cache")
    first, *_, last = chapters()
    notebook = nbformat.read(first.path, as_version=4)
    notebook.cells[0].source = notebook.cells[0].source.replace(first.title, NEW)
    nbformat.write(notebook, folder / "book" / "turned.ipynb")
    toc = folder / "_toc.yml"
    lines = toc.read_text(encoding="utf-8").splitlines()
    names = {chapter.name for chapter in chapters()}
    kept = [line for line in lines if line.rpartition("book/")[2] not in names]
    place = next(i for i, line in enumerate(kept) if line.strip() == "chapters:") + 1
    kept[place:place] = [f"      - file: book/{name}" for name in (last.name, "turned", first.name)]
    toc.write_text("\n".join(kept) + "\n", encoding="utf-8")
    config = folder / "_config.yml"
    config.write_text(config.read_text("utf-8").replace("execute_notebooks: cache", 'execute_notebooks: "off"'))
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    built = run(jupyter_book, "build", "--quiet", "-W", "-n", ".", folder=folder)
    assert built.returncode == 0, built.stdout + built.stderr
    return folder


def page(folder, name):
    return (folder / "_build" / "html" / "book" / f"{name}.html").read_text(encoding="utf-8")


def test_its_chapters_are_numbered_in_the_order_of_its_table(small):
    first, *_, last = chapters()
    for number, name in enumerate((last.name, "turned", first.name), 1):
        assert f'<span class="section-number">{number} · </span>' in page(small, name)
    for name in ("index", "cheatsheet"):
        text = page(small, name)
        titles = {last.name: last.title, "turned": NEW, first.name: first.title}
        links = [rf'href="{link}\.html"><span[^>]*>(\d+ · )?{re.escape(title)}' for link, title in titles.items()]
        places = [re.search(link, text.replace("’", "'")).start() for link in links]
        assert places == sorted(places)
        assert NEW.partition(":")[0] in text


def test_links_to_chapters_that_are_left_out_are_plain_text(small):
    gone = {chapter.name for chapter in chapters()[1:-1]}
    for path in (small / "_build" / "html" / "book").glob("*.html"):
        links = re.findall(r'href="([\w-]+)\.(?:html|ipynb)', path.read_text(encoding="utf-8"))
        assert not gone & set(links), path.name


def test_a_build_with_no_address_has_no_button_that_runs_edits_or_reports(small):
    pages = list((small / "_build" / "html" / "book").glob("*.html"))
    assert {"turned", "index", "notation"} < {path.stem for path in pages}
    for path in pages:
        text = path.read_text(encoding="utf-8")
        assert targets(text) == [], path.name
        assert "launch-buttons" not in text, path.name


def test_its_tests_pass(small):
    files = ["chapters", "teaching", "ladder", "pages", "copy"]
    tests = [f"tests/test_{name}.py" for name in files]
    pytest = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider"]
    done = run(
        *pytest,
        *tests,
        "-k",
        "not reproduced and not prints and not search and not carry and not in_one_row",
        folder=small,
    )
    assert done.returncode == 0, done.stdout[-3000:]
    assert re.search(r"\d{2,} passed", done.stdout)


def test_a_link_that_leads_nowhere_stops_the_build(small):
    text = small / "book" / "notation.md"
    before = text.read_text(encoding="utf-8")
    text.write_text(before + "\n[nowhere](no-such-chapter.ipynb)\n", encoding="utf-8")
    jupyter_book = Path(sys.executable).with_name("jupyter-book")
    built = run(jupyter_book, "build", "--quiet", "-W", "-n", ".", folder=small)
    text.write_text(before, encoding="utf-8")
    assert built.returncode != 0
    assert "no-such-chapter" in built.stdout + built.stderr
