"""Ways down that no chapter shows: out of the map, up once and never again."""

import numpy as np

from softmaxlab.scratch import descend
from softmaxlab.widgets import Descent, explore


def bowl(point):
    return float(point[0] ** 2 + 4 * point[1] ** 2)


def slope(point):
    return np.array([2, 8]) * point


def runaway(log=False):
    """A parabola, on which rates above the bound, 0.25, throw the walker out of map and chart; with a momentum of 0.25
    the rate 0.3 lets the loss rise once."""

    def roll(rate=0.1, momentum=0.0):
        with np.errstate(over="ignore", invalid="ignore"):
            return descend(slope, [1.0, 1.0], rate, 60, momentum)

    view = Descent(bowl, x=(-2, 2), y=(-2, 2), log=log, bound=True, directions=True, step=5)
    return explore(roll, rate=[0.05, 0.1, 0.2, 0.3, 0.4, 40.0], momentum=[0.0, 0.9, 0.25], view=view)


def thrown():
    return runaway(log=True)
