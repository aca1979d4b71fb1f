"""Sphinx extension: the code of a chapter can be changed and run in its own page, by Python in the reader's browser.

A page has a button, and everything else is fetched when somebody presses it: `_static/live` has the scripts of
`book/_live`, the course's own package, and a file for each chapter with its cells and exercises;
`_static/python-VERSION` what `tools/live_assets.py` has fetched. Without that there is no button.
"""

import csv
import hashlib
import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

import nbformat
import softmaxlab
from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import logging

from course_links import launch_links
from course_widgets import join

ROOT = Path(__file__).parents[2]
HERE = ROOT / "book" / "_live"
sys.path[:0] = [str(ROOT / "tools"), str(HERE)]
import course  # noqa: E402
from cells import needed  # noqa: E402
from exercises import exercises  # noqa: E402
from live_assets import CORE, LIVE, SIZES  # noqa: E402

SCRIPTS = ["live.js", "editor.js", "worker.js"]
IN_PYTHON = ["live.py", "cells.py", "checking.py", "telling.py", "records.py"]
MNIST = "mnist.xz"
SECONDS = HERE / "seconds.csv"
WITHOUT = (
    "This book has no button that runs its pages: .cache/live is not there. `make book` with a connection fetches it."
)

TYPE = """<p class="course-type d-print-none"><button type="button">Write your answer here</button>
<span>This starts Python in the page.</span></p>"""

logger = logging.getLogger(__name__)


def there():
    """Whether this build can have the button."""
    return LIVE.is_dir() and os.environ.get("LIVE") != "0"


def version():
    """What the folder of Python's parts is called after: Pyodide's version, and what is in it."""
    return json.loads((CORE / "package.json").read_text(encoding="utf-8"))["version"]


def configure(app, config):
    # every page is written anew when there is a button, and was none
    config.course_live = there()


