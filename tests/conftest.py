"""What several tests share: the built site on a local server, and a browser that may go nowhere else."""

import functools
import gzip
import http.server
import os
import re
import shutil
import threading
import urllib.request
from contextlib import ExitStack, contextmanager
from typing import NamedTuple

# One thread, as the chapter on the hidden layer has it: with two, NumPy adds up in another order, and 20 passes end
# elsewhere
os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")

import browser
import course
import fork
import hypothesis
import pytest
from axe import DARK, FORCED, LIGHT, broken
from course import ROOT
from playwright.sync_api import sync_playwright
from xdist.scheduler import LoadFileScheduling

from softmaxlab.data import load_mnist

# How long an example takes is the machine's affair.
hypothesis.settings.register_profile("course", deadline=None)
hypothesis.settings.load_profile("course")

SITE = ROOT / "_build" / "html"


PAGES = sorted(str(path.relative_to(SITE)) for path in SITE.rglob("*.html") if "_static" not in path.parts)
CHAPTERS = [f"book/{chapter.name}.html" for chapter in course.chapters()]
WITH_SLIDERS = [
    page for page in CHAPTERS if page in PAGES and 'class="course-sliders"' in (SITE / page).read_text(encoding="utf-8")
]


# What takes long: first, so that no worker is left with one of them at the end
LONG = ["hidden-layer", "digits", "many-machines", "test_order", "test_publish", "test_shared", "test_questions"]
LONG += ["test_site", "test_sliders", "test_grip", "test_search", "gradient-descent", "test_machine", "test_benchmarks"]


def pytest_collection_modifyitems(items):
    items.sort(key=lambda item: LONG.index(item.path.stem) if item.path.stem in LONG else len(LONG))


class Together(LoadFileScheduling):
    """What looks at a page of the site goes to the worker that has it open, all else goes by file."""

    ONE_SITE = ("tests/test_publish.py", "tests/test_shared.py")  # they look at the same fork

    def _split_scope(self, nodeid):
        file = super()._split_scope(nodeid)
        page = next((page for page in PAGES if nodeid.endswith((f"[{page}]", f"-{page}]"))), None)
        return page or ("fork" if file in self.ONE_SITE else file)


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config, log):
    return Together(config, log)


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


class Strict(Quiet):
    """Below a folder, `/course`, as GitHub Pages has it, and under a `policy`."""

    policy = ""

    def translate_path(self, path):
        return super().translate_path(path.removeprefix("/course"))

    def end_headers(self):
        self.send_header("Content-Security-Policy", self.policy)
        super().end_headers()


def serve(folder, handler=Quiet):
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(handler, directory=folder))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


@pytest.fixture(scope="session")
def site():
    """The address of the built book."""
    assert (SITE / "index.html").exists(), "no book in _build/html: run `make book` first"
    server = serve(SITE)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="session")
def mnist():
    """The training and the test set."""
    train, _, test = load_mnist()
    return train, test


@pytest.fixture(scope="session")
def forked_site(tmp_path_factory):
    """The folder of the site of a fork that says where it lives."""
    return fork.build(tmp_path_factory.mktemp("fork") / "course")


@pytest.fixture(scope="session")
def copy(tmp_path_factory):
    """The folder of the copy to carry, unpacked."""
    (packed,) = SITE.glob("*.zip")
    shutil.unpack_archive(packed, folder := tmp_path_factory.mktemp("copy"))
    return folder / packed.stem


@pytest.fixture(scope="session")
def chromium():
    path = browser.find()
    assert path, "no browser: run `python tools/browser.py`"
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=path, args=browser.ARGUMENTS)
        yield launched
        launched.close()


PATIENCE = 120_000  # milliseconds: machines that are shared stand still for half a minute at times

