"""What the figures of chapter 9 ought to show: `FIGURES`, in the order of the page (see `pictures.Figure`)."""

import re
from typing import NamedTuple

import numpy as np
from chapters import ROOT, Chapter
from pictures import Figure, as_number, shown


def committed():
    """The times that stand in the chapter: rows of machines, batch size and milliseconds, and those of the plain loop."""
    chapter = Chapter(ROOT / "book" / "many-machines.ipynb")
    (cell,) = [c.source for c in chapter.code() if "with_workers = {" in c.source]
    found = {}
    exec(cell, found)  # noqa: S102
    sizes = found["tried_sizes"]
    rows = [(m, *point) for m, row in found["with_workers"].items() for point in zip(sizes, row)]
    return np.array(rows), dict(zip(sizes, found["plain"]))


MEASURED, PLAIN = committed()
BATCHES = np.array([256, 1024, 4096, 16384, 55_000])


def fitted():
    """The three numbers of the model by the normal equations, each equation divided by its time."""
    machines, batches, times = MEASURED.T
    columns = np.stack([np.ones_like(times), batches / machines, machines], axis=1) / times[:, None]
    return np.linalg.solve(columns.T @ columns, columns.sum(axis=0))


class Pass(NamedTuple):
    """Seconds for a pass, shared and alone, and the squares to be seen: number of the curve, machines, seconds."""

    seconds: list
    squares: list

    def check(self, figure):
        picture = shown(figure)
        np.testing.assert_allclose(
            [as_number(text) for text in picture["written"]], self.seconds, atol=0.5001e-3
        )
        ticks = np.log10([as_number(text) for text in picture["ticks"]])
        slope, start = np.polyfit(ticks, picture["grid"], 1)
        heights = start + slope * np.log10(self.seconds)
        np.testing.assert_allclose(picture["dots"], heights, atol=0.02)
        drawn = figure.evaluate(
            """figure => [...figure.querySelectorAll(".course-measured")].map(e =>
              [+e.style.getPropertyValue("--mark").match(/class-(\\d)/)[1],
               ...["x", "y", "width", "height"].map(name => +e.getAttribute(name))])"""
        )
        labels = figure.locator(".course-curves text.course-label").all_text_contents()
        assert "machines" in labels
        left, right = 58, 430  # machines 1 and 16
        expected = [
            [curve, left + (place - 1) / 15 * (right - left), start + slope * np.log10(height)]
            for curve, place, height in self.squares
        ]
        found = [[curve, x + width / 2, y + high / 2] for curve, x, y, width, high in drawn]
        np.testing.assert_allclose(sorted(found), sorted(expected), atol=0.02)
        said = re.findall(r"(?:shared|plain loop) (\S+) at (\d+)", picture["status"])
        assert len(said) == len(self.squares)
        for (text, place), (_, where, height) in zip(said, self.squares):
            assert int(place) == where and abs(as_number(text) - height) < 0.5001e-3
        picture["written"] = [*picture["written"], *map(str, np.ravel(found))]
        return picture


def a_pass(machines, batch_size):
    alpha, beta, tau = fitted()
    steps = 55_000 / batch_size
    shared = alpha + beta * batch_size / machines + tau * machines
    alone = sum(t / size for size, t in PLAIN.items()) / len(PLAIN) * batch_size
    squares = [(0, int(m), 55 * t / size) for m, size, t in MEASURED if size == batch_size]
    squares += [(1, 1, 55 * t / size) for size, t in PLAIN.items() if size == batch_size]
    return Pass([steps * shared / 1000, steps * alone / 1000], squares)


FIGURES = [Figure(a_pass, {"machines": np.arange(1, 17), "batch size": BATCHES})]
