"""What the figures of chapter 3 ought to show: `FIGURES`, in the order of the page (see `pictures.Figure`)."""

import numpy as np
from pictures import Figure

from softmaxlab.scratch import entropy, softmax

SCORES = np.array([3.0, 1.0, 0.2])


def stretch(scale, shift):
    logits = scale * SCORES + shift
    return np.array([logits, softmax(logits)])


def move_cat(cat_score, scale):
    return softmax(scale * np.array([cat_score, 1.0, 0.2]))


def spread(*at):
    return [entropy(stretch(*at)[1])]


SCALES = np.linspace(0, 10, 101)
FEW_SCALES = np.array([0.1, 0.2, 0.5, 1, 2, 5, 10])

FIGURES = [
    Figure(stretch, {"scale": SCALES, "shift": np.linspace(-20, 20, 11)}, spread),
    Figure(move_cat, {"cat score": np.linspace(-2, 6, 81), "scale": FEW_SCALES}),
]
