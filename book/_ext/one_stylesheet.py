"""Sphinx extension: the site has one stylesheet, with what its pages use and no more, and the icons in it.

A page asks for one file instead of ten. PurgeCSS leaves out the rules for names that are in no page and in no script;
the icon font is cut to the icons that are left, and travels inside. The name of the file has a digest of what is in it.
"""

import base64
import hashlib
import io
import json
import posixpath
import re
import sys
from pathlib import Path

from fontTools import subset

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))
from web_assets import CACHE, call_node  # noqa: E402

SCRIPT = HERE / "purge_styles.js"

# What the theme's own template names, before all others
THEME = ["basic.css", "styles/pydata-sphinx-theme.css"]
KATEX = "vendor/katex/katex.css"
# The styles of our own, which also dress what scripts make
OWN = ["figures.css", "course.css"]
# Of extensions that no page uses: buttons that run cells, cards and tabs, admonitions that fold
LEFT_OUT = {"sphinx-thebe.css", "sphinx-design.min.css", "togglebutton.css"}
# Scripts whose words are no sign that a page uses a style: this one holds the name of every icon
MUTE = {"fontawesome.js"}

LINK = re.compile(r"_static/site(?:-[0-9a-f]{8})?\.css")
# KaTeX offers its fonts in three formats, of which the site has the one that every browser reads
OTHER_FORMATS = re.compile(r",url\([^)]*\) format\(\"(?:woff|truetype)\"\)")
ICON_FONTS = re.compile(r"@font-face\s*\{[^{}]*/fontawesome/[^{}]*\}")
SOLID = "vendor/fontawesome/webfonts/fa-solid-900.ttf"


class Styles:
    """The names of the stylesheets that pages ask for, in their order."""

    def __init__(self):
        self.names = []

    def take_from_page(self, app, pagename, templatename, context, doctree):
        """The page's template names the one stylesheet instead."""
        for style in context["css_files"]:
            name = style.filename.partition("?")[0].removeprefix("_static/")
            if name not in [*self.names, *LEFT_OUT, *OWN]:
                self.names.append(name)
        context["css_files"] = []

    def write(self, app, exception):
        if app.builder.format != "html" or exception:
            return
        static = Path(app.outdir) / "_static"
        pages = {page: page.read_text(encoding="utf-8") for page in Path(app.outdir).rglob("*.html")}
        scripts = [script.read_text(encoding="utf-8") for script in static.rglob("*.js") if script.name not in MUTE]
        words = set().union(*(re.findall(r"[\w-]+", text) for text in [*pages.values(), *scripts]))
        css = joined(static, [*THEME, *self.names, KATEX])
        css = OTHER_FORMATS.sub("", ICON_FONTS.sub("", css))
        css = purge(css, sorted(words)) + joined(static, OWN)
        css += icon_font(static / SOLID, icons(css))
        digest = hashlib.sha256(css.encode()).hexdigest()[:8]
        for old in static.glob("site-*.css"):
            old.unlink()
        (static / f"site-{digest}.css").write_text(css, encoding="utf-8")
        for page, html in pages.items():
            linked = LINK.sub(f"_static/site-{digest}.css", html)
            if linked != html:
                page.write_text(linked, encoding="utf-8")


def joined(static, names):
    """The stylesheets `names` as one that lies in `static`: the files they name are named from there."""
    return "\n".join(rebased((static / name).read_text(encoding="utf-8"), posixpath.dirname(name)) for name in names)


def rebased(css, folder):
    """`css` of a stylesheet in `folder`, as it has to be in the folder above."""

    def rebase(found):
        return f"url({posixpath.normpath(posixpath.join(folder, found[1]))})"

    return re.sub(r"url\([\"']?(?!data:|#)([^\"')]+)[\"']?\)", rebase, css)


def purge(css, words, kept=CACHE / "styles"):
    """`css` without the rules that need a name which is not in `words`. The last answer is kept, in the folder `kept`.

    `CalledProcessError` if PurgeCSS fails.
    """
    question = {"css": css, "words": words}
    digest = hashlib.sha256(json.dumps([question, SCRIPT.read_text(encoding="utf-8")]).encode()).hexdigest()
    answer = kept / f"{digest}.css"
    if not answer.exists():
        purged = call_node(SCRIPT, question)
        kept.mkdir(parents=True, exist_ok=True)
        for old in kept.glob("*.css"):
            old.unlink()
        answer.write_text(purged, encoding="utf-8")
    return answer.read_text(encoding="utf-8")


def icons(css):
    """The characters of the icon font that `css` writes; they are in the area for private use."""
    return sorted({int(code, 16) for code in re.findall(r"\"\\([ef][0-9a-f]{3})\"", css)})


def icon_font(path, characters):
    """The font at `path` with these characters alone, as a rule for a stylesheet."""
    options = subset.Options(flavor="woff", name_IDs=["*"])
    font = subset.load_font(path, options)
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=characters)
    cutter.subset(font)
    subset.save_font(font, file := io.BytesIO(), options)
    data = base64.b64encode(file.getvalue()).decode()
    return f"""
@font-face {{
  font-family: "Font Awesome 6 Free";
  font-weight: 900;
  src: url(data:font/woff;base64,{data}) format("woff");
}}
"""


def setup(app):
    styles = Styles()
    app.connect("html-page-context", styles.take_from_page, priority=900)
    # After the theme has written its colours of code
    app.connect("build-finished", styles.write, priority=800)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
