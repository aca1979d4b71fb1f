"""`Descent`: a way downhill, step by step, on the contours of a loss with two parameters, and the loss at each step."""

import matplotlib.figure
import numpy as np
import traitlets

from softmaxlab.checks import refuse, shown
from softmaxlab.plots import COLOURS
from softmaxlab.widgets.figure import Figure

SIDE, LEVELS = 49, 11  # points along each axis of the contours, and how many lines


class Descent(Figure):
    """A frame is a path, (steps + 1, 2); `loss`, a function of a point (2,), gives the contours and each point's
    height.

    The map goes from `x[0]` to `x[1]` and from `y[0]` to `y[1]`. A slider of its own starts at the point `step` of the
    path. `bound`, if any, is the value from which the first slider is too large, marked on a scale of it.
    """

    pointer = "step"
    x = traitlets.List(traitlets.Float()).tag(sync=True)
    y = traitlets.List(traitlets.Float()).tag(sync=True)
    xlabel = traitlets.Unicode().tag(sync=True)
    ylabel = traitlets.Unicode().tag(sync=True)
    bound = traitlets.Float().tag(sync=True)
    # Lines, each x, y, x, y, …
    contours = traitlets.List().tag(sync=True)
    # The least and most of the loss beside the map
    heights = traitlets.List(traitlets.Float()).tag(sync=True)

    def __init__(
        self,
        loss,
        *,
        x,
        y,
        xlabel="weight",
        ylabel="bias",
        bound=0.0,
        step=0,
        readouts=None,
    ):
        for name, ends in (("x", x), ("y", y)):
            if len(ends) != 2 or not ends[0] < ends[1]:
                refuse(name, "least and most", shown(ends))
        self.loss = loss
        super().__init__(
            x=[float(end) for end in x],
            y=[float(end) for end in y],
            xlabel=xlabel,
            ylabel=ylabel,
            bound=bound,
            pointer_index=step,
            readouts=readouts,
        )

    def pointer_count(self, shape):
        return shape[0]

    def show(self, frames, grids):
        shape = frames.shape[len(grids) :]
        if len(shape) != 2 or shape[0] < 2 or shape[1] != 2:
            refuse("function", "a path (steps + 1, 2)", f"shape {shape}")
        across, up = np.linspace(*self.x, SIDE), np.linspace(*self.y, SIDE)
        ground = np.array([[self.loss(np.array([x, y])) for x in across] for y in up])
        points = frames.reshape(-1, 2).astype(float)
        known = np.isfinite(points).all(axis=1)
        losses = np.full(len(points), np.nan)
        losses[known] = [self.loss(point) for point in points[known]]
        frames = np.concatenate([frames, losses.reshape(*frames.shape[:-1], 1)], axis=-1)
        begun = frames[..., 0, 2]
        least, most = min(ground.min(), np.nanmin(losses)), begun[np.isfinite(begun)].max()
        self.heights = [float(least), float(most + 0.25 * (most - least) + 1e-9)]
        # The steps between the lines grow, so that a round bowl has rings at equal distances.
        levels = ground.min() + np.ptp(ground) * (np.arange(1, LEVELS + 1) / (LEVELS + 1)) ** 2
        drawn = matplotlib.figure.Figure().subplots().contour(across, up, ground, levels)
        self.contours = [np.round(line, 3).ravel().tolist() for lines in drawn.allsegs for line in lines]
        with np.errstate(over="ignore"):
            super().show(frames.astype("<f4"), grids)

    def plot(self, figure):
        path = self.array[self.position]
        ground, losses = figure.subplots(1, 2)
        for line in self.contours:
            ground.plot(line[::2], line[1::2], "-", color=COLOURS["line"], linewidth=1)
        ground.plot(path[:, 0], path[:, 1], "-", color="C0", linewidth=1.5)
        ground.plot(*path[self.pointer_index, :2], "o", color="C1")
        ground.set(xlabel=self.xlabel, ylabel=self.ylabel, xlim=self.x, ylim=self.y, aspect="equal")
        losses.plot(path[:, 2], "-", color="C0", linewidth=1.5)
        losses.plot(self.pointer_index, path[self.pointer_index, 2], "o", color="C1")
        losses.set(xlabel="step", ylabel="loss", ylim=self.heights)
