"""What a figure with sliders shows in the browser, read from the picture itself and compared with NumPy's numbers."""

import re
from collections.abc import Callable
from typing import NamedTuple

import numpy as np


class Figure(NamedTuple):
    """What a figure ought to show: for each position of its sliders, and of its readouts.

    What `function` returns are the numbers of the picture, or has a method `check(figure)` that looks for itself.
    """

    function: Callable
    grids: dict  # name of the slider: its values
    readouts: Callable | None = None
    began: tuple | None = None  # at first, if lines across the bars remember where they stood


def shown(figure):
    """What the picture shows: numbers as written on it, and the same numbers as its marks are drawn."""
    return figure.evaluate(
        """figure => {
          const texts = selector => [...figure.querySelectorAll(selector)].map(e => e.textContent);
          const attributes = (selector, ...names) =>
            [...figure.querySelectorAll(selector)].map(e => names.map(name => +e.getAttribute(name)));
          const colours = selector => [...figure.querySelectorAll(selector)].map(canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 3)]);
          });
          return {
            written: [...texts(".course-value"), ...texts(".course-entry output")],
            bars: attributes(".course-bar", "y", "height"),
            endless: [...figure.querySelectorAll(".course-bar")].map(e =>
              [e.classList.contains("course-endless"), !!e.nextSibling.getAttribute("d")]),
            marks: [...figure.querySelectorAll(".course-mark[d]")].map(e => e.getAttribute("d")),
            axes: attributes(".course-axis", "y1").flat(),
            dots: attributes(".course-dot", "cy").flat(),
            corners: attributes(".course-corner", "cx", "cy"),
            point: attributes(".course-point", "cx", "cy").flat(),
            ways: attributes(".course-way", "x1", "y1", "x2", "y2"),
            grid: attributes(".course-grid", "y1").flat(),
            ticks: texts(".course-tick"),
            images: colours(".course-canvas"),
            ramp: colours(".course-ramp").flat(),
            ends: texts(".course-end"),
            readouts: texts(".course-readout output"),
            status: texts(".course-status")[0],
          };
        }"""
    )


def as_number(text):
    return float(text.replace("−", "-").replace("∞", "inf"))


