"""On the built pages, in milliseconds: from a step of a slider, or a move of the pointer in a picture, to the next
painted frame: the drawing, and in a pad the line, its centring, the models, the bars."""

import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parents[1] / "tests"))
sys.path.insert(0, str(Path(__file__).parents[1] / "tools"))

import browser
import numpy as np
from conftest import CHAPTERS, LAID_OUT, SITE, Tab, Visit, serve
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
    bubbles: true, isPrimary: true, pointerId: 1, button: name === "pointermove" ? -1 : 0,
    clientX: left + width * (0.5 + 0.4 * Math.sin(turn)), clientY: top + height * (0.5 + 0.4 * Math.cos(1.1 * turn)),
  }}));
  send("pointerdown", 0);
  return timed(turn => send("pointermove", turn)).finally(() => send("pointerup", 0));
}}"""

FRAMES = 33  # milliseconds, two frames of a screen


def main():
    path, server = browser.find(), serve(SITE)
    measured = []
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=browser.ARGUMENTS)
        for page in CHAPTERS:
            visit = Visit(Tab(chromium), f"http://127.0.0.1:{server.server_port}/{page}")
            visit.open_all().add_style_tag(content=LAID_OUT)
            for number, figure in enumerate(visit.page.locator(".course-view").all()):
                name = f"{page}, figure {number}, {figure.get_attribute('data-figure')}"
                for move, times in moved(figure):
                    measured.append((np.median(times), f"{name}, {move}"))
                    print(f"{name}, {move}: median {np.median(times):.1f} ms, most {max(times):.1f}")
    slow = [name for median, name in measured if median > FRAMES]
    print(f"{len(measured)} sliders and pictures, of which longer than {FRAMES} ms: {len(slow)}", *slow, sep="\n")


def moved(figure):
    """The times of each slider of a figure, and of the pointer in each of its pictures."""
    figure.scroll_into_view_if_needed()
    states = [said(figure)]
    for place, one in enumerate(stand(figure)):
        yield one["name"], figure.evaluate(STEPS, place)
        states.append(said(figure))
    for picture in figure.locator(".course-grip, .course-pad-sheet").all():
        if picture.is_visible():
            yield "pointer", picture.evaluate(DRAGS)
            states.append(said(figure))
    if states.count(states[0]) == len(states):
        raise SystemExit(f"{figure.get_attribute('data-figure')}: nothing moved")


def said(figure):
    """Where the sliders of a figure stand, and what it says to a screen reader."""
    return stand(figure), figure.locator(".course-status").inner_text()


if __name__ == "__main__":
    main()
