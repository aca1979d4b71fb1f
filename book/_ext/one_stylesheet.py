"""Sphinx extension: the site has one stylesheet, with what its pages use and no more, and the icons in it.

A page asks for one file instead of ten. PurgeCSS leaves out the rules for names that no page and no script has. The
icons that are left are drawings in it, so there is no icon font. The fonts of text and code are in it, and the two of
most formulas, with the characters that pages have: no line is set twice. The name of the file has a digest of what is
in it.
"""

import base64
import hashlib
import io
import itertools
import json
import logging
import posixpath
import re
import sys
from pathlib import Path
from urllib.parse import quote

from fontTools import subset
from fontTools.pens.svgPathPen import SVGPathPen
from fontTools.pens.transformPen import TransformPen
from fontTools.ttLib import TTFont
from sphinx.errors import ExtensionError

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))
from web_assets import CACHE, call_node, keep  # noqa: E402

SCRIPT = HERE / "purge_styles.js"

# What the theme's own template names, before all others
THEME = ["basic.css", "styles/pydata-sphinx-theme.css"]
KATEX = "vendor/katex/katex.css"
# The styles of our own, which also dress what scripts make
OWN = ["figures.css", "course.css", "print.css"]
# Of extensions that no page uses: buttons that run cells, cards and tabs, admonitions that fold
LEFT_OUT = {"sphinx-thebe.css", "sphinx-design.min.css", "togglebutton.css"}
# Scripts whose words are no sign that a page uses a style: this one holds the name of every icon
MUTE = {"fontawesome.js"}

MATHS_FONT = re.compile(
    r"url\(\"?vendor/katex/fonts/(KaTeX_(?:Main-Regular|Math-Italic))\.woff2\"?\)\s*format\(\"woff2\"\)"
)
TEXT_FONT = re.compile(r"url\(\"?(vendor/fonts/(?:next-400|next-700|mono-400)-normal\.woff2)\"?\)")
WORD = re.compile(r"[\w-]+")
TAG = re.compile(r"<script\b.*?</script>|<[^<>]+>", re.DOTALL)
LINK = re.compile(r"_static/site(?:-[0-9a-f]{8})?\.css")
# KaTeX offers its fonts in three formats, of which the site has the one that every browser reads
OTHER_FORMATS = re.compile(r",url\([^)]*\) format\(\"(?:woff|truetype)\"\)")
ICON_FONTS = re.compile(r"@font-face\s*\{[^{}]*/fontawesome/[^{}]*\}")
FONTS = "vendor/katex/fonts"
ICONS = "vendor/fontawesome/webfonts"
# An icon as the theme writes it: a character of the area for private use, as it is or as its number, or a name for one
CHARACTER = r"\"(?:\\[ef][0-9a-f]{3}|[\ue000-\uf8ff])\""
NAME = r"--pst-icon-[\w-]+"
ICON = re.compile(rf"content:\s*({CHARACTER}|var\({NAME}\))")
NAMED = re.compile(rf"({NAME}):\s*({CHARACTER}|var\({NAME}\));?")


class Styles:
    """The files of the stylesheets that pages ask for, in their order."""

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
        words = names(*pages.values()).union(*(WORD.findall(text) for text in scripts))
        css = joined(static, [*THEME, *self.names, KATEX])
        css = OTHER_FORMATS.sub("", ICON_FONTS.sub("", css))
        css = draw_icons(purge(css, joined(static, OWN), sorted(words)), static / ICONS)
        css = TEXT_FONT.sub(lambda found: data(static / found[1], "font/woff2"), css)
        characters = set().union(*pages.values())
        css = MATHS_FONT.sub(lambda found: cut_font(static / FONTS / f"{found[1]}.ttf", characters), css)
        digest = hashlib.sha256(css.encode()).hexdigest()[:8]
        for old in static.glob("site-*.css"):
            old.unlink()
        (static / f"site-{digest}.css").write_text(css, encoding="utf-8")
        for page, html in pages.items():
            linked = LINK.sub(f"_static/site-{digest}.css", html)
            if linked != html:
                page.write_text(linked, encoding="utf-8")


