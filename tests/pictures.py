"""What a figure shows in the browser, read from the screen and compared with the numbers in the widget's own state.

That these numbers are NumPy's is for `test_widgets.py`; here the question is whether the picture says the same.
"""

import base64
import itertools
import json
import math
import re
from typing import NamedTuple

import matplotlib
import numpy as np

from softmaxlab import widgets
from softmaxlab.widgets.confusion import unpacked
from softmaxlab.widgets.figure import Figure
from softmaxlab.widgets.templates import COLOURS

# Marks are where they are on the screen, whatever the units inside the picture. They travel as text: Playwright takes
# ten times as long over some thousand marks.
LOOK = """figure => {
  const box = e => {
    if (!e.getBBox || e.tagName === "svg" || e.getScreenCTM()?.b) {
      const b = e.getBoundingClientRect();
      return [b.x, b.y, b.width, b.height];
    }
    const b = e.getBBox(), m = e.getScreenCTM();
    return [m.a * b.x + m.e, m.d * b.y + m.f, m.a * b.width, m.d * b.height];
  };
  const points = e => {
    const pairs = [...(e.getAttribute("d") ?? "").matchAll(/[ML](-?[\\d.]+),(-?[\\d.]+)/g)], m = e.getScreenCTM();
    return pairs.map(([, x, y]) => [m.a * x + m.c * y + m.e, m.b * x + m.d * y + m.f]);
  };
  const ends = e => {
    const m = e.getScreenCTM(), at = name => e[name].baseVal.value;
    return [[m.a * at("x1") + m.e, m.d * at("y1") + m.f], [m.a * at("x2") + m.e, m.d * at("y2") + m.f]];
  };
  const svgs = [...figure.querySelectorAll("svg")].filter(e => !e.parentElement.closest("svg"));
  const marks = [...figure.querySelectorAll("*")].map(e => {
    const style = getComputedStyle(e), svg = e.closest("svg"), leaf = !e.children.length;
    return {
      kind: e.tagName.toLowerCase(),
      classes: [...e.classList],
      text: leaf ? e.textContent : "", whole: e.children.length < 3 ? e.textContent.trim() : "",
      radius: +(e.getAttribute("r") ?? 0),
      words: leaf || e.matches(".course-entry, .course-readout") ? e.textContent.trim() : "",
      label: e.getAttribute("aria-label") ?? "",
      role: e.getAttribute("role") ?? "", live: e.getAttribute("aria-live") ?? "",
      panel: svgs.indexOf(svgs.find(one => one.contains(e))),
      box: box(e),
      points: e.tagName === "path" ? points(e) : e.tagName === "line" ? ends(e) : [],
      outline: e.getAttribute("d") ?? "", pressed: e.getAttribute("aria-pressed") === "true",
      fill: style.fill, stroke: style.stroke, dash: style.strokeDasharray,
      opacity: +(e.getAttribute("fill-opacity") ?? 1),
      shown: style.visibility !== "hidden" && style.display !== "none",
      pixels: e.tagName !== "CANVAS" ? [] : (data =>
        Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 4)])
      )(e.getContext("2d").getImageData(0, 0, e.width, e.height).data),
    };
  });
  const root = getComputedStyle(document.documentElement);
  const probe = document.createElement("i");
  document.body.append(probe);
  const colours = [0, 1, 2, 3].map(number => {
    probe.style.color = root.getPropertyValue(`--course-class-${number}`);
    return getComputedStyle(probe).color;
  });
  probe.remove();
  return JSON.stringify({ marks, colours });
}"""


class Mark(NamedTuple):
    """An element of the picture: its box on the screen is x, y, width, height; `points` those of a path or line, whose
    `outline` is what it is drawn by; `pixels` those of a canvas: red, green, blue, and how much they cover, of 255.
    """

    kind: str
    classes: list
    text: str
    whole: str
    radius: float
    words: str
    label: str
    role: str
    live: str
    panel: int
    box: list
    points: list
    outline: str
    pressed: bool
    fill: str
    stroke: str
    dash: str
    opacity: float
    shown: bool
    pixels: list

    @property
    def middle(self):
        x, y, width, height = self.box
        return np.array([x + width / 2, y + height / 2])

    @property
    def colours(self):
        """Of a canvas that covers all that is below."""
        pixels = np.array(self.pixels)
        assert (pixels[:, 3] == 255).all()
        return pixels[:, :3]

    @property
    def ink(self):
        """Of a canvas with black on nothing: how much of each pixel is covered."""
        pixels = np.array(self.pixels)
        assert (pixels[:, :3][pixels[:, 3] == 255] == 0).all()
        return pixels[:, 3] / 255


class Picture:
    """All that a figure shows."""

    def __init__(self, figure):
        seen = json.loads(figure.evaluate(LOOK))
        self.marks = [Mark(**mark) for mark in seen["marks"]]
        self.colours = seen["colours"]

    def all(self, name, panel=None):
        """The visible marks of the class `course-name`, in one panel or in all."""
        return [
            mark
            for mark in self.marks
            if f"course-{name}" in mark.classes and mark.shown and panel in (None, mark.panel)
        ]

    def one(self, name, panel=None):
        (mark,) = self.all(name, panel)
        return mark

    def texts(self, name, panel=None):
        return [mark.text for mark in self.all(name, panel)]

    def panels(self, name):
        """The numbers of the panels that have a mark of this class, from left to right."""
        return sorted({mark.panel for mark in self.all(name)})

    def entries(self):
        """`[(words, number)]` of the legend: the words before a number that is written there."""
        outputs = [mark for mark in self.marks if mark.kind == "output"]
        entries = [e for e in self.all("entry") if "course-sum" not in e.classes]
        found = []
        for entry in entries:
            inside = [o for o in outputs if contains(entry.box, o.middle)]
            number = inside[0].text if inside else ""
            found.append((entry.words.partition(number)[0].strip() if number else entry.words, number))
        return found

    @property
    def status(self):
        """What is announced."""
        mark = next(mark for mark in self.marks if "course-status" in mark.classes)
        assert mark.role == "status", "nothing is announced without this role"
        return mark.text


def contains(box, point):
    x, y, width, height = box
    return x - 1 <= point[0] <= x + width + 1 and y - 1 <= point[1] <= y + height + 1


LOWERED = str.maketrans("⁰¹²³⁴⁵⁶⁷⁸⁹⁻", "0123456789-")


def as_number(text):
    """The number that a text says, also 10⁻⁷ and 1.72·10¹⁰."""
    text = re.sub("(?:([0-9.]+)·)?10([⁰¹²³⁴⁵⁶⁷⁸⁹⁻]+)", lambda found: f"{found[1] or 1}e{found[2]}", text)
    return float(text.translate(LOWERED).replace("−", "-").replace("∞", "inf"))


def is_number(text):
    try:
        as_number(text)
    except ValueError:
        return False
    return True


