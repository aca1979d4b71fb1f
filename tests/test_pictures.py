"""Every figure of the book, drawn by its own script on a bare page: what it shows is what its frames hold, and faults
are found.
"""

import functools
import re

import numpy as np
import pytest
from padpage import records_of
from pictures import CHECKS, Picture, State, check
from stage import every_figure, patched
from walks import runaway

from softmaxlab.widgets import Bars, explore

FIGURES = every_figure()
RNG = np.random.default_rng(0)


def positions(state, count=6):
    """Where it opens, both ends of every slider, and `count` places between."""
    ends = [[0] * len(state.counts), [n - 1 for n in state.counts]]
    return [state.start, *ends, *(RNG.integers(state.counts) for _ in range(count))]


def look(stage, state, count=6, **other):
    """Draw a figure and hold it to its state at some positions."""
    stage.put(state, **other)
    for position in positions(state, count):
        stage.move(position)
        check(stage.figure, state, tuple(map(int, position)))


def name(figure):
    page, number, state = figure
    return f"{page}-{number}-{state.kind}"


@pytest.mark.parametrize("figure", FIGURES, ids=name)
def test_every_mark_label_and_colour_is_that_of_the_frame(figure, stage):
    look(stage, figure[2])


@pytest.mark.parametrize("figure", FIGURES, ids=name)
def test_so_it_is_on_a_phone_in_the_dark(figure, stage):
    stage.page.set_viewport_size({"width": 340, "height": 740})
    stage.page.evaluate("document.documentElement.dataset.theme = 'dark'")
    look(stage, figure[2], count=1)
    stage.page.evaluate("document.documentElement.dataset.theme = 'light'")
    stage.page.set_viewport_size({"width": 1440, "height": 900})


@pytest.mark.parametrize("count", [1, 2, 4, 5])
def test_up_to_four_bars_have_a_colour_each_and_more_have_one(count, stage):
    labels = list("abcde"[:count])
    drawn = explore(lambda n: n * np.arange(1, count + 1), n=[1, 2], view=Bars(labels, panels=["score"]))
    (record,) = records_of(drawn)
    look(stage, State(record), count=1)


@functools.cache
def first_of_each():
    """`{kind: State}`: the first figure of each kind in the book."""
    return {state.kind: state for _, _, state in reversed(FIGURES)}


def test_every_kind_of_figure_has_a_check():
    assert set(first_of_each()) <= set(CHECKS)


@pytest.mark.parametrize("kind", CHECKS)
def test_with_forced_colours_marks_have_a_colour_of_the_system(kind, stage):
    marks = [
        "bar",
        "dot",
        "curve",
        "point",
        "corner",
        "way",
        "pixel",
        "cell",
        "spot",
        "contour",
        "ahead",
        "trail",
        "thin",
        "direction",
        "measured",
        "ring",
        "step",
        "knob",
        "whole",
        "part",
        "bend",
        "miss",
        "span",
        "truth",
        "mean",
        "gauge",
        "share",
        "rim",
        "here",
        "fold",
        "trace-line",
    ]
    stage.page.emulate_media(forced_colors="active")
    stage.put(first_of_each()[kind])
    system = stage.page.evaluate(
        """() => ["CanvasText", "Highlight"].map(name => {
          const probe = document.body.appendChild(document.createElement("i"));
          probe.style.color = name;
          const { color } = getComputedStyle(probe);
          probe.remove();
          return color;
        })"""
    )
    picture = Picture(stage.figure)
    stage.page.emulate_media(forced_colors="none")
    for mark in [mark for name in marks for mark in picture.all(name)]:
        assert {mark.fill, mark.stroke} & set(system), mark.classes


# Faults: (kind of figure, what stands in its script, what a mistake would make of it)

