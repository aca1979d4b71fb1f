"""Sphinx extension: the figures of a page, without ipywidgets' manager.

myst-nb writes the state of all widgets of a notebook into the page, 3.6 MB of scripts would bring it to life. Here it
is made into a record for each view, which `book/_site/host.js` draws; and `tools/prerender.mjs` draws it already now,
so that a page has its figures at first paint, on paper, and without scripts.
"""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

from softmaxlab import widgets
from sphinx.errors import ExtensionError

ROOT = Path(__file__).parents[2]
SITE = ROOT / "book" / "_site"
sys.path.insert(0, str(ROOT / "tools"))
from web_assets import NPM, node  # noqa: E402

VIEWS = "views"  # the folder of the records, below _static
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = re.compile(r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>', re.DOTALL)
# What the host needs no more: the scripts and styles are the site's, the rest is the manager's.
LEFT_OUT = re.compile(
    r"_(esm|css|anywidget_id|dom_classes|(model|view)_(module|name)(_version)?|view_count|.*_version)$"
)


def model(state, reference):
    """The widget that `IPY_MODEL_...` refers to."""
    return state[reference.removeprefix("IPY_MODEL_")]


def record(state, view):
    """What the page needs of the widget `view`: `{figure, traits, bytes, sliders}`, as `host.js` says."""
    widget = state[view]
    children = widget["state"].get("children")
    figure = model(state, children[-1]) if children else widget
    name = figure["state"].get("_anywidget_id", "").rpartition(".")[2]
    if name not in widgets.__all__:
        raise ExtensionError(f"expected a figure of softmaxlab.widgets in the page, got {name or 'another widget'}.")
    traits = {
        k: v for k, v in figure["state"].items() if not LEFT_OUT.match(k) and k not in ("layout", "tooltip", "tabbable")
    }
    bytes_ = {buffer["path"][0]: buffer["data"] for buffer in figure.get("buffers", [])}
    links = [one["state"] for one in state.values() if one["model_name"] == "LinkModel"]
    targets = {link["source"][0]: link["target"][1] for link in links}
    sliders = [slider(model(state, child), targets[child]) for child in (children or [])[:-1]]
    return {"figure": name, "traits": traits, "bytes": bytes_, "sliders": sliders}


def slider(widget, trait):
    """A slider as the host draws it. Positions that are their own texts are only counted."""
    texts = list(widget["state"]["_options_labels"])
    counted = texts == [str(number) for number in range(len(texts))]
    return {"name": widget["state"]["description"], "options": len(texts) if counted else texts, "trait": trait}


class Artist:
    """`tools/prerender.mjs`, started when first asked, and ended with the build."""

    def __init__(self):
        self.process = None

    def draw(self, record):
        """A record as HTML."""
        if self.process is None:
            command = [node(), ROOT / "tools" / "prerender.mjs", NPM]
            pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True, "encoding": "utf-8"}
            self.process = subprocess.Popen(command, **pipes)
        self.process.stdin.write(json.dumps(record) + "\n")
        self.process.stdin.flush()
        line = self.process.stdout.readline()
        if not line:
            raise ExtensionError(f"the figure {record['figure']} could not be drawn: node says why above.")
        return json.loads(line)

    def end(self):
        if self.process:
            self.process.stdin.close()
            self.process.wait()
            self.process = None


ARTIST = Artist()


def draw_figures(app, pagename, templatename, context, doctree):
    """Replace the widgets of a page by figures that are drawn, and their state by a record for each view."""
    if "body" not in context or app.builder.format != "html":
        return
    scripts = context.get("script_files", [])
    states = [s for s in scripts if getattr(s, "attributes", {}).get("type") == STATE]
    if not states:
        return
    context["script_files"] = [s for s in scripts if s not in states]
    state = json.loads(states[0].attributes["body"])["state"]
    records = []

    def drawn(found):
        view = json.loads(found[1])["model_id"]
        records.append(record(state, view) | {"number": len(records)})
        kind = records[-1]["figure"]
        html = ARTIST.draw(records[-1])
        # a link to the page's first pad ends in #pad
        place = ' id="pad"' if [one["figure"] for one in records].count("DigitPad") == 1 and kind == "DigitPad" else ""
        return f'<div class="course-view"{place} data-view="{len(records) - 1}" data-figure="{kind}">{html}</div>'

    context["body"] = VIEW.sub(drawn, context["body"])
    # Beside the page, which can be read before they come, and as a script, for a page in a file may fetch nothing else
    path = Path(app.outdir, "_static", VIEWS, f"{Path(pagename).name}.js")
    path.parent.mkdir(exist_ok=True)
    path.write_text(f"courseViews={json.dumps(records, separators=(',', ':'))}", encoding="utf-8")
    scripts = context["script_files"]
    last = next(place for place, one in enumerate(scripts) if str(one.filename).endswith("widgets.js"))
    scripts.insert(last, type(scripts[last])(f"_static/{VIEWS}/{path.name}", defer="defer"))
    context["course_has_figures"] = True


def join(entry):
    """The script `entry` with all that it imports, also styles and packages of npm, as one text, made small."""
    packages = NPM / "node_modules"
    options = ["--bundle", "--minify", "--format=iife", "--charset=utf8", "--loader:.css=text", "--log-level=warning"]
    command = [node(), packages / "esbuild" / "bin" / "esbuild", entry, *options]
    environ = os.environ | {"NODE_PATH": str(packages)}
    done = subprocess.run(command, check=False, capture_output=True, encoding="utf-8", env=environ)
    if done.returncode:
        raise ExtensionError(f"{entry} could not be joined with what it imports:\n{done.stderr}")
    return done.stdout


def write_scripts(app):
    """The scripts of the site into its static folder, each one file."""
    if app.builder.format != "html":
        return
    static = Path(app.outdir) / "_static"
    static.mkdir(parents=True, exist_ok=True)
    for name in ("site.js", "widgets.js"):
        (static / name).write_text(join(SITE / name), encoding="utf-8")


def write_style(app):
    """The styles of all figures, in one file: palette, what they share, each one's own, and what the site adds."""
    package = Path(widgets.__file__).parent
    files = [package.parent / "palette.css", package / "figure.css"]
    files += sorted(set(package.glob("*.css")) - set(files))
    files += sorted(SITE.glob("*.css"))
    text = "\n".join(file.read_text(encoding="utf-8") for file in files)
    (Path(app.outdir) / "_static" / "figures.css").write_text(text, encoding="utf-8")


def end(app, exception):
    ARTIST.end()


def setup(app):
    app.connect("builder-inited", write_scripts)
    app.connect("builder-inited", write_style)
    app.connect("html-page-context", draw_figures, priority=950)
    app.connect("build-finished", end)
    app.add_js_file("site.js", loading_method="defer", priority=890)
    app.add_js_file("widgets.js", loading_method="defer", priority=900)
    app.add_css_file("figures.css", priority=799)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": False}
