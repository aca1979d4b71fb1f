"""The run of the notebooks can fail: a chapter that says something wrong does not pass nbval."""

import subprocess
import sys

import nbformat
import pytest
from chapters import CHAPTERS, tags


def without_tensorflow():
    """Chapter 3 up to its TensorFlow section: quick to run, and with every kind of cell."""
    (path,) = (path for path in CHAPTERS if path.stem == "03-softmax")
    notebook = nbformat.read(path, as_version=4)
    starts = [i for i, cell in enumerate(notebook.cells) if "## In TensorFlow" in cell.source]
    notebook.cells = notebook.cells[: starts[0]]
    return notebook


def nothing(notebook):
    pass


def a_kept_output(notebook):
    cell = next(c for c in notebook.cells if "keep_output" in tags(c))
    cell.outputs[0].text = cell.outputs[0].text.replace("0.714", "0.715")


def a_claim(notebook):
    cell = next(c for c in notebook.cells if "1.371" in c.source and "remove-cell" in tags(c))
    cell.source = cell.source.replace("1.371", "1.317")


def the_taught_function(notebook):
    cell = next(c for c in notebook.cells if "taught" in tags(c))
    cell.source = cell.source.replace("np.exp(", "np.exp2(")


@pytest.mark.parametrize(
    ("change", "passes"),
    [
        (nothing, True),
        (a_kept_output, False),
        (a_claim, False),
        (the_taught_function, False),
    ],
    ids=lambda value: getattr(value, "__name__", ""),
)
def test_nbval_fails_exactly_when_something_in_the_notebook_is_wrong(change, passes, tmp_path):
    notebook = without_tensorflow()
    before = nbformat.writes(notebook)
    change(notebook)
    assert (nbformat.writes(notebook) == before) == passes
    nbformat.write(notebook, tmp_path / "chapter.ipynb")
    command = [
        sys.executable,
        "-m",
        "pytest",
        "-q",
        "--nbval-lax",
        "-p",
        "no:cacheprovider",
    ]
    run = subprocess.run(
        [*command, "chapter.ipynb"],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    assert run.returncode == (0 if passes else 1), run.stdout