def check_written(text, value, decimals=None):
    """`text` says `value` to the digits it has, and has `decimals` of them."""
    if "·" in text:
        np.testing.assert_allclose(as_number(text), value, rtol=6e-3)
        return
    places = len(text.partition(".")[2])
    if decimals is not None and np.isfinite(value):
        assert places == decimals, f"{text}: expected {decimals} decimals"
    np.testing.assert_allclose(as_number(text), value, atol=0.5001 * 10.0**-places)


# The state of the widgets in a page


class State:
    """A view of a page as `course_widgets.record` wrote it: traits, by the names that Python gives them, and
    sliders.
    """

    def __init__(self, record):
        self.kind, self.sliders = record["figure"], record["sliders"]
        bytes_ = {name: base64.b64decode(text) for name, text in record["bytes"].items()}
        self.traits = record["traits"] | bytes_

    def __getattr__(self, name):
        return self.traits[name]

    @property
    def widget(self):
        """The class that draws it, with its script and style."""
        return getattr(widgets, self.kind)

    script = property(lambda self: self.widget._esm)
    style = property(lambda self: self.widget._css)
    array = property(Figure.array.fget)

    @property
    def counts(self):
        """How many positions each slider has, that of a pointer last."""
        counts = [len(grid) for grid in self.grids]
        return counts + ([self.pointed] if self.pointed else [])

    @property
    def pointed(self):
        """How many places the pointer has, 0 if there is none."""
        return self.traits["pointer_places"]

    @property
    def start(self):
        """The position in which the page opens."""
        indices = [self.traits[f"index{axis}"] for axis in range(len(self.grids))]
        return (*indices, self.pointer_index) if self.pointed else tuple(indices)

    def frame(self, position):
        return np.asarray(self.array[tuple(position[: len(self.grids)])], float)

    def value(self, axis, position):
        return self.grids[axis][position[axis]]


def views(page):
    """The records of all views in the built page at this path, in its order."""
    records = page.parents[1] / "_static" / "views" / f"{page.stem}.js"
    return json.loads(records.read_text(encoding="utf-8").removeprefix("courseViews=")) if records.exists() else []


def figures(page):
    """The figures with sliders in a page, in its order, as `State`."""
    return [State(record) for record in views(page) if record["sliders"]]


# The checks: each takes a `Picture`, a `State` and a position, one index for each slider


# What is drawn by its line alone: nothing inside
LINES = ["curve", "measured", "ring", "rim", "contour", "ahead", "trail", "thin", "fold", "trace-line"]


def check(figure, state, position):
    """The picture shows what the state holds for this position, every mark in its place, its colour and its name."""
    picture = Picture(figure)
    CHECKS[state.kind](picture, state, position)
    check_readouts(picture, state, position)
    assert {mark.fill for name in LINES for mark in picture.all(name)} <= {"none"}
    return picture


def check_readouts(picture, state, position):
    lines = [mark.words for mark in picture.all("readout")]
    values = np.frombuffer(state.readout_values, "<f4").reshape(len(state.readout_names) or 1, -1)
    number = np.ravel_multi_index(position[: len(state.grids)], [len(grid) for grid in state.grids])
    assert len(lines) == len(state.readout_names)
    for line, name, value in zip(lines, state.readout_names, values):
        before, digits, after = re.fullmatch(r"(.*?)\{(?::\.(\d)f)?\}(.*)", name + "{}" * ("{" not in name)).groups()
        assert line.startswith(before) and line.endswith(after)
        counts = (np.isfinite(value) & (value == np.trunc(value))).all()
        written = line.removeprefix(before).removesuffix(after).strip()
        check_written(written, value[number], int(digits) if digits else 0 if counts else 3)
        assert line in picture.status


def check_trace(picture, state, position):
    """The first readout over the last slider, a position for each of its values, and the marker where it stands."""
    panel = picture.one("trace-line").panel
    *others, at = position
    values = np.frombuffer(state.readout_values, "<f4")[: np.prod([len(grid) for grid in state.grids])]
    line = values.reshape([len(grid) for grid in state.grids])[tuple(others)]
    numbered = [mark for mark in picture.all("label", panel) if is_number(mark.text)]
    places = [state.grids[-1].index(as_number(mark.text)) for mark in numbered]
    assert len(places) >= 4 and max(places) == len(line) - 1
    across, x0 = np.polyfit(places, [mark.middle[0] for mark in numbered], 1)
    ticks = picture.all("tick", panel)
    upward, y0 = np.polyfit([as_number(mark.text) for mark in ticks], [mark.middle[1] for mark in ticks], 1)
    expected = np.stack([x0 + across * np.arange(len(line)), y0 + upward * line], axis=1)
    assert_near([mark.middle[0] for mark in numbered], x0 + across * np.array(places), 1)
    assert_near(picture.one("trace-line").points, expected, 1.5)
    assert_near(picture.one("trace-marker").middle[0], expected[at][0], 1.5)
    assert_near(picture.one("point", panel).middle, expected[at], 1.5)
    _, y, _, height = picture.one("sheet", panel).box
    assert_near(y0 + upward * np.array(state.trace), [y + height, y], 2)
    words = {text for text in picture.texts("label", panel) if not is_number(text)}
    assert words == {state.names[-1], re.sub(r"\{.*?\} ?", "", state.readout_names[0])}


def nearest(mark, others, axis=0):
    """The one of `others` whose middle is nearest along an axis."""
    return min(others, key=lambda other: abs(other.middle[axis] - mark.middle[axis]))


