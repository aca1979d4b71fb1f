"""`Regions`: what a model answers at every place of a square, with the points that it learned from."""

import math

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.widgets.figure import Figure


class Regions(Figure):
    """A frame is (cells,): the probability of the second of two `labels` at each cell of a square, the lowest row first.

    The square goes from `-limit` to `limit` on both axes. `points` (n, 2) are marked in it, by their `classes` (n,), 0 or 1.
    Frames travel as signed bytes: 127 stands for a probability of 1.
    """

    labels = traitlets.List(traitlets.Unicode(), minlen=2, maxlen=2).tag(sync=True)
    limit = traitlets.Float(1).tag(sync=True)
    points = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    classes = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, *, points=(), classes=(), **traits):
        points, classes = np.asarray(points, float).reshape(-1, 2), np.asarray(classes, int)
        if len(points) != len(classes) or not set(classes.tolist()) <= {0, 1}:
            expected = f"expected 0 or 1 for each of {len(points)} points"
            raise ValueError(f"classes: {expected}, came {len(classes)}.")
        rounded = np.round(points, 3).tolist()
        super().__init__(points=rounded, classes=classes.tolist(), **traits)

    def show(self, frames, grids):
        one = frames.shape[len(grids) :]
        if len(one) != 1 or one[0] == 0 or math.isqrt(one[0]) ** 2 != one[0]:
            raise ValueError(f"function: expected cells that fill a square, came shape {one}.")
        if not (frames.min() >= 0 and frames.max() <= 1):
            came = f"{frames.min():.3g} to {frames.max():.3g}"
            raise ValueError(f"function: expected probabilities, 0 to 1, came {came}.")
        self.unit = 1 / 127
        super().show(frames, grids)

    def plot(self, figure):
        ax = figure.subplots()
        plots.regions(ax, self.array[self.position], self.limit)
        plots.two_classes(ax, np.array(self.points).reshape(-1, 2), self.classes, self.labels)
