"""`Bars`: a bar for each class, in one panel or several side by side."""

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.checks import refuse
from softmaxlab.widgets.figure import Figure


class Bars(Figure):
    """A frame is (k,), or (panels, k) with one row for each of `panels`; `labels` name the k bars.

    Panels have a scale each, unless they are `shared`; `marks` show where the bars stood at first. Numbers are written
    with so many `decimals`. `readouts`: see `Figure`.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    panels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    # The least and most of each panel over all frames, 0 always among them
    ranges = traitlets.List().tag(sync=True)
    decimals = traitlets.Int().tag(sync=True)
    shared = traitlets.Bool().tag(sync=True)
    marks = traitlets.Bool().tag(sync=True)

    def __init__(
        self,
        labels,
        *,
        panels=("probability",),
        decimals=3,
        shared=False,
        marks=False,
        readouts=None,
    ):
        super().__init__(
            labels=list(labels),
            panels=list(panels),
            decimals=decimals,
            shared=shared,
            marks=marks,
            readouts=readouts,
        )

    def show(self, frames, grids):
        k, panels = len(self.labels), len(self.panels)
        shape = frames.shape[len(grids) :]
        if shape not in ((k,), (panels, k)) or (shape == (k,) and panels != 1):
            refuse("labels, panels", f"frames of shape {(panels, k)} to fit them", shape)
        rows = frames.reshape(-1, panels, k)
        finite = np.where(np.isfinite(rows), rows, 0)
        least = np.minimum(0, finite.min(axis=(0, 2)))
        most = np.maximum(1e-9, finite.max(axis=(0, 2)))
        if self.shared:
            least, most = np.full(panels, least.min()), np.full(panels, most.max())
        self.ranges = np.stack([least, most], axis=1).astype(float).tolist()
        super().show(frames, grids)

    def plot(self, figure):
        rows = self.array[self.position].reshape(len(self.panels), -1)
        axes = figure.subplots(1, len(rows), sharey=self.shared)
        for ax, row, panel in zip(np.atleast_1d(axes), rows, self.panels):
            plots.bars(ax, row, self.labels, ylabel=panel, decimals=self.decimals)
