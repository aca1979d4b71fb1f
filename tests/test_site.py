"""The built site in a real browser: silent, light, and open to everybody. Its sliders have a file of their own."""

import io
import json
import re
import threading
from pathlib import Path
from xml.etree import ElementTree

import course
import matplotlib.figure
import pytest
from axe import OF_COLOURS, violations
from bs4 import BeautifulSoup
from conftest import (
    BENT,
    CHAPTERS,
    HEIGHTS,
    ICONS,
    LAID_OUT,
    PAGES,
    PAINTED,
    PATIENCE,
    READABLE,
    SITE,
    SMALL_WORDS,
    TOO_WIDE,
    WITH_SLIDERS,
    Quiet,
    serve,
)
from course import ROOT
from pictures import views

# The entrance at the top leads on, and has nothing of the theme
FULL = [page for page in PAGES if page != "index.html"]


def test_the_book_was_built():
    promised = {f"{page}.html" for page in course.pages()} | {"index.html", "search.html"}
    assert promised <= set(PAGES)


# Silence


@pytest.mark.parametrize("page", PAGES)
def test_no_page_asks_another_host_or_complains(page, site, seen):
    came = seen(page)
    elsewhere = [url for url in came.requests if not url.startswith((site, "data:", "blob:"))]
    assert elsewhere == []
    assert came.errors == []


@pytest.mark.parametrize("page", PAGES)
def test_no_page_names_another_host_for_a_script_a_style_or_a_picture(page):
    html = (SITE / page).read_text(encoding="utf-8")
    fetched = re.findall(
        r"<(?:script|link|img|iframe|source)\b[^>]*?(?:src|href)=[\"']((?:https?:)?//[^\"']+)",
        html,
    )
    assert fetched == []


# Everybody


@pytest.mark.parametrize("page", PAGES)
def test_axe_finds_nothing_in_the_light_in_the_dark_or_with_forced_colours(page, seen):
    """Everything folded is open, and everything far from the window laid out."""
    assert seen(page).wrong == {}


def test_axe_can_find_something(site, visit):
    page = visit(f"{site}/book/notation.html").page
    page.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<img src=\"data:,\">')")
    assert [rule for rule, _, _ in violations(page)] == ["image-alt"]
    assert [rule for rule, _, _ in violations(page, "main")] == ["image-alt"]
    assert violations(page, "header") == []


# One of the words in the middle, of those that stand there in sight
FAINT = """where => {
  const seen = one => one.checkVisibility() && one.lastChild?.nodeType === Node.TEXT_NODE && one.textContent.length > 3;
  const words = [...document.querySelectorAll(where)].filter(seen);
  words[Math.floor(words.length / 2)].style.opacity = 0.3;
}"""


@pytest.mark.parametrize("looks", [{}, {"color_scheme": "dark"}, {"forced_colors": "active"}])
def test_axe_finds_a_faint_word_wherever_it_stands(looks, site, visit):
    """Among thousands that look alike, of which it looks at a few."""
    page = visit(f"{site}/book/softmax.html", **looks).open_all()
    page.add_style_tag(content=LAID_OUT)
    assert violations(page, rules=OF_COLOURS) == []
    places = ["main p", "main pre span", "main td p", "main .katex-html .mord", ".course-view span", "main li p"]
    for place in places:
        page.evaluate(FAINT, place)
    found = violations(page, rules=OF_COLOURS)
    assert {rule for rule, _, _ in found} == {"color-contrast"}
    assert len(found) >= len(places)


@pytest.mark.parametrize("page", CHAPTERS)
def test_every_picture_says_what_it_shows(page, seen):
    for text in seen(page).alts:
        assert len(text.split()) >= 12


@pytest.mark.parametrize("page", PAGES)
def test_no_page_is_wider_than_its_window(page, seen):
    for window, width in seen(page).widths.items():
        assert width <= window


@pytest.mark.parametrize("page", PAGES)
def test_no_table_is_wider_than_its_column(page, seen):
    for wide in seen(page).wide.values():
        assert wide["tables"] == []


@pytest.mark.parametrize("page", PAGES)
def test_no_code_is_cut_where_there_is_room(page, seen):
    for window, wide in seen(page).wide.items():
        assert window < 1024 or wide["code"] == []


def test_a_wide_table_and_wide_code_are_found(site, visit):
    page = visit(f"{site}/book/notation.html").page
    assert page.evaluate(TOO_WIDE) == {"code": [], "tables": []}
    wide = (
        '<pre style="overflow: auto; white-space: pre">'
        + 300 * "x"
        + "</pre><table style=min-width:99in><td>wide</table>"
    )
    page.evaluate("html => document.querySelector('main section').insertAdjacentHTML('beforeend', html)", wide)
    assert page.evaluate(TOO_WIDE) == {"code": [60 * "x"], "tables": ["wide"]}


