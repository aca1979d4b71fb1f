"""Sphinx extension: what a link to a page shows where it is shared: its title, one sentence and a picture.

They stand in the head of the page. An address there has to be whole, so those of the page and of its picture are there
only if COURSE_SITE_URL says where the site is (`course.site`), and only then are pictures drawn. No page loads its own.
"""

import re
import sys
from html import escape
from pathlib import Path
from textwrap import fill

from docutils import nodes
from matplotlib.figure import Figure
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.image import imread
from matplotlib.patches import Rectangle
from softmaxlab.plots import COLOURS, HERE

from search_index import words

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import course  # noqa: E402

WIDTH, HEIGHT = 1200, 630
REGULAR, BOLD = (HERE / "fonts" / f"AtkinsonHyperlegibleNext-{weight}.ttf" for weight in ("Regular", "Bold"))
MARK = ROOT / "book" / "_static" / "mark.svg"
SEARCH = "Find a word of the course, in English, 中文 or 日本語, and the section that explains it."


def sentence(doctree, is_chapter):
    """The question of a chapter; of another page the first sentence."""
    paragraphs = list(doctree.findall(nodes.paragraph))
    if is_chapter:
        return words(paragraphs[1])
    text = re.sub(r"\s+", " ", words(paragraphs[0]))
    return re.match(r".+?[.?!](?= |$)|.*", text)[0]


def tags(title, said, name, kind, site=None, page="", picture=""):
    """The lines for the head of a page: `title` and what is `said` of it, and the `name` of the whole.

    `site` is the address of the site, `page` and `picture` are paths in it.
    """
    properties = {"og:type": kind, "og:site_name": name, "og:title": title, "og:description": said}
    named = {"description": said, "twitter:card": "summary"}
    if site:
        properties["og:url"] = f"{site}/{page}"
    if site and picture:
        properties |= {
            "og:image": f"{site}/{picture}",
            "og:image:width": WIDTH,
            "og:image:height": HEIGHT,
            "og:image:alt": f"{title}. {said}",
        }
        named["twitter:card"] = "summary_large_image"
    lines = [f'<meta name="{key}" content="{escape(text)}">' for key, text in named.items()]
    lines += [f'<meta property="{key}" content="{escape(str(text))}">' for key, text in properties.items()]
    return "\n".join(["", *lines, ""])


def chapter_of(app, pagename):
    """The chapter that a page is, or None."""
    return next((c for c in course.chapters(app.srcdir) if f"book/{c.name}" == pagename), None)


def tags_of(app, pagename):
    if pagename == "search":
        return tags("Search", SEARCH, app.config.html_title, "website", course.site(), "search.html")
    doctree = app.env.get_doctree(pagename)
    title = words(doctree.next_node(nodes.title))
    said = sentence(doctree, chapter_of(app, pagename))
    kind = "website" if pagename == app.config.root_doc else "article"
    page = app.builder.get_target_uri(pagename)
    return tags(title, said, app.config.html_title, kind, course.site(), page, f"_static/shared/{pagename}.png")


def add_tags(app, pagename, templatename, context, doctree):
    if doctree is not None or pagename == "search":
        context["metatags"] = context.get("metatags", "") + tags_of(app, pagename)


def add_tags_to_entrance(app, exception):
    """The page at the top, which is what most people share, says what the first page says."""
    if app.builder.format == "html" and not exception:
        entrance = Path(app.outdir, "index.html")
        text = entrance.read_text(encoding="utf-8")
        said = tags_of(app, app.config.root_doc)
        entrance.write_text(text.replace("</head>", f"{said}</head>"), encoding="utf-8")


# The picture