def check_bars(picture, state, position):
    k, count = len(state.labels), len(state.panels)
    rows, first = (state.frame(at).reshape(count, k) for at in (position, state.start))
    chosen = position[state.choice] if state.choice >= 0 else None
    panels = picture.panels("axis")
    for panel, number in zip(panels, range(1 if state.nested else count), strict=True):
        layers = [("whole", 0), ("part", 1)] if state.nested else [("bar", number)]
        labels, values = picture.all("label", panel), picture.all("value", panel)
        scale = bar_scale(picture, panel, state, number)
        for layer, (name, row) in enumerate(layers):
            bars = picture.all(name, panel)
            assert sorted(bar.box[0] for bar in bars) == [bar.box[0] for bar in bars]
            assert [nearest(bar, labels).text for bar in bars] == state.labels
            check_heights(bars, rows[row], scale)
            if name != "whole":
                colours = picture.colours[:k] if k <= 4 else picture.colours[:1] * k
                colours = [picture.colours[1] if i == chosen else colour for i, colour in enumerate(colours)]
                assert [bar.fill for bar in bars] == colours
            if state.marks:
                marks = [mark for mark in picture.all("mark", panel) if ("course-inner" in mark.classes) == bool(layer)]
                for bar, mark, value in zip(bars, marks, first[row], strict=True):
                    assert_near(mark.middle, [bar.middle[0], scale(value)], 0.6)
        bars = picture.all(layers[0][0], panel)
        for i, (bar, value) in enumerate(zip(bars, rows[number], strict=True)):
            written = nearest(bar, values)
            check_written(written.text, value, state.decimals[number])
            if chosen in (None, i):
                assert written.text in picture.status
            # its number stands beyond its end
            end = scale(0 if np.isnan(value) else value)
            assert (written.middle[1] < end) == (value >= 0) or value == 0
            # two strokes say that a bar goes on beyond the picture, whole strokes of it
            cuts = [
                cut for cut in picture.all("bar-cut", panel) if abs(cut.middle[0] - bar.middle[0]) < 1 and cut.box[2]
            ]
            assert len(cuts) == (2 if scale.beyond(value) else 0)
            assert ("course-endless" in bar.classes) == scale.beyond(value)
        # what a finger takes hold of is at the end of a bar
        ends = picture.all("bar-end", panel)
        assert {nearest(end, labels).text for end in ends} <= {state.labels[i] for i in range(k) if chosen in (None, i)}
        for end in ends:
            i = state.labels.index(nearest(end, labels).text)
            assert_near(end.middle[1], scale(np.nan_to_num(rows[number][i], posinf=np.inf, neginf=-np.inf)), 0.6)
    titles = [mark.text for panel in panels for mark in picture.all("title", panel)]
    assert titles == ([] if state.nested else state.panels)
    if state.nested:
        entries = picture.entries()
        assert [name for name, _ in entries] == state.panels
        if chosen is not None:
            spoken_of = f"{state.names[state.choice]} {state.labels[chosen]}"
            assert picture.one("chosen-name").text == f"{spoken_of}:" and spoken_of in picture.status
            bold = [mark.text for mark in picture.all("label") if "course-chosen" in mark.classes]
            assert bold == [state.labels[chosen]]
            for (name, written), value in zip(entries, rows[:, chosen], strict=True):
                check_written(written, value, state.decimals[0])
                assert f"{name} {written}" in picture.status


def check_heights(bars, row, scale):
    """Each bar stands on zero and ends at its value, or where the picture does."""
    for bar, value in zip(bars, row, strict=True):
        value = 0 if np.isnan(value) else value
        assert_near([bar.box[1], bar.box[1] + bar.box[3]], sorted([scale(value), scale(0)]), 0.6)


def bar_scale(picture, panel, state, number):
    """Where on the screen a value of a panel is; `.beyond(value)`: it is not in the picture."""
    least, most = state.ranges[number]
    _, top, _, height = next(mark for mark in picture.marks if mark.kind == "svg" and mark.panel == panel).box
    units = 280 if len(state.labels) > 4 else 176
    high, low = 26 if state.nested else 40, units - (40 if least < 0 else 24)

    def scale(value):
        share = (min(most, max(least, value)) - least) / (most - least)
        return top + height / units * (low - share * (low - high))

    scale.beyond = lambda value: bool(value < least or value > most)
    assert abs(picture.one("axis", panel).middle[1] - scale(0)) < 0.6
    return scale


def check_diagonal(picture, state, position):
    frame = state.frame(position)
    dots = frame[:, :-1] if state.means else frame
    known = np.isfinite(dots[:2]).all(axis=0)
    (panel,) = picture.panels("dot")
    to_numbers = axes(picture, panel)
    near = to_numbers.near
    assert [text for text in picture.texts("label", panel) if not is_number(text)] == [state.xlabel, state.ylabel]
    x, y, width, height = picture.one("sheet", panel).box
    assert_near(to_numbers([[x, y + height], [x + width, y]]), [[end, end] for end in state.ends], near)
    # what is true is where both are equal
    assert_near(to_numbers(picture.one("even", panel).points), [[end, end] for end in state.ends], near)
    drawn = picture.all("dot", panel)
    assert_near(to_numbers([dot.middle for dot in drawn]), dots[:2, known].T, near)
    chosen = position[-1] if state.pointed else None
    colours = [picture.colours[1 if i == chosen else 0] for i in np.flatnonzero(known)]
    assert [dot.fill for dot in drawn] == colours
    entries = dict(picture.entries())
    if state.labels:
        names = picture.all("inside", panel)
        for label, dot in zip(np.array(state.labels)[known], drawn, strict=True):
            name = min(names, key=lambda one: np.linalg.norm(one.middle - dot.middle))
            assert name.text == label and np.linalg.norm(name.middle - dot.middle) < 2
        if len(dots) == 5:
            ends = [to_numbers(span.points) for span in picture.all("span", panel)]
            assert_near(ends, np.stack([dots[[0, 3]].T, dots[[0, 4]].T], axis=1)[known], near)
    else:
        assert_near(to_numbers(picture.one("bend", panel).points), dots[:2, known].T, near)
        gaps = [to_numbers(line.points) for line in picture.all("miss", panel)]
        assert_near(gaps, np.stack([dots[:2].T, dots[[0, 0]].T], axis=1)[known], near)
        bars, values = picture.all("share", panel), picture.all("value", panel)
        shares, centres = dots[2, known], (np.flatnonzero(known) + 0.5) / dots.shape[1]
        assert_near([bar.middle[0] for bar in bars], x + width * centres, 1)
        assert_near([bar.box[3] for bar in bars], 0.22 * height * shares, 1)
        assert_near([bar.box[1] + bar.box[3] for bar in bars], [y + height] * len(bars), 1)
        for bar, part in zip(bars, shares, strict=True):
            check_written(nearest(bar, values).text, 100 * part, 1 if part < 0.0095 else 0)
        if state.marks:
            began = state.frame(state.start)[:2, :-1] if state.means else state.frame(state.start)[:2]
            expected = began[:, np.isfinite(began).all(axis=0)].T
            assert_near(to_numbers(picture.one("before", panel).points), expected, near)
    if state.means:
        said, so = frame[:2, -1]
        mean = picture.one("mean", panel)
        assert_near(to_numbers(mean.middle), [[said, so]], near)
        assert mean.stroke == picture.colours[1]
        along, up = picture.all("gauge", panel)
        assert_near([along.box[0] + along.box[2], up.box[1]], mean.middle, 1)
        assert_near([along.box[0], up.box[1] + up.box[3]], [x, y + height], 1)
        legend = [mark for mark in picture.all("gauge") if mark.panel != panel]
        assert [mark.fill for mark in legend] == [along.fill, up.fill]
        assert [mark.box[2] > mark.box[3] for mark in legend] == [True, False]  # along its axis, as in the plot
        for name, value in zip(state.means, (said, so), strict=True):
            check_written(entries[name], value, state.decimals)
            assert f"{name} {entries[name]}" in picture.status
    if chosen is not None:
        assert f"{state.pointer_name} {state.labels[chosen]}:" in picture.status
        told = {state.xlabel: dots[0, chosen], state.ylabel: dots[1, chosen]}
        for name, value in told.items():
            check_written(entries[name], value, 0 if float(value).is_integer() else state.decimals)
        if state.span:
            for written, value in zip(entries[state.span].split(" to "), dots[3:, chosen], strict=True):
                check_written(written, value, state.decimals)
        for name, written in entries.items():
            assert f"{name} {written}" in picture.status


