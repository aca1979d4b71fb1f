"""`Curves`: how each number changes as the first slider moves, with a marker where it stands."""

import itertools

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.checks import refuse, shown
from softmaxlab.widgets.figure import Figure


class Curves(Figure):
    """A frame is (k,): the heights of the k curves named by `labels` above one value of the first slider.

    With `over`, two arrays, the curves stand still: places (n,) and, above them, heights (k, n). A frame is then
    (k, 2), where the dot of each curve is: its place and its height. The dots leave a trail as the first slider moves.

    `log`, `log_x`: heights, or places, all above 0, on a logarithmic axis. `stairs`: a height holds until the next
    place. `reveal`: a curve is shown as far as the marker has come. `best`: the labels of curves whose least height is
    marked. `gap`: a name for what lies between the first two curves, which is shaded. `guides`: grey lines, `{name: a
    place, or a function of the values of the other sliders that gives one}`; one beyond the picture is told, not drawn.
    `points` are marks that were measured: the number of a curve, the place on the first slider, the height, and the
    values of the other sliders at which the mark is shown. Infinite heights run along the upper edge. Numbers are
    written with so many `decimals`. `readouts` and `play`: see `Figure`.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    xlabel = traitlets.Unicode().tag(sync=True)
    ylabel = traitlets.Unicode().tag(sync=True)
    decimals = traitlets.Int().tag(sync=True)
    log = traitlets.Bool().tag(sync=True)
    log_x = traitlets.Bool().tag(sync=True)
    stairs = traitlets.Bool().tag(sync=True)
    reveal = traitlets.Bool().tag(sync=True)
    best = traitlets.List(traitlets.Int()).tag(sync=True)
    gap = traitlets.Unicode().tag(sync=True)
    # Each a name, and where the line is for every combination of the other sliders
    guides = traitlets.List().tag(sync=True)
    points = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)
    # The places and, as float32 in C order, the heights of curves that stand still
    over = traitlets.List(traitlets.Float()).tag(sync=True)
    ground = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        labels,
        *,
        xlabel="",
        ylabel="probability",
        decimals=3,
        log=False,
        log_x=False,
        stairs=False,
        reveal=False,
        best=(),
        gap="",
        guides=None,
        points=(),
        over=None,
        readouts=None,
        play="",
    ):
        labels = list(labels)
        for label in best:
            if label not in labels:
                refuse("best", f"some of {', '.join(labels)}", shown(label))
        if gap and len(labels) < 2:
            refuse("gap", "two curves or more", f"{len(labels)}")
        self._places, self._heights = self._standing(over, len(labels))
        self._guides = guides or {}
        super().__init__(
            labels=labels,
            xlabel=xlabel,
            ylabel=ylabel,
            decimals=decimals,
            log=log,
            log_x=log_x,
            stairs=stairs,
            reveal=reveal,
            best=[labels.index(label) for label in best],
            gap=gap,
            points=[[float(number) for number in point] for point in points],
            over=self._places.tolist(),
            ground=self._heights.astype("<f4").tobytes(),
            readouts=readouts,
            play=play,
        )

    @staticmethod
    def _standing(over, k):
        """Places and heights of the curves that stand still, both empty if there are none."""
        if over is None:
            return np.zeros(0), np.zeros((0, 0))
        places, heights = (np.asarray(part, float) for part in over)
        if places.ndim != 1 or heights.shape != (k, len(places)):
            refuse("over", f"places (n,) and heights ({k}, n)", f"shapes {places.shape} and {heights.shape}")
        if not (np.diff(places) > 0).all():
            refuse("over", "places in rising order", shown(over[0]))
        return places, heights

    def show(self, frames, grids):
        shape, k = frames.shape[len(grids) :], len(self.labels)
        fitting = (k, 2) if self.over else (k,)
        if shape != fitting:
            refuse("labels", f"frames of shape {fitting} to fit them", shape)
        for point in self.points:
            if len(point) != 2 + len(grids) or not 0 <= point[0] < k:
                expected = f"a curve, 0 to {k - 1}, then {1 + len(grids)} numbers"
                refuse("points", expected, point)
        heights = frames[..., 1] if self.over else frames
        least = min([heights.min(), *self._heights.ravel(), *(point[2] for point in self.points)])
        if self.log and not least > 0:
            refuse("log", "heights above 0", f"{least:.3g}")
        first, *others = grids.values()
        places = self.over or first
        if self.log_x and not min(places) > 0:
            refuse("log_x", "places above 0", f"{min(places):.3g}")
        combinations = list(itertools.product(*(grid.tolist() for grid in others)))
        self.guides = [
            {"name": name, "values": [float(at(*where) if callable(at) else at) for where in combinations]}
            for name, at in self._guides.items()
        ]
        for guide in self.guides:
            if not np.isfinite(guide["values"]).all():
                refuse("guides", f"finite places for {guide['name']!r}", shown(guide["values"]))
        self.xlabel = self.xlabel or next(iter(grids)).replace("_", " ")
        super().show(frames, grids)

    def plot(self, figure):
        others = self.position[1:]
        ax = figure.subplots()
        x = np.array(self.over or self.grids[0])
        values = self._heights.T if self.over else self.array[(slice(None), *others)]
        shown = slice(self.index0 + 1) if self.reveal and not self.over else slice(None)
        plots.curves(ax, x[shown], values[shown], self.labels, xlabel=self.xlabel, ylabel=self.ylabel)
        if self.stairs:
            for line in ax.lines:
                line.set_drawstyle("steps-post")
        if self.gap:
            ax.fill_between(x, *values[:, :2].T, color="C1", alpha=0.16, linewidth=0)
        for curve in self.best:
            at = values[:, curve].argmin()
            ax.plot(x[at], values[at, curve], "o", color=f"C{curve}", fillstyle="none", markersize=11)
        combination = np.ravel_multi_index(others, [len(grid) for grid in self.grids[1:]]) if others else 0
        for guide in self.guides:
            if x[0] <= guide["values"][combination] <= x[-1]:
                ax.axvline(guide["values"][combination], color=plots.COLOURS["faint"], linestyle="--", linewidth=1)
        where = [grid[index] for grid, index in zip(self.grids[1:], others)]
        for curve, place, height, *standing in self.points:
            if standing == where:
                ax.plot(place, height, "s", color=f"C{int(curve)}", fillstyle="none", markersize=8)
        if self.log:
            ax.set_yscale("log")
        if self.log_x:
            ax.set_xscale("log")
        if self.over:
            for curve, (place, height) in enumerate(self.array[self.position]):
                ax.plot(place, height, "o", color=f"C{curve}", markersize=8)
        else:
            ax.axvline(x[self.index0], color=plots.COLOURS["faint"], linestyle="-", linewidth=1)