@pytest.mark.parametrize("page", FULL)
def test_every_icon_of_a_page_is_drawn(page, seen):
    icons = seen(page).icons
    assert icons["count"] > 5
    assert icons["missing"] == []


def test_an_icon_that_is_not_drawn_is_found(site, visit):
    opened = visit(f"{site}/book/notation.html").page
    opened.evaluate("document.querySelector('main').insertAdjacentHTML('beforeend', '<i class=\"fas fa-ghost\"></i>')")
    assert opened.evaluate(ICONS)["missing"] == ["fas fa-ghost"]


@pytest.mark.parametrize("page", PAGES)
def test_a_picture_keeps_its_proportions_on_a_phone(page, seen):
    assert seen(page).bent == []


def test_a_picture_that_does_not_is_found(site, visit):
    opened = visit(f"{site}/book/softmax.html", width=360).page
    opened.add_style_tag(content="article img { height: 400px !important; }")
    assert opened.evaluate(BENT)


@pytest.mark.parametrize("page", PAGES)
def test_the_words_of_a_figure_can_be_read_on_a_phone(page, seen):
    assert seen(page).small == []


def test_words_of_a_figure_that_are_too_small_are_found(site, visit):
    page = visit(f"{site}/book/one-hot.html", width=360).page
    assert page.evaluate(SMALL_WORDS, READABLE) == []
    page.add_style_tag(content=".course-figure svg { max-width: 180px } .course-readout { font-size: 10px !important }")
    assert {size < READABLE for _, size in page.evaluate(SMALL_WORDS, READABLE)} == {True}
    assert len(page.evaluate(SMALL_WORDS, READABLE)) > 3


HREF = "{http://www.w3.org/1999/xlink}href"


def smallest_words(svg):
    """The size of the smallest letters that matplotlib has drawn, as a share of the picture's width; 0 if it has none.

    It draws each letter as a path of a font that is 100 points high, inside transformations.
    """
    tree = ElementTree.fromstring(svg)
    found = []

    def walk(node, scale):
        for sign in re.findall(r"scale\(([\d.]+)", node.get("transform", "")):
            scale *= float(sign)
        letters = node.tag.endswith("}use") and "-" in node.get(HREF, "")
        if letters and scale != 1:
            found.append(100 * scale)
        for child in node:
            walk(child, scale)

    walk(tree, 1)
    return min(found, default=0) / float(tree.get("viewBox").split()[2])


@pytest.mark.parametrize("page", PAGES)
def test_the_words_of_a_drawing_can_be_read_on_a_phone(page, seen):
    small = {}
    for source, shown in seen(page).drawings.items():
        words = smallest_words((SITE / source).read_text(encoding="utf-8"))
        if 0 < words * shown < READABLE:
            small[source] = words * shown
    assert small == {}


@pytest.mark.parametrize(("text", "size"), [("dog", 9), ("$x$", 9), ("$x_2$", 0.7 * 9), ("", 0)])
def test_the_smallest_words_of_a_drawing_are_found(text, size):
    figure = matplotlib.figure.Figure(figsize=(4, 2))
    figure.text(0.5, 0.2, "CAT", size=24, rotation=90)
    figure.text(0.5, 0.5, text, size=9)
    drawn = io.StringIO()
    figure.savefig(drawn, format="svg")
    width = 4 * 72
    assert smallest_words(drawn.getvalue()) == pytest.approx((size or 24) / width)


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_page_can_be_read_without_scripts_and_nothing_moves_when_its_figures_come_to_life(page, site, seen, tabs):
    """What the build has drawn is as high as what the script draws in its place."""
    html = (SITE / page).read_text(encoding="utf-8")
    title = re.search(r"<h1>(.*?)<", html)[1]
    with tabs(java_script_enabled=False) as tab:
        still = tab.page
        still.goto(f"{site}/{page}")
        assert still.locator("main h1").first.inner_text().startswith(title)
        assert still.locator("main details").count() > 10
        for figure in still.locator(".course-view").all():
            pictures = figure.locator("svg, img").all()
            assert max(one.bounding_box()["height"] for one in pictures) > 50
        for width in (1440, 360):
            still.set_viewport_size({"width": width, "height": 900})
            assert still.evaluate(HEIGHTS) == pytest.approx(seen(page).heights[width], abs=1)


# Weight


# Of a page with all it asks for, in kilobytes, on the wire; the page of the search has the words of all others
LIGHT = {page: 250 for page in PAGES if page not in WITH_SLIDERS} | {"book/hidden-layer.html": 720, "search.html": 320}


@pytest.mark.parametrize("page", FULL)
def test_a_page_is_light(page, seen):
    assert seen(page).kilobytes <= LIGHT.get(page, 600)


UNUSED = re.compile(
    r"require|mathjax|embed-amd|thebe\.js|togglebutton|design-tabs|fontawesome|searchindex|language_data"
    r"|/live/|/python-"  # before somebody presses the button
)