def axes(picture, panel, left_to_right="label", up="tick", log=False, log_x=False):
    """A function from points on the screen to the numbers that the ticks of both axes say."""

    def along(marks, axis, log):
        marks = [mark for mark in marks if is_number(mark.text)]
        assert len(marks) >= 2, "an axis without numbers"
        places = [mark.middle[axis] for mark in marks]
        numbers = np.array([as_number(mark.text) for mark in marks])
        numbers = np.log10(numbers) if log else numbers
        slope, start = np.polyfit(places, numbers, 1)
        # evenly spaced, each where its number says
        assert np.abs(start + slope * np.array(places) - numbers).max() < 0.6 * abs(slope)
        assert (slope > 0) == (axis == 0), "an axis that runs the wrong way"
        return slope, start

    (across, x0), (upward, y0) = (
        along(picture.all(left_to_right, panel), 0, log_x),
        along(picture.all(up, panel), 1, log),
    )

    def to_numbers(points):
        points = np.asarray(points, float).reshape(-1, 2)
        return np.stack([x0 + across * points[:, 0], y0 + upward * points[:, 1]], axis=1)

    # one and a half pixels, in numbers
    to_numbers.near = 1.5 * np.abs([across, upward])
    to_numbers.panel = panel
    return to_numbers


def assert_near(found, expected, near):
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    assert found.shape == expected.shape
    assert (np.abs(found - expected) <= near).all(), np.abs(found - expected).max(axis=0) / near


def check_curves(picture, state, position):
    panel = picture.one("axes").panel
    to_numbers = axes(picture, panel, log=state.log, log_x=state.log_x)
    near = to_numbers.near
    first, *others = position
    moves = bool(state.over)
    places = np.array(state.over or state.grids[0])
    heights = np.frombuffer(state.ground, "<f4").reshape(len(state.labels), -1).T
    heights = heights.astype(float) if moves else state.array[(slice(None), *others)].astype(float)

    def seen(points):
        """As numbers on the axes of the picture."""
        across, up = np.transpose(np.asarray(points, float).reshape(-1, 2))
        with np.errstate(divide="ignore"):
            return np.stack([np.log10(across) if state.log_x else across, np.log10(up) if state.log else up], axis=1)

    def way(column, start, end):
        """Along a curve, from one place to another: stairs keep their height until the next."""
        at = np.arange(start, end + 1)
        points = np.stack([places[at], column[at]], axis=1)
        if state.stairs:
            corners = np.stack([places[at[1:]], column[at[:-1]]], axis=1)
            points = np.insert(points, np.arange(1, len(at)), corners, axis=0)
        return seen(points[np.isfinite(points[:, 1])])

    assert [text for text in picture.texts("label", panel) if not is_number(text)] == [state.xlabel, state.ylabel]
    curves = [mark for mark in picture.all("curve") if mark.panel == panel]
    swatches = [mark for mark in picture.all("curve") if mark.panel != panel]
    later = [mark for mark in picture.marks if "course-later" in mark.classes]
    entries = picture.entries()
    names = [*state.labels, *([state.gap] if state.gap else []), *(guide["name"] for guide in state.guides)]
    assert [name for name, _ in entries] == names
    colours = [picture.colours[i % 4] for i in range(len(state.labels))]
    assert [curve.stroke for curve in curves] == [swatch.stroke for swatch in swatches] == colours
    assert [curve.dash for curve in curves] == [swatch.dash for swatch in swatches]
    assert len(set(zip(colours, [curve.dash for curve in curves]))) == len(curves)
    last = len(places) - 1
    end = first if state.reveal and not moves else last
    for column, curve, rest in zip(heights.T, curves, later, strict=True):
        assert_near(to_numbers(curve.points), way(column, 0, end), near)
        if end < last or rest.points:
            assert_near(to_numbers(rest.points), way(column, end, last), near)
    now = state.frame(position) if moves else np.stack([np.full(len(colours), places[first]), heights[first]], axis=1)
    known = np.isfinite(now).all(axis=1)
    dots = picture.all("dot", panel)
    assert_near(to_numbers([dot.middle for dot in dots]), seen(now[known]), near)
    assert [dot.fill for dot in dots] == [colour for colour, is_known in zip(colours, known) if is_known]
    for (name, written), height in zip(entries, now[:, 1]):
        check_written(written, height, state.decimals)
        assert f"{name} {written}" in picture.status
    # where a curve is infinite it runs along the upper edge, and says so where it is read
    top = picture.one("sheet", panel).box[1]
    signs = picture.all("endless", panel)
    for column, height, colour, rim, sign in zip(heights.T, now[:, 1], colours, picture.all("rim", panel), signs):
        at = [[place, 1] for place in places[: end + 1][np.isposinf(column[: end + 1])]]
        assert_near(to_numbers(rim.points)[:, 0], seen(at)[:, 0], near[0])
        assert_near([y for _, y in rim.points], [top] * len(at), 1)
        assert rim.stroke == sign.fill == colour
        assert sign.text == ("∞" if np.isposinf(height) else "")
    if moves:
        before = np.concatenate([state.array[(at, *others)] for at in range(first)] or [np.zeros((0, 2))])
        assert_near(
            to_numbers([step.middle for step in picture.all("step", panel)]), in_turn(seen(before), colours), near
        )
    else:
        marker, knob = picture.one("marker", panel), picture.one("knob", panel)
        assert_near(to_numbers(marker.points)[:, 0], seen([[places[first], 1]] * 2)[:, 0], near[0])
        # what a finger takes hold of stands at the foot of the marker
        assert_near(knob.middle, max(marker.points, key=lambda end: end[1]), 1)
    if state.gap:
        area = [mark for mark in picture.all("gap") if mark.panel == panel]
        both = [way(column, 0, last) for column in heights.T[:2]]
        assert_near(to_numbers(area[0].points), np.concatenate([both[0], both[1][::-1]]), near)
        check_written(dict(entries)[state.gap], now[1, 1] - now[0, 1], state.decimals)
        assert f"{state.gap} {dict(entries)[state.gap]}" in picture.status
    combination = np.ravel_multi_index(others, [len(grid) for grid in state.grids[1:]]) if others else 0
    stand = [guide["values"][combination] for guide in state.guides]
    for guide, at in zip(state.guides, stand):
        check_written(dict(entries)[guide["name"]], at, state.decimals)
    lines = [mark for mark in picture.all("guide") if mark.panel == panel]
    inside = [at for at in stand if places[0] <= at <= places[-1]]
    assert_near([to_numbers(line.points)[0, 0] for line in lines], [seen([[at, 1]])[0, 0] for at in inside], near[0])
    check_notes(picture, state, places, heights, seen, to_numbers, panel)
    values = [grid[at] for grid, at in zip(state.grids[1:], others)]
    expected = [point for point in state.points if point[3:] == values]
    measured = picture.all("measured", panel)
    for mark, (curve, place, height, *_) in zip(measured, expected, strict=True):
        assert_near(to_numbers(mark.middle), seen([[place, height]]), near)
        assert mark.stroke == colours[int(curve)]


