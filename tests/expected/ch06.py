"""What the figures of chapter 6 ought to show: `FIGURES`, in the order of the page (see `pictures.Figure`)."""

import functools

import numpy as np
from pictures import Figure, Walked

from softmaxlab.data import load_mnist
from softmaxlab.scratch import cross_entropy, descend, gradient

STARTS = np.array([[3, -2], [-3, -3], [1, 3], [0, 0], [-3, 3]])


class Sixes:
    """Zeros and sixes of the training set by their ink alone, with the course's own loss and gradient for two classes."""

    @functools.cached_property
    def data(self):
        train = load_mnist()[0]
        wanted = np.isin(train.labels, (0, 6))
        ink = train.images[wanted].sum(axis=1, dtype=float) / 100
        return ink, (ink - ink.mean()) / ink.std(), (train.labels[wanted] == 6).astype(int)

    def model(self, point, column, rows=slice(None)):
        weights, bias = np.array([[0, point[0]]]), np.array([0, point[1]])
        return weights, bias, self.data[column][rows, None], self.data[2][rows]

    def loss(self, point, column):
        weights, bias, images, labels = self.model(point, column)
        return cross_entropy(images @ weights + bias, labels)

    def slope(self, point, column, rows=slice(None)):
        d_weights, d_bias = gradient(*self.model(point, column, rows))
        return np.array([d_weights[0, 1], d_bias[1]])


SIXES = Sixes()


@functools.cache
def walked(column, start, rate, momentum=0.0, batch=0, seed=0):
    rng = np.random.default_rng(seed)

    def slope(point):
        rows = rng.integers(len(SIXES.data[0]), size=batch) if batch else slice(None)
        return SIXES.slope(point, column, rows)

    path = descend(slope, start, float(rate), 40, momentum)
    return path, np.array([SIXES.loss(point, column) for point in path])


def walk(rate, start, step):
    return Walked(*walked(1, tuple(STARTS[int(start)]), rate), int(step), rate, 9.587)


def roll(rate, momentum, step):
    return Walked(*walked(0, (0, 0), rate, float(momentum)), int(step), rate, 3.883)


def wander(batch, rate, luck, step):
    path = walked(1, tuple(STARTS[0]), rate, 0.0, int(batch), int(luck))
    return Walked(*path, int(step), batch)


STEPS = np.arange(41)
FIGURES = [
    Figure(walk, {"learning rate": np.arange(1, 21), "start": np.arange(5), "step": STEPS}),
    Figure(
        roll,
        {
            "learning rate": np.arange(0.5, 8.5, 0.5),
            "momentum": np.array([0, 0.5, 0.8, 0.9, 0.95]),
            "step": STEPS,
        },
    ),
    Figure(
        wander,
        {
            "batch size": np.array([1, 4, 16, 64, 256, 1024]),
            "learning rate": np.array([0.25, 0.5, 1, 2, 4]),
            "luck": np.arange(3),
            "step": STEPS,
        },
    ),
]
