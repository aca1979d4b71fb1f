"""Sphinx extension: how the cells of a chapter stand on its page. The notebook itself stays as it is.

Plumbing is folded: a cell that draws a figure or a picture, one that sets something up, and one that starts or ends
processes of a cluster, shows one line and opens on demand; what teaches stays open. (The tag `show-input` keeps a cell
open in any case.)
"""

import ast
import json
import re

from myst_nb.core import render, utils

# What a cell is for, and what its line says while it is folded
FIGURE, PICTURE, SETUP = "The code of this figure", "The code of this picture", "Set up"
NEEDS = "What the figure needs"
CLUSTER = "The processes of this machine"


def purpose(source):
    """What of the plumbing the code of a cell is, `None` if it teaches."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return None
    called = {ast.unparse(node.func) for node in ast.walk(tree) if isinstance(node, ast.Call)}
    if called & {"explore", "DigitPad", "Machine"}:
        return FIGURE
    if called & {"plt.subplots", "plt.figure"}:
        return PICTURE
    if called & {"LocalCluster", "psutil.Process"}:
        return CLUSTER
    set_up = (ast.Import, ast.ImportFrom)
    rest = [node for node in tree.body if not isinstance(node, set_up)]
    quiet = re.compile(
        r"os\.environ|plots\.use_style|np\.random\.default_rng\(0\)|keras\.utils\.set_random_seed|get_logger"
    )
    if len(rest) < len(tree.body) and all(quiet.search(ast.unparse(node)) for node in rest):
        return SETUP
    return None


def fold(app, docname, source):
    """Tag the plumbing of a notebook so that myst-nb folds it."""
    if not app.env.doc2path(docname).endswith(".ipynb"):
        return
    notebook = json.loads(source[0])
    for cell in notebook["cells"]:
        tags = cell["metadata"].get("tags", [])
        if cell["cell_type"] != "code" or {"show-input", "remove-cell"} & set(tags):
            continue
        line = purpose("".join(cell["source"])) or (NEEDS if "opener" in tags else None)
        if line:
            cell["metadata"]["tags"] = [*tags, "hide-input"]
            about = cell["metadata"].setdefault("mystnb", {})
            about["code_prompt_show"], about["code_prompt_hide"] = line, line
    source[0] = json.dumps(notebook)


def name_folds(app, pagename, templatename, context, doctree):
    """A fold is called what its line says; myst-nb calls all of them the same, and not what one sees."""
    if "body" in context:
        context["body"] = context["body"].replace('<summary aria-label="Toggle hidden content">', "<summary>")


def whole(outputs):
    """The outputs of a cell with what it printed in one piece: a kernel sends a line in two if its time is up in it,
    and myst-nb ends each with a line break of its own.
    """
    first = {}
    for output in outputs:
        if output["output_type"] == "stream" and first.setdefault(output["name"], output) is not output:
            first[output["name"]]["text"] += output["text"]
    streams = list(first.values())
    kept = [one for one in outputs if one["output_type"] != "stream" or any(one is stream for stream in streams)]
    return utils.coalesce_streams(kept)


def setup(app):
    render.coalesce_streams = whole
    app.connect("source-read", fold)
    app.connect("html-page-context", name_folds)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
