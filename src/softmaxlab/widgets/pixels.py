"""`Pixels`: a row of X as the picture it was and as the strip of numbers it is, with a slider that points at one."""

import math

from softmaxlab.checks import refuse
from softmaxlab.widgets.figure import Figure


class Pixels(Figure):
    """A frame is (side * side,), 0 paper to 1 ink. A slider of its own starts at the number `pixel` of the row."""

    pointer = "pixel"

    def __init__(self, *, pixel=0, readouts=None):
        super().__init__(pointer_index=pixel, readouts=readouts)

    def show(self, frames, grids):
        shape = frames.shape[len(grids) :]
        if len(shape) != 1 or not shape[0] or math.isqrt(shape[0]) ** 2 != shape[0]:
            refuse("function", "the row of a square picture", f"shape {shape}")
        super().show(frames, grids)

    def plot(self, figure):
        row, pixel = self.array[self.position], self.pointer_index
        side = math.isqrt(len(row))
        picture, strip = figure.subplots(2, 1, height_ratios=(6, 1))
        ink = {"cmap": "gray_r", "vmin": 0, "vmax": 1}
        picture.imshow(row.reshape(side, side), **ink)
        picture.set_axis_off()
        picture.plot(pixel % side, pixel // side, "s", color="C1", fillstyle="none")
        picture.set_title(f"pixel {pixel} = {side} · {pixel // side} + {pixel % side}")
        strip.imshow(row[None], aspect="auto", **ink)
        strip.axvline(pixel, color="C1")
        strip.set(xlabel="number in the row", yticks=[])
