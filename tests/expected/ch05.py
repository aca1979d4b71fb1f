"""What the figures of chapter 5 ought to show: `FIGURES`, in the order of the page (see `pictures.Figure`)."""

import numpy as np
from pictures import Figure

from softmaxlab.scratch import log_softmax

SCORES = np.array([3.0, 1.0, 0.2])


def both_ways(clip, truth):
    """The terms of the cross-entropy and, on the right, of the same with prediction and label swapped."""
    wrong = np.array([2, 1]) * (1 - truth) / 3
    label = np.log(clip) if clip else -np.inf
    return np.array(
        [[-np.log(truth), 0, 0], [0, *(-share * label if share else 0 for share in wrong)]]
    )


def pay(scale, cats_in_100):
    cat, dog, _ = -log_softmax(scale * SCORES)
    return np.array([cat, dog, (cats_in_100 * cat + (100 - cats_in_100) * dog) / 100])


CLIPS = np.array([0, 1e-7, 1e-5, 1e-4, 1e-3])
CATS = np.array([50, 60, 70, 80, 90, 95, 100])

FIGURES = [
    Figure(both_ways, {"clip": CLIPS, "truth": np.linspace(0.01, 1, 100)}),
    Figure(pay, {"scale": np.linspace(0, 3, 61), "cats in 100": CATS}),
]
