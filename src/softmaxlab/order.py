"""For notebooks run out of order: after a `NameError`, which cell to run first.

The notebook's own file says which cell defines a name. Where it is, JupyterLab and Jupyter Notebook put into the
environment (JPY_SESSION_NAME), and Visual Studio Code among the names; elsewhere nothing is added to the error.
"""

import functools
import json
import os
import symtable
import sys
from pathlib import Path


@functools.cache
def names_of(source):
    """The names that the code of a cell defines at its top level, as a frozen set; empty if it is no Python."""
    from IPython.core.inputtransformer2 import TransformerManager  # there, whenever a notebook runs

    try:
        table = symtable.symtable(TransformerManager().transform_cell(source), "cell", "exec")
    except SyntaxError:
        return frozenset()
    return frozenset(one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported())


def cell_to_run(name, path):
    """Say where the notebook at `path` defines `name`; None if it does not, or cannot be read."""
    try:
        cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
        sources = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    for source in sources:
        if name in names_of(source):
            first = next(line for line in source.splitlines() if line.strip())
            return f"`{name}` is defined in the cell that begins with `{first.strip()}`: run that one first."
    return None


def notebook_of(shell):
    """The path of the notebook that runs in an IPython `shell`, or None."""
    return shell.user_ns.get("__vsc_ipynb_file__") or os.environ.get("JPY_SESSION_NAME")


def after_name_error(shell, kind, error, trace, tb_offset=None):
    """Show the error as ever, and below it the cell to run first, if it is known."""
    shell.showtraceback((kind, error, trace), tb_offset=tb_offset)
    path = notebook_of(shell)
    if path and not isinstance(error, UnboundLocalError) and (words := cell_to_run(error.name, path)):
        print(words, file=sys.stderr)


def help_out_of_order():
    """From now on, a `NameError` in this notebook says which cell to run first. Does nothing outside IPython."""
    shell = sys.modules["IPython"].get_ipython() if "IPython" in sys.modules else None
    if shell is not None and not shell.custom_exceptions:
        shell.set_custom_exc((NameError,), after_name_error)
