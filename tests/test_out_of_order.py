"""A notebook run out of order says which cell to run first."""

import os

import course
import nbformat
import pytest
from nbclient import NotebookClient
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook

from softmaxlab.order import cell_to_run, names_of

CELLS = [
    "import softmaxlab",
    "# three numbers\nlogits = [3.0, 1.0, 0.2]",
    "def total(numbers):\n    inside = sum(numbers)\n    return inside",
    "print(total(logits))",
]
HINT = "`logits` is defined in the cell that begins with `# three numbers`: run that one first."


def saved(path, sources):
    cells = [new_markdown_cell("logits = 1"), *map(new_code_cell, sources)]
    nbformat.write(new_notebook(cells=cells), path)
    return path


def printed(sources, path):
    """What a kernel that knows the notebook at `path` prints to stderr for these cells, and the errors it reports."""
    client = NotebookClient(new_notebook(cells=[new_code_cell(one) for one in sources]), allow_errors=True)
    with client.setup_kernel(env=os.environ | ({"JPY_SESSION_NAME": str(path)} if path else {})):
        for index, cell in enumerate(client.nb.cells):
            client.execute_cell(cell, index)
    outputs = [out for cell in client.nb.cells for out in cell.outputs]
    errors = [out.ename for out in outputs if out.output_type == "error"]
    return "".join(out.text for out in outputs if out.get("name") == "stderr").strip(), errors


def test_a_cell_that_misses_a_name_says_which_to_run_first(tmp_path):
    path = saved(tmp_path / "some.ipynb", CELLS)
    assert printed([CELLS[0], CELLS[2], CELLS[3]], path) == (HINT, ["NameError"])


def test_an_error_stays_as_it_is_where_nothing_is_known(tmp_path):
    path = saved(tmp_path / "some.ipynb", CELLS)
    local = "def early():\n    print(logits)\n    logits = 1\n\n\nearly()"
    for cell, where in [("print(nowhere)", path), ("print(logits)", None), ("print(logits)", tmp_path / "gone.ipynb")]:
        assert printed([CELLS[0], cell], where) == ("", ["NameError"])
    assert printed([CELLS[0], local], path) == ("", ["UnboundLocalError"])


def test_names_inside_functions_and_loops_of_lists_are_not_defined():
    assert names_of("import numpy as np\nfrom math import exp\nfor i in range(3):\n    a = [j for j in range(i)]") == {
        "np",
        "exp",
        "i",
        "a",
    }
    assert names_of(CELLS[2]) == {"total"}
    assert names_of("%matplotlib inline\nwith open('a') as file:\n    b, (c, *d) = file") == {"file", "b", "c", "d"}
    assert names_of("no python here") == set()


@pytest.mark.parametrize("content", ["", "{}", '{"cells": [{}]}', "[1]"])
def test_a_notebook_that_cannot_be_read_adds_nothing(content, tmp_path):
    path = tmp_path / "broken.ipynb"
    path.write_text(content, encoding="utf-8")
    assert cell_to_run("logits", path) is None


@pytest.mark.parametrize("chapter", course.chapters(), ids=lambda chapter: chapter.name)
def test_every_name_of_a_chapter_is_found_in_it(chapter):
    notebook = nbformat.read(chapter.path, as_version=4)
    sources = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    for source in sources:
        for name in names_of(source):
            words = cell_to_run(name, chapter.path)
            assert words.startswith(f"`{name}` is defined in the cell that begins with `")