# Run in a page: what opens on demand is open, hints and answers, code that is folded, what a prediction closes
ALL_OPEN = """() => {
  for (const one of document.querySelectorAll("main details")) one.open = true;
  for (const part of document.querySelectorAll("main .course-answer")) {
    part.classList.add("course-open");
    part.removeAttribute("hidden");
  }
}"""


PAINTED = "performance.getEntriesByName('first-contentful-paint').length"


def words_of(locator):
    """The text of what can be seen, also where it is far from the window and not laid out yet."""
    assert locator.is_visible()
    return locator.text_content()


# The box of an element, once it has been the same for some frames
STILL = """async one => {
  const frame = () => new Promise(requestAnimationFrame);
  const box = () => { const { x, y, width, height } = one.getBoundingClientRect(); return { x, y, width, height }; };
  let before = box();
  for (let alike = 0, frames = 0; alike < 3 && frames < 600; frames += 1) {
    await frame();
    const now = box();
    alike = JSON.stringify(now) === JSON.stringify(before) ? alike + 1 : 0;
    before = now;
  }
  return before;
}"""


def box_of(locator):
    """Where something stands in the window once nothing moves it: what is above it may still find its height.

    -> `{x, y, width, height}`
    """
    return locator.evaluate(STILL)


class Tab:
    """A window of the browser with one page in it, which many visits share, one after the other; a `script` runs in
    each page before its own.
    """

    def __init__(self, chromium, script="", **options):
        self.context = chromium.new_context(**options)
        self.context.set_default_timeout(PATIENCE)
        self.context.add_init_script(script)
        self.page = self.context.new_page()
        self.session = self.context.new_cdp_session(self.page)
        self.requests, self.errors = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("requestfailed", lambda request: self.errors.append(f"failed: {request.url}"))
        self.page.on("response", lambda r: r.status >= 400 and self.errors.append(f"{r.status}: {r.url}"))
        self.page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))

    def clear(self):
        """As if nobody had been here: no page, no route, no hand on the mouse, nothing kept."""
        self.page.unroute_all(behavior="ignoreErrors")
        self.page.mouse.up()
        self.page.mouse.move(-1, -1)
        self.page.goto("about:blank")
        self.page.set_viewport_size({"width": 1440, "height": 900})
        for origin in {re.match("(http|file)://[^/]*|", url)[0] for url in self.requests} - {""}:
            self.session.send("Storage.clearDataForOrigin", {"origin": origin, "storageTypes": "all"})
        self.requests, self.errors = [], []


class Visit:
    """A page that opens as if nobody had been here, with all it asked for and all it complained of; `settled`: nothing
    more will come.
    """

    def __init__(
        self,
        tab,
        url,
        width=1440,
        color_scheme="light",
        reduced_motion="no-preference",
        forced_colors="none",
        settled=False,
    ):
        self.context, self.page = tab.context, tab.page
        self.requests, self.errors = tab.requests, tab.errors = [], []
        self.page.set_viewport_size({"width": width, "height": 900})
        self.page.emulate_media(
            media="null", color_scheme=color_scheme, reduced_motion=reduced_motion, forced_colors=forced_colors
        )
        leads_on = url.endswith("/index.html")  # the one at the top goes on to the first page
        self.page.goto(url, wait_until="networkidle" if settled or leads_on else "load")
        self.page.wait_for_function("document.fonts.status === 'loaded'")
        if url != "about:blank":
            self.page.wait_for_function(PAINTED)  # until then the browser drops what is pressed
        self.page.keyboard.press("Shift")  # figures that are far come to life when somebody is there
        for figure in self.page.locator(".course-view").all():
            figure.locator(".course-status").wait_for(state="attached")

    def open_all(self):
        """What opens on demand is open. -> the page"""
        self.page.evaluate(ALL_OPEN)
        return self.page

    def explorables(self):
        """The figures with sliders, one locator each."""
        return self.page.locator(".course-view:has(.course-sliders)").all()


