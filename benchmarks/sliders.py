"""On the built pages, in milliseconds: from a key on a slider to the next painted frame (two frames are 33), and how
long a pad takes for one move of the pointer: the line, its centring, the models, the bars."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import browser
import numpy as np
from conftest import CHAPTERS, SITE, Visit, serve
from playwright.sync_api import sync_playwright

PAINTED = """handle => new Promise(done => {
  const start = performance.now();
  const key = new KeyboardEvent("keydown", {key: handle.dataset.next ?? "ArrowRight", bubbles: true});
  handle.dataset.next = key.key === "ArrowRight" ? "ArrowLeft" : "ArrowRight";
  handle.dispatchEvent(key);
  requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now() - start)));
})"""

MOVES = """box => {
  const frame = box.getBoundingClientRect(), times = [];
  box.setPointerCapture = () => {}; // there is no real pointer to capture
  const send = (name, turn) => box.dispatchEvent(new PointerEvent(name, {
    pointerId: 1, isPrimary: true, button: name === "pointermove" ? -1 : 0,
    clientX: frame.left + frame.width * (0.5 + 0.4 * Math.sin(turn)),
    clientY: frame.top + frame.height * (0.5 + 0.4 * Math.cos(1.1 * turn)),
  }));
  send("pointerdown", 0);
  for (let move = 1; move <= 200; move++) {
    const start = performance.now();
    send("pointermove", move / 10);
    times.push(performance.now() - start);
  }
  send("pointerup", 20);
  return times;
}"""


def main():
    path, server = browser.find(), serve(SITE)
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=browser.ARGUMENTS)
        for page in CHAPTERS:
            visit = Visit(chromium, f"http://127.0.0.1:{server.server_port}/{page}")
            for figure in visit.explorables():
                for handle in figure.locator("[role=slider]").all():
                    before = figure.locator(".course-status").inner_text()
                    times = [handle.evaluate(PAINTED) for _ in range(41)]
                    moved = figure.locator(".course-status").inner_text() != before
                    name = handle.get_attribute("aria-label")
                    print(f"{page}, {name}: median {np.median(times):.1f} ms, most {max(times):.1f}, {moved = }")
            for pad in visit.page.locator(".course-pad-sheet").all():
                times = pad.evaluate(MOVES)
                print(f"{page}, pad: median {np.median(times):.1f} ms, most {max(times):.1f}")


if __name__ == "__main__":
    main()
