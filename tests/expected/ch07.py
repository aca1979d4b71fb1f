"""What the figures of chapter 7 ought to show: `FIGURES`, in the order of the page (see `pictures.Figure`)."""

import functools

import numpy as np
from pictures import Figure

from softmaxlab.data import load_mnist
from softmaxlab.scratch import (
    accuracy,
    calibration_error,
    entropy,
    gradient,
    minibatches,
    score,
    softmax,
)


class Trained:
    """The chapter's training, made anew when it is first asked."""

    @functools.cached_property
    def digits(self):
        return load_mnist()

    @functools.cache
    def models(self, weight_decay=0):
        """Weights and bias before each of 1,000 steps, and after the last."""
        train = self.digits[0]
        weights, bias = np.zeros((784, 10), np.float32), np.zeros(10, np.float32)
        models = [(weights.copy(), bias.copy())]
        for batch in minibatches(len(train.labels), 64, 1000, np.random.default_rng(0)):
            d_weights, d_bias = gradient(weights, bias, train.images[batch], train.labels[batch])
            weights -= 0.5 * (d_weights + weight_decay * weights)
            bias -= 0.5 * d_bias
            models.append((weights.copy(), bias.copy()))
        return models

    def shrunk(self, step):
        """The ten weight images after so many steps, each square of 2 by 2 pixels averaged."""
        images = self.models()[int(step)][0].T.reshape(10, 28, 28)
        corners = [images[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
        return np.mean(corners, axis=0).reshape(10, 196)

    def right(self, step):
        test = self.digits[2]
        return [accuracy(score(test.images, *self.models()[int(step)]), test.labels)]

    @functools.cache
    def answers(self, weight_decay):
        return softmax(score(self.digits[2].images, *self.models(weight_decay)[-1]))

    def flatness(self, weight_decay):
        """Mean probability of the favourite, of the second, and so on."""
        return -np.sort(-self.answers(weight_decay), axis=1).mean(axis=0)

    def reports(self, weight_decay):
        probs, labels = self.answers(weight_decay), self.digits[2].labels
        return accuracy(probs, labels), entropy(probs).mean(), calibration_error(probs, labels)


TRAINED = Trained()
STEPS = [*range(11), 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 250, *range(300, 1001, 100)]

FIGURES = [
    Figure(TRAINED.shrunk, {"step": np.array(STEPS)}, TRAINED.right),
    Figure(
        TRAINED.flatness,
        {"weight decay": np.array([0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1])},
        TRAINED.reports,
    ),
]
