"""The run of the notebooks can fail: a chapter that says something wrong does not pass nbval."""

import re
import subprocess
import sys

import nbformat
from nbformat.v4 import new_code_cell, new_notebook, new_output

KEPT = {"tags": ["keep_output", "nbval-check-output"]}


def cells(kept="[0.25 0.75]\n", claim="assert probs[0] == 0.25", taught="x / x.sum()"):
    """A chapter in four cells: a function, its use, an output that is kept, a claim."""
    output = new_output("stream", text=kept)
    sources = ["import numpy as np", f"def shares(x):\n    return {taught}"]
    return [
        *map(new_code_cell, sources),
        new_code_cell(
            "probs = shares(np.array([1, 3]))\nprint(probs)",
            metadata=KEPT,
            outputs=[output],
            execution_count=1,
        ),
        new_code_cell(claim, metadata={"tags": ["remove-cell"]}),
    ]


WRONG = {
    "nothing": {},
    "output": {"kept": "[0.25 0.76]\n"},
    "claim": {"claim": "assert probs[0] == 0.26"},
    "function": {"taught": "x / x.max()"},
}


def test_nbval_fails_exactly_when_something_in_the_notebook_is_wrong(tmp_path):
    for name, change in WRONG.items():
        nbformat.write(new_notebook(cells=cells(**change)), tmp_path / f"{name}.ipynb")
    nbval = [sys.executable, "-m", "pytest", "-q", "-rA", "--nbval-lax", "-p", "no:cacheprovider", "."]
    run = subprocess.run(nbval, cwd=tmp_path, capture_output=True, text=True, check=False)
    ended = set(re.findall(r"^(PASSED|FAILED) (\w+)\.ipynb", run.stdout, re.MULTILINE))
    assert {name for end, name in ended if end == "FAILED"} == WRONG.keys() - {"nothing"}, run.stdout
    assert ("PASSED", "nothing") in ended
