"""`Curves`: how each number changes as the first slider moves, with a marker where it stands."""

import traitlets

from softmaxlab import plots
from softmaxlab.widgets.figure import Figure


class Curves(Figure):
    """A frame is (k,): the heights of the k curves named by `labels` above one value of the first slider.

    `points` are marks that were measured: the number of a curve, the place on the first slider, the height, and
    the values of the other sliders at which the mark is shown. `log`: heights, all above 0, on a logarithmic axis.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    xlabel = traitlets.Unicode().tag(sync=True)
    ylabel = traitlets.Unicode("probability").tag(sync=True)
    places = traitlets.Int(3, help="digits after the point").tag(sync=True)
    log = traitlets.Bool(False).tag(sync=True)
    points = traitlets.List(traitlets.List(traitlets.Float())).tag(sync=True)

    def show(self, frames, grids):
        if frames.shape[len(grids) :] != (len(self.labels),):
            raise ValueError(
                f"labels: expected frames of shape ({len(self.labels)},) to fit them, came {frames.shape[len(grids) :]}."
            )
        for point in self.points:
            if len(point) != 2 + len(grids) or not 0 <= point[0] < len(self.labels):
                expected = f"a curve, 0 to {len(self.labels) - 1}, then {1 + len(grids)} numbers"
                raise ValueError(f"points: expected {expected}, came {point}.")
        least = min([frames.min(), *(point[2] for point in self.points)])
        if self.log and not least > 0:
            raise ValueError(f"log: expected heights above 0, came {least:.3g}.")
        self.xlabel = self.xlabel or next(iter(grids)).replace("_", " ")
        super().show(frames, grids)

    def plot(self, figure):
        x, values = self.grids[0], self.array[(slice(None), *self.position[1:])]
        ax = plots.curves(
            figure.subplots(),
            x,
            values,
            self.labels,
            xlabel=self.xlabel,
            ylabel=self.ylabel,
        )
        others = [grid[at] for grid, at in zip(self.grids[1:], self.position[1:])]
        for curve, place, height, *where in self.points:
            if where == others:
                ax.plot(place, height, "s", color=f"C{int(curve)}", fillstyle="none", markersize=8)
        if self.log:
            ax.set_yscale("log")
        ax.axvline(x[self.at0], color="0.4", linestyle="-", linewidth=1)