def in_turn(rows, kinds):
    """Rows of which each kind has one in turn, the first kind's first."""
    return rows.reshape(-1, len(kinds), 2).transpose(1, 0, 2).reshape(-1, 2)


def check_notes(picture, state, places, heights, seen, to_numbers, panel):
    """Rings stand where the marked curves are least, and words say so, and which curves cannot be told apart."""
    rings = picture.all("ring", panel)
    least = [(i, heights[:, i].argmin()) for i in state.best]
    found = to_numbers([ring.middle for ring in rings])
    assert_near(found, seen([[places[at], heights[at, i]] for i, at in least]), to_numbers.near)
    assert [ring.stroke for ring in rings] == [picture.colours[i % 4] for i, _ in least]
    said = [mark for mark in picture.all("news") if mark.live == "polite"]
    words = said[0].text if said else ""
    for i, at in least:
        told = f"“{re.escape(state.labels[i])}” is least, (.*?), at ([^,]*?)(, where|[.](?: |$))"
        number, place, edge = re.search(told, words).groups()
        check_written(number, heights[at, i], state.decimals)
        assert as_number(place) == float(f"{places[at]:.6g}")
        assert (edge == ", where") == (at == len(places) - 1)
    everything = np.concatenate([part[np.isfinite(part)] for part in (heights.ravel(), all_heights(state))])
    size = np.ptp(seen([[1, height] for height in everything])[:, 1]) if state.log else np.ptp([0, *everything])
    for i, j in itertools.combinations(range(len(state.labels)), 2):
        pair = np.stack([seen(np.stack([places, heights[:, n]], axis=1))[:, 1] for n in (i, j)])
        with np.errstate(invalid="ignore"):
            apart = np.abs(np.where(pair[0] == pair[1], 0, pair[0] - pair[1])).max() / size
        if abs(apart - 0.004) > 1e-4:
            assert (f"“{state.labels[j]}” lies on “{state.labels[i]}”." in words) == (apart < 0.004)


def all_heights(state):
    """Of everything a `Curves` may show: frames, curves that stand still, measured points."""
    frames = state.array[..., 1] if state.over else state.array
    ground = np.frombuffer(state.ground, "<f4")
    return np.concatenate([frames.ravel(), ground, [point[2] for point in state.points]]).astype(float)


def check_simplex(picture, state, position):
    probs = state.frame(position)
    corners, areas = picture.all("corner"), picture.all("area")
    places = np.array([corner.middle for corner in corners])
    # the words of a corner stand above it, or below: the name, its probability, and how far it is
    said = [mark for mark in picture.marks if mark.kind == "text" and not mark.classes.count("course-far")]

    def beside(corner, marks):
        return min(marks, key=lambda mark: np.linalg.norm(mark.middle - corner.middle))

    assert [corner.fill for corner in corners] == picture.colours[:3]
    for corner, label, prob in zip(corners, state.labels, probs, strict=True):
        name, written = beside(corner, said).whole.rsplit(" ", 1)
        assert name == label
        check_written(written, prob, state.decimals)
        assert f"{label} {written}" in picture.status
    point = picture.one("point").middle
    assert_near(point, probs @ places, 0.6)
    sides = np.linalg.norm(places - np.roll(places, 1, axis=0), axis=1)
    assert_near(sides, [sides.mean()] * 3, 0.6)
    # a region has its corner, the middles of two sides, and the centre
    for i, area in enumerate(areas):
        assert area.fill == picture.colours[i]
        middles = [(places[i] + places[j]) / 2 for j in range(3) if j != i]
        expected = sorted(map(tuple, np.round([places[i], *middles, places.mean(axis=0)])))
        assert_near(sorted(map(tuple, np.round(area.points))), expected, 1.1)
    nearest_ones = {i for i, area in enumerate(areas) if "course-nearest" in area.classes}
    assert nearest_ones == set(np.flatnonzero(probs == probs.max()))
    ways = picture.all("way")
    assert len(ways) == (3 if state.distances else 0)
    if state.distances:
        assert [way.stroke for way in ways] == picture.colours[:3]
        assert len({way.dash for way in ways}) == 3
        for corner, way, truth in zip(corners, ways, np.eye(3), strict=True):
            assert_near(way.points, [corner.middle, point], 0.6)
            written = beside(corner, picture.all("far")).text
            check_written(written.removeprefix("distance "), np.linalg.norm(probs - truth), state.decimals)
            assert written in picture.status
    assert len(picture.all("line")) == state.line
    if state.line:
        places_of_last = state.array[tuple(position[:-1])] @ places
        assert_near(picture.one("line").points, places_of_last, 0.6)


def check_pixels(picture, state, position):
    row, at = state.frame(position), position[-1]
    side = int(len(row) ** 0.5)
    y, x = divmod(at, side)
    square, strip = sorted(picture.all("ink"), key=lambda mark: len(mark.pixels) * mark.box[2] / mark.box[3])
    near = picture.panels("box")[0]
    for canvas, columns, rows, place, line in (
        (square, side, side, (x, y), (0, y)),
        (strip, len(row), 1, (at, 0), (y * side, 0)),
    ):
        assert_near(canvas.ink, row, 1 / 255)
        left, top, width, height = canvas.box[0], canvas.box[1], canvas.box[2] / columns, canvas.box[3] / rows
        (here,) = [mark for mark in picture.all("here") if mark.panel != near and contains(canvas.box, mark.middle)]
        assert_near(here.box, [left + width * place[0], top + height * place[1], width, height], 0.6)
        (band,) = [mark for mark in picture.all("band") if contains(canvas.box, mark.middle)]
        assert_near(band.box, [left + width * line[0], top + height * line[1], width * side, height], 0.6)
    small, alone = picture.all("small"), len(state.grids) == 1
    assert len(small) == (len(state.grids[0]) if alone else 0)
    for index, canvas in enumerate(small):
        assert_near(canvas.ink, state.frame((index,)), 1 / 255)
    assert [index for index, thumb in enumerate(picture.all("thumb")) if thumb.pressed] == list(position[:alone])
    # as many numbers as fit are written, whichever is marked
    boxes = sorted(picture.all("box", near), key=lambda box: box.middle[0])
    first = int(nearest(boxes[0], picture.all("label", near)).text)
    assert len(boxes) == min(7, len(row)) and 0 <= first <= at <= first + len(boxes) - 1 < len(row)
    for n, box in enumerate(boxes, first):
        assert nearest(box, picture.all("label", near)).text == str(n)
        check_written(nearest(box, picture.all("value", near)).text, row[n], 2)
        assert ("course-here" in box.classes) == (n == at)
    entries = dict(picture.entries())
    assert (entries["line"], entries["place in it"]) == (str(y), str(x))
    check_written(entries["ink"], row[at], 3)
    assert picture.one("sum").words == f"{at} = {side} · {y} + {x}"
    assert f"number {at} of the row is line {y}, place {x}" in picture.status


