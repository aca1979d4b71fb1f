"""`Simplex`: three probabilities as one point of a triangle, with the way from it to each corner."""

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.widgets.figure import Figure


class Simplex(Figure):
    """A frame is (3,): probabilities that sum to 1, one for each corner named by `labels`."""

    labels = traitlets.List(traitlets.Unicode(), minlen=3, maxlen=3).tag(sync=True)
    places = traitlets.Int(3, help="digits after the point").tag(sync=True)

    def show(self, frames, grids):
        one = frames.shape[len(grids) :]
        if one != (3,):
            raise ValueError(f"function: expected frames of shape (3,), came {one}.")
        least, sums = frames.min(), frames.sum(axis=-1)
        if not (least >= 0 and np.abs(sums - 1).max() <= 1e-5):
            raise ValueError(
                "function: expected three numbers that sum to 1, none below 0, "
                f"came least {least:.3g}, sums {sums.min():.3g} to {sums.max():.3g}."
            )
        super().show(frames, grids)

    def plot(self, figure):
        plots.simplex(figure.subplots(), self.array[self.position], self.labels)
