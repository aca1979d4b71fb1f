"""What the figures of chapter 4 ought to show: `FIGURES`, in the order of the page (see `pictures.Figure`)."""

import numpy as np
from pictures import Figure


def mix(rest_to_dog, cat):
    rest = 1 - cat
    return np.array([cat, rest * rest_to_dog, rest * (1 - rest_to_dog)])


def cost(classes):
    """The share and the megabytes (float32) of the ones and the zeros in 55,000 one-hot rows."""
    numbers = 55_000 * np.array([1, classes - 1])
    return np.array([numbers / numbers.sum(), numbers * 4 / 1e6])


def distances(*at):
    return np.linalg.norm(mix(*at) - np.eye(3), axis=1)


SHARES = np.linspace(0, 1, 31)

FIGURES = [
    Figure(mix, {"rest to dog": SHARES, "cat": SHARES}, distances),
    Figure(cost, {"classes": np.array([2, 3, 4, 5, 10, 20, 30, 40, 50, 75, 100])}),
]