def names(*pages):
    """The words of the tags in `pages`, and of the scripts that stand in them: prose uses no style."""
    parts = itertools.chain.from_iterable(TAG.findall(page) for page in pages)
    return set(itertools.chain.from_iterable(WORD.findall(part) for part in parts))


def joined(static, names):
    """The stylesheets `names` as one that lies in `static`: the files they name are named from there."""
    return "\n".join(rebased((static / name).read_text(encoding="utf-8"), posixpath.dirname(name)) for name in names)


def rebased(css, folder):
    """`css` of a stylesheet in `folder`, as it has to be in the folder above."""

    def rebase(found):
        return f"url({posixpath.normpath(posixpath.join(folder, found[1]))})"

    return re.sub(r"url\([\"']?(?!data:|#)([^\"')]+)[\"']?\)", rebase, css)


def purge(css, own, words, kept=CACHE / "styles"):
    """`css` without the rules that need a name which is not in `words`, and then `own`, both made small.

    The last answer is kept, in the folder `kept`. `CalledProcessError` if PurgeCSS or esbuild fails.
    """
    question = {"css": css, "own": own, "words": words}
    digest = hashlib.sha256(json.dumps([question, SCRIPT.read_text(encoding="utf-8")]).encode()).hexdigest()
    answer = kept / f"{digest}.css"
    if not answer.exists():
        purged = call_node(SCRIPT, question)
        for old in kept.glob("*.css"):
            old.unlink()
        keep(answer, purged)
    return answer.read_text(encoding="utf-8")


def draw_icons(css, folder):
    """`css` with drawings for the characters of the icon fonts in `folder`, in the colour of the text around them.

    `ExtensionError` if no font has a character.
    """
    fonts = [TTFont(path) for path in sorted(folder.glob("*.ttf"), reverse=True)]
    named = dict(NAMED.findall(css))

    def drawn(found):
        said = found[1]
        while said.startswith("var"):
            said = named[said[4:-1]]
        return icon(ord(said[1]) if len(said) == 3 else int(said[2:-1], 16), fonts)

    css = NAMED.sub("", ICON.sub(drawn, css))
    # Where the device chooses the colours it has the last word on backgrounds too, and these are no background
    return f"{css}\n@media (forced-colors: active) {{ i::before, span::before {{ forced-color-adjust: none; }} }}\n"


def icon(code, fonts):
    """The declarations that draw the character `code` of the first of the `fonts` that has it."""
    for font in fonts:
        if name := font.getBestCmap().get(code):
            break
    else:
        raise ExtensionError(f"expected an icon in the theme's fonts, got the character {code:x}")
    high, glyphs = font["head"].unitsPerEm, font.getGlyphSet()
    width, top = glyphs[name].width, font["hhea"].ascent
    # Upside down, because the y of a font points up
    glyphs[name].draw(TransformPen(pen := SVGPathPen(glyphs, ntos=lambda x: str(round(x))), (1, 0, 0, -1, 0, top)))
    svg = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {high}"><path d="{pen.getCommands()}"/></svg>'
    address = "data:image/svg+xml," + quote(svg, safe=" =:/'")
    return (
        f'content:"";display:inline-block;width:{width / high:g}em;height:1em;vertical-align:-.125em;'
        f'background:currentcolor;mask:url("{address}") center/contain no-repeat'
    )


def data(path, kind):
    """The address of the file at `path` that holds all that is in it."""
    return f"url(data:{kind};base64,{base64.b64encode(path.read_bytes()).decode()})"


def cut_font(path, characters):
    """The font at `path` with these characters alone, as the source of a font in a stylesheet."""
    # It says of every font of KaTeX that its date is odd
    logging.getLogger("fontTools").setLevel(logging.ERROR)
    options = subset.Options(flavor="woff", hinting=False, layout_features=[])
    font = subset.load_font(path, options)
    cutter = subset.Subsetter(options)
    cutter.populate(text="".join(characters))
    cutter.subset(font)
    subset.save_font(font, file := io.BytesIO(), options)
    return f'url(data:font/woff;base64,{base64.b64encode(file.getvalue()).decode()}) format("woff")'


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
