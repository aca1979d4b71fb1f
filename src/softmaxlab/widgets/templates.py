"""`Templates`: one to ten square images, such as the weights of each class, on one scale of colours."""

import math

import matplotlib
import numpy as np
import traitlets
from matplotlib.colors import to_hex

from softmaxlab.checks import refuse
from softmaxlab.widgets.figure import Figure

COLOURS = 33  # sent to the browser, which mixes those between


class Templates(Figure):
    """A frame is (d,), or (images, d) with a row for each of `labels`; the d pixels of an image fill a square.

    Frames travel as signed bytes, a quarter of the room: 127 stands for `limit`, a pixel is off by at most `limit` /
    254.
    `limit` is the largest size of all pixels unless given; what lies beyond it takes the colour of the end. `cmap` is
    the name of a colour map of matplotlib. Numbers are written with so many `decimals`. `readouts`: see `Figure`.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    limit = traitlets.Float().tag(sync=True)
    # The other end of the colours: 0 for greys of images that are nowhere negative, else -limit
    least = traitlets.Float(0).tag(sync=True)
    colours = traitlets.List(traitlets.Unicode()).tag(sync=True)
    decimals = traitlets.Int().tag(sync=True)

    def __init__(self, labels, *, cmap="RdBu", limit=0.0, decimals=2, readouts=None):
        if cmap not in matplotlib.colormaps:
            refuse("cmap", "the name of a colour map of matplotlib", repr(cmap))
        self.cmap = cmap
        mixed = matplotlib.colormaps[cmap](np.linspace(0, 1, COLOURS))
        super().__init__(
            labels=list(labels),
            limit=limit,
            colours=[to_hex(colour) for colour in mixed],
            decimals=decimals,
            readouts=readouts,
        )

    def show(self, frames, grids):
        k, shape = len(self.labels), frames.shape[len(grids) :]
        d = shape[-1] if shape else 0
        if not 1 <= k <= 10 or shape not in ((k, d), (d,)) or (shape == (d,) and k != 1):
            refuse("labels", f"1 to 10, and frames of shape ({k}, d) to fit them", f"{k} and {shape}")
        if d == 0 or math.isqrt(d) ** 2 != d:
            refuse("function", "images that fill a square", f"{d} pixels")
        if not np.isfinite(frames).all():
            refuse("function", "finite pixels", "nan or inf")
        self.limit = self.limit or float(np.abs(frames).max()) or 1.0
        self.least = 0.0 if self.cmap == "gray_r" and frames.min() >= 0 else -self.limit
        self.byte_unit = self.limit / 127
        super().show(frames, grids)

    def plot(self, figure):
        columns = min(5, len(self.labels))
        axes = figure.subplots(-(-len(self.labels) // columns), columns, squeeze=False)
        side = math.isqrt(self.shape[-1])
        images = self.array[self.position].reshape(-1, side, side)
        for ax in axes.flat:
            ax.set_axis_off()
        for ax, image, label in zip(axes.flat, images, self.labels):
            drawn = ax.imshow(image, cmap=self.cmap, vmin=self.least, vmax=self.limit)
            ax.set_title(label, loc="center")
        figure.colorbar(drawn, ax=axes)