# The last three are also 1280 at 200 % and 400 %, and 720 is 1440 at 200 %.
WIDTHS = (1440, 1200, 1024, 768, 720, 640, 360, 320)
TOO_WIDE = """() => {
  const wider = one => one.checkVisibility() && one.scrollWidth > one.clientWidth + 1;
  const beyond = table => {
    const column = table.closest("section, main").getBoundingClientRect();
    return table.checkVisibility() && table.getBoundingClientRect().right > column.right + 1;
  };
  const words = one => one.innerText.slice(0, 60);
  const all = name => [...document.querySelectorAll(`main ${name}`)];
  return { code: all("pre").filter(wider).map(words), tables: all("table").filter(beyond).map(words) };
}"""

# Added to a page: what is far from the window is laid out too
LAID_OUT = "section { content-visibility: visible !important }"
# Those that wait until they are near come now, and are again as they were: their style asks for it
ALL_PICTURES = """() => {
  window.late ??= [...document.querySelectorAll("img[loading=lazy]")];
  for (const picture of late) picture.loading = "eager";
  const here = [...document.images].every(picture => picture.complete);
  if (here) for (const picture of late) picture.loading = "lazy";
  return here;
}"""
# How many icons a page has, and those whose drawing is not there
ICONS = """() => {
  const icons = [...document.querySelectorAll("i[class*=fa-], span[class*=fa-]")];
  const drawn = icon => getComputedStyle(icon, "::before").maskImage.startsWith('url("data:image/svg');
  return { count: icons.length, missing: icons.filter(icon => !drawn(icon)).map(icon => icon.className) };
}"""
# Pictures that are shown in other proportions than they say
BENT = """() => [...document.querySelectorAll("article img[loading=lazy]")].filter(picture => {
  const { width, height } = picture.getBoundingClientRect();
  const said = picture.getAttribute("width") / picture.getAttribute("height");
  return height > 0 && Math.abs(width / height / said - 1) > 0.02;
}).map(picture => picture.alt)"""
# Of each drawing: its file, and how wide it is shown
DRAWINGS = """() => [...document.querySelectorAll("main img[src$='.svg']")]
  .map(picture => [new URL(picture.src).pathname.slice(1), picture.getBoundingClientRect().width])"""
# Words in figures with sliders and in pads, of which less than a size can be seen, in pixels on the screen
SMALL_WORDS = """least => {
  const found = [];
  for (const figure of document.querySelectorAll("main :is(.course-view, .course-machine)")) {
    const walker = document.createTreeWalker(figure, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      const one = node.parentElement;
      if (!node.data.trim() || !one.checkVisibility({ visibilityProperty: true })) continue;
      const matrix = one.ownerSVGElement && one.getScreenCTM();
      const size = Number.parseFloat(getComputedStyle(one).fontSize) * (matrix ? Math.hypot(matrix.b, matrix.d) : 1);
      if (size < least) found.push([node.data.trim().slice(0, 40), size]);
    }
  }
  return found;
}"""
READABLE = 11  # pixels, on a phone
HEIGHTS = """() => [...document.querySelectorAll(".course-view")].map(e => e.getBoundingClientRect().height)"""
# Where the first figure begins, where what can be touched first in it ends, and which code in sight begins above it
OPENING = """() => {
  const figure = document.querySelector(".course-opener .course-view");
  if (!figure) return null;
  const top = figure.getBoundingClientRect().top;
  const above = ({ height, y }) => height > 0 && y < top;
  const code = [...document.querySelectorAll(".highlight")].filter(box => box.checkVisibility());
  return {
    touch: figure.querySelector("input, canvas, button").getBoundingClientRect().bottom,
    before: code.filter(box => above(box.getBoundingClientRect())).map(box => box.textContent),
  };
}"""
# Formulas that are cut off: neither inside the window nor in a box that moves
CUT = """() => [...document.querySelectorAll("main .katex-base")].filter(part => {
  const right = part.getBoundingClientRect().right;
  return right > innerWidth && !part.closest(".katex-display, .pst-scrollable-table-container");
}).map(part => part.textContent)"""


