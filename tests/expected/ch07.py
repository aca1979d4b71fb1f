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


@functools.cache
def digits():
    return load_mnist()


@functools.cache
def models(weight_decay=0):
    """Weights and bias before each step of the chapter's training, and after the last, trained anew."""
    train = digits()[0]
    weights, bias = np.zeros((784, 10), np.float32), np.zeros(10, np.float32)
    found = [(weights.copy(), bias.copy())]
    for batch in minibatches(len(train.labels), 64, 1000, np.random.default_rng(0)):
        d_weights, d_bias = gradient(weights, bias, train.images[batch], train.labels[batch])
        weights -= 0.5 * (d_weights + weight_decay * weights)
        bias -= 0.5 * d_bias
        found.append((weights.copy(), bias.copy()))
    return found


def shrunk(step):
    """The ten weight images after so many steps, each square of 2 by 2 pixels averaged."""
    images = models()[int(step)][0].T.reshape(10, 28, 28)
    corners = [images[:, i::2, j::2] for i in (0, 1) for j in (0, 1)]
    return np.mean(corners, axis=0).reshape(10, 196)


def right(step):
    test = digits()[2]
    return [accuracy(score(test.images, *models()[int(step)]), test.labels)]


@functools.cache
def answers(weight_decay):
    return softmax(score(digits()[2].images, *models(weight_decay)[-1]))


def flatness(weight_decay):
    """Mean probability of the favourite, of the second, and so on."""
    return -np.sort(-answers(weight_decay), axis=1).mean(axis=0)


def reports(weight_decay):
    probs, labels = answers(weight_decay), digits()[2].labels
    return accuracy(probs, labels), entropy(probs).mean(), calibration_error(probs, labels)


STEPS = [*range(11), 12, 15, 20, 25, 30, 40, 50, 60, 80, 100, 150, 200, 250, *range(300, 1001, 100)]
DECAYS = [0, 0.0001, 0.001, 0.003, 0.01, 0.03, 0.1]

FIGURES = [
    Figure(shrunk, {"step": np.array(STEPS)}, right),
    Figure(flatness, {"weight decay": np.array(DECAYS)}, reports),
]