class Pointed(NamedTuple):
    """A row, and the number in it that the pointer stands on."""

    row: np.ndarray
    at: int

    def check(self, figure):
        """Picture and strip have the ink of the row, each pixel in its place; all three markers stand at its number."""
        row, at = self
        side = int(len(row) ** 0.5)
        y, x = divmod(at, side)
        picture = figure.evaluate(
            """figure => {
              const numbers = (selector, ...names) =>
                [...figure.querySelectorAll(selector)].map(e => names.map(name => +e.getAttribute(name)));
              const texts = selector => [...figure.querySelectorAll(selector)].map(e => e.textContent);
              return {
                image: numbers(".course-image .course-pixel", "x", "y", "fill-opacity"),
                strip: numbers(".course-strip .course-pixel", "x", "y", "fill-opacity"),
                markers: [...numbers(".course-image .course-here", "x", "y"), ...numbers(".course-strip .course-here", "x", "y")],
                boxes: [...figure.querySelectorAll(".course-box")].map(e => e.classList.contains("course-here")),
                values: texts(".course-near .course-value"),
                places: texts(".course-near .course-label"),
                written: [...texts(".course-entry output"), ...texts(".course-sum")],
                status: texts(".course-status")[0],
              };
            }"""
        )
        places = np.arange(len(row))
        np.testing.assert_allclose(
            picture["image"], np.transpose([places % side, places // side, row]), atol=1e-6
        )
        np.testing.assert_allclose(
            picture["strip"], np.transpose([places, 0 * places, row]), atol=1e-6
        )
        assert picture["markers"] == [[x, y], [at, 0]]
        near = len(picture["boxes"]) // 2
        assert picture["boxes"].index(True) == near and sum(picture["boxes"]) == 1
        around = [n if 0 <= n < len(row) else None for n in range(at - near, at + near + 1)]
        assert picture["places"] == ["" if n is None else str(n) for n in around]
        for text, n in zip(picture["values"], around):
            assert (text == "") if n is None else abs(float(text) - row[n]) < 5.001e-3
        assert picture["written"][:3] == [str(at), str(y), str(x)]
        assert abs(float(picture["written"][3]) - row[at]) < 5.001e-4
        assert picture["written"][4] == f"{at} = {side} · {y} + {x}"
        assert f"number {at} of the row is row {y}, column {x}" in picture["status"]
        return picture


class Walked(NamedTuple):
    """A path (steps + 1, 2), the loss at each of its points, the step pointed at, and the first slider with its bound."""

    path: np.ndarray
    losses: np.ndarray
    at: int
    rate: float
    bound: float = 0

    def check(self, figure):
        """Path, losses and both dots stand where the axes say; what leaves the picture is said to; the rate is on its scale."""
        picture = figure.evaluate(
            """figure => {
              const texts = (parent, selector) => [...parent.querySelectorAll(selector)].map(e => e.textContent);
              const number = (e, ...names) => names.map(name => +e.getAttribute(name));
              const panels = [...figure.querySelectorAll(".course-panels > svg")].map(svg => {
                const inner = svg.querySelector("svg");
                const dot = inner.querySelector(".course-dot");
                return {
                  box: number(inner, "x", "y", "width", "height"),
                  across: [...svg.querySelectorAll(":scope > .course-label[x]")].map(e => [e.textContent, ...number(e, "x")]),
                  up: [...svg.querySelectorAll(":scope > .course-tick")].map(e => [e.textContent, ...number(e, "y")]),
                  ahead: inner.querySelector(".course-ahead").getAttribute("d"),
                  trail: inner.querySelector(".course-trail").getAttribute("d"),
                  dot: dot.classList.contains("course-off") ? null : number(dot, "cx", "cy"),
                  contours: inner.querySelectorAll(".course-contour").length,
                };
              });
              const ruler = figure.querySelector(".course-ruler");
              return {
                panels,
                ruler: ruler && {
                  rate: number(ruler.querySelector(".course-point"), "cx")[0],
                  limit: number(ruler.querySelector(".course-limit"), "x1")[0],
                  ends: [["x1", ".course-edge"], ["x2", ".course-beyond"]].map(([name, of]) => number(ruler.querySelector(of), name)[0]),
                  texts: texts(ruler, ".course-from, .course-tick"),
                },
                written: texts(figure, ".course-entry output"),
                news: texts(figure, ".course-news")[0],
                status: texts(figure, ".course-status")[0],
              };
            }"""
        )
        steps = np.arange(len(self.path))
        ways = [np.float32(self.path), np.stack([steps, np.float32(self.losses)], axis=1)]
        for panel, way in zip(picture["panels"], ways, strict=True):
            left, top, width, height = panel["box"]
            place = []
            for axis, (marks, start) in enumerate(
                [(panel["across"], left), (panel["up"], top + 5)]
            ):
                marks = [mark for mark in marks if re.fullmatch(r"−?[\d.]+", mark[0])]
                scale, zero = np.polyfit([as_number(m[0]) for m in marks], [m[1] for m in marks], 1)
                place.append(zero - start + scale * way[:, axis])
            place = np.transpose(place)
            drawn = np.array(
                [pair.split(",") for pair in re.split("[ML]", panel["ahead"])[1:]], float
            )
            near = (np.abs(place) < 4999).all(axis=1)
            np.testing.assert_allclose(drawn[near], place[near], atol=0.1)
            assert len(drawn) == len(way)
            assert panel["trail"] == "M" + "L".join(panel["ahead"][1:].split("L")[: self.at + 1])
            inside = ((place >= -0.05) & (place <= np.array([width, height]) + 0.05)).all(axis=1)
            if inside[self.at]:
                np.testing.assert_allclose(panel["dot"], place[self.at], atol=0.1)
            else:
                assert panel["dot"] is None
            if panel["contours"]:
                assert ("leaves the picture" in picture["news"]) == (not inside.all())
                if not inside.all():
                    assert f"at step {inside.argmin()}" in picture["news"]
                assert ("This step is outside" in picture["news"]) == (not inside[self.at])
        assert [bool(panel["contours"]) for panel in picture["panels"]] == [True, False]
        if self.bound:
            ruler = picture["ruler"]
            ends = [as_number(text.split()[-1]) for text in ruler["texts"]]
            stands = np.interp([self.rate, self.bound], ends, ruler["ends"])
            np.testing.assert_allclose([ruler["rate"], ruler["limit"]], stands, atol=0.01)
            assert ("is above 2/λ" in picture["news"]) == (self.rate > self.bound)
        else:
            assert picture["ruler"] is None
        assert picture["written"][0] == str(self.at)
        numbers = [as_number(text) for text in picture["written"][1:]]
        np.testing.assert_allclose(numbers, [*self.path[self.at], self.losses[self.at]], atol=6e-4)
        assert all(text in picture["status"] for text in [*picture["written"], picture["news"]])
        return picture | {"images": [panel["ahead"] for panel in picture["panels"]]}


class Mapped(NamedTuple):
    """The probability of the second of two classes at each cell of a square, the lowest row first, and points in it."""

    probs: np.ndarray
    points: np.ndarray
    classes: np.ndarray
    limit: float

    def check(self, figure):
        """Each cell has the colour of its class, as strong as it is sure; each point stands where it belongs."""
        picture = figure.evaluate(
            """figure => {
              const svg = figure.querySelector(".course-regions");
              const numbers = (selector, ...names) =>
                [...svg.querySelectorAll(selector)].map(e => names.map(name => +e.getAttribute(name)));
              const kinds = selector =>
                [...svg.querySelectorAll(selector)].map(e => +e.getAttribute("style").match(/class-(\\d)/)[1]);
              return {
                size: +svg.querySelector(".course-sheet").getAttribute("width"),
                cells: numbers(".course-cell", "x", "y", "width", "fill-opacity"),
                kinds: kinds(".course-cell"),
                discs: numbers("circle.course-spot", "cx", "cy"),
                squares: numbers("rect.course-spot", "x", "y", "width"),
                spots: kinds(".course-spot"),
                written: [...figure.querySelectorAll(".course-entry output")].map(e => e.textContent),
                status: figure.querySelector(".course-status").textContent,
              };
            }"""
        )
        probs, side, size = np.asarray(self.probs), int(len(self.probs) ** 0.5), picture["size"]
        row, column = np.divmod(np.arange(len(probs)), side)
        x, y, width, strength = np.transpose(picture["cells"])
        np.testing.assert_allclose(width, size / side)
        np.testing.assert_allclose(x, column * size / side, atol=1e-6)
        np.testing.assert_allclose(y, (side - 1 - row) * size / side, atol=1e-6)
        np.testing.assert_allclose(strength, 0.6 * np.abs(2 * probs - 1), atol=0.011)
        near = np.abs(probs - 0.5) < 0.005  # a byte may round to either side
        kinds = np.array(picture["kinds"])
        np.testing.assert_array_equal(kinds[~near], (probs > 0.5)[~near])
        share = 100 * (probs > 0.5).mean()
        slack = 0.501 + 100 * near.mean()
        np.testing.assert_allclose(
            [float(text) for text in picture["written"]], [100 - share, share], atol=slack
        )
        places = size * (self.points + self.limit) / (2 * self.limit)
        places[:, 1] = size - places[:, 1]
        boxes = np.array(picture["squares"])
        np.testing.assert_allclose(picture["discs"], places[self.classes == 0], atol=0.2)
        np.testing.assert_allclose(
            boxes[:, :2] + boxes[:, 2:] / 2, places[self.classes == 1], atol=0.2
        )
        np.testing.assert_array_equal(picture["spots"], self.classes)
        assert all(f" {text} %" in picture["status"] for text in picture["written"])
        picture["images"] = picture["cells"]  # what a slider has to change
        return picture


def check_picture(figure, expected):
    """Each number written on the picture is NumPy's to the digits shown, and each mark stands at its height."""
    if hasattr(expected, "check"):
        return expected.check(figure)
    picture = shown(figure)
    expected = np.atleast_2d(expected)
    if picture["images"]:
        check_images(picture, expected)
        return picture
    written = [as_number(text) for text in picture["written"]]
    places = max(len(text.partition(".")[2]) for text in picture["written"])
    np.testing.assert_allclose(written, expected.ravel(), atol=0.5001 * 10.0**-places)
    assert all(text in picture["status"] for text in picture["written"])
    if picture["bars"]:
        panels, k = expected.shape
        bars = np.array(picture["bars"]).reshape(panels, k, 2)
        endless = np.isinf(expected)
        np.testing.assert_array_equal(picture["endless"], np.repeat(endless.reshape(-1, 1), 2, 1))
        assert (bars[endless][:, 0] == 44).all()  # the top of the picture
        for row, drawn, zero in zip(expected, bars, picture["axes"]):
            drawn, row = drawn[np.isfinite(row)], row[np.isfinite(row)]
            heights = np.where(row >= 0, 1, -1) * drawn[:, 1]
            largest = np.abs(row).argmax()
            if row[largest] == 0:
                assert not heights.any()
                continue
            np.testing.assert_allclose(heights, row * (heights[largest] / row[largest]), atol=0.01)
            feet = np.where(row >= 0, drawn[:, 0] + drawn[:, 1], drawn[:, 0])
            np.testing.assert_allclose(feet, zero, atol=0.01)
    if picture["dots"]:
        ticks = [as_number(text) for text in picture["ticks"]]
        slope, start = np.polyfit(ticks, picture["grid"], 1)
        np.testing.assert_allclose(picture["dots"], start + slope * expected.ravel(), atol=0.01)
    if picture["corners"]:
        corners, ways = np.array(picture["corners"]), np.array(picture["ways"])
        np.testing.assert_allclose(picture["point"], expected[0] @ corners, atol=0.01)
        np.testing.assert_allclose(ways[:, :2], corners)
        np.testing.assert_allclose(ways[:, 2:], [picture["point"]] * 3)
        drawn = np.linalg.norm(ways[:, 2:] - ways[:, :2], axis=1)
        sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
        distances = np.linalg.norm(expected - np.eye(3), axis=1)
        np.testing.assert_allclose(drawn, distances * sides / np.sqrt(2), atol=0.01)
    return picture


def check_marks(picture, expected, began):
    """A line across each bar stands at the height of `began`, on the scale of the bars; all panels share that scale."""
    expected, began = np.atleast_2d(expected), np.atleast_2d(began)
    heights = np.array(picture["bars"])[:, 1].reshape(expected.shape)
    scale = heights.max() / np.abs(expected).max()
    np.testing.assert_allclose(heights, np.abs(expected) * scale, atol=0.01)
    marks = [float(re.fullmatch(r"M[\d.]+,([\d.]+)H[\d.]+", line)[1]) for line in picture["marks"]]
    zeros = np.repeat(picture["axes"], expected.shape[1])
    np.testing.assert_allclose(marks, zeros - began.ravel() * scale, atol=0.01)


def check_images(picture, expected):
    """Each pixel has the colour that the scale beside the images gives to NumPy's number, to the rounding of a byte."""
    least, most = (as_number(text) for text in picture["ends"])
    ramp = np.array(picture["ramp"])
    values = np.linspace(least, most, len(ramp))
    for row, drawn in zip(expected, np.array(picture["images"]), strict=True):
        colours = np.stack([np.interp(row, values, channel) for channel in ramp.T], axis=1)
        np.testing.assert_allclose(drawn, colours, atol=6)  # of 255
    said = re.findall(r"from (\S+) to (\S+),", picture["status"])
    found = [[as_number(low), as_number(high)] for low, high in said]
    byte = max(abs(least), abs(most)) / 254
    extremes = np.stack([expected.min(axis=1), expected.max(axis=1)], axis=1)
    np.testing.assert_allclose(found, extremes, atol=0.0051 + byte)
