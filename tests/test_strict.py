"""The site where its surroundings are strict: in the sandboxed frame of a learning platform, which has no origin and
keeps nothing, below a folder, under a policy without eval.
"""

import pytest
from conftest import ALL_OPEN, PAGES, SITE, WITH_SLIDERS, Strict, Tab, serve

FRAME = """<!doctype html><title>A course</title><link rel="icon" href="data:,">
<iframe sandbox="allow-scripts" src="/course/%s" width="1300" height="850"></iframe>"""
# Of all figures: those that did not come to life, and the sliders that change nothing of what they show
DEAD = """async () => {
  const still = [], wait = () => new Promise(done => setTimeout(done, 20));
  for (const el of document.querySelectorAll(".course-view")) {
    const status = el.querySelector(".course-status");
    if (!status) still.push(el.className);
    const drawn = () => [...el.querySelectorAll("canvas")].map(sheet => sheet.toDataURL()).join();
    const shown = () => status?.textContent + el.querySelector(".course-figure").innerHTML + drawn();
    for (const slider of el.querySelectorAll(".course-sliders input[type=range]")) {
      const before = shown();
      slider.value = slider.value === slider.min ? slider.max : slider.min;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      slider.dispatchEvent(new Event("change", { bubbles: true }));
      for (let tries = 0; tries < 100 && shown() === before; tries++) await wait();
      if (shown() === before) still.push(slider.getAttribute("aria-label") ?? slider.id);
    }
  }
  return still;
}"""
# As if nothing heard what a slider says
DEAF = """() => {
  for (const kind of ["input", "change"]) addEventListener(kind, event => event.stopImmediatePropagation(), true);
}"""


class Platform(Strict):
    """The site, and beside it the page of a platform that shows a page of it in a frame."""

    policy = (
        "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
        "img-src 'self' data:; font-src 'self' data:; base-uri 'self'; form-action 'self'"
    )

    def do_GET(self):
        if not self.path.startswith("/frame/"):
            return super().do_GET()
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.end_headers()
        self.wfile.write((FRAME % self.path.removeprefix("/frame/")).encode())

    def end_headers(self):
        # As GitHub Pages has it: a page without an origin gets its fonts. Where it does not, letters are the system's.
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


@pytest.fixture(scope="module")
def platform():
    server = serve(SITE, Platform)
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()


@pytest.fixture(scope="module")
def tab(chromium):
    one = Tab(chromium, viewport={"width": 1440, "height": 900})
    yield one
    one.context.close()


def opened(tab, address):
    """The frame with the page, all its figures awake."""
    tab.clear()
    tab.page.goto(address, wait_until="load")
    (frame,) = tab.page.main_frame.child_frames
    frame.wait_for_function("document.readyState === 'complete' && document.fonts.status === 'loaded'")
    frame.evaluate("scrollBy(0, 1)")  # figures that are far come to life when somebody is there
    for figure in frame.locator(".course-view").all():
        figure.locator(".course-status").wait_for(state="attached")
    return frame


@pytest.mark.parametrize("page", [page for page in PAGES if page != "index.html"])  # that one leads on
def test_in_a_sandboxed_frame_every_figure_lives_and_nothing_is_complained_of(page, platform, tab):
    frame = opened(tab, f"{platform}/frame/{page}")
    assert frame.evaluate("self.origin") == "null"
    frame.evaluate(ALL_OPEN)
    assert frame.evaluate(DEAD) == []
    assert tab.errors == []
    assert [url for url in tab.requests if not url.startswith((platform, "data:", "blob:"))] == []


def test_sliders_that_move_nothing_are_found(platform, tab):
    frame = opened(tab, f"{platform}/frame/{WITH_SLIDERS[-1]}")
    count = frame.locator(".course-view .course-sliders input[type=range]").count()
    frame.evaluate(DEAF)
    assert len(frame.evaluate(DEAD)) == count > 0
