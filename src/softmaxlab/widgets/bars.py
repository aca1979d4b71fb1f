"""`Bars`: a bar for each class, in one panel or several side by side."""

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.widgets.figure import Figure


class Bars(Figure):
    """A frame is (k,), or (panels, k) with one row for each of `panels`; `labels` name the k bars.

    Panels have a scale each, unless they are `shared`; `marks` show where the bars stood at first.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    panels = traitlets.List(traitlets.Unicode(), default_value=["probability"]).tag(sync=True)
    ranges = traitlets.List().tag(
        sync=True
    )  # least and most of each panel over all frames, 0 always among them
    places = traitlets.Int(3, help="digits after the point").tag(sync=True)
    shared = traitlets.Bool(False, help="one scale for all panels").tag(sync=True)
    marks = traitlets.Bool(False, help="a line across each bar where it began").tag(sync=True)

    def show(self, frames, grids):
        k, panels = len(self.labels), len(self.panels)
        one = frames.shape[len(grids) :]
        if one not in ((k,), (panels, k)) or (one == (k,) and panels != 1):
            raise ValueError(
                f"labels, panels: expected frames of shape {(panels, k)} to fit them, came {one}."
            )
        rows = frames.reshape(-1, panels, k)
        finite = np.where(np.isfinite(rows), rows, 0)
        self.ranges = [
            [
                float(min(0, finite[:, i].min())),
                float(max(1e-9, finite[:, i].max())),
            ]
            for i in range(panels)
        ]
        if self.shared:
            least, most = np.transpose(self.ranges)
            self.ranges = [[float(min(least)), float(max(most))]] * panels
        super().show(frames, grids)

    def plot(self, figure):
        rows = self.array[self.position].reshape(len(self.panels), -1)
        axes = figure.subplots(1, len(rows), sharey=self.shared)
        for ax, row, panel in zip(np.atleast_1d(axes), rows, self.panels):
            plots.bars(ax, row, self.labels, ylabel=panel, digits=self.places)
