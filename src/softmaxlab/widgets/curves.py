"""`Curves`: how each number changes as the first slider moves, with a marker where it stands."""

import traitlets

from softmaxlab import plots
from softmaxlab.widgets.figure import Figure


class Curves(Figure):
    """A frame is (k,): the heights of the k curves named by `labels` above one value of the first slider."""

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    xlabel = traitlets.Unicode().tag(sync=True)
    ylabel = traitlets.Unicode("probability").tag(sync=True)
    places = traitlets.Int(3, help="digits after the point").tag(sync=True)

    def show(self, frames, grids):
        if frames.shape[len(grids) :] != (len(self.labels),):
            raise ValueError(
                f"labels: expected frames of shape ({len(self.labels)},) to fit them, came {frames.shape[len(grids) :]}."
            )
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
        ax.axvline(x[self.at0], color="0.4", linestyle="-", linewidth=1)
