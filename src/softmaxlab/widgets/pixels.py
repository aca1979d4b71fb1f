"""`Pixels`: a row of X as the picture it was and as the strip of numbers it is, with a slider that points at one."""

import math

from softmaxlab.widgets.figure import Figure


class Pixels(Figure):
    """A frame is (side * side,), 0 paper to 1 ink. The slider `pixel` starts at number `at` of the row."""

    pointer = "pixel"

    def show(self, frames, grids):
        one = frames.shape[len(grids) :]
        if len(one) != 1 or math.isqrt(one[0]) ** 2 != one[0]:
            raise ValueError(f"function: expected the row of a square picture, came shape {one}.")
        super().show(frames, grids)

    def plot(self, figure):
        row = self.array[self.position]
        side = math.isqrt(len(row))
        picture, strip = figure.subplots(2, 1, height_ratios=(6, 1))
        ink = {"cmap": "gray_r", "vmin": 0, "vmax": 1}
        picture.imshow(row.reshape(side, side), **ink)
        picture.set_axis_off()
        picture.plot(self.at % side, self.at // side, "s", color="C1", fillstyle="none")
        picture.set_title(f"pixel {self.at} = {side} · {self.at // side} + {self.at % side}")
        strip.imshow(row[None], aspect="auto", **ink)
        strip.axvline(self.at, color="C1")
        strip.set(xlabel="number in the row", yticks=[])
