"""What the figures of chapter 1 ought to show: `FIGURES`, in the order of the page (see `pictures.Figure`)."""

import functools

import numpy as np
from pictures import Figure, Pointed

from softmaxlab.data import load_mnist

TRAINING = load_mnist()[0].images[:18].copy()


def point(image, pixel):
    return Pointed(TRAINING[int(image)], int(pixel))


@functools.cache
def million_steps(exponent):
    """What a million steps of a millionth add to a power of ten, in float64 and in float32."""
    totals = []
    for dtype in (np.float64, np.float32):
        total = [dtype(10.0**exponent), *np.full(1_000_000, 1e-6, dtype)]
        totals.append(np.add.accumulate(total, dtype=dtype)[-1] - total[0])
    return np.array(totals)


FIGURES = [
    Figure(point, {"image": np.arange(18), "pixel": np.arange(784)}),
    Figure(million_steps, {"exponent": np.arange(13)}),
]
