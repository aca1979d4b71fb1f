"""What the figures of chapter 8 ought to show: `FIGURES`, in the order of the page (see `pictures.Figure`)."""

import functools

import numpy as np
from pictures import Figure, Mapped

from softmaxlab.data import load_mnist
from softmaxlab.scratch import Adam, accuracy, he_start, network, softmax, train_network

SIDE = 1.2 * (2 * np.arange(40) + 1 - 40) / 40
CELLS = np.stack([part.ravel() for part in np.meshgrid(SIDE, SIDE)], axis=1)


class Chapter:
    """The spirals, and the network after each of 20 passes, made anew, once, when first asked."""

    @functools.cached_property
    def start(self):
        """The numbers that the chapter draws before the spirals, then the spirals."""
        rng = np.random.default_rng(0)
        start = he_start(784, 256, 10, rng)
        way = np.linspace(0.25, 1, 200)
        angle = 3 * np.pi * way
        arm = np.stack([way * np.cos(angle), way * np.sin(angle)], axis=1)
        return start, np.concatenate([arm, -arm]) + rng.normal(0, 0.02, (400, 2))

    @functools.cache  # noqa: B019
    def answers(self, hidden_units):
        spots, arms = self.start[1], np.repeat([0, 1], 200)
        rng = np.random.default_rng(1)
        model = he_start(2, int(hidden_units), 2, rng)
        model = train_network(model, spots, arms, rng, Adam(0.02), 400, 100)
        return Mapped(softmax(network(model, CELLS))[:, 1], spots, arms, 1.2)

    @functools.cached_property
    def history(self):
        train, _, test = load_mnist()
        rng, optimizer = np.random.default_rng(0), Adam()
        history = [self.start[0]]
        for _ in range(20):
            history.append(train_network(history[-1], *train, rng, optimizer, passes=1))
        seen = train.images[:10_000].copy(), train.labels[:10_000]
        found = [network(model, test.images) for model in history]
        learned = [accuracy(network(model, seen[0]), seen[1]) for model in history]
        return found, learned, test

    def progress(self, passes):
        found, learned, test = self.history
        tested = accuracy(found[int(passes)], test.labels)
        return [100 - 100 * learned[int(passes)], 100 - 100 * tested]

    def wrong(self, passes):
        found, _, test = self.history
        ten = np.flatnonzero(found[1].argmax(axis=1) != test.labels)[:10]
        return ten, found[int(passes)][ten].argmax(axis=1) != test.labels[ten]

    def remaining(self, passes):
        ten, wrong = self.wrong(passes)
        return self.history[2].images[ten] * np.where(wrong, 1, 0.15)[:, None]

    def left(self, passes):
        return [self.wrong(passes)[1].mean()]


CHAPTER = Chapter()

FIGURES = [
    Figure(CHAPTER.answers, {"hidden units": np.array([1, 2, 3, 4, 6, 8, 12, 16, 32, 64])}),
    Figure(CHAPTER.progress, {"passes": np.arange(1, 21)}),
    Figure(CHAPTER.remaining, {"passes": np.array([1, 2, 3, 4, 6, 8, 12, 20])}, CHAPTER.left),
]
