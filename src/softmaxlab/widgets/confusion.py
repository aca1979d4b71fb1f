"""`Confusion`: how often each class was read as each, and the pictures behind each number."""

import math

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.checks import Array, refuse, shown
from softmaxlab.widgets.figure import Figure

LEVELS = 15  # shades of ink between paper and black
RUN = 16  # pixels of paper that are written as one


class Confusion(Figure):
    """A table of `counts` (k, k), a row for each class and a column for what it was read as, and pictures for the field
    that two sliders choose, the row by the first.

    A frame is (m,): the numbers of up to m rows of `images` (n, pixels), which are ink from 0 to 1 and fill a square;
    -1 where there is none. Those pictures that some frame names travel with the figure, in 16 shades. `readouts`: see
    `Figure`.
    """

    table = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)
    # The pictures one after another, as `packed` writes them, and the pixels of a side
    pictures = traitlets.Bytes().tag(sync=True)
    side = traitlets.Int().tag(sync=True)

    def __init__(self, images, *, counts, readouts=None):
        self.images = Array("n pixels")("images", images, {})
        if math.isqrt(self.images.shape[1]) ** 2 != self.images.shape[1]:
            refuse("images", "pictures that fill a square", f"{self.images.shape[1]} pixels")
        if self.images.min() < 0 or self.images.max() > 1:
            refuse("images", "ink from 0 to 1", f"{self.images.min():g} to {self.images.max():g}")
        counts = np.asarray(counts)
        if counts.ndim != 2 or counts.shape[0] != counts.shape[1] or counts.dtype.kind not in "iu" or counts.min() < 0:
            refuse("counts", "a square of whole numbers, none below 0", shown(counts))
        super().__init__(table=counts.tolist(), side=math.isqrt(self.images.shape[1]), readouts=readouts)

    def show(self, frames, grids):
        lengths, k = [len(grid) for grid in grids.values()], len(self.table)
        if lengths != [k, k]:
            refuse("grids", f"two of {k} values, the classes", shown(lengths))
        if frames.ndim != 3:
            refuse("function", "frames of shape (m,)", shown(frames.shape[2:]))
        whole = frames == np.trunc(frames)
        if not (whole & (frames >= -1) & (frames < len(self.images))).all():
            refuse("function", f"numbers of pictures, -1 to {len(self.images) - 1}", "others")
        used = np.unique(frames[frames >= 0]).astype(int)
        self.pictures = packed(self.images[used])
        # from here on a picture is called by its place among those that travel
        super().show(np.where(frames < 0, -1, np.searchsorted(used, frames)).astype("<f4"), grids)

    def plot(self, figure):
        table, *others = figure.subplots(1, 1 + self.shape[-1], width_ratios=[3] + [1] * self.shape[-1])
        plots.confusion(table, np.array(self.table))
        row, column = self.position
        table.plot(column, row, "s", color="C1", fillstyle="none", markersize=16)
        pictures = unpacked(self.pictures, self.side**2)
        for ax, number in zip(others, self.array[self.position].astype(int)):
            ax.set_axis_off()
            if number >= 0:
                ax.imshow(pictures[number].reshape(self.side, -1), cmap="gray_r", vmin=0, vmax=1)


def packed(images):
    """`images`, ink from 0 to 1, as bytes of two numbers from 0 to 15 each: the ink of a pixel, or 0 and how many more
    pixels of paper follow.
    """
    ink = np.round(LEVELS * np.ravel(images)).astype(int)
    marks = np.append(np.flatnonzero(ink), len(ink))
    halves, at = [], 0
    for mark in marks.tolist():
        while at < mark:
            run = min(RUN, mark - at)
            halves += [0, run - 1]
            at += run
        if mark < len(ink):
            halves.append(int(ink[mark]))
            at += 1
    # after the last pixel nothing is read
    halves += [0] * (len(halves) % 2)
    return np.dot(np.reshape(halves, (-1, 2)), [16, 1]).astype("u1").tobytes()


def unpacked(pictures, pixels):
    """The images in the bytes that `packed` wrote, (n, pixels)."""
    halves = np.stack(np.divmod(np.frombuffer(pictures, "u1"), 16), axis=1).ravel().tolist()
    ink, at = [], 0
    while at < len(halves):
        if halves[at]:
            ink.append(halves[at])
            at += 1
        else:
            ink += [0] * (1 + sum(halves[at + 1 : at + 2]))
            at += 2
    return np.reshape(ink[: len(ink) // pixels * pixels], (-1, pixels)) / LEVELS
