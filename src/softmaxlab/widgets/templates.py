"""`Templates`: square images, such as the weights of each class, on one scale of colours."""

import math

import matplotlib
import numpy as np
import traitlets
from matplotlib.colors import to_hex

from softmaxlab.checks import refuse, shown
from softmaxlab.widgets.figure import Figure

COLOURS = 33  # sent to the browser, which mixes those between
MOST = 64  # images
INKS = ("gray_r", "Blues")  # maps that begin with paper


class Templates(Figure):
    """A frame is (d,), or (images, d) with a row for each of `labels`; the d pixels of an image fill a square.

    Frames travel as signed bytes, a quarter of the room: 127 stands for `limit`, a pixel is off by at most `limit` /
    254.
    `limit` is the largest size of all pixels unless given; what lies beyond it takes the colour of the end. `cmap` is
    the name of a colour map of matplotlib. Numbers are written with so many `decimals`. `readouts`: see `Figure`.

    `read_as` (frames, images): what a model takes each image for, as numbers or words; it gets a tick where that is its
    label, and none where it is empty. `trace`: the ends of an axis (least, most), on which the first readout is drawn
    as a line over the last slider. `drag`: the label of an image that follows a pointer; a pixel to the right moves the
    last slider by one position, a pixel down the one before. `under` (d,): an image below all of them, which are then
    drawn as ink over it, 0 to 1.
    """

    labels = traitlets.List(traitlets.Unicode()).tag(sync=True)
    limit = traitlets.Float().tag(sync=True)
    # The other end of the colours: 0 for greys of images that are nowhere negative, else -limit
    least = traitlets.Float(0).tag(sync=True)
    colours = traitlets.List(traitlets.Unicode()).tag(sync=True)
    decimals = traitlets.Int().tag(sync=True)
    # What each image is read as, a row for each frame, or no rows; the ends of the axis, or none; the image that is
    # dragged, or -1
    read = traitlets.List(traitlets.List(traitlets.Unicode())).tag(sync=True)
    trace = traitlets.List(traitlets.Float()).tag(sync=True)
    drag = traitlets.Int(-1).tag(sync=True)
    # float32, the image that lies below
    under = traitlets.Bytes().tag(sync=True)

    def __init__(
        self,
        labels,
        *,
        cmap="RdBu",
        limit=0.0,
        decimals=2,
        read_as=(),
        trace=(),
        drag=None,
        under=(),
        readouts=None,
    ):
        if cmap not in matplotlib.colormaps:
            refuse("cmap", "the name of a colour map of matplotlib", repr(cmap))
        self.cmap = cmap
        mixed = matplotlib.colormaps[cmap](np.linspace(0, 1, COLOURS))
        labels = list(labels)
        if len(trace) not in (0, 2) or (len(trace) and not (trace[0] < trace[1] and readouts)):
            refuse("trace", "two ends of an axis, the lower first, and a readout", shown(trace))
        if drag is not None and drag not in labels:
            refuse("drag", f"one of the labels, {shown(labels)}", shown(drag))
        super().__init__(
            labels=labels,
            limit=limit,
            colours=[to_hex(colour) for colour in mixed],
            decimals=decimals,
            read=[[str(one) for one in row] for row in read_as],
            trace=[float(end) for end in trace],
            drag=-1 if drag is None else labels.index(drag),
            under=np.asarray(under, "<f4").tobytes(),
            readouts=readouts,
        )

    def show(self, frames, grids):
        k, shape = len(self.labels), frames.shape[len(grids) :]
        d = shape[-1] if shape else 0
        if not 1 <= k <= MOST or shape not in ((k, d), (d,)) or (shape == (d,) and k != 1):
            refuse("labels", f"1 to {MOST}, and frames of shape ({k}, d) to fit them", f"{k} and {shape}")
        if d == 0 or math.isqrt(d) ** 2 != d:
            refuse("function", "images that fill a square", f"{d} pixels")
        if not np.isfinite(frames).all():
            refuse("function", "finite pixels", "nan or inf")
        count = math.prod(frames.shape[: len(grids)])
        if self.read and (len(self.read) != count or {*map(len, self.read)} != {k}):
            refuse("read_as", f"{count} rows of {k}", f"{len(self.read)} of {shown([*map(len, self.read)])}")
        if self.drag >= 0 and len(grids) > 2:
            refuse("drag", "one slider or two", f"{len(grids)}")
        below = np.frombuffer(self.under, "<f4")
        if below.size not in (0, d) or (below.size and not 0 <= frames.min() <= frames.max() <= 1):
            refuse("under", f"an image of {d} pixels, and frames of ink from 0 to 1", f"{below.size} pixels")
        shades = below if below.size else frames
        self.limit = self.limit or float(np.abs(shades).max()) or 1.0
        self.least = 0.0 if self.cmap in INKS and shades.min() >= 0 else -self.limit
        self.byte_unit = 1 / 127 if below.size else self.limit / 127
        super().show(frames, grids)

    def titles(self, position):
        """What stands above each image: its label, and what it is read as."""
        lengths = [len(grid) for grid in self.grids]
        answers = self.read[np.ravel_multi_index(position, lengths)] if self.read else [""] * len(self.labels)
        signs = [f" → {answer}" if answer != label else " ✓" for label, answer in zip(self.labels, answers)]
        return [label + sign if answer else label for label, sign, answer in zip(self.labels, signs, answers)]

    def plot(self, figure):
        columns = min(5 if len(self.labels) <= 10 else 10, len(self.labels))
        axes = figure.subplots(-(-len(self.labels) // columns), columns, squeeze=False)
        side = math.isqrt(self.shape[-1])
        images = self.array[self.position].reshape(-1, side, side)
        for ax in axes.flat:
            ax.set_axis_off()
        shades = {"cmap": self.cmap, "vmin": self.least, "vmax": self.limit}
        for ax, image, title in zip(axes.flat, images, self.titles(self.position)):
            if self.under:
                drawn = ax.imshow(np.frombuffer(self.under, "<f4").reshape(side, side), **shades)
                ax.imshow(np.zeros_like(image), cmap="gray", alpha=0.7 * image)
            else:
                drawn = ax.imshow(image, **shades)
            ax.set_title(title, loc="center")
        if self.least < 0:
            figure.colorbar(drawn, ax=axes)
