"""Run chapters and write down anew what their cells tagged `keep_output` print: python tools/keep_outputs.py
book/softmax.ipynb ...

Look at the change before you commit it: a kept output is a test, and nbval holds every later run to it.
"""

import copy
import sys
from pathlib import Path

import nbformat
from nbclient import NotebookClient


def keep(path):
    """Renew the kept outputs of the notebook at `path`. All others are dropped."""
    notebook = nbformat.read(path, as_version=4)
    about, folder = copy.deepcopy(notebook.metadata), {"metadata": {"path": str(path.parent)}}
    NotebookClient(notebook, timeout=600, resources=folder).execute()
    notebook.metadata = about
    for cell in notebook.cells:
        if cell.cell_type != "code":
            continue
        kept = "keep_output" in cell.metadata.get("tags", [])
        cell.metadata.pop("execution", None)
        cell.outputs = [whole(cell.outputs)] if kept else []
    nbformat.write(notebook, path)


def whole(outputs):
    """What was printed, as one output, however many pieces it came in."""
    if any(output.output_type != "stream" or output.name != "stdout" for output in outputs):
        raise ValueError("a kept output: expected printed text alone, got a result or a warning.")
    text = "".join(output.text for output in outputs)
    return nbformat.v4.new_output("stream", name="stdout", text=text)


if __name__ == "__main__":
    for name in sys.argv[1:]:
        keep(Path(name))
