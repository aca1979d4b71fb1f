"""Sphinx extension: a page asks for what it uses, when it uses it, and keeps a place for what comes later.

Scripts that no page uses are left out, and those for the search are on its own page. A page is shown before its scripts
come. Each picture says how large it is, and waits until it is near. What nothing asks for is not in the site.
"""

import re
import shutil
from pathlib import Path

import imagesize
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.writers.html5 import HTML5Translator

# Of extensions that no page uses: buttons that run cells, tabs, admonitions that fold
LEFT_OUT = {"sphinx-thebe.js", "design-tabs.js", "togglebutton.js"}
LEFT_OUT_LINES = ("const THEBE_JS_URL", "let toggle", "var togglebutton")
FIGURES = "widgets.js"
COPIES = {"clipboard.min.js", "copybutton.js"}  # the page of the search has no code to copy
# Drawings are made for a phone, where their words have to be read. Elsewhere they are larger, up to the width of prose.
GROWS, WIDEST = 1.25, 672
OPTIONS = "documentation_options.js"
# docutils writes it as well as the theme
SECOND_VIEWPORT = re.compile(r'<meta name="viewport"[^>]*>\n?')
# Below _static: what the one stylesheet replaces, what belongs to what is left out, and what only developers use
NOT_ASKED_FOR = [
    "**/*.map",
    "**/*.ttf",
    "**/*.woff",
    "*.css",
    "*webpack-macros.html",
    "copybutton_funcs.js",
    "design-tabs.js",
    "documentation_options.js",
    "file.png",
    "locales",
    "minus.png",
    "plus.png",
    "scripts/fontawesome.js*",
    "sphinx-thebe.*",
    "styles",
    "togglebutton.*",
    "vendor/fontawesome",
    "vendor/fonts/mono-400-normal.*",
    "vendor/fonts/next-400-normal.*",
    "vendor/fonts/next-700-normal.*",
    "vendor/katex/fonts/KaTeX_Main-Regular.*",
    "vendor/katex/fonts/KaTeX_Math-Italic.*",
    "vendor/katex/katex.css",
]
STYLESHEET = "site-*.css"
# The theme makes what moves in its own box a stop for the Tab key, and to know it lays out the whole page at once, even
# what is far from the window. `book/_site/stops.js` does it for what is near.
THEME_SCRIPT = "scripts/pydata-sphinx-theme.js"
STOPS = re.compile(
    r"document\.querySelectorAll\(\[[^\]]*\]\.join\(\", \"\)\)\.forEach\((\w)=>\{\1\.tabIndex=[^?{}]+\?0:-1\}\)"
)
DONE = "void 0"


def choose_scripts(app, pagename, templatename, context, doctree):
    """The options are not asked for: they stand in the page, which is shorter than the request for them."""
    options = Path(app.outdir, "_static", OPTIONS).read_text(encoding="utf-8")
    context["documentation_options"] = " ".join(options.split())
    kept = []
    for script in context["script_files"]:
        name = Path(script.filename or "").name
        if name in {OPTIONS, *LEFT_OUT} or (script.attributes.get("body") or "").startswith(LEFT_OUT_LINES):
            continue
        if name in COPIES and pagename == "search":
            continue
        attributes = dict(script.attributes)
        # The theme's search page has scripts that would not wait for these
        if name and pagename != "search":
            attributes["defer"] = "defer"
        kept.append(type(script)(script.filename, priority=script.priority, **attributes))
    context["script_files"] = kept
    context["metatags"] = SECOND_VIEWPORT.sub("", context.get("metatags", ""))


def drop_figures(app, pagename, templatename, context, doctree):
    """After course_widgets.py has said whether a page has figures."""
    if not context.get("course_has_figures"):
        context["script_files"] = [one for one in context["script_files"] if Path(one.filename or "").name != FIGURES]


def visit_picture(translator, node):
    """As Sphinx does it, with the size of the file, and loaded when it is near: none is in a page's first screen."""
    path = Path(translator.builder.srcdir, node["uri"])
    HTML5Translator.visit_image(translator, node)
    width, height = imagesize.get(path)
    grows = max(1, min(GROWS, WIDEST / width)) if path.suffix == ".svg" else 1
    said = f'width="{round(grows * width)}" height="{round(grows * height)}" loading="lazy"'
    translator.body[-1] = translator.body[-1].replace("<img ", f"<img {said} ", 1)


def leave_picture(translator, node):
    HTML5Translator.depart_image(translator, node)


def remove_what_nothing_asks_for(app, exception):
    if app.builder.format != "html" or exception:
        return
    static = Path(app.outdir) / "_static"
    stylesheets = set(static.glob(STYLESHEET))
    for pattern in NOT_ASKED_FOR:
        for path in set(static.glob(pattern)) - stylesheets:
            if path.is_dir():
                shutil.rmtree(path)
            else:
                path.unlink()


def leave_stops(app, exception):
    """`ExtensionError` if the theme's script is no longer as `STOPS` says."""
    if app.builder.format != "html" or exception:
        return
    path = Path(app.outdir, "_static", THEME_SCRIPT)
    text, found = STOPS.subn(DONE, path.read_text(encoding="utf-8"))
    # Sphinx copies it anew for each build that copies anything
    if not found and DONE not in text:
        raise ExtensionError(f"expected in {THEME_SCRIPT} what looks for boxes that move, found none")
    path.write_text(text, encoding="utf-8")


def setup(app):
    app.add_node(nodes.image, override=True, html=(visit_picture, leave_picture))
    app.connect("html-page-context", choose_scripts, priority=900)
    app.connect("html-page-context", drop_figures, priority=960)
    # After one_stylesheet.py, which reads the styles
    app.connect("build-finished", leave_stops)
    app.connect("build-finished", remove_what_nothing_asks_for, priority=850)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
