"""`Regions`: what a model answers at every place of a square, with the points that it learned from."""

import math

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.checks import refuse, shown
from softmaxlab.widgets.figure import Figure


class Regions(Figure):
    """A frame is (cells,): the probability of the second of two `labels` at each cell of a square, the lowest row
    first.

    The square goes from `-limit` to `limit` on both axes. `points` (n, 2) are marked in it, by their `classes` (n,),
    0 or 1. Frames travel as signed bytes: 127 stands for a probability of 1. `readouts`: see `Figure`.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    limit = traitlets.Float().tag(sync=True)
    points = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    classes = traitlets.List(traitlets.Int()).tag(sync=True)

    def __init__(self, labels, *, limit=1.0, points=(), classes=(), readouts=None):
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

    def plot(self, figure):
        ax = figure.subplots()
        plots.regions(ax, self.array[self.position], self.limit)
        plots.two_classes(ax, np.array(self.points).reshape(-1, 2), self.classes, self.labels)
