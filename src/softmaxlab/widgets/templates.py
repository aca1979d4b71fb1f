"""`Templates`: one to ten square images, such as the weights of each class, on one scale of colours."""

import math

import numpy as np
import traitlets

from softmaxlab.widgets.figure import Figure


class Templates(Figure):
    """A frame is (d,), or (images, d) with a row for each of `labels`; the d pixels of an image fill a square.

    Frames travel as signed bytes, a quarter of the room: 127 stands for `limit`, a pixel is off by at most `limit` / 254.
    `limit` is the largest size of all pixels unless given; what lies beyond it takes the colour of the end.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    cmap = traitlets.Enum(["RdBu", "gray_r"], "RdBu").tag(sync=True)
    limit = traitlets.Float(0).tag(sync=True)
    # the other end of the colours: 0 for greys of images that are nowhere negative, else -limit
    least = traitlets.Float(0).tag(sync=True)
    places = traitlets.Int(2, help="digits after the point").tag(sync=True)

    def show(self, frames, grids):
        k, one = len(self.labels), frames.shape[len(grids) :]
        d = one[-1] if one else 0
        if not 1 <= k <= 10 or one not in ((k, d), (d,)) or (one == (d,) and k != 1):
            expected = f"expected frames of shape {(k, 'd')} to fit 1 to 10 of them"
            raise ValueError(f"labels: {expected}, came {k} and {one}.")
        if d == 0 or math.isqrt(d) ** 2 != d:
            raise ValueError(f"function: expected images that fill a square, came {d} pixels.")
        if not np.isfinite(frames).all():
            raise ValueError("function: expected finite pixels, came nan or inf.")
        self.limit = self.limit or float(np.abs(frames).max()) or 1.0
        self.least = 0.0 if self.cmap == "gray_r" and frames.min() >= 0 else -self.limit
        self.unit = self.limit / 127
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
