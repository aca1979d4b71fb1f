"""What the figures of chapter 7 ought to show: `FIGURES`, in the order of the page (see `pictures.Figure`)."""

import functools

import numpy as np
from pictures import Figure

from softmaxlab.data import load_mnist
from softmaxlab.scratch import softmax, train_softmax


@functools.cache
def read(step):
    """The first test digit after some steps of the chapter's training, trained anew."""
    train, _, test = load_mnist()
    weights, bias = train_softmax(*train, np.random.default_rng(0), steps=int(step))
    return softmax(test.images[0] @ weights + bias)


STEPS = np.array([*range(11), 20, 50, 100, 200, 500, 1000])

FIGURES = [Figure(read, {"step": STEPS})]
