"""How fast pages are on a slow phone: 1.6 Mbit/s, 150 ms for a round trip, a processor a quarter as fast as this one,
nothing in the cache, served with gzip from this machine.

    python benchmarks/pages.py [--width 360] [--site FOLDER] [PAGE ...]

For each page, without any the landing page, two chapters and a page of text: seconds to the first paint and until a
slider can be moved, kilobytes on the wire, and how far the page moved while it loaded (the sum of all layout shifts).
Each is the median of three loads.
"""

import argparse
import functools
import gzip
import http.server
import sys
import threading
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import browser
import numpy as np
from course import ROOT
from playwright.sync_api import sync_playwright

NETWORK = {"offline": False, "latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 0.75e6 / 8}
SLOWER = 4
LOADS = 3
PAGES = ["book/index.html", "book/softmax.html", "book/hidden-layer.html", "book/notation.html"]

WATCH = """
  window.watched = {shift: 0, shifts: [], slider: null};
  new PerformanceObserver(list => {
    for (const entry of list.getEntries()) {
      watched.shift += entry.value;
      watched.shifts.push([Math.round(entry.startTime), entry.value,
        entry.sources.map(s => `${Math.round(s.previousRect.top)} to ${Math.round(s.currentRect.top)} px: ` +
          (s.node?.outerHTML ?? s.node?.textContent)?.replace(/\\s+/g, " ").slice(0, 90))]);
    }
  }).observe({type: "layout-shift", buffered: true});
  // A figure drawn by the build has sliders, but nothing to announce what they do; the script adds it
  const look = () => {
    if (document.querySelector(".course-view .course-status")) watched.slider = performance.now();
    else requestAnimationFrame(look);
  };
  look();
"""
FIRST_PAINT = "performance.getEntriesByName('first-contentful-paint')[0]?.startTime"


class Packed(http.server.SimpleHTTPRequestHandler):
    """Serves files packed by gzip, but for those that are packed already; keeps connections open as servers do."""

    protocol_version = "HTTP/1.1"

    def do_GET(self):
        path = Path(self.translate_path(self.path))
        if not path.is_file():
            return self.send_error(404)
        body, packed = content(path)
        self.send_response(200)
        self.send_header("Content-Type", self.guess_type(path))
        self.send_header("Content-Length", len(body))
        if packed:
            self.send_header("Content-Encoding", "gzip")
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


@functools.cache
def content(path):
    """The bytes to send for the file `path`, and whether they are packed."""
    body = path.read_bytes()
    packed = gzip.compress(body, 6)
    return (packed, True) if len(packed) < 0.9 * len(body) else (body, False)


def serve(folder):
    handler = functools.partial(Packed, directory=folder)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return server


def load(chromium, url, width):
    """One load of a page with nothing in the cache: `{what: number}`, times in seconds, `None` for what never came."""
    context = chromium.new_context(viewport={"width": width, "height": 740})
    page = context.new_page()
    page.add_init_script(WATCH)
    wire = context.new_cdp_session(page)
    received = []
    wire.on("Network.loadingFinished", lambda event: received.append(event["encodedDataLength"]))
    wire.send("Network.enable")
    wire.send("Network.emulateNetworkConditions", NETWORK)
    wire.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
    page.goto(url, wait_until="networkidle", timeout=120_000)
    if page.locator(".course-view").count():
        page.wait_for_function("watched.slider", timeout=120_000)
        page.wait_for_load_state("networkidle")
    watched = page.evaluate("watched")
    painted = page.evaluate(FIRST_PAINT)
    context.close()
    return {
        "first paint": painted and painted / 1000,
        "slider": watched["slider"] and watched["slider"] / 1000,
        "KB": sum(received) / 1000,
        "shift": watched["shift"],
        "shifts": watched["shifts"],
    }


def median(loads, name):
    numbers = [one[name] for one in loads if one[name] is not None]
    return np.median(numbers) if numbers else None


def main():
    arguments = argparse.ArgumentParser()
    arguments.add_argument("pages", nargs="*")
    arguments.add_argument("--site", type=Path, default=ROOT / "_build" / "html")
    arguments.add_argument("--width", type=int, default=360)
    arguments.add_argument("--shifts", action="store_true", help="also print what moved, in the last load")
    asked = arguments.parse_args()
    pages = asked.pages or PAGES
    path, server = browser.find(), serve(asked.site)
    print(f"{'page':<30}{'first paint':>12}{'slider':>9}{'KB':>9}{'shift':>9}")
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=browser.ARGUMENTS)
        for page in pages:
            url = f"http://127.0.0.1:{server.server_port}/{page}"
            loads = [load(chromium, url, asked.width) for _ in range(LOADS)]
            paint, slider, kilobytes, shift = (median(loads, name) for name in ("first paint", "slider", "KB", "shift"))
            usable = f"{slider:.1f} s" if slider else ""
            print(f"{page:<30}{paint:>10.2f} s{usable:>9}{kilobytes:>9.0f}{shift:>9.3f}", flush=True)
            for when, value, moved in loads[-1]["shifts"] if asked.shifts else []:
                print(f"    {when / 1000:.2f} s: {value:.4f}", *moved, sep="\n        ")
        chromium.close()


if __name__ == "__main__":
    main()