def check_templates(picture, state, position):
    k = len(state.labels)
    images = state.frame(position).reshape(k, -1)
    canvases, titles = picture.all("canvas"), picture.all("title")
    stops = np.array([matplotlib.colors.to_rgb(colour) for colour in state.colours])
    assert len(stops) == COLOURS
    number = np.ravel_multi_index(position, [len(grid) for grid in state.grids])
    answers = state.read[number] if state.read else [""] * k

    def colours(values):
        """As matplotlib would mix them, of 255."""
        share = np.clip((values - state.least) / (state.limit - state.least), 0, 1)
        at = np.linspace(0, 1, len(stops))
        return 255 * np.stack([np.interp(share, at, channel) for channel in stops.T], axis=-1)

    for label, image, canvas, answer in zip(state.labels, images, canvases, answers, strict=True):
        above = min(
            titles,
            key=lambda title: np.linalg.norm(title.middle - [canvas.middle[0], canvas.box[1]]),
        )
        assert above.text == {"": label, label: f"{label} ✓"}.get(answer, f"{label} → {answer}")
        if state.under:
            assert_near(canvas.ink, image, 1.5 / 255)
        else:
            assert_near(canvas.colours, colours(image), 2)
        name = f"{label}, read as {answer}" if answer else label
        words = rf"Image {re.escape(name)}: from (\S+) to (\S+), the most at row (\d+), column (\d+)"
        least, most, *place = re.fullmatch(words, canvas.label).groups()
        check_written(least, image.min(), state.decimals)
        check_written(most, image.max(), state.decimals)
        side = math.isqrt(len(image))
        assert tuple(map(int, place)) == divmod(int(image.argmax()), side)
        said = name if answer else canvas.label
        assert picture.status.startswith(said) == (k == 1)
    for below, canvas in zip(picture.all("under"), canvases, strict=bool(state.under)):
        assert_near(below.colours, colours(np.frombuffer(state.under, "<f4")), 2)
        assert_near(below.box, canvas.box, 0.6)
    assert bool(picture.all("hint")) == (state.drag >= 0)
    assert len(picture.status.split()) < 40
    if state.trace:
        check_trace(picture, state, position)
    assert bool(picture.all("ramp")) == (state.least < 0)
    for ramp in picture.all("ramp"):
        assert_near(ramp.colours, colours(np.linspace(state.least, state.limit, len(ramp.pixels))), 2)
        ends = sorted(picture.all("end"), key=lambda mark: mark.middle[0])
        for end, value in zip(ends, (state.least, state.limit), strict=True):
            check_written(end.text, value, state.decimals)
        assert ends[0].middle[0] < ramp.middle[0] < ends[1].middle[0]


def check_confusion(picture, state, position):
    table, (row, column) = np.array(state.table), position
    k, count = len(table), table[row, column]
    fields = picture.all("tally")
    boxes = np.array([field.box for field in fields]).reshape(k, k, 4)
    assert_near(boxes[..., 0], np.tile(boxes[0, :, 0], (k, 1)), 0.6)
    assert_near(boxes[..., 1], np.tile(boxes[:, :1, 1], k), 0.6)
    assert (np.diff(boxes[0, :, 0]) > 5).all() and (np.diff(boxes[:, 0, 1]) > 5).all()
    mistakes = np.where(np.eye(k), 0, table)
    assert_near([field.opacity for field in fields], mistakes.ravel() / max(1, mistakes.max()) / 2, 1e-3)
    written = np.zeros((k, k), int)
    for mark in picture.all("count"):
        ((i, j),) = [place for place in np.ndindex(k, k) if contains(boxes[place] + [1, 1, -2, -2], mark.middle)]
        written[i, j] = int(mark.text)
        assert ("course-right-count" in mark.classes) == (i == j)
    assert (written == table).all()
    for names, axis in ((picture.all("tick"), 1), (picture.all("label"), 0)):
        numbered = [mark for mark in names if is_number(mark.text)]
        assert [mark.text for mark in numbered] == [f"{value:g}" for value in state.grids[1 - axis]]
        middles = boxes[:, 0] if axis else boxes[0]
        assert_near([m.middle[axis] for m in numbered], middles[:, axis] + middles[:, 2 + axis] / 2, 6)
    assert picture.one("row-name").text == state.names[0]
    assert state.names[1] in picture.texts("label")
    assert_near(picture.one("chosen-field").box, boxes[row, column], 4)
    numbers = state.frame(position).astype(int)
    pictures = unpacked(state.pictures, state.side**2)
    shown = [mark for mark in picture.marks if "course-canvas" in mark.classes]
    assert [mark.shown for mark in shown] == (numbers >= 0).tolist()
    row_name, column_name = (f"{state.value(axis, position):g}" for axis in range(2))
    for n, (number, mark) in enumerate(zip(numbers, shown, strict=True), 1):
        if number >= 0:
            assert_near(mark.ink, pictures[number], 1.5 / 255)
        assert mark.label == f"Picture {n}: a {row_name}, {state.names[1]} {column_name}"
    here = (numbers >= 0).sum()
    words = f"{state.names[0]} {row_name}, {state.names[1]} {column_name}: {count}"
    words += f", here {here}" * bool(here < count)
    assert picture.one("behind-words").text == words and picture.status.startswith(words)


def check_descent(picture, state, position):
    frame, at = state.frame(position), position[-1]
    ground, chart = picture.panels("ahead")
    number = np.ravel_multi_index(position[:-1], [len(grid) for grid in state.grids])
    # the map
    to_numbers = axes(picture, ground)
    near = to_numbers.near
    assert [t for t in picture.texts("label", ground) if not is_number(t)][:2] == [state.xlabel, state.ylabel]
    lines = [np.reshape(line, (-1, 2)) for line in state.contours]
    for mark, line in zip(picture.all("contour", ground), lines, strict=True):
        assert_near(to_numbers(mark.points), line, near)
    x, y, width, height = picture.one("sheet", ground).box
    assert_near(to_numbers([[x, y + height], [x + width, y]]), np.transpose([state.x, state.y]), near)
    # the chart, which nothing leaves
    to_heights = axes(picture, chart, log=state.log)
    words = ["step", "loss above the lowest" if state.log else "loss, in nats"]
    assert [t for t in picture.texts("label", chart) if not is_number(t)] == words
    if state.beside:
        label, axis, held = state.beside
        second = (*position[:axis], held, *position[axis + 1 : -1])
        same = second == tuple(position[:-1])
        check_walk(picture, "course-other", state.array[second], at, state, to_numbers, to_heights, hidden=same)
    check_walk(picture, "course-main", frame, at, state, to_numbers, to_heights)
    inside = on_map(frame[at], state)
    lines = {"course-ahead", "course-trail"}
    away = [mark for mark in picture.all("main", ground) if mark.kind == "path" and not lines & set(mark.classes)]
    assert len(away) == (not inside)
    known = capped(frame, state)
    for arrow in away:
        there = known[min(at, len(known) - 1)]
        rim = np.clip(there, *np.transpose([state.x, state.y]))
        assert_near(to_numbers(arrow.middle), [rim], 6 * near)
        # its tip, which comes second, is where the walker went
        tip = arrow.points[1] - np.mean(arrow.points, axis=0)
        way = (there - rim) / np.ptp([state.x, state.y], axis=1) * [1, -1]
        assert tip @ way > 0.9 * np.linalg.norm(tip) * np.linalg.norm(way)
    if state.around >= 0:
        others = [i for i in range(len(state.grids[state.around])) if i != position[state.around]]
        thin = [mark for mark in picture.all("thin", ground) if mark.points]
        for mark, index in zip(thin, others, strict=True):
            there = (*position[: state.around], index, *position[state.around + 1 : -1])
            assert_near(to_numbers(mark.points), capped(state.array[there], state), 2 * near)
    check_starts(picture, state, position, ground, to_numbers)
    check_directions(picture, state, number, ground, to_numbers)
    if state.bounds:
        check_bounds(picture, state, position)
    entries = picture.entries()
    assert [name for name, _ in entries][:4] == ["step", state.xlabel, state.ylabel, "loss"]
    assert entries[0][1] == str(at)
    for (_, written), value in zip(entries[1:4], frame[at], strict=True):
        check_written(written, value, 3 if np.isfinite(value) else None)
    assert f"step {at}{'' if inside else ', outside the map'}, loss {entries[3][1]}" in picture.status
    if state.beside:
        assert entries[4][0] == label
        check_written(entries[4][1], state.array[second][at, 2], 3)
        assert f"{label} {entries[4][1]}" in picture.status
    said = picture.one("news")
    assert said.live == "polite"
    check_told(said.text, state, position)


