"""A page of its own for pads, drawn as the site draws them, without a kernel and without a chapter; and hands."""

import base64
import itertools
import json
import math
import sys
from pathlib import Path

import numpy as np
from conftest import SITE, box_of
from course import ROOT
from ipywidgets.embed import embed_data

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_widgets import record

PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A pad</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="{style}">
<script>
const dark = matchMedia("(prefers-color-scheme: dark)"), follow = () => {{
  document.documentElement.dataset.theme = dark.matches ? "dark" : "light";
}};
dark.onchange = follow;
follow();
courseViews = {records};
</script>
<script defer src="{static}/widgets.js"></script>
<style>
body {{ max-width: 44rem; margin: 1rem auto; padding: 0 1rem; font-family: system-ui, sans-serif }}
body {{ background: var(--course-paper); color: var(--course-ink) }}
</style>
</head>
<body><main><h1>A pad</h1>
{views}
<p style="height: 60rem">The page goes on.</p></main><div class="skip-link"></div></body></html>
"""


def records_of(*widgets):
    """What a page of the site holds of `widgets`."""
    data = embed_data(widgets, drop_defaults=False)
    state = data["manager_state"]["state"]
    return [record(state, view["model_id"]) for view in data["view_specs"]]


def write(path, *widgets):
    """An HTML file with `widgets`, which takes the scripts of the built site and the system's theme. -> its address"""
    records = records_of(*widgets)
    views = "".join(f'<div class="course-view" data-view="{n}"></div>' for n in range(len(records)))
    text = json.dumps(records).replace("</", "<\\/")
    static = SITE / "_static"
    (style,) = static.glob("*.css")
    page = PAGE.format(style=style.as_uri(), static=static.as_uri(), records=text, views=views)
    Path(path).write_text(page, encoding="utf-8")
    return Path(path).as_uri()


# Lines of digits, in shares of the pad
ONE = [(0.52, 0.2), (0.48, 0.8)]
ZERO = [(0.5 + 0.2 * math.sin(turn), 0.5 - 0.3 * math.cos(turn)) for turn in np.linspace(0, 2 * math.pi, 25)]
# What a pad says of itself
EMPTY, OVER = "draw a digit", "draw over it"

# What every pad shows: the drawing, and what a model sees of it; the hint; which sample is chosen; what is announced.
# Pictures travel as the bytes of their pixels: red, green, blue, ink.
PAD = """pad => {
  const hint = pad.querySelector(".course-pad-hint");
  const choices = [...pad.querySelectorAll(".course-pad-choice")];
  const pictures = [...pad.querySelectorAll(".course-sheet-box")].filter(e => !e.closest(".course-pad-choice"));
  const name = e => e.className.match(/(?:pad|machine)-(sheet|seen|evidence)/)?.[1];
  const named = pictures.filter(name).map((e, n, all) => {
    const before = all.slice(0, n).filter(other => name(other) === name(e)).length;
    return [name(e) + (before || ""), e];
  });
  return {
    pictures: Object.fromEntries(named.map(([name, e]) => {
      const canvas = e.querySelector("canvas");
      const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
      return [name, btoa(String.fromCharCode(...data))];
    })),
    hint: hint.checkVisibility() ? hint.textContent : "",
    chosen: choices.findIndex(e => e.getAttribute("aria-pressed") === "true"),
    status: pad.querySelector(".course-status").textContent,
  };
}"""


def decoded(seen):
    """What `PAD` gave, with `drawing` and `seen` as ink from 0 to 1, and if there are some, `evidence` and `evidence1`
    as colours.
    """
    pictures = {name: np.frombuffer(base64.b64decode(text), "u1") for name, text in seen["pictures"].items()}
    pixels = {name: picture.reshape(-1, 4).astype(float) for name, picture in pictures.items()}
    seen |= {"drawing": pixels["sheet"][:, 3] / 255, "seen": pixels["seen"][:, 3] / 255}
    return seen | {name: picture[:, :3] for name, picture in pixels.items() if name.startswith("evidence")}


def places(opened, points, number=0):
    """`points`, shares of the pad, in the window."""
    box = box_of(opened.page.locator(".course-pad-sheet").nth(number))
    return [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in points]


def by_mouse(opened, points, number=0, lift=True):
    (x, y), *others = places(opened, points, number)
    opened.page.mouse.move(x, y)
    opened.page.mouse.down()
    for x, y in others:
        opened.page.mouse.move(x, y, steps=4)
    if lift:
        opened.page.mouse.up()


def touch(opened, points):
    """A finger along `points` of the window, as the system sends it."""
    session = opened.context.new_cdp_session(opened.page)
    for number, (x, y) in enumerate(points):
        kind = "touchMove" if number else "touchStart"
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})


def by_finger(opened, points):
    opened.page.locator(".course-pad-sheet").scroll_into_view_if_needed()
    ends = places(opened, points)
    touch(opened, [tuple(np.add(a, np.subtract(b, a) * part / 4)) for a, b in itertools.pairwise(ends) for part in
    range(5)])  # fmt: skip
