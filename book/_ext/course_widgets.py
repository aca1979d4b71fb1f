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
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "book" / "_live")]
from records import record  # noqa: E402
from web_assets import NPM, node  # noqa: E402

VIEWS = "views"  # the folder of the records, below _static
STATE = "application/vnd.jupyter.widget-state+json"
VIEW = re.compile(r'<script type="application/vnd\.jupyter\.widget-view\+json">(.*?)</script>', re.DOTALL)


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


def join(entry, form="iife"):
    """The script `entry` with all that it imports, also styles and packages of npm, as one text, made small.

    `form`: "iife", or "esm" for what is imported itself.
    """
    packages = NPM / "node_modules"
    options = ["--bundle", "--minify", f"--format={form}", "--charset=utf8", "--loader:.css=text"]
    options += ["--log-level=warning"]
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
    for name in ("site.js", "widgets.js", "paper.js"):
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