def on_map(point, state):
    """Whether a point of a path is in the picture."""
    return state.x[0] <= point[0] <= state.x[1] and state.y[0] <= point[1] <= state.y[1]


def capped(frame, state, sizes=20):
    """The points of a path as far as it is known; many maps away it is cut."""
    known = np.isfinite(frame).all(axis=1)
    points = frame[: len(frame) if known.all() else known.argmin(), :2]
    low, high = np.transpose([state.x, state.y])
    return np.clip(points, low - sizes * (high - low), high + sizes * (high - low))


def check_walk(picture, name, frame, at, state, to_numbers, to_heights, hidden=False):
    """A walker on the map and in the chart: the path, the part that is done, where it stands."""
    marks = [mark for mark in picture.marks if name in mark.classes]
    steps = np.arange(len(frame))
    way = capped(frame, state)
    heights = frame[: len(way), 2] - state.lowest * state.log
    least, most = state.heights
    inside = np.clip(heights, least, most)
    expected = [way, np.stack([steps[: len(way)], np.log10(inside) if state.log else inside], axis=1)]
    for convert, points, is_chart in ((to_numbers, expected[0], False), (to_heights, expected[1], True)):
        ahead, trail = (
            next(mark for mark in marks if f"course-{part}" in mark.classes and (mark.panel == convert.panel))
            for part in ("ahead", "trail")
        )
        dot = next(mark for mark in marks if "course-dot" in mark.classes and mark.panel == convert.panel)
        assert ahead.shown == trail.shown == (not hidden)
        assert ahead.stroke == trail.stroke == picture.colours[name == "course-other"]
        assert_near(convert(ahead.points), points, 2 * convert.near)
        assert_near(trail.points, ahead.points[: at + 1], 0.1)
        seen = at < len(points) and (is_chart or on_map(frame[at], state))
        assert dot.shown == (seen and not hidden)
        if seen:
            assert_near(convert(dot.middle), [points[at]], convert.near)
            assert dot.fill == picture.colours[name == "course-other"]
    if name == "course-main":
        stops = [mark for mark in picture.all("stop") if mark.panel == to_numbers.panel]
        assert len(stops) == sum(on_map(point, state) for point in frame[: min(at + 1, len(way))])
    cut = next((mark for mark in picture.all("cut") if mark.fill == picture.colours[name == "course-other"]), None)
    above = frame[:, 2] - state.lowest * state.log
    above = np.where(np.isfinite(above), above, np.inf)
    assert bool(cut) == bool(above.max() > most and not hidden)
    if cut:
        check_written(cut.text.removeprefix("▲ "), above.max(), 2)


def check_starts(picture, state, position, ground, to_numbers):
    """Where a slider moves the start, the map has a ring for each, with the text of the slider."""
    starts = state.array[..., 0, :2]
    moving = [axis for axis in range(len(state.grids)) if np.ptp(np.take(starts, [0, -1], axis), axis=axis).any()]
    rings = [mark for mark in picture.marks if mark.kind == "circle" and mark.radius == 11 and mark.panel == ground]
    if not moving:
        assert not rings
        return
    (axis,) = moving
    first = [0] * len(state.grids)
    expected = [starts[(*first[:axis], i, *first[axis + 1 :])] for i in range(len(state.grids[axis]))]
    assert_near(to_numbers([ring.middle for ring in rings]), expected, to_numbers.near)
    names = picture.all("value", ground)
    for ring, value in zip(rings, state.grids[axis]):
        name = min(names, key=lambda one: np.linalg.norm(one.middle - ring.middle))
        assert as_number(name.text) == value and np.linalg.norm(name.middle - ring.middle) < 4
    chosen = [i for i, ring in enumerate(rings) if ring.stroke == picture.colours[0]]
    assert chosen == [position[axis]]


def check_directions(picture, state, number, ground, to_numbers):
    """Arrows from the bottom, along both directions, and beside them the factor of a step."""
    arrows = picture.all("direction", ground)
    assert len(arrows) == 2 * len(state.directions)
    if not arrows:
        return
    size = state.x[1] - state.x[0]
    entries = picture.entries()[-2:]
    for i, (direction, word) in enumerate(zip(state.directions, ("flattest", "steepest"))):
        pair = arrows[2 * i : 2 * i + 2]
        assert {arrow.stroke for arrow in pair} == {picture.colours[2 + i]}
        unit = np.divide(direction, np.linalg.norm(direction))
        long = max(0.26 * np.linalg.norm(direction), 0.05) * size
        for side, arrow in zip((-1, 1), pair):
            found = to_numbers(arrow.points)
            assert_near(found[[0, 1, 3]], [state.bottom, *[state.bottom + side * long * unit] * 2], to_numbers.near)
        name, written = entries[i]
        assert name == f"{word} direction ×"
        check_written(written, state.factors[number][2 * i], 3)