def draw_mark(axes):
    """The mark of the course: the rectangles of its file."""
    text = MARK.read_text(encoding="utf-8")
    of_group = re.search(r'<g fill="(#\w+)">', text)[1]
    for found in re.findall(r"<rect (.+?)/>", text):
        own = {"fill": of_group, "opacity": 1} | dict(re.findall(r'([a-z]+)="([^"]+)"', found))
        x, y, width, height, opacity = (float(own[key]) for key in ("x", "y", "width", "height", "opacity"))
        axes.add_patch(Rectangle((x, y), width, height, color=own["fill"], alpha=opacity, linewidth=0))
    axes.set(xlim=(0, 64), ylim=(64, 0), aspect="equal")
    axes.set_axis_off()


def can_write(text):
    """Whether the typeface has every letter of it."""
    return {ord(letter) for letter in text} <= set(FT2Font(REGULAR).get_charmap())


def card(title, said, name, place="", picture=None):
    """A figure of 1200 × 630 pixels: a title, what is `said` of it, the `name` of the course, and a `picture`, the path
    of a PNG, or where there is none the mark.
    """
    figure = Figure(figsize=(WIDTH / 100, HEIGHT / 100), dpi=100, facecolor=COLOURS["paper"])

    def write(x, y, text, pixels, font=REGULAR, colour="ink", **options):
        properties = FontProperties(fname=font, size=0.72 * pixels)
        options = {"va": "top", "linespacing": 1.1, "parse_math": False} | options
        figure.text(x / WIDTH, 1 - y / HEIGHT, text, color=COLOURS[colour], fontproperties=properties, **options)

    def place_axes(x, y, width, height):
        """Axes whose upper left corner is `x` pixels from the left and `y` from the top."""
        return figure.add_axes([x / WIDTH, 1 - (y + height) / HEIGHT, width / WIDTH, height / HEIGHT])

    draw_mark(place_axes(58, 40, 48, 48))
    write(122, 64, name, 28, va="center_baseline")
    write(1140, 64, place, 28, colour="faint", va="center_baseline", ha="right")
    topic, _, rest = title.partition(": ")
    write(58, 186, topic, 76 if len(topic) < 25 else 64, BOLD, "link", va="baseline")
    write(60, 246, rest, 42, BOLD, va="baseline")
    # As many letters to a line as there is room for
    size, letters = (28, 24) if picture else (36, 40)
    write(60, 312, fill(said, letters) if can_write(said) else "", size)
    if picture:
        axes = place_axes(400, 278, 760, 326)
        axes.imshow(imread(picture))
        axes.set_axis_off()
    else:
        draw_mark(place_axes(840, 290, 300, 300))
    return figure


def picture_of(doctree, folder):
    """The path of the PNG of the first figure that opens a chapter, None if there is none."""
    cells = [cell for cell in doctree.findall(nodes.container) if "tag_opener" in cell["classes"]]
    pictures = [image["uri"] for cell in cells for image in cell.findall(nodes.image)]
    return next((Path(folder, uri) for uri in pictures if uri.endswith(".png")), None)


def draw_cards(app, exception):
    if app.builder.format != "html" or exception or not course.site():
        return
    for pagename in app.env.found_docs:
        doctree, chapter = app.env.get_doctree(pagename), chapter_of(app, pagename)
        title, place = words(doctree.next_node(nodes.title)), f"Chapter {chapter.number}" if chapter else ""
        path = Path(app.outdir, "_static", "shared", f"{pagename}.png")
        path.parent.mkdir(parents=True, exist_ok=True)
        picture = picture_of(doctree, app.srcdir)
        card(title, sentence(doctree, chapter), app.config.html_title, place, picture).savefig(path)


def use_address(app, config):
    """With it every page says, for search engines, under which address it is to be known."""
    config.html_baseurl = f"{course.site()}/" if course.site() else ""


def setup(app):
    app.connect("config-inited", use_address)
    app.connect("html-page-context", add_tags)
    app.connect("build-finished", draw_cards)
    # After the entrance is written, and before all is packed
    app.connect("build-finished", add_tags_to_entrance, priority=910)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
