"""Write every chapter with the code of its exercises' answers at the end, for nbval: python tools/answers.py FOLDER
book/softmax.ipynb ...

So one run of a notebook holds both, and holds them in a folder that is not the book's.
"""

import re
import sys
from pathlib import Path

import nbformat

FENCED = re.compile(r"^```python\n(.*?)^```", re.DOTALL | re.MULTILINE)


def with_answers(notebook):
    """`notebook` and a cell for each piece of Python that is fenced under its heading *Exercises*."""
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    section = re.search(r"^## Exercises$(.*?)(?=^## |\Z)", prose, re.DOTALL | re.MULTILINE)
    answers = FENCED.findall(section[1]) if section else []
    cells = [*notebook.cells, *map(nbformat.v4.new_code_cell, answers)]
    return nbformat.v4.new_notebook(cells=cells, metadata=notebook.metadata)


def main(folder, paths):
    folder.mkdir(parents=True, exist_ok=True)
    for path in map(Path, paths):
        notebook = nbformat.read(path, as_version=4)
        nbformat.write(with_answers(notebook), folder / path.name)


if __name__ == "__main__":
    main(Path(sys.argv[1]), sys.argv[2:])