def check_bounds(picture, state, position):
    """Two marks on the rate, each with its number: at the start of the path, and at the bottom."""
    rates = state.grids[0]
    both = bounds_at(state, position[:-1])
    ruler = next(mark for mark in picture.marks if "course-ruler" in mark.classes)
    left, width = ruler.box[0], ruler.box[2]
    shares = np.interp(both, rates, np.linspace(0, 1, len(rates)))
    for place, bound, share in zip(("start", "bottom"), both, shares, strict=True):
        mark = [one for one in picture.all(f"limit-{place}", ruler.panel)]
        assert len(mark) == (rates[0] <= bound <= rates[-1])
        if mark:
            assert abs(mark[0].middle[0] - left - share * width) < 0.6
    beyond = picture.one("beyond", ruler.panel).points
    assert_near([end[0] for end in beyond], [left + shares[1] * width, left + width], 0.6)
    said = picture.all("bound")
    for mark, bound, place in zip(said, both, ("start", "bottom"), strict=True):
        written, rest = mark.whole.split(" ", 1)
        check_written(written, bound, 2)
        assert rest == f"at the {place}"
    # the handle of the slider, or a dot in its place, stands on the same scale
    thumb = picture.all("point", ruler.panel)
    if thumb:
        assert abs(thumb[0].middle[0] - left - position[0] / (len(rates) - 1) * width) < 0.6


def bounds_at(state, position):
    """The bounds at the start and at the bottom, at a position of the sliders without that of the step."""
    others = [len(grid) for grid in state.grids[1:]]
    return state.bounds[np.ravel_multi_index(position[1:], others) if others else 0]


def check_told(words, state, position):
    """What is said of a whole path: where it leaves the map, in how many steps the loss rises, and on which side of the
    bounds that are marked the rate is.
    """
    frame = state.frame(position)
    number = np.ravel_multi_index(position[:-1], [len(grid) for grid in state.grids])
    inside = [on_map(point, state) for point in frame]
    leaves = re.search(r"The path leaves the map at step (\d+)( and comes back)?\.", words)
    assert ("The whole path is on the map." in words) == all(inside) == (leaves is None)
    if leaves:
        assert int(leaves[1]) == inside.index(False) and bool(leaves[2]) == inside[-1]
    rises = re.search(r"The loss rises in (\d+) of (\d+) steps\.", words)
    told = int(rises[1]) if rises else 0
    assert told == state.rises[number] and ("The loss never rises." in words) == (told == 0)
    # the losses have travelled as float32
    with np.errstate(invalid="ignore"):
        risen = np.diff(frame[:, 2])
    assert (risen > 3e-6).sum() <= told <= (~(risen <= 1e-7)).sum()
    assert not rises or int(rises[2]) == len(risen)
    assert ("2/λ" in words) == bool(state.bounds)
    if state.bounds:
        start, bottom = bounds_at(state, position[:-1])
        rate = state.value(0, position)
        momentum = state.value(state.momentum_axis, position) if state.momentum_axis > 0 else 0
        name = f"(1 + {momentum:g}) · 2/λ".replace(" ", "\xa0") if momentum else "2/λ"
        sides = ["above" if rate > bound else "below" for bound in (start, bottom)]
        if sides[0] == sides[1]:
            where = f"{sides[0]} {name}, at the start and at the bottom."
        else:
            where = f"{sides[0]} {name} at the start, and {sides[1]} it at the bottom."
        assert words.endswith(f"The rate {rate:g} is {where}")


RUN = re.compile(r"M([\d.]+),([\d.]+)h([\d.]+)v([\d.]+)h-\3z")


def check_regions(picture, state, position):
    probs = state.frame(position)
    side = int(len(probs) ** 0.5)
    (panel,) = picture.panels("cell")
    x, y, size, _ = picture.one("sheet", panel).box
    width = 340 / side  # in the units of the drawing
    # Each layer is made of runs of cells side by side, and together they cover the square
    seen = {}
    for layer in picture.all("cell", panel):
        assert RUN.sub("", layer.outline) == ""
        for run in RUN.finditer(layer.outline):
            left, up, long, high = map(float, run.groups())
            assert_near(high, width, 0.02)
            first, above, count = left / width, up / width, long / width
            assert_near([first, above, count], np.round([first, above, count]), 0.01)
            for column in range(round(first), round(first + count)):
                cell = (side - 1 - round(above)) * side + column
                assert cell not in seen
                seen[cell] = layer
        if layer.points:
            corners = np.array(layer.points)
            assert_near(layer.box[:2], corners.min(axis=0), 0.6)
    assert sorted(seen) == list(range(len(probs)))
    everything = np.array([layer.box for layer in seen.values()])
    assert_near([everything[:, 0].min(), everything[:, 1].min()], [x, y], 0.6)
    assert_near((everything[:, 0] + everything[:, 2]).max(), x + size, 0.6)
    cells = [seen[cell] for cell in range(len(probs))]
    assert_near([cell.opacity for cell in cells], 0.6 * np.abs(2 * probs - 1), 0.003)
    first, second = picture.colours[:2]
    sure = np.abs(probs - 0.5) > 1e-6
    kinds = np.array([cell.fill for cell in cells])
    np.testing.assert_array_equal(kinds[sure], np.where(probs > 0.5, second, first)[sure])

    def on_screen(points):
        across, up = (np.asarray(points, float).reshape(-1, 2).T + state.limit) / (2 * state.limit)
        return np.stack([x + size * across, y + size * (1 - up)], axis=1)

    spots = picture.all("spot", panel)
    assert_near([spot.middle for spot in spots], on_screen(state.points), 0.6)
    assert [spot.fill for spot in spots] == [picture.colours[kind] for kind in state.classes]
    assert [spot.kind for spot in spots] == [["circle", "rect"][kind] for kind in state.classes]
    keys = [spot for spot in picture.all("spot") if spot.panel != panel]
    assert [key.fill for key in keys] == [first, second]
    entries = picture.all("entry")
    assert [entry.words for entry in entries][:2] == state.labels
    for key, entry in zip(keys, entries):
        assert contains(entry.box, key.middle)
    # The line of each unit, then two strokes to the side where it is on
    (folds,) = picture.all("fold", panel)
    number = np.ravel_multi_index(position, [len(grid) for grid in state.grids])
    lines = state.lines[number] if state.lines else []
    assert len(folds.points) == 6 * len(lines)
    drawn = np.reshape(folds.points, (len(lines), 6, 2))
    for line, (start, end, *strokes) in zip(lines, drawn):
        assert_near([start, end], on_screen(line), 0.6)
        length = np.linalg.norm(end - start)
        way = (end - start) / length
        left = np.array([way[1], -way[0]])  # of the way, on a screen, where down is more
        for foot, tip in np.reshape(strokes, (2, 2, 2)):
            assert 0 < (foot - start) @ way < length and abs((foot - start) @ left) < 0.6
            assert (tip - foot) @ left > 5 and abs((tip - foot) @ way) < 0.6
    assert (len(entries) == 3) == bool(state.lines)
    if state.lines:
        assert f"{len(lines)} lines" in picture.status


CHECKS = {
    "Bars": check_bars,
    "Confusion": check_confusion,
    "Curves": check_curves,
    "Diagonal": check_diagonal,
    "Simplex": check_simplex,
    "Pixels": check_pixels,
    "Templates": check_templates,
    "Descent": check_descent,
    "Regions": check_regions,
}
