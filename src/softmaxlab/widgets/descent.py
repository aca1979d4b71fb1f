"""`Descent`: a way downhill, step by step, on the contours of a loss with two parameters, and the loss at each step."""

import matplotlib.figure
import numpy as np
import traitlets

from softmaxlab.widgets.figure import Figure

SIDE, LEVELS = 49, 11  # points along each axis of the contours, and how many lines


class Descent(Figure):
    """A frame is a path, (steps + 1, 2); `loss`, a function of a point (2,), gives the contours and each point's height.

    The slider `step` starts at point `at` of the path. `bound`, if any, is marked on a scale of the first slider.
    """

    pointer = "step"
    x = traitlets.List(traitlets.Float(), minlen=2, maxlen=2).tag(sync=True)  # from, to
    y = traitlets.List(traitlets.Float(), minlen=2, maxlen=2).tag(sync=True)
    xlabel = traitlets.Unicode("weight").tag(sync=True)
    ylabel = traitlets.Unicode("bias").tag(sync=True)
    bound = traitlets.Float(0, help="where the first slider becomes too large").tag(sync=True)
    contours = traitlets.List().tag(sync=True)  # lines, each x, y, x, y, …
    heights = traitlets.List(traitlets.Float()).tag(sync=True)  # from, to, of the loss beside it

    def __init__(self, loss, **traits):
        super().__init__(**traits)
        self.loss = loss

    def stops(self, one):
        return one[0]

    def show(self, frames, grids):
        one = frames.shape[len(grids) :]
        if len(one) != 2 or one[0] < 2 or one[1] != 2:
            raise ValueError(f"function: expected a path (steps + 1, 2), came shape {one}.")
        for name, ends in (("x", self.x), ("y", self.y)):
            if not ends[0] < ends[1]:
                raise ValueError(f"{name}: expected least and most, came {ends}.")
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
        self.contours = [
            np.round(line, 3).ravel().tolist() for lines in drawn.allsegs for line in lines
        ]
        with np.errstate(over="ignore"):
            super().show(frames.astype("<f4"), grids)

    def plot(self, figure):
        path = self.array[self.position]
        ground, losses = figure.subplots(1, 2)
        for line in self.contours:
            ground.plot(line[::2], line[1::2], "-", color="0.7", linewidth=1)
        ground.plot(path[:, 0], path[:, 1], "-", color="C0", linewidth=1.5)
        ground.plot(*path[self.at, :2], "o", color="C1")
        ground.set(xlabel=self.xlabel, ylabel=self.ylabel, xlim=self.x, ylim=self.y, aspect="equal")
        losses.plot(path[:, 2], "-", color="C0", linewidth=1.5)
        losses.plot(self.at, path[self.at, 2], "o", color="C1")
        losses.set(xlabel="step", ylabel="loss", ylim=self.heights)
