"""`Curves`: how each number changes as the first slider moves, with a marker where it stands."""

import traitlets

from softmaxlab import plots
from softmaxlab.checks import refuse
from softmaxlab.widgets.figure import Figure


class Curves(Figure):
    """A frame is (k,): the heights of the k curves named by `labels` above one value of the first slider.

    `points` are marks that were measured: the number of a curve, the place on the first slider, the height, and
    the values of the other sliders at which the mark is shown. `log`: heights, all above 0, on a logarithmic axis.
    Numbers are written with so many `decimals`. `readouts`: see `Figure`.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    xlabel = traitlets.Unicode().tag(sync=True)
    ylabel = traitlets.Unicode().tag(sync=True)
    decimals = traitlets.Int().tag(sync=True)
    log = traitlets.Bool().tag(sync=True)
    points = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)

    def __init__(
        self,
        labels,
        *,
        xlabel="",
        ylabel="probability",
        decimals=3,
        log=False,
        points=(),
        readouts=None,
    ):
        super().__init__(
            labels=list(labels),
            xlabel=xlabel,
            ylabel=ylabel,
            decimals=decimals,
            log=log,
            points=[[float(number) for number in point] for point in points],
            readouts=readouts,
        )

    def show(self, frames, grids):
        shape, k = frames.shape[len(grids) :], len(self.labels)
        if shape != (k,):
            refuse("labels", f"frames of shape ({k},) to fit them", shape)
        for point in self.points:
            if len(point) != 2 + len(grids) or not 0 <= point[0] < k:
                expected = f"a curve, 0 to {k - 1}, then {1 + len(grids)} numbers"
                refuse("points", expected, point)
        least = min([frames.min(), *(point[2] for point in self.points)])
        if self.log and not least > 0:
            refuse("log", "heights above 0", f"{least:.3g}")
        self.xlabel = self.xlabel or next(iter(grids)).replace("_", " ")
        super().show(frames, grids)

    def plot(self, figure):
        x, values = self.grids[0], self.array[(slice(None), *self.position[1:])]
        ax = figure.subplots()
        plots.curves(ax, x, values, self.labels, xlabel=self.xlabel, ylabel=self.ylabel)
        others = [grid[index] for grid, index in zip(self.grids[1:], self.position[1:])]
        for curve, place, height, *where in self.points:
            if where == others:
                ax.plot(place, height, "s", color=f"C{int(curve)}", fillstyle="none", markersize=8)
        if self.log:
            ax.set_yscale("log")
        ax.axvline(x[self.index0], color=plots.COLOURS["faint"], linestyle="-", linewidth=1)
