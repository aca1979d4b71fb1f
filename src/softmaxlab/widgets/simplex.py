"""`Simplex`: three probabilities as one point of a triangle, in which each class has the region where it leads."""

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.checks import refuse
from softmaxlab.widgets.figure import Figure


class Simplex(Figure):
    """A frame is (3,): probabilities that sum to 1, one for each corner named by `labels`.

    `distances`: with the way from the point to each corner, and how long it is in probabilities. `line`: with the line
    on which the last slider moves the point. Numbers are written with so many `decimals`. `readouts`: see `Figure`.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    decimals = traitlets.Int().tag(sync=True)
    distances = traitlets.Bool().tag(sync=True)
    line = traitlets.Bool().tag(sync=True)

    def __init__(self, labels, *, decimals=3, distances=False, line=False, readouts=None):
        if len(labels) != 3:
            refuse("labels", "three, one for each corner", f"{len(labels)}")
        traits = {"labels": list(labels), "decimals": decimals, "distances": distances, "line": line}
        super().__init__(**traits, readouts=readouts)

    def show(self, frames, grids):
        shape = frames.shape[len(grids) :]
        if shape != (3,):
            refuse("function", "frames of shape (3,)", shape)
        least, sums = frames.min(), frames.sum(axis=-1)
        if not (least >= 0 and np.abs(sums - 1).max() <= 1e-5):
            got = f"least {least:.3g}, sums {sums.min():.3g} to {sums.max():.3g}"
            refuse("function", "three numbers that sum to 1, none below 0", got)
        super().show(frames, grids)

    def plot(self, figure):
        ax = plots.simplex(figure.subplots(), self.array[self.position], self.labels, ways=self.distances)
        if self.line:
            ax.plot(*(self.array[self.position[:-1]] @ plots.CORNERS).T, ":", color=plots.COLOURS["faint"])
