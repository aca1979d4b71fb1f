"""Sphinx extension: what is alive on the landing page as soon as its text is there.

`<!-- machine -->` in a page becomes the machine, `<!-- welcome -->` the way back for those who were here. The build
trains the model of the chapter about softmax regression, by the same recipe and seed. Record and script stand in the
page, because another request would cost a slow phone most of a second.
"""

import json
import sys
from pathlib import Path

import numpy as np
from docutils import nodes
from ipywidgets.embed import embed_data
from softmaxlab.data import load_mnist
from softmaxlab.scratch import score, train_softmax
from softmaxlab.widgets import Machine

from course_widgets import ARTIST, SITE, join, record

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import course

RIGHT = WRONG = 5
NOTE = "Test pictures it has never seen, the last five of which it gets wrong:"
SUBJECTS = ("images", "linear-model", "softmax")  # the pixels, the scores, the probabilities


def machine(root=course.ROOT):
    """The widget: the model of 7,850 weights, and test pictures of which it reads the last five wrong."""
    train, _, test = load_mnist()
    weights, bias = train_softmax(*train, np.random.default_rng(0))
    right = score(test.images, weights, bias).argmax(axis=1) == test.labels
    chosen = [*np.flatnonzero(right)[:RIGHT], *np.flatnonzero(~right)[:WRONG]]
    known = {chapter.name for chapter in course.chapters(root)}
    links = [f"{name}.html" if name in known else "" for name in SUBJECTS]
    return Machine((weights, bias), test.images[chosen], links=links, note=NOTE)


def script(name):
    """The script `name` with what it imports, for the inside of a page."""
    return f"<script>{join(SITE / name)}</script>"


def machine_html(root):
    widget = machine(root)
    state = embed_data(views=[widget], drop_defaults=False)["manager_state"]["state"]
    shown = record(state, widget.model_id)
    data = json.dumps(shown, separators=(",", ":")).replace("</", "<\\/")
    return (
        f'<div class="course-view" id="course-machine" data-figure="Machine">{ARTIST.draw(shown)}</div>'
        f'<script type="application/json" id="course-machine-record">{data}</script>{script("landing.js")}'
    )


def welcome_html(root):
    names = " ".join(chapter.name for chapter in course.chapters(root))
    return (
        f'<div class="course-welcome" id="course-welcome" data-chapters="{names}" hidden></div>{script("welcome.js")}'
    )


PARTS = {"<!-- machine -->": machine_html, "<!-- welcome -->": welcome_html}


def fill_in(app, doctree, docname):
    # Elsewhere the same words mean something else: the machine of the benchmarks is a computer
    if app.builder.format != "html" or docname != app.config.root_doc:
        return
    for node in list(doctree.findall(nodes.raw)):
        part = PARTS.get(node.astext().strip())
        if part:
            node.replace_self(nodes.raw("", part(Path(app.srcdir)), format="html"))


def setup(app):
    app.connect("doctree-resolved", fill_in)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
