"""`Bars`: a bar for each class, in one panel or several side by side."""

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.checks import refuse, shown
from softmaxlab.widgets.figure import Figure


class Bars(Figure):
    """A frame is (k,), or (panels, k) with one row for each of `panels`; `labels` name the k bars.

    Panels have a scale each, unless they are `shared`; `limits` = {panel: (least, most)} is what a panel shows, a bar
    that goes on beyond it is cut through. `marks` show where the bars stood at first.
    `nested`: the second row is a part of the first and drawn inside it, both in one panel.
    `choice` is the name of a slider whose positions are the bars, in their order: it says which one is spoken of.
    Numbers are written with so many `decimals`, or those of each panel. `readouts` and `play`: see `Figure`.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    panels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    # The least and most that each panel shows, 0 always among them: of all frames, where there is no limit
    ranges = traitlets.List().tag(sync=True)
    # of the numbers in each panel
    decimals = traitlets.List(traitlets.Int()).tag(sync=True)
    shared = traitlets.Bool().tag(sync=True)
    marks = traitlets.Bool().tag(sync=True)
    nested = traitlets.Bool().tag(sync=True)
    # The number of the slider that chooses a bar, -1 if none does
    choice = traitlets.Int(-1).tag(sync=True)

    def __init__(
        self,
        labels,
        *,
        panels=("probability",),
        decimals=3,
        shared=False,
        limits=None,
        marks=False,
        nested=False,
        choice="",
        readouts=None,
        play="",
    ):
        self.limits, self.chosen_by = dict(limits or {}), choice
        for panel, ends in self.limits.items():
            if panel not in panels:
                refuse("limits", f"names of panels, {', '.join(panels)}", shown(panel))
            if len(ends) != 2 or not ends[0] <= 0 < ends[1]:
                refuse("limits", f"a least, 0 or below, and a most above 0 for {panel!r}", shown(ends))
        if not isinstance(decimals, int) and len(decimals) != len(panels):
            refuse("decimals", f"a number, or one for each of {len(panels)} panels", shown(decimals))
        if nested and len(panels) != 2:
            refuse("nested", "two panels, the whole and its part", f"{len(panels)}")
        super().__init__(
            labels=list(labels),
            panels=list(panels),
            decimals=[decimals] * len(panels) if isinstance(decimals, int) else list(decimals),
            shared=shared,
            marks=marks,
            nested=nested,
            readouts=readouts,
            play=play,
        )

    def show(self, frames, grids):
        k, panels = len(self.labels), len(self.panels)
        shape = frames.shape[len(grids) :]
        if shape not in ((k,), (panels, k)) or (shape == (k,) and panels != 1):
            refuse("labels, panels", f"frames of shape {(panels, k)} to fit them", shape)
        if self.chosen_by:
            if self.chosen_by not in grids or len(grids[self.chosen_by]) != k:
                refuse("choice", f"the name of a slider with {k} positions", shown(self.chosen_by))
            self.choice = list(grids).index(self.chosen_by)
        rows = frames.reshape(-1, panels, k)
        if self.nested:
            whole, part = rows[:, 0], rows[:, 1]
            fits = (part >= 0) & (part <= whole)
            if not fits.all():
                refuse("nested", "parts from 0 to the whole", f"{part[~fits][0]:g} of {whole[~fits][0]:g}")
        finite = np.where(np.isfinite(rows), rows, 0)
        least = np.minimum(0, finite.min(axis=(0, 2)))
        most = np.maximum(1e-9, finite.max(axis=(0, 2)))
        if self.shared or self.nested:
            least, most = np.full(panels, least.min()), np.full(panels, most.max())
        for panel, ends in self.limits.items():
            if self.shared or self.nested:
                least[:], most[:] = ends
            least[self.panels.index(panel)], most[self.panels.index(panel)] = ends
        self.ranges = np.stack([least, most], axis=1).astype(float).tolist()
        super().show(frames, grids)

    def plot(self, figure):
        rows = self.array[self.position].reshape(len(self.panels), -1)
        if self.nested:
            ax, most = figure.subplots(), self.ranges[0][1]
            plots.bars(ax, rows[0], self.labels, ylabel=self.panels[0], decimals=self.decimals[0], limits=(0, most))
            for bar in ax.patches:
                bar.set(facecolor=plots.COLOURS["wash"], edgecolor=plots.COLOURS["ink"])
            chosen = self.position[self.choice] if self.choice >= 0 else -1
            colours = ["C1" if i == chosen else "C0" for i in range(len(self.labels))]
            ax.bar(range(len(self.labels)), np.minimum(rows[1], most), width=0.6, color=colours, label=self.panels[1])
            return
        axes = figure.subplots(1, len(rows), sharey=self.shared)
        for ax, row, panel, ends, decimals in zip(np.atleast_1d(axes), rows, self.panels, self.ranges, self.decimals):
            limits = ends if panel in self.limits else (-np.inf, np.inf)
            plots.bars(ax, row, self.labels, ylabel=panel, decimals=decimals, limits=limits)
