"""Every figure of the book, drawn by its own script on a bare page: what it shows is what its frames hold, and faults
are found.
"""

import functools
import re

import numpy as np
import pytest
from pictures import CHECKS, Picture, check
from stage import every_figure, patched

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
        "measured",
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
    ("Bars", "written(height, decimals)", "written(height, decimals - 1)"),
    ("Bars", "frame[p * k + i]", "frame[p * k + (k - 1 - i)]"),
    ("Curves", ".textContent = xlabel", ".textContent = ylabel"),
    ("Curves", "written(frame[i], decimals)", "written(frame[0], decimals)"),
    ("Simplex", ".textContent = label;", ".textContent = labels[(i + 1) % 3];"),
    ("Templates", 'tag("div", "course-title", part, label)', 'tag("div", "course-title", part, labels[0])'),
    ("Regions", "` ${label}: `", "` ${labels[1 - i]}: `"),
    ("Descent", "map.side(ylabel)", "map.side(xlabel)"),
    ("Descent", "written(points[at][1], 3)", "written(points[at][0], 3)"),
    ("Pixels", "const y = Math.floor(at / side), x = at % side;", "const x = Math.floor(at / side), y = at % side;"),
    ("Pixels", 'known ? n : ""', 'known ? n + 1 : ""'),
    # places
    ("Bars", "Math.abs(y(shown) - y(0))", "Math.abs(y(shown) - y(0)) * 0.9"),
    ("Curves", "frameAt([at, ...others])[i]", "frameAt([at, ...others])[0]"),
    ("Curves", "minus(+value.toPrecision(6));\n  }\n  for", "minus(+value.toPrecision(6) + 1);\n  }\n  for"),
    ("Curves", "shape(\"text\", { x: LEFT - 7, y: y(value) + 5", "shape(\"text\", { x: LEFT - 7, y: y(value) + 15"),
    ("Curves", 'marker.setAttribute("x1", x(grid[first]));', 'marker.setAttribute("x1", x(grid[0]));'),
    ("Curves", "dot.setAttribute(\"cy\", y(frame[i]));", "dot.setAttribute(\"cy\", y(frame[0]));"),
    ("Simplex", "weight * CORNERS[i][axis]", "weight * CORNERS[(i + 1) % 3][axis]"),
    ("Pixels", "there.setAttribute(\"x\", at);", "there.setAttribute(\"x\", at + 9);"),
    ("Templates", "frame.subarray(i * pixels, (i + 1) * pixels)", "frame.subarray(0, pixels)"),
    ("Descent", "(up[1] - y) * scale", "(y - up[0]) * scale"),
    ("Descent", "drawn.slice(0, at + 1)));", "drawn.slice(0, at)));"),
    ("Descent", "along(bound)", "along(0.9 * bound)"),
    ("Descent", "line[2 * i], line[2 * i + 1]", "line[2 * i + 1], line[2 * i]"),
    ("Regions", "SIZE - (Math.floor(i / side) + 1) * width", "Math.floor(i / side) * width"),
    ("Regions", "spot(place(x), SIZE - place(y)", "spot(place(x), place(y)"),
    # colours
    ("Bars", "k <= 4 ? i : 0", "k <= 4 ? 0 : i % 4"),
    ("Curves", "class-${i % 4})`;\n    const entry", "class-${(i + 1) % 4})`;\n    const entry"),
    ("Curves", '"stroke-dasharray": DASHES[i % 4] }, swatch', '"stroke-dasharray": "3 3" }, swatch'),
    ("Templates", "stops[i], stops[i + 1]", "stops[stops.length - 1 - i], stops[stops.length - 2 - i]"),
    ("Regions", "frame[i] > 0.5 ? 1 : 0", "frame[i] > 0.5 ? 0 : 1"),
    ("Regions", "spot(6, 6, i, swatch)", "spot(6, 6, 1 - i, swatch)"),
    # what is announced
    ("Bars", 'setAttribute("role", "status")', 'setAttribute("role", "note")'),
    ("Simplex", "status.textContent = words", "status.title = words"),
    ("Bars", "words.push(output.parentElement.textContent)", "words.push(\"\")"),
]  # fmt: skip


@pytest.mark.parametrize(("kind", "old", "new"), FAULTS)
def test_a_fault_in_the_script_of_a_figure_is_found(kind, old, new, stage):
    states = [state for _, _, state in FIGURES if state.kind == kind]
    found = []
    for state in states:
        try:
            look(stage, state, count=2, script=patched(state.script, old, new))
        except AssertionError as error:
            found.append(error)
            break
    assert found, "no figure of this kind shows the fault"


@pytest.mark.parametrize(
    ("kind", "old", "new"),
    [
        ("Bars", r"fill: var\(--mark\)", "fill: gray"),
        ("Curves", r"\.course-curve \{[^}]*stroke: var\(--mark\)", ".course-curve { stroke: gray"),
        ("Regions", r"\.course-cell \{[^}]*fill: var\(--mark\)", ".course-cell { fill: gray"),
    ],
)
def test_a_fault_in_the_style_of_a_figure_is_found(kind, old, new, stage):
    state = first_of_each()[kind]
    style = re.sub(old, new, state.style)
    assert style != state.style
    with pytest.raises(AssertionError):
        look(stage, state, count=1, style=style)
