"""Write every chapter with its exercises at the end, for nbval: python tools/answers.py FOLDER book/softmax.ipynb ...

So one run of a notebook holds both, and holds them in a folder that is not the book's. The code of an answer is run;
and where the page has a *Check* for the exercise, the answer has to pass it, and the empty cell and a wrong answer must
not.
"""

import sys
from pathlib import Path

import nbformat
from exercises import exercises

HERE = Path(__file__).parent
HOLD = """import sys

sys.path.append({here!r})
from holding import hold

hold({code!r}, {asked!r}, {starter!r})"""


def with_answers(notebook):
    """`notebook` and a cell for each of its exercises."""
    cells = [*notebook.cells, *(nbformat.v4.new_code_cell(cell(one)) for one in exercises(notebook) if one.code)]
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)


def cell(one):
    if not one.asked:
        return one.code
    return HOLD.format(here=str(HERE), code=one.code, asked=one.asked, starter=one.starter)


def main(folder, paths):
    folder.mkdir(parents=True, exist_ok=True)
    for path in map(Path, paths):
        notebook = nbformat.read(path, as_version=4)
        nbformat.write(with_answers(notebook), folder / path.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