def write_files(app):
    if app.builder.format != "html":
        return
    static = Path(app.outdir, "_static")
    if not there():
        shutil.rmtree(static / "live", ignore_errors=True)
        for old in static.glob("python-*"):
            shutil.rmtree(old)
        logger.info(WITHOUT)
        return
    home, parts = static / "live", static / f"python-{version()}"
    parts.mkdir(parents=True, exist_ok=True)
    home.mkdir(exist_ok=True)
    package = Path(softmaxlab.__file__).parent
    for file in [file for file in LIVE.iterdir() if file.name != SIZES]:
        copy_once(file, parts / file.name)
    copy_once(package / MNIST, home / MNIST)
    for name in SCRIPTS:
        (home / name).write_text(join(HERE / name, "esm"), encoding="utf-8")
    with zipfile.ZipFile(home / "course.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        files = {HERE / name: name for name in IN_PYTHON}
        files |= {file: f"softmaxlab/{file.relative_to(package).as_posix()}" for file in package.rglob("*")}
        for file, name in sorted(files.items(), key=lambda item: item[1]):
            if file.is_file() and file.name != MNIST and "__pycache__" not in file.parts:
                archive.writestr(zipfile.ZipInfo(name), file.read_bytes(), zipfile.ZIP_DEFLATED)
    app.course_live = {"sizes": sizes(home), "digest": digest(home)}


def copy_once(source, target):
    """Copy a large file, unless it is there."""
    if not target.exists() or target.stat().st_size != source.stat().st_size or older(target, source):
        shutil.copyfile(source, target)


def older(one, other):
    return one.stat().st_mtime < other.stat().st_mtime


def sizes(home):
    """`{file: [bytes, bytes as a server packs them]}` of what is fetched when the button is pressed."""
    found = json.loads((LIVE / SIZES).read_text(encoding="utf-8"))
    return found | {name: [(home / name).stat().st_size] * 2 for name in ("course.zip", MNIST)}


def digest(home):
    """A few letters that are others when any of the scripts is."""
    files = [home / name for name in [*SCRIPTS, "course.zip"]]
    return hashlib.sha256(b"".join(file.read_bytes() for file in files)).hexdigest()[:8]


# ---- cells


def key(source, seen):
    """The name of a cell, the same wherever it stands: `code-` and a few letters of a digest of what is in it."""
    name = f"code-{hashlib.sha256(source.strip().encode()).hexdigest()[:8]}"
    seen[name] = seen.get(name, 0) + 1
    return name if seen[name] == 1 else f"{name}-{seen[name]}"


def is_cell(node):
    return isinstance(node, nodes.Element) and node.get("nb_element") == "cell_code"


class Named(SphinxPostTransform):
    """Code and output of every cell get a name. Before the opening, which takes cells apart."""

    default_priority = 870

    def run(self, **kwargs):
        if not self.config.course_live or not self.env.doc2path(self.env.docname).endswith(".ipynb"):
            return
        seen = {}
        for cell in self.document.findall(is_cell):
            parts = {part.get("nb_element"): part for part in cell.findall(nodes.Element)}
            if "cell_code_source" not in parts:
                continue
            name = key(parts["cell_code_source"].astext(), seen)
            parts["cell_code_source"]["ids"].append(name)
            if "cell_code_output" in parts:
                parts["cell_code_output"]["ids"].append(name.replace("code-", "output-"))


class Typed(SphinxPostTransform):
    """An exercise whose answer is code says where one types, before there is an editor. After the questions."""

    default_priority = 885

    def run(self, **kwargs):
        if not self.config.course_live or not self.env.doc2path(self.env.docname).endswith(".ipynb"):
            return
        for box in self.document.findall(nodes.container):
            if "course-exercise" in box.get("classes", []) and any(map(is_python, box.findall(nodes.literal_block))):
                hint = next(place for place, child in enumerate(box) if "<details" in child.astext())
                box.insert(hint, nodes.raw("", TYPE, format="html"))


def is_python(block):
    return block.get("language") == "python"


def page_cells(notebook, seconds):
    """The cells of a page in their order: those on it, and of the others those that they need."""
    code = [cell for cell in notebook.cells if cell.cell_type == "code" and cell.source.strip()]
    tags = [set(cell.metadata.get("tags", [])) for cell in code]
    optional = ["remove-cell" in one for one in tags]
    hidden = [bool(one & {"remove-cell", "remove-input"}) for one in tags]
    answers = "\n\n".join(one.code for one in exercises(notebook))
    kept = needed([*(cell.source for cell in code), answers], (), [*optional, False])[:-1]
    seen, found = {}, []
    for place in kept:
        source = code[place].source
        if hidden[place]:
            found.append({"source": source, "hidden": True})
        else:
            found.append({"source": source, "key": key(source, seen)})
        if took := seconds.get(hashlib.sha256(source.strip().encode()).hexdigest()[:8]):
            found[-1]["seconds"] = took
    return found


def page_exercises(notebook, seconds):
    """What the page makes a cell of, for each exercise."""
    found = []
    for place, one in enumerate(exercises(notebook), 1):
        if not one.code:
            continue
        name = hashlib.sha256(one.question.encode()).hexdigest()[:8]
        about = {"id": f"exercise-{place}", "number": one.number, "key": f"exercise-{name}", "starter": one.starter}
        about |= {"answer": one.code, "asked": one.asked}
        if took := seconds.get(hashlib.sha256(one.code.strip().encode()).hexdigest()[:8]):
            about["seconds"] = took
        found.append(about)
    return found


def known_seconds():
    """`{digest: seconds}` of the cells that take long in a browser, as `make live` has measured them."""
    if not SECONDS.exists():
        return {}
    with SECONDS.open(encoding="utf-8", newline="") as file:
        return {row["digest"]: float(row["seconds"]) for row in csv.DictReader(file)}


def offer(app, pagename, templatename, context, doctree):
    """What a page needs to know for its button, and the file that it fetches when it is pressed."""
    context["course_live"] = None
    if not app.config.course_live or doctree is None or context.get("page_source_suffix") != ".ipynb":
        return
    path, about, seconds = Path(app.srcdir, f"{pagename}.ipynb"), app.course_live, known_seconds()
    notebook = nbformat.read(path, as_version=4)
    data = {
        "cells": page_cells(notebook, seconds),
        "exercises": page_exercises(notebook, seconds),
        "mnist": any("load_mnist" in cell.source for cell in notebook.cells if cell.cell_type == "code"),
        "elsewhere": launch_links(address, os.environ.get("COURSE_HUB_URL"), f"{pagename}.ipynb")
        if (address := course.address())
        else {},
        "worker": f"worker.js?{about['digest']}",
        "editor": f"editor.js?{about['digest']}",
        "course": f"course.zip?{about['digest']}",
        "parts": f"../python-{version()}/",
        "sizes": {name: size for name, size in about["sizes"].items() if name != MNIST},  # those that a start waits for
    }
    comes = sum(packed for _, packed in data["sizes"].values()) + data["mnist"] * about["sizes"][MNIST][1]
    text = json.dumps(data)
    name = f"{path.stem}.json"
    Path(app.outdir, "_static", "live", name).write_text(text, encoding="utf-8")
    context["course_live"] = {
        "script": f"live/live.js?{about['digest']}",
        "cells": f"live/{name}?{hashlib.sha256(text.encode()).hexdigest()[:8]}",
        "mnist": f"live/{MNIST}",
        "megabytes": round(comes / 1e6),
    }


def setup(app):
    app.add_config_value("course_live", False, "html", bool)
    app.connect("config-inited", configure)
    app.connect("builder-inited", write_files, priority=900)
    app.connect("html-page-context", offer, priority=400)  # before the theme leaves out what comes to nothing
    app.add_post_transform(Named)
    app.add_post_transform(Typed)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
