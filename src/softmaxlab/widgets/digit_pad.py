"""`DigitPad`: draw a digit, and models read it in the browser. The one figure that computes there."""

import itertools

import matplotlib
import numpy as np
import traitlets
from matplotlib.colors import to_hex

from softmaxlab import plots
from softmaxlab.checks import Array, refuse, shown
from softmaxlab.scratch import network, score, softmax
from softmaxlab.widgets.drawn import Drawn, Hosted
from softmaxlab.widgets.templates import COLOURS

MOST_SAMPLES = 20
LARGEST = float(np.finfo(np.float16).max)


class DigitPad(Hosted, Drawn):
    """A pad to draw on, the probabilities that one or two `models` give to the ten digits while one draws, and why:
    pictures of ink × weight, for two digits of one model, or one of each of two.

    `models`: {name: [weights (784, 10), bias (10,)] or [W1 (784, h), b1 (h,), W2 (h, 10), b2 (10,)]}. They travel as
    float16. `samples` (m, 784), at most 20: images to choose in place of drawing, 0 to 1. A drawing is prepared by
    `data.centre`. `units` also shows the weights of the hidden units of the last model that has some, and which of them
    are on. Errors: what does not fit is a `ValueError` that says what was expected, and what came.
    """

    # The models: names, the numbers in each of their layers, the image first, and all their arrays as float16
    names = traitlets.List(traitlets.Unicode()).tag(sync=True)
    sizes = traitlets.List(traitlets.List(traitlets.Int())).tag(sync=True)
    parameters = traitlets.Bytes().tag(sync=True)
    # The samples, a byte for each pixel
    images = traitlets.Bytes().tag(sync=True)
    colours = traitlets.List(traitlets.Unicode()).tag(sync=True)
    units = traitlets.Bool().tag(sync=True)

    def __init__(self, models, samples, *, units=False):
        models = _models(models)
        if units and all(len(arrays) == 2 for arrays in models.values()):
            refuse("units", "a model with a hidden layer", "none")
        mixed = matplotlib.colormaps["RdBu"](np.linspace(0, 1, COLOURS))
        numbers = [array.ravel() for arrays in models.values() for array in arrays]
        super().__init__(
            names=list(models),
            sizes=[[784, *map(len, arrays[1::2])] for arrays in models.values()],
            parameters=np.concatenate(numbers).astype("<f2").tobytes(),
            images=np.round(_samples(samples) * 255).astype("u1").tobytes(),
            colours=[to_hex(colour) for colour in mixed],
            units=units,
        )

    @property
    def samples(self):
        """The images to choose from, (m, 784) float32."""
        pixels = np.frombuffer(self.images, "u1").reshape(-1, 784)
        return np.divide(pixels, 255, dtype=np.float32)

    @property
    def models(self):
        """The models as the browser has them, to the digits of a float16: {name: arrays}, float32."""
        numbers = np.frombuffer(self.parameters, "<f2").astype("f4")
        models = {}
        for name, sizes in zip(self.names, self.sizes):
            models[name] = []
            for rows, columns in itertools.pairwise(sizes):
                matrix, bias, numbers = np.split(numbers, [rows * columns, (rows + 1) * columns])
                models[name] += [matrix.reshape(rows, columns), bias]
        return models

    def probs(self, images):
        """What each model gives to `images` (n, 784): {name: probabilities (n, 10)}."""
        return {
            name: softmax(score(images, *model) if len(model) == 2 else network(model, images))
            for name, model in self.models.items()
        }

    def plot(self, figure):
        """The first sample, and what the models make of it."""
        image = self.samples[:1]
        widths = [0.6] + [1] * len(self.names)
        axes = figure.subplots(1, len(widths), width_ratios=widths)
        plots.digit(axes[0], image)
        for number, (name, probs) in enumerate(self.probs(image).items()):
            ax = axes[1 + number]
            ax.barh(range(10), probs[0], color=f"C{number}")
            ax.set_yticks(range(10))
            ax.set(xlim=(0, 1), xlabel="probability", title=name)
            ax.invert_yaxis()

    def __repr__(self):
        return f"<DigitPad {', '.join(self.names)}>"


def _models(models):
    if not isinstance(models, dict) or not 1 <= len(models) <= 2:
        got = f"{len(models)} of them" if isinstance(models, dict) else shown(models)
        refuse("models", "one or two, as {name: arrays}", got)
    return {str(name): checked_arrays(f"models, {name}", parameters) for name, parameters in models.items()}


def checked_arrays(title, parameters):
    """The arrays of one model, held to the shapes and numbers they may have; `title` is what an error calls it."""
    if not isinstance(parameters, (list, tuple)) or len(parameters) not in (2, 4):
        got = f"{len(parameters)}" if isinstance(parameters, (list, tuple)) else shown(parameters)
        refuse(title, "a list of 2 or 4 arrays", got)
    sizes = ["784 10", "10"] if len(parameters) == 2 else ["784 h", "h", "h 10", "10"]
    lengths = {}
    arrays = [Array(size)(title, part, lengths) for size, part in zip(sizes, parameters)]
    most = max(np.abs(array).max() for array in arrays)
    if most > LARGEST:
        refuse(title, f"numbers up to {LARGEST:,.0f}, the most of a float16", f"{most:g}")
    return arrays


def _samples(samples):
    samples = Array("m 784")("samples", samples, {})
    if len(samples) > MOST_SAMPLES:
        refuse("samples", f"at most {MOST_SAMPLES}", f"{len(samples)}")
    if samples.min() < 0 or samples.max() > 1:
        refuse("samples", "ink from 0 to 1", f"{samples.min():g} to {samples.max():g}")
    return samples
