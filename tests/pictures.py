"""What a figure shows in the browser, read from the screen and compared with the numbers in the widget's own state.

That these numbers are NumPy's is for `test_widgets.py`; here the question is whether the picture says the same.
"""

import base64
import json
import re
from typing import NamedTuple

import matplotlib
import numpy as np

from softmaxlab import widgets
from softmaxlab.widgets.figure import Figure
from softmaxlab.widgets.templates import COLOURS

# Marks are where they are on the screen, whatever the units inside the picture. They travel as text: Playwright takes
# ten times as long over some thousand marks.
LOOK = """figure => {
  const box = e => {
    if (!e.getBBox || e.tagName === "svg") {
      const b = e.getBoundingClientRect();
      return [b.x, b.y, b.width, b.height];
    }
    const b = e.getBBox(), m = e.getScreenCTM();
    return [m.a * b.x + m.e, m.d * b.y + m.f, m.a * b.width, m.d * b.height];
  };
  const points = e => {
    const pairs = [...(e.getAttribute("d") ?? "").matchAll(/[ML](-?[\\d.]+),(-?[\\d.]+)/g)], m = e.getScreenCTM();
    return pairs.map(([, x, y]) => [m.a * x + m.e, m.d * y + m.f]);
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
      text: leaf ? e.textContent : "",
      words: leaf || e.matches(".course-entry, .course-readout") ? e.textContent.trim() : "",
      label: e.getAttribute("aria-label") ?? "",
      role: e.getAttribute("role") ?? "",
      panel: svgs.indexOf(svgs.find(one => one.contains(e))),
      box: box(e),
      points: e.tagName === "path" ? points(e) : e.tagName === "line" ? ends(e) : [],
      fill: style.fill, stroke: style.stroke, dash: style.strokeDasharray,
      opacity: +(e.getAttribute("fill-opacity") ?? 1),
      shown: style.visibility !== "hidden" && style.display !== "none",
      pixels: e.tagName !== "CANVAS" ? [] : (data =>
        Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 3)])
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
    """An element of the picture: its box on the screen is x, y, width, height; `points` those of a path or line."""

    kind: str
    classes: list
    text: str
    words: str
    label: str
    role: str
    panel: int
    box: list
    points: list
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
        return {"Pixels": self.shape[-1], "Descent": self.shape[-2]}.get(self.kind, 0)

    @property
    def pointer_name(self):
        return self.widget.pointer

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


def check(figure, state, position):
    """The picture shows what the state holds for this position, every mark in its place, its colour and its name."""
    picture = Picture(figure)
    CHECKS[state.kind](picture, state, position)
    check_readouts(picture, state, position)
    return picture


def check_readouts(picture, state, position):
    lines = [mark.words for mark in picture.all("readout")]
    values = np.frombuffer(state.readout_values, "<f4").reshape(len(state.readout_names) or 1, -1)
    number = np.ravel_multi_index(position[: len(state.grids)], [len(grid) for grid in state.grids])
    assert len(lines) == len(state.readout_names)
    for line, name, value in zip(lines, state.readout_names, values):
        assert line.startswith(name)
        counts = (np.isfinite(value) & (value == np.trunc(value))).all()
        check_written(line.removeprefix(name).strip(), value[number], 0 if counts else 3)
        assert line in picture.status


def nearest(mark, others, axis=0):
    """The one of `others` whose middle is nearest along an axis."""
    return min(others, key=lambda other: abs(other.middle[axis] - mark.middle[axis]))


def check_bars(picture, state, position):
    k = len(state.labels)
    rows = state.frame(position).reshape(-1, k)
    began = state.frame(state.start).reshape(-1, k)
    panels = picture.panels("bar")
    assert [picture.one("title", panel).text for panel in panels] == state.panels
    scales = []
    for panel, row, first in zip(panels, rows, began, strict=True):
        bars, labels = picture.all("bar", panel), picture.all("label", panel)
        values, zero = picture.all("value", panel), picture.one("axis", panel).middle[1]
        assert [nearest(bar, labels).text for bar in bars] == state.labels
        colours = picture.colours[:k] if k <= 4 else picture.colours[:1] * k
        assert [bar.fill for bar in bars] == colours
        assert sorted(bar.box[0] for bar in bars) == [bar.box[0] for bar in bars]
        scale = bar_scale(state, panel, panels, picture)
        scales.append(scale)
        for bar, value in zip(bars, row):
            written = nearest(bar, values)
            check_written(written.text, value, state.decimals)
            assert written.text in picture.status
            top, height = bar.box[1], bar.box[3]
            endless = np.isinf(value)
            assert ("course-endless" in bar.classes) == endless
            if endless:
                assert height > 0.9 * abs(scale[1])
                continue
            value = 0 if np.isnan(value) else value
            assert abs(height - abs(value) * scale[0]) < 0.6
            foot = top + height if value >= 0 else top
            assert abs(foot - zero) < 0.6
            # its number stands beyond its end
            end = top if value >= 0 else top + height
            assert (written.middle[1] < end) == (value >= 0) or value == 0
        if state.marks:
            marks = [mark for mark in picture.all("mark", panel) if mark.box[2]]
            for bar, mark, value in zip(bars, marks, first, strict=True):
                assert abs(mark.middle[0] - bar.middle[0]) < 1
                assert abs(zero - mark.middle[1] - value * scale[0]) < 0.6
        for cut in picture.all("cut", panel):
            assert bool(cut.box[2]) == any(
                "course-endless" in bar.classes for bar in bars if abs(bar.middle[0] - cut.middle[0]) < 1
            )
    if state.shared:
        np.testing.assert_allclose(scales, [scales[0]] * len(scales), atol=0.02)


def bar_scale(state, panel, panels, picture):
    """Pixels for a unit, and the height of the largest bar, in a panel: all its bars, in every frame, fit in it."""
    most = state.ranges[panels.index(panel)][1]
    zero = picture.one("axis", panel).middle[1]
    svg = next(mark for mark in picture.marks if mark.kind == "svg" and mark.panel == panel)
    top, height = svg.box[1], svg.box[3]
    room = height / SVG_HEIGHT * (BAR_FOOT - BAR_TOP)
    below = max(-low / (high - low) for low, high in state.ranges)
    return room * (1 - below) / most, zero - (top + height / SVG_HEIGHT * BAR_TOP)


# The room that bars have in their picture: a bar at the largest value reaches its top
SVG_HEIGHT, BAR_TOP, BAR_FOOT = 232, 44, 186


def axes(picture, panel, left_to_right="label", up="tick", log=False):
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
        along(picture.all(left_to_right, panel), 0, False),
        along(picture.all(up, panel), 1, log),
    )

    def to_numbers(points):
        points = np.asarray(points, float).reshape(-1, 2)
        return np.stack([x0 + across * points[:, 0], y0 + upward * points[:, 1]], axis=1)

    # one and a half pixels, in numbers
    to_numbers.near = 1.5 * np.abs([across, upward])
    return to_numbers


def assert_near(found, expected, near):
    found, expected = np.asarray(found, float), np.asarray(expected, float)
    assert found.shape == expected.shape
    assert (np.abs(found - expected) <= near).all(), np.abs(found - expected).max(axis=0) / near


def check_curves(picture, state, position):
    (panel,) = picture.panels("marker")
    to_numbers = axes(picture, panel, log=state.log)
    rise = np.log10 if state.log else np.asarray
    first, *others = position
    grid, heights = np.array(state.grids[0]), state.array[(slice(None), *others)]
    words = [text for text in picture.texts("label", panel) if not is_number(text)]
    assert words == [state.xlabel, state.ylabel]
    curves = [mark for mark in picture.all("curve") if mark.panel == panel]
    swatches = [mark for mark in picture.all("curve") if mark.panel != panel]
    dots = picture.all("dot", panel)
    entries = picture.entries()
    assert [name for name, _ in entries] == state.labels
    colours = [picture.colours[i % 4] for i in range(len(state.labels))]
    assert [curve.stroke for curve in curves] == [s.stroke for s in swatches] == colours
    assert [dot.fill for dot in dots] == colours
    assert [curve.dash for curve in curves] == [swatch.dash for swatch in swatches]
    assert len(set(zip(colours, [curve.dash for curve in curves]))) == len(curves)
    for column, curve, dot, (name, written) in zip(heights.T, curves, dots, entries, strict=True):
        assert_near(to_numbers(curve.points), np.stack([grid, rise(column)], 1), to_numbers.near)
        here = [[grid[first], rise(column[first])]]
        assert_near(to_numbers(dot.middle), here, to_numbers.near)
        check_written(written, column[first], state.decimals)
        assert f"{name} {written}" in picture.status
    marker = to_numbers(picture.one("marker", panel).points)[:, 0]
    assert_near(marker, [grid[first]] * 2, to_numbers.near[0])
    values = [grid[at] for grid, at in zip(state.grids[1:], others)]
    expected = [point for point in state.points if point[3:] == values]
    measured = picture.all("measured", panel)
    for mark, (curve, place, height, *_) in zip(measured, expected, strict=True):
        assert_near(to_numbers(mark.middle), [[place, rise(height)]], to_numbers.near)
        assert mark.stroke == colours[int(curve)]


def check_simplex(picture, state, position):
    probs = state.frame(position)
    corners = picture.all("corner")
    labels, values, ways = picture.all("label"), picture.all("value"), picture.all("way")

    def beside(corner, marks):
        return min(marks, key=lambda mark: np.linalg.norm(mark.middle - corner.middle))

    assert [beside(corner, labels).text for corner in corners] == state.labels
    assert [corner.fill for corner in corners] == picture.colours[:3]
    assert [way.stroke for way in ways] == picture.colours[:3]
    assert len({way.dash for way in ways}) == 3
    places = np.array([corner.middle for corner in corners])
    point = picture.one("point").middle
    assert_near(point, probs @ places, 0.6)
    sides = np.linalg.norm(places - np.roll(places, 1, axis=0), axis=1)
    assert_near(sides, [sides.mean()] * 3, 0.6)
    for corner, way, prob in zip(corners, ways, probs):
        assert_near(way.points, [corner.middle, point], 0.6)
        written = beside(corner, values).text
        check_written(written, prob, state.decimals)
        assert written in picture.status


def check_pixels(picture, state, position):
    row, at = state.frame(position), position[-1]
    side = int(len(row) ** 0.5)
    y, x = divmod(at, side)
    square, strip, near = (
        picture.panels("pixel")[0],
        picture.panels("pixel")[1],
        picture.panels("box")[0],
    )
    places = np.arange(len(row))
    for panel, columns, rows in (
        (square, places % side, places // side),
        (strip, places, 0 * places),
    ):
        sheet, cells = picture.one("sheet", panel).box, picture.all("pixel", panel)
        width, height = sheet[2] / (columns.max() + 1), sheet[3] / (rows.max() + 1)
        corners = np.array([cell.box[:2] for cell in cells])
        expected = np.stack([sheet[0] + width * columns, sheet[1] + height * rows], axis=1)
        assert_near(corners, expected, 0.6)
        assert_near([cell.opacity for cell in cells], row, 1e-6)
        assert len({cell.fill for cell in cells}) == 1
        marked = picture.one("here", panel).box
        assert_near(marked[:2], [sheet[0] + width * columns[at], sheet[1] + height * rows[at]], 0.6)
    boxes = picture.all("box", near)
    middle = next(box for box in boxes if "course-here" in box.classes)
    for box in boxes:
        n = at + round((box.middle[0] - middle.middle[0]) / middle.box[2])
        assert nearest(box, picture.all("label", near)).text == str(n)
        check_written(nearest(box, picture.all("value", near)).text, row[n], 2)
    numbers = range(at - 3, at + 4)
    assert len(boxes) == sum(0 <= n < len(row) for n in numbers)
    entries = dict(picture.entries())
    expected = {"number in the row": at, "row of the picture": y, "column": x}
    assert {name: int(entries[name]) for name in expected} == expected
    check_written(entries["value"], row[at], 3)
    assert picture.one("sum").words == f"{at} = {side} · {y} + {x}"
    assert f"number {at} of the row is row {y}, column {x}" in picture.status


def check_templates(picture, state, position):
    k = len(state.labels)
    images = state.frame(position).reshape(k, -1)
    canvases, titles = picture.all("canvas"), picture.all("title")
    stops = np.array([matplotlib.colors.to_rgb(colour) for colour in state.colours])
    assert len(stops) == COLOURS

    def colours(values):
        """As matplotlib would mix them, of 255."""
        share = np.clip((values - state.least) / (state.limit - state.least), 0, 1)
        at = np.linspace(0, 1, len(stops))
        return 255 * np.stack([np.interp(share, at, channel) for channel in stops.T], axis=-1)

    for label, image, canvas in zip(state.labels, images, canvases, strict=True):
        above = min(
            titles,
            key=lambda title: np.linalg.norm(title.middle - [canvas.middle[0], canvas.box[1]]),
        )
        assert above.text == label
        assert_near(canvas.pixels, colours(image), 2)
        least, most = re.search(r"from (\S+) to (\S+),", canvas.label).groups()
        check_written(least, image.min(), state.decimals)
        check_written(most, image.max(), state.decimals)
        assert label in canvas.label and canvas.label in picture.status
    ramp = picture.one("ramp")
    assert_near(ramp.pixels, colours(np.linspace(state.least, state.limit, len(ramp.pixels))), 2)
    ends = sorted(picture.all("end"), key=lambda mark: mark.middle[0])
    for end, value in zip(ends, (state.least, state.limit), strict=True):
        check_written(end.text, value, state.decimals)
    assert ends[0].middle[0] < ramp.middle[0] < ends[1].middle[0]


def check_descent(picture, state, position):
    frame, at = state.frame(position), position[-1]
    rate = state.value(0, position)
    steps = np.arange(len(frame))
    ground, losses = picture.panels("ahead")
    labels = [state.xlabel, state.ylabel], ["step", "loss, in nats"]
    inside = {}
    for panel, words, way in (
        (ground, labels[0], frame[:, :2]),
        (losses, labels[1], np.stack([steps, frame[:, 2]], axis=1)),
    ):
        to_numbers = axes(picture, panel)
        assert [t for t in picture.texts("label", panel) if not is_number(t)] == words
        drawn = to_numbers(picture.one("ahead", panel).points)
        known = np.isfinite(way).all(axis=1)
        length = len(way) if known.all() else known.argmin()
        # beyond some thousand pixels a line is cut
        close = np.abs(way[:length]).max(axis=1) < 1000 * to_numbers.near.max()
        assert len(drawn) == length
        assert_near(drawn[close], way[:length][close], 2 * to_numbers.near)
        trail = picture.one("trail", panel).points
        assert_near(trail, picture.one("ahead", panel).points[: at + 1], 0.1)
        x, y, width, height = picture.one("sheet", panel).box
        corners = to_numbers([[x, y + height], [x + width, y]])
        # what is on the border by less than a pixel may count as either
        slack = to_numbers.near * 2 / 3
        within = ((way >= corners[0] - slack) & (way <= corners[1] + slack)).all(axis=1)
        well_within = ((way >= corners[0] + slack) & (way <= corners[1] - slack)).all(axis=1)
        inside[panel] = within, well_within
        dots = picture.all("dot", panel)
        assert well_within[at] <= len(dots) <= within[at]
        for dot in dots:
            assert_near(to_numbers(dot.middle), [way[at]], to_numbers.near)
            assert dot.fill == picture.colours[1]
    to_numbers = axes(picture, ground)
    lines = [np.reshape(line, (-1, 2)) for line in state.contours]
    for mark, line in zip(picture.all("contour", ground), lines, strict=True):
        assert_near(to_numbers(mark.points), line, to_numbers.near)
    stops = picture.all("stop", ground)
    assert len(stops) == min(at + 1, len(picture.one("ahead", ground).points))
    news = picture.one("news").text
    within, well_within = inside[ground]
    leaves = re.search(r"leaves the picture at step (\d+)( and comes back)?", news)
    assert (not within.all()) <= bool(leaves) <= (not well_within.all())
    if leaves:
        assert well_within.argmin() <= int(leaves[1]) <= (~within).argmax()
        assert well_within[-1] <= bool(leaves[2]) <= within[-1]
    assert (not within[at]) <= ("This step is outside" in news) <= (not well_within[at])
    marked = min(state.grids[0]) < state.bound < max(state.grids[0])
    assert bool(picture.all("limit")) == marked
    if marked:
        (ruler,) = picture.panels("limit")
        ends = [as_number(picture.one(name, ruler).text.split()[-1]) for name in ("from", "tick")]
        span = picture.one("edge", ruler).points[0][0], picture.one("beyond", ruler).points[1][0]
        stand = np.interp([rate, state.bound], ends, span)
        found = [picture.one("point", ruler).middle[0], picture.one("limit", ruler).middle[0]]
        assert_near(found, stand, 0.6)
        check_written(picture.one("label", ruler).text.split()[-1], state.bound, 2)
        assert picture.one("from", ruler).text.startswith(state.names[0])
        assert ("is above 2/λ" in news) == (rate > state.bound)
    entries = picture.entries()
    assert [name for name, _ in entries] == ["step", state.xlabel, state.ylabel, "loss"]
    assert entries[0][1] == str(at)
    for (name, written), value in zip(entries[1:], frame[at]):
        if np.isfinite(value):
            check_written(written, value, 3)
        assert f"{name} {written}" in picture.status
    assert news in picture.status


def check_regions(picture, state, position):
    probs = state.frame(position)
    side = int(len(probs) ** 0.5)
    row, column = np.divmod(np.arange(len(probs)), side)
    (panel,) = picture.panels("cell")
    x, y, size, _ = picture.one("sheet", panel).box
    layers = [cell for cell in picture.all("cell", panel) if cell.points]
    width = size / side
    # Each layer has the corners of its cells, and reaches as far as one of them beyond the last
    for layer in layers:
        corners = np.array(layer.points)
        assert_near(layer.box[:2], corners.min(axis=0), 0.6)
        assert_near(np.add(layer.box[:2], layer.box[2:]), corners.max(axis=0) + width, 0.6)
    corners = np.array([point for layer in layers for point in layer.points])
    cells = [layer for layer in layers for _ in layer.points]
    order = np.lexsort([np.round(corners[:, 0] - x), -np.round(corners[:, 1] - y)])
    expected = np.stack([x + column * width, y + size - (row + 1) * width], axis=1)
    assert_near(corners[order], expected, 0.6)
    cells = [cells[i] for i in order]
    assert_near([cell.opacity for cell in cells], 0.6 * np.abs(2 * probs - 1), 0.003)
    first, second = picture.colours[:2]
    sure = np.abs(probs - 0.5) > 1e-6
    kinds = np.array([cell.fill for cell in cells])
    np.testing.assert_array_equal(kinds[sure], np.where(probs > 0.5, second, first)[sure])
    spots = picture.all("spot", panel)
    points = np.array(state.points)
    places = x + size * (points[:, 0] + state.limit) / (2 * state.limit)
    heights = y + size - size * (points[:, 1] + state.limit) / (2 * state.limit)
    assert_near([spot.middle for spot in spots], np.stack([places, heights], axis=1), 0.6)
    assert [spot.fill for spot in spots] == [picture.colours[kind] for kind in state.classes]
    assert [spot.kind for spot in spots] == [["circle", "rect"][kind] for kind in state.classes]
    keys = [spot for spot in picture.all("spot") if spot.panel != panel]
    assert [key.fill for key in keys] == [first, second]
    share = 100 * (probs > 0.5).mean()
    entries = picture.entries()
    assert [name.rstrip(":") for name, _ in entries] == state.labels
    for key, entry in zip(keys, picture.all("entry")):
        assert contains(entry.box, key.middle)
    for (_, written), value in zip(entries, (100 - share, share)):
        assert abs(as_number(written) - value) <= 0.501
        assert f"{written} %" in picture.status


CHECKS = {
    "Bars": check_bars,
    "Curves": check_curves,
    "Simplex": check_simplex,
    "Pixels": check_pixels,
    "Templates": check_templates,
    "Descent": check_descent,
    "Regions": check_regions,
}