FAULTS = [
    # names and numbers
    ("Bars", ".textContent = label;", ".textContent = labels[k - 1 - i];"),
    ("Bars", ".textContent = panel;", ".textContent = panels[panels.length - 1 - p];"),
    ("Bars", "written(number, decimals[p])", "written(number, decimals[p] + 1)"),
    ("Bars", "const number = frame[p * k + i]", "const number = frame[p * k + (k - 1 - i)]"),
    ("Bars", "output.textContent = written(frame[p * k + i]", "output.textContent = written(frame[i]"),
    ("Bars", "i === position[choice]", "i === 0"),
    ("Templates", "!answer ? label", "!answer ? labels[0]"),
    ("Templates", "answer === label", "answer !== label"),
    ("Templates", "read[number(position)]", "read[0]"),
    ("Templates", "row ${Math.floor(at / side)}", "row ${at % side}"),
    ("Templates", "digits ?? (counts ? 0 : 3)", "3"),
    ("Templates", "line.append(after);", ""),
    ("Regions", 'entry("0 0 12 12", label)', 'entry("0 0 12 12", labels[1 - i])'),
    ("Pixels", "const y = Math.floor(at / side), x = at % side;", "const x = Math.floor(at / side), y = at % side;"),
    ("Pixels", "place.textContent = first + i;", "place.textContent = first + i + 1;"),
    ("Pixels", "Math.max(0, at - (shown >> 1))", "at - (shown >> 1)"),
    # places
    ("Bars", "Math.abs(y(to) - y(0))", "Math.abs(y(to) - y(0)) * 0.9"),
    ("Bars", "draw(main, frame[k + i])", "draw(main, frame[i])"),
    ("Bars", "shown < least || shown > most", "!Number.isFinite(shown)"),
    ("Bars", "part.from = nested ? [end, y(frame[k + i])]", "part.from = nested ? [end, end]"),
    ("Bars", 'knob.setAttribute("y", end - 2);', 'knob.setAttribute("y", end + 20);'),
    ("Diagonal", "y = (value) => 1 - x(value)", "y = (value) => x(value)"),
    ("Diagonal", "cx: place, cy: percent(y(b))", "cx: place, cy: percent(y(a))"),
    ("Diagonal", "y1: percent(y(named ? low : b))", "y1: percent(y(named ? a : b))"),
    ("Diagonal", "height: percent(TALL * of)", "height: percent(of)"),
    ("Diagonal", 'bend.setAttribute("d", path(bent));', 'bend.setAttribute("d", path(bent.slice(1)));'),
    ("Diagonal", "if (!began)", "if (true)"),
    ("Diagonal", "width: percent(x(a)), height: 6", "width: percent(x(b)), height: 6"),
    ("Diagonal", "name.textContent = labels[i];", "name.textContent = labels[0];"),
    ("Diagonal", "i ? [0, 5, 3, 9] : [0, 11, 9, 3]", "[0, 11, 9, 3]"),
    ("Diagonal", "written(100 * of, of < 0.0095 ? 1 : 0)", "written(of, 0)"),
    ("Diagonal", "[a, b].forEach((value, i)", "[b, a].forEach((value, i)"),
    ("Diagonal", "[a, b, `${low} to ${high}`]", "[b, a, `${low} to ${high}`]"),
    ("Diagonal", "i === pointed", "i === 0"),
    ("Pixels", "there(at, 0);", "there(at + 9, 0);"),
    ("Pixels", "band(y * side, 0);", "band(y, 0);"),
    ("Pixels", "paintInk(small, frameAt([index]));", "paintInk(small, frameAt([0]));"),
    ("Pixels", "i === position[0]", "i === 0"),
    ("Templates", "frame.subarray(i * pixels, (i + 1) * pixels)", "frame.subarray(0, pixels)"),
    ("Regions", "SIZE - (Math.floor(i / side) + 1) * width", "Math.floor(i / side) * width"),
    ("Regions", "spot(place(x), SIZE - place(y)", "spot(place(x), place(y)"),
    ("Regions", "lines[number(position)]", "lines[0]"),
    ("Regions", "[way[1] / length, -way[0] / length]", "[-way[1] / length, way[0] / length]"),
    ("Templates", "readingAt(0, [...others, index])", "readingAt(0, [...others, 0])"),
    ("Templates", "percent(places[index])", "percent(places[0])"),
    ("Templates", "paintInk(canvas, image)", "paintInk(canvas, under)"),
    # counts, and what stands behind them
    ("Confusion", "write(count, x + FIELD / 2", "write(counts[j][i], x + FIELD / 2"),
    ("Confusion", "write(classes[i], LEFT - 12", "write(classes[k - 1 - i], LEFT - 12"),
    ("Confusion", "i === j ? 0 : (0.5 * count) / most", "(0.5 * count) / most"),
    ("Confusion", '"x", LEFT + j * FIELD', '"x", LEFT + i * FIELD'),
    ("Confusion", "pictures[numbers[n]]", "pictures[n]"),
    ("Confusion", "halves[at] / LEVELS", "halves[at] / 16"),
    ("Confusion", '"course-off", numbers[n] < 0', '"course-off", false'),
    ("Confusion", "here < count ? ", "here > count ? "),
    # colours
    ("Bars", "k <= 4 ? i : 0", "k <= 4 ? 0 : i % 4"),
    ("Bars", "of [main, part.name]", "of [part.name]"),
    ("Templates", "Math.max(0, shares[n])) * last", "Math.max(0, 1 - shares[n])) * last"),
    ("Regions", "frame[i] > 0.5 ? 1 : 0", "frame[i] > 0.5 ? 0 : 1"),
    ("Regions", "spot(6, 6, i, entry(", "spot(6, 6, 1 - i, entry("),
    # what is announced
    ("Bars", 'setAttribute("role", "status")', 'setAttribute("role", "note")'),
    ("Bars", "words.push(line.textContent)", "words.push(\"\")"),
    ("Templates", "words.length > 1 ? \"\" : words[0]", "words.join(\"; \")"),
    # axes and curves
    ("Curves", 'write(xlabel, {', 'write(ylabel, {'),
    ("Curves", "write(short(value), { x: percent", "write(short(value + 1), { x: percent"),
    ("Curves", 'x: -8, y: at, dy: "0.35em"', 'x: -8, y: at, dy: "1.35em"'),
    ("Curves", "value.textContent = written(height, decimals)", "value.textContent = written(frame[0], decimals)"),
    ("Curves", "frameAt([at, ...others])[i]", "frameAt([at, ...others])[0]"),
    ("Curves", "percent(x(axis[first]))", "percent(x(axis[0]))"),
    ("Curves", "move(dot, x(place), y(height))", "move(dot, x(place), y(frame[0]))"),
    ("Curves", "(value < row[found] ? at : found)", "(value > row[found] ? at : found)"),
    ("Curves", "end = reveal ? first : last", "end = last"),
    ("Curves", "x(places[at]), y(row[at - 1])", "x(places[at - 1]), y(row[at])"),
    ("Curves", "const at = values[number];", "const at = values[0];"),
    ("Curves", "course-class-${i % 4})`;", "course-class-${(i + 1) % 4})`;"),
    ("Curves", 'd: "M1,5H29", ...look }, swatch', 'd: "M1,5H29", ...look, "stroke-dasharray": "3 3" }, swatch'),
    ("Curves", "height === Infinity ? ", "height === 0 ? "),
    ("Curves", "value === Infinity ? x(places[at])", "value === Infinity ? x(places[0])"),
    # the triangle
    ("Simplex", "name.textContent = `${label} `", "name.textContent = `${labels[(i + 1) % 3]} `"),
    ("Simplex", "weight * CORNERS[i][axis]", "weight * CORNERS[(i + 1) % 3][axis]"),
    ("Simplex", "frame[i] === top", "frame[i] !== top"),
    ("Simplex", "share - (i === j ? 1 : 0)", "share - (i === j ? 0 : 1)"),
    ("Simplex", "status.textContent = words", "status.title = words"),
    # the way down
    ("Descent", "ylabel, className: \"course-map\"", "ylabel: xlabel, className: \"course-map\""),
    ("Descent", "Array.from(points[at], (value) => written", "Array.from(points[0], (value) => written"),
    ("Descent", "(up[1] - y) / (up[1] - up[0])", "(y - up[0]) / (up[1] - up[0])"),
    ("Descent", "path(way.slice(0, at + 1))", "path(way.slice(0, at))"),
    ("Descent", "line[2 * i], line[2 * i + 1]", "line[2 * i + 1], line[2 * i]"),
    ("Descent", "along(bound)", "along(0.9 * bound)"),
    ("Descent", "written(bound, 2)", "written(both[0], 2)"),
    ("Descent", "grids[momentum][position[momentum]] : 0", "0 : 0"),
    ("Descent", "grids[0][position[0]] > bound", "grids[0][position[0]] < bound"),
    ("Descent", "rises[number(position)]", "rises[0]"),
    ("Descent", "position.with(besideAxis, besideIndex)", "position"),
    ("Descent", "pathOf(position.with(around, i))", "pathOf(position)"),
    ("Descent", "written(factors[2 * i], 3)", "written(factors[2 - 2 * i], 3)"),
    ("Descent", "LONG * length, SHORT", "LONG, SHORT"),
    ("Descent", "i === position[movesStart]", "i === 0"),
    ("Descent", "tell(told(position));", ""),
    ("Descent", "Math.atan2", "Math.hypot"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new"), FAULTS)
def test_a_fault_in_the_script_of_a_figure_is_found(kind, old, new, stage):
    states = [state for _, _, state in FIGURES if state.kind == kind]
    states += [State(records_of(runaway())[0])] * (kind == "Descent")  # in the book nobody leaves the map for good
    found = []
    for state in states:
        faulty = patched(state.script, old, new)
        try:
            look(stage, state, script=faulty)
        except AssertionError as error:
            found.append(error)
            break
    assert found, "no figure of this kind shows the fault"


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("Bars", r"fill: var\(--mark\)", "fill: gray"),
        ("Curves", r"\.course-curve \{[^}]*stroke: var\(--mark\)", ".course-curve { stroke: gray"),
        ("Curves", r"fill: none", "fill: gray"),
        ("Regions", r"\.course-cell \{[^}]*fill: var\(--mark\)", ".course-cell { fill: gray"),
    ],
)
def test_a_fault_in_the_style_of_a_figure_is_found(kind, old, new, stage):
    state = first_of_each()[kind]
    style = re.sub(old, new, state.style)
    assert style != state.style
    with pytest.raises(AssertionError):
        look(stage, state, count=1, style=style)
