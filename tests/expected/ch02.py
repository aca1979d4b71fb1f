"""What the figures of chapter 2 ought to show: `FIGURES`, in the order of the page (see `pictures.Figure`)."""

import functools

import numpy as np
from pictures import Figure

from softmaxlab.data import load_mnist
from softmaxlab.scratch import nearest_mean, score


class Nearest:
    """The nearest-mean model of chapter 2, made anew, once, when it is first asked."""

    @functools.cached_property
    def model(self):
        train, _, test = load_mnist()
        weights, bias = nearest_mean(*train)
        return weights, bias, score(test.images, weights, bias), test

    def move_bias(self, shift, digit=1):
        *_, scores, test = self.model
        answers = np.argmax(scores + shift * (np.arange(10) == digit), axis=1)
        right = answers[answers == test.labels]
        return np.array([np.bincount(a, minlength=10) for a in (answers, right)])

    def right(self, *at):
        """Accuracy."""
        return [self.move_bias(*at)[1].sum() / 10_000]

    def fade(self, top, left, strength):
        template = self.model[0][:, 1].reshape(28, 28).copy()
        template[int(top) : int(top) + 7, int(left) : int(left) + 7] *= strength
        return template.ravel()

    def faded(self, *place):
        """Accuracy, and the share of ones that are found."""
        _, bias, scores, test = self.model
        changed = scores.copy()
        changed[:, 1] = test.images @ self.fade(*place) + bias[1]
        right = changed.argmax(axis=1) == test.labels
        return right.mean(), right[test.labels == 1].mean()


NEAREST = Nearest()
PATCHES = {
    "top": np.array([4, 11, 18]),
    "left": np.array([4, 11, 18]),
    "strength": np.array([-1, -0.5, 0, 0.5, 1]),
}

FIGURES = [
    Figure(
        NEAREST.move_bias,
        {"shift": np.arange(-6, 7), "digit": np.arange(10)},
        NEAREST.right,
        began=(0, 1),
    ),
    Figure(NEAREST.fade, PATCHES, NEAREST.faded),
]
