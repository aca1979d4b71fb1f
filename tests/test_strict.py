"""The site where its surroundings are strict: in the sandboxed frame of a learning platform, which has no origin and
keeps nothing, below a folder, under a policy without eval.
"""

import functools
import http.server
import threading

import pytest
from conftest import ALL_OPEN, PAGES, SITE, Quiet, Tab

POLICY = "default-src 'self'; script-src 'self' 'unsafe-inline'; style-src 'self' 'unsafe-inline'; "
POLICY += "img-src 'self' data:; font-src 'self' data:; base-uri 'self'; form-action 'self'"
FRAME = """<!doctype html><title>A course</title><link rel="icon" href="data:,">
<iframe sandbox="%s" src="%s" width="1300" height="850"></iframe>"""
# Figures that do not come to life, and sliders that move nothing
DEAD = """async () => {
  const still = [], wait = () => new Promise(done => setTimeout(done, 20));
  for (const el of document.querySelectorAll(".course-view")) {
    const status = el.querySelector(".course-status");
    for (const slider of el.querySelectorAll(".course-sliders input[type=range]")) {
      const before = slider.value;
      slider.value = Number(before) === Number(slider.min) ? slider.max : slider.min;
      slider.dispatchEvent(new Event("input", { bubbles: true }));
      slider.dispatchEvent(new Event("change", { bubbles: true }));
      for (let tries = 0; tries < 100 && !slider.hasAttribute("aria-valuetext"); tries++) await wait();
      if (!status || slider.value === before) still.push(slider.getAttribute("aria-label") ?? "a slider");
    }
    if (!status) still.push(el.className);
  }
  return still;
}"""


class Strict(Quiet):
    """The site below a folder, with a policy; and beside it the page of a platform that shows it in a frame."""

    def translate_path(self, path):
        return super().translate_path(path.removeprefix("/course"))

    def do_GET(self):
        if not self.path.startswith("/frame"):
            return super().do_GET()
        _, _, allowed, page = self.path.split("/", 3)
        self.send_response(200)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        super().end_headers()
        self.wfile.write((FRAME % (allowed.replace("+", " "), f"/course/{page}")).encode())

    def end_headers(self):
        self.send_header("Content-Security-Policy", POLICY)
        # As GitHub Pages has it: a page without an origin gets its fonts. Where it does not, letters are the system's.
        self.send_header("Access-Control-Allow-Origin", "*")
        super().end_headers()


@pytest.fixture(scope="module")
def strict():
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), functools.partial(Strict, directory=SITE))
    threading.Thread(target=server.serve_forever, daemon=True).start()
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
def test_in_a_sandboxed_frame_every_figure_lives_and_nothing_is_complained_of(page, strict, tab):
    frame = opened(tab, f"{strict}/frame/allow-scripts/{page}")
    assert frame.evaluate("self.origin") == "null"
    frame.evaluate(ALL_OPEN)
    assert frame.evaluate(DEAD) == []
    assert tab.errors == []
    assert [url for url in tab.requests if not url.startswith((strict, "data:", "blob:"))] == []