@pytest.mark.parametrize("page", [page for page in FULL if page != "search.html"])
def test_a_page_asks_for_no_script_that_it_does_not_use(page, seen):
    assert [url for url in seen(page).requests if UNUSED.search(url.lower())] == []


# What a slow phone shows: the page at first without its fonts and scripts, which come when it has been painted
SHIFTS = """
  window.shifts = [];
  const what = ({ node }) => (node?.outerHTML ?? node?.textContent ?? "").slice(0, 80);
  window.note = entries => shifts.push(...entries.map(e => [e.value, e.sources.map(what)]));
  window.watch = new PerformanceObserver(list => note(list.getEntries()));
  watch.observe({type: "layout-shift", buffered: true});
"""
PARSED = "document.readyState !== 'loading'"
TWO_FRAMES = "new Promise(done => requestAnimationFrame(() => requestAnimationFrame(done))).then(() => 0)"


def moved(page, url, width, script=""):
    """How far a page moves while its fonts and scripts come late: the sum of its layout shifts."""
    late, painted = [], []
    page.set_viewport_size({"width": width, "height": 740})

    def hold(route):
        if painted:
            route.continue_()
        else:
            late.append(route)

    page.route(re.compile(r"\.(woff2|js)(\?.*)?$"), hold)
    page.goto(url, wait_until="commit")
    page.wait_for_function(f"{PAINTED} && {PARSED}")
    painted.append(True)
    for route in late:
        route.continue_()
    assert late, "expected scripts and fonts that come late, got none"
    return shifted(page, script)


def shifted(page, script=""):
    """The sum of the layout shifts of a page, once all of it has come and after a `script`."""
    page.wait_for_load_state("networkidle")
    page.wait_for_function("document.fonts.status === 'loaded'")
    if script:
        page.evaluate(script)
    page.evaluate(TWO_FRAMES)
    page.evaluate("note(watch.takeRecords())")
    for shift in (shifts := page.evaluate("shifts")):
        print(*shift)
    return sum(value for value, _ in shifts)


@pytest.mark.parametrize("page", [page for page in FULL if page != "search.html"])
@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_moves_when_fonts_and_scripts_come_late(page, width, site, tabs):
    with tabs(script=SHIFTS) as tab:
        assert moved(tab.page, f"{site}/{page}", width) <= 0.02


def test_a_page_that_moves_is_found(site, tabs):
    late = "() => { document.querySelector('article').style.paddingTop = '200px' }"
    with tabs(script=SHIFTS) as tab:
        assert moved(tab.page, f"{site}/book/notation.html", 360, late) > 0.02


class Pieces(Quiet):
    """Sends the beginning of a page, to one sixteenth of its article, and the rest when `rest` is set."""

    rest = threading.Event()

    def end_headers(self):
        self.send_header("Cache-Control", "no-store")
        super().end_headers()

    def copyfile(self, source, outputfile):
        if not self.path.endswith(".html"):
            return super().copyfile(source, outputfile)
        html = source.read()
        end = (html.index(b"<article") * 15 + html.index(b"</article>")) // 16
        outputfile.write(html[:end])
        outputfile.flush()
        self.rest.wait(PATIENCE / 1000)
        outputfile.write(html[end:])


@pytest.fixture(scope="module")
def pieces():
    server = serve(SITE, Pieces)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.mark.parametrize("page", [page for page in FULL if page not in [*CHAPTERS, "search.html"]])
@pytest.mark.parametrize("width", [360, 1440])
def test_nothing_moves_when_the_rest_of_a_page_comes_late(page, width, pieces, tabs):
    with tabs(script=SHIFTS) as tab:
        tab.page.set_viewport_size({"width": width, "height": 740})
        Pieces.rest.clear()
        tab.page.goto(f"{pieces}/{page}", wait_until="commit")
        tab.page.wait_for_function(f"{PAINTED} && !({PARSED})")
        Pieces.rest.set()
        assert shifted(tab.page) <= 0.02


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_no_widget_takes_more_than_100_kilobytes_and_a_pad_with_its_models_150(page):
    """Its own numbers: the scripts and styles, which all share, are none of its weight."""
    for record in views(SITE / page):
        pad = record["figure"] == "DigitPad"
        assert len(json.dumps(record)) <= (150_000 if pad else 100_000)


def test_the_readme_has_a_picture_of_the_book():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    pictures = re.findall(r"!\[.+?\]\((.+?)\)", readme)
    assert pictures
    for path in pictures:
        assert Path(ROOT / path).exists()


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_number_keeps_its_per_cent_sign_at_the_end_of_a_line(page):
    html = (SITE / page).read_text(encoding="utf-8")
    article = BeautifulSoup(html[html.index("<article") : html.index("</article>")], "html.parser")
    for other in article.select("script, style, pre, code, .course-view"):  # an entry of a legend does not break
        other.decompose()
    assert [one for one in article.strings if re.search(r"\d %", one)] == []
