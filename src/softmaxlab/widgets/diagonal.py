"""`Diagonal`: dots beside the line on which they would stand if what was said were so."""

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.checks import refuse, shown
from softmaxlab.widgets.figure import Figure


class Diagonal(Figure):
    """A frame is (3, n): for each of n dots what was said, what was so, and its share, nan where there is none, as
    `scratch.calibration` gives them; or (5, n), with the ends of a `span` through each dot as well.

    Both axes reach from `ends[0]` to `ends[1]`, and what is within `band` of the diagonal counts as right. Dots without
    `labels` are joined by a line, their shares stand above them in per cent, and `marks` show where they were at first.
    `means` name the mean of what was said and of what was so: one more dot, and what a pointer draws along. With
    labels, `pointer` names one slider more, which says of which dot the numbers are told, its span under that name.
    Numbers are written with so many `decimals`. `readouts` and `play`: see `Figure`.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    xlabel = traitlets.Unicode().tag(sync=True)
    ylabel = traitlets.Unicode().tag(sync=True)
    ends = traitlets.List(traitlets.Float()).tag(sync=True)
    band = traitlets.Float().tag(sync=True)
    means = traitlets.List(traitlets.Unicode()).tag(sync=True)
    marks = traitlets.Bool().tag(sync=True)
    span = traitlets.Unicode().tag(sync=True)
    decimals = traitlets.Int().tag(sync=True)

    def __init__(
        self,
        *,
        xlabel,
        ylabel,
        ends=(0, 1),
        labels=(),
        band=0,
        means=(),
        marks=False,
        pointer="",
        span="",
        decimals=2,
        readouts=None,
        play="",
    ):
        if len(ends) != 2 or not ends[0] < ends[1]:
            refuse("ends", "two numbers, the second above the first", shown(ends))
        if len(means) not in (0, 2):
            refuse("means", "two names, or none", shown(means))
        if pointer and not labels:
            refuse("labels", f"a name for each dot that {pointer!r} can choose", shown(labels))
        self.pointer = pointer
        super().__init__(
            xlabel=xlabel,
            ylabel=ylabel,
            ends=[float(end) for end in ends],
            labels=list(labels),
            band=band,
            means=list(means),
            marks=marks,
            span=span,
            decimals=decimals,
            readouts=readouts,
            play=play,
        )

    def pointer_count(self, shape):
        return len(self.labels) or 1

    def show(self, frames, grids):
        shape = frames.shape[len(grids) :]
        if len(shape) != 2 or shape[0] not in (3, 5):
            refuse("function", "frames of shape (3, n) or (5, n)", shape)
        if self.labels and len(self.labels) != shape[1]:
            refuse("labels", f"a name for each of {shape[1]} dots", f"{len(self.labels)}")
        if self.means:
            # one more column, of which the share is all
            with np.errstate(invalid="ignore"):
                weighted = np.nansum(frames[..., :2, :] * frames[..., 2:3, :], axis=-1)
            column = np.full((*frames.shape[:-1], 1), np.nan, "<f4")
            column[..., :2, 0], column[..., 2, 0] = weighted, np.nansum(frames[..., 2, :], axis=-1)
            frames = np.concatenate([frames, column], axis=-1)
        super().show(frames, grids)

    def plot(self, figure):
        ax, frame = figure.subplots(), self.array[self.position]
        dots = frame[:, :-1] if self.means else frame
        ax.plot(self.ends, self.ends, color=plots.COLOURS["faint"], linestyle="-", linewidth=1)
        if len(dots) == 5:
            ax.vlines(dots[0], dots[3], dots[4], color="C0", linewidth=5, alpha=0.4)
        ax.plot(dots[0], dots[1], "o" if self.labels else "o-", color="C0", markersize=12 if self.labels else 6)
        for number, label in enumerate(self.labels):
            ax.annotate(label, dots[:2, number], color="white", ha="center", va="center", fontsize=9)
        if self.means:
            ax.plot(*frame[:2, -1], "o", color="C1", markersize=9)
        ax.set(xlabel=self.xlabel, ylabel=self.ylabel, xlim=self.ends, ylim=self.ends)