class Seen(NamedTuple):
    """What a visit to a page came to, once nothing more would come."""

    requests: list
    errors: list
    kilobytes: float  # each file packed by gzip as a server would
    alts: list  # of the pictures
    icons: dict  # how many there are, and which are not drawn
    opening: dict  # of the height of the window, a phone's or a desk's: what stands at the top
    heights: dict  # of the width of the window: of the figures
    widths: dict  # of the window: of the page in it
    wide: dict  # of the window: the tables and pieces of code that are wider than their column
    cut: list  # the formulas that a small phone cuts off
    bent: list  # the pictures that a phone does not show in their proportions
    drawings: dict  # of the file: how wide a phone shows it
    small: list  # what a phone shows in figures in too small letters
    wrong: dict  # of the theme: what axe finds


@pytest.fixture(scope="session")
def tabs(chromium):
    """`tabs(**options)` lends a tab that is free, for as long as its `with`; these options it has for life."""
    free = {}

    @contextmanager
    def lend(**options):
        kind = free.setdefault(frozenset(options.items()), [])
        tab = kind.pop() if kind else Tab(chromium, **options)
        yield tab
        tab.clear()
        kind.append(tab)

    return lend


@pytest.fixture(scope="session")
def seen(site, tabs):
    """`seen(page)`: one visit for all that asks only what came of it."""

    @functools.cache
    def kilobytes(url):
        body = urllib.request.urlopen(url).read()
        return min(len(body), len(gzip.compress(body, 6))) / 1000

    def look(visit):
        page, opening, heights, widths, wide = visit.page, {}, {}, {}, {}
        for width, height in ((360, 740), (1440, 900)):
            page.set_viewport_size({"width": width, "height": height})
            opening[height] = page.evaluate(OPENING)
        page.wait_for_function(ALL_PICTURES)
        weight = sum(kilobytes(url) for url in set(visit.requests) if url.startswith("http"))
        visit.open_all()
        alts = page.locator("main img").evaluate_all("all => all.map(e => e.alt)")
        icons = page.evaluate(ICONS)
        page.add_style_tag(content=LAID_OUT)
        for width in WIDTHS:
            page.set_viewport_size({"width": width, "height": 900})
            widths[width] = page.evaluate("document.documentElement.scrollWidth")
            wide[width] = page.evaluate(TOO_WIDE)
            heights[width] = page.evaluate(HEIGHTS)
            if width == 360:
                bent, small = page.evaluate(BENT), page.evaluate(SMALL_WORDS, READABLE)
                drawings = dict(page.evaluate(DRAWINGS))
            if width == 320:
                cut = page.evaluate(CUT)
        page.set_viewport_size({"width": 1440, "height": 900})
        wrong = broken(page, systems=(LIGHT, DARK, FORCED))
        looks = (alts, icons, opening, heights, widths, wide, cut, bent, drawings, small, wrong)
        return Seen(visit.requests, visit.errors, weight, *looks)

    @functools.cache
    def come(address):
        with tabs() as tab:
            return look(Visit(tab, f"{site}/{address}", settled=True))

    return come


@pytest.fixture
def visit(tabs):
    """`visit(url, ...)` opens a page; after the test all that was opened is as it was."""
    with ExitStack() as opened:

        def open_page(url, has_touch=False, offline=False, script="", **looks):
            asked = {"has_touch": has_touch, "offline": offline, "script": script}
            return Visit(opened.enter_context(tabs(**{k: v for k, v in asked.items() if v})), url, **looks)

        yield open_page


@pytest.fixture(scope="module")
def stage(chromium):
    """A bare page for one figure at a time (stage.py)."""
    from stage import Stage

    context = chromium.new_context(viewport={"width": 1440, "height": 900})
    yield Stage(context.new_page())
    context.close()
