"""`Regions`: what a model answers at every place of a square, with the points that it learned from."""

import itertools
import math

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.checks import Array, refuse, shown
from softmaxlab.widgets.figure import Figure


class Regions(Figure):
    """A frame is (cells,): the probability of the second of two `labels` at each cell of a square, the lowest row
    first.

    The square goes from `-limit` to `limit` on both axes. `points` (n, 2) are marked in it, by their `classes` (n,),
    0 or 1. Frames travel as signed bytes: 127 stands for a probability of 1. `readouts`: see `Figure`.

    `units`: a function of the same parameters as the one that is explored, which returns a network, or the first two of
    its arrays: the weights (2, h) and biases (h,) of its hidden units. The line where w1 x + w2 y + b is 0 is drawn for
    each, with strokes to where the unit is on.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    limit = traitlets.Float().tag(sync=True)
    points = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    classes = traitlets.List(traitlets.Int()).tag(sync=True)
    # For each frame the lines that cross the square, as x0, y0, x1, y1; their unit is on to the left
    lines = traitlets.List(traitlets.List(traitlets.List(traitlets.Float()))).tag(sync=True)

    def __init__(self, labels, *, limit=1.0, points=(), classes=(), units=None, readouts=None):
        self.units = units
        if len(labels) != 2:
            refuse("labels", "two", f"{len(labels)}")
        points, classes = np.asarray(points, float).reshape(-1, 2), np.asarray(classes)
        if len(points) != len(classes) or not set(classes.tolist()) <= {0, 1}:
            refuse("classes", f"0 or 1 for each of {len(points)} points", shown(classes.tolist()))
        super().__init__(
            labels=list(labels),
            limit=limit,
            points=np.round(points, 3).tolist(),
            classes=classes.astype(int).tolist(),
            readouts=readouts,
        )

    def show(self, frames, grids):
        shape = frames.shape[len(grids) :]
        if len(shape) != 1 or shape[0] == 0 or math.isqrt(shape[0]) ** 2 != shape[0]:
            refuse("function", "cells that fill a square", f"shape {shape}")
        if not (frames.min() >= 0 and frames.max() <= 1):
            got = f"{frames.min():.3g} to {frames.max():.3g}"
            refuse("function", "probabilities, 0 to 1", got)
        self.byte_unit = 1 / 127
        super().show(frames, grids)
        if self.units:
            places = itertools.product(*(grid.tolist() for grid in grids.values()))
            self.lines = [self._folds(self.units(**dict(zip(grids, place)))) for place in places]

    def _folds(self, network):
        lengths = {}
        try:
            weights, bias = network[:2]
        except (TypeError, ValueError):
            refuse("units", "a list that begins with weights (2, h) and biases (h,)", shown(network))
        weights, bias = [Array(size)("units", part, lengths) for size, part in (("2 h", weights), ("h", bias))]
        return [line for unit in zip(*weights, bias) if (line := folded(unit, self.limit))]

    def plot(self, figure):
        ax = figure.subplots()
        plots.regions(ax, self.array[self.position], self.limit)
        plots.two_classes(ax, np.array(self.points).reshape(-1, 2), self.classes, self.labels)
        place = np.ravel_multi_index(self.position, [len(grid) for grid in self.grids])
        for x0, y0, x1, y1 in self.lines[place] if self.lines else []:
            ax.plot([x0, x1], [y0, y1], "-", color="0.2", linewidth=1)


def folded(unit, limit):
    """Where the line of a unit, w1 x + w2 y + b = 0, crosses the square from -limit to limit: x0, y0, x1, y1, such that
    the unit is on to the left of the way from one to the other; nothing if it does not cross.
    """
    weights, bias = np.asarray(unit[:2], float), float(unit[2])
    size = np.hypot(*weights)
    # the point of the line that is nearest to the middle, the way along it, and how far one can go on either side
    if size == 0 or abs(bias) / size > math.sqrt(2) * limit:
        return None
    middle, way = -bias * weights / size**2, np.array([weights[1], -weights[0]]) / size
    least, most = -np.inf, np.inf
    for at, step in zip(middle, way):
        if abs(step) > 1e-12:
            ends = sorted([(-limit - at) / step, (limit - at) / step])
            least, most = max(least, ends[0]), min(most, ends[1])
        elif abs(at) > limit:
            return None
    if least >= most:
        return None
    return np.round([*(middle + least * way), *(middle + most * way)], 3).tolist()
