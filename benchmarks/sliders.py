"""On the built pages, in milliseconds: from a step of a slider, or a move of the pointer in a picture, to the next
painted frame (two frames are 33), and how long a pad takes for one move of the pointer: the line, its centring, the
models, the bars."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import browser
import numpy as np
from conftest import CHAPTERS, LAID_OUT, SITE, Visit, serve
from playwright.sync_api import sync_playwright
from stage import HANDLES, stand

# How long each of some moves takes until it has been painted. Each comes in the middle of a frame: the next one paints
# it, and the one after that is asked for when that is done.
TIMED = """const timed = async (act, times = 41) => {
  const frame = () => new Promise(requestAnimationFrame), took = [];
  for (let turn = 0; turn < times; turn++) {
    await frame();
    await new Promise(done => setTimeout(done, 8));
    const start = performance.now();
    act(turn);
    await frame();
    await frame();
    took.push(performance.now() - start);
  }
  return took;
};"""

STEPS = f"""(view, number) => {{
  {HANDLES}
  {TIMED}
  const one = handles(view)[number];
  return timed(turn => one.to(turn % 2 ? one.at : one.at ? one.at - 1 : one.at + 1));
}}"""

# The pointer of a mouse that is held down, anywhere in the picture
DRAGS = f"""grip => {{
  {TIMED}
  const {{ left, top, width, height }} = grip.getBoundingClientRect();
  grip.setPointerCapture = () => {{}}; // there is no real pointer to capture
  const send = (name, turn) => grip.dispatchEvent(new PointerEvent(name, {{
    bubbles: true, pointerId: 1, button: name === "pointermove" ? -1 : 0,
    clientX: left + width * (0.5 + 0.4 * Math.sin(turn)), clientY: top + height * (0.5 + 0.4 * Math.cos(1.1 * turn)),
  }}));
  send("pointerdown", 0);
  return timed(turn => send("pointermove", turn)).finally(() => send("pointerup", 0));
}}"""

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
            visit.page.add_style_tag(content=LAID_OUT)
            for number, figure in enumerate(visit.explorables()):
                figure.scroll_into_view_if_needed()
                before = figure.locator(".course-status").inner_text()
                for place, one in enumerate(stand(figure)):
                    say(page, f"figure {number}, {one['name']}", figure.evaluate(STEPS, place))
                for grip in figure.locator(".course-grip").all():
                    say(page, f"figure {number}, pointer", grip.evaluate(DRAGS))
                if figure.locator(".course-status").inner_text() == before:
                    raise SystemExit(f"{page}, figure {number}: nothing moved")
            for pad in visit.page.locator(".course-pad-sheet").all():
                times = pad.evaluate(MOVES)
                say(page, "pad", times)


def say(page, name, times):
    print(f"{page}, {name}: median {np.median(times):.1f} ms, most {max(times):.1f}")


if __name__ == "__main__":
    main()
