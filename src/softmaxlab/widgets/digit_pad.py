"""`DigitPad`: draw a digit, and models read it in the browser. The one figure that computes there."""

import base64
import itertools

import numpy as np
import traitlets

from softmaxlab import plots
from softmaxlab.scratch import network, score, softmax
from softmaxlab.widgets.drawn import Drawn

MOST_SAMPLES = 20
# Matrices travel as whole numbers of -2047 to 2047 in steps of their own for each column, two numbers in three bytes.
# Of the 10,000 test predictions of `train_softmax` and of a hidden layer of 56, 12 bits lose none, 16 (a float16) none,
# 8 lose 3 and 2; 16 would make the pad of these two models larger than 150 kilobytes.
LARGEST = 2047


class DigitPad(Drawn):
    """A pad to draw on, and the probabilities that one or two `models` give to the ten digits, as the line is drawn.

    `models`: {name: [weights (784, 10), bias (10,)] or [W1 (784, h), b1 (h,), W2 (h, 10), b2 (10,)]}.
    `samples` (m, 784), at most 20: images to choose in place of drawing, 0 to 1. A drawing is prepared by `data.centre`.
    Errors: what does not fit is a `ValueError` that says what was expected and what came.
    """

    # ipywidgets 7 would use it in place of the bundle below.
    _ipython_display_ = None

    names = traitlets.List(traitlets.Unicode()).tag(sync=True)  # of the models
    sizes = traitlets.List(traitlets.List(traitlets.Int())).tag(
        sync=True
    )  # numbers in each of their layers, the image first
    counts = traitlets.Bytes().tag(sync=True)  # the matrices of all models, packed
    numbers = traitlets.Bytes().tag(
        sync=True
    )  # float32: for each matrix the steps of its columns, then its bias
    images = traitlets.Bytes().tag(sync=True)  # the samples, a byte for each pixel

    def __init__(self, models, samples):
        models = _models(models)
        counts, numbers = [], []
        for parameters in models.values():
            for matrix, bias in zip(parameters[::2], parameters[1::2]):
                steps = _steps(matrix)
                counts.append(np.round(matrix / steps).astype(int).ravel())
                numbers += [steps, bias]
        super().__init__(
            names=list(models),
            sizes=[[784, *map(len, parameters[1::2])] for parameters in models.values()],
            counts=_pack(np.concatenate(counts)),
            numbers=np.concatenate(numbers).astype("<f4").tobytes(),
            images=np.round(_samples(samples) * 255).astype("u1").tobytes(),
        )

    @property
    def samples(self):
        """The images to choose from, (m, 784) float32."""
        pixels = np.frombuffer(self.images, "u1").reshape(-1, 784)
        return np.divide(pixels, 255, dtype=np.float32)

    @property
    def models(self):
        """The models as the browser has them: {name: arrays}, the matrices in 4,095 steps a column."""
        counts, numbers = _unpack(self.counts), np.frombuffer(self.numbers, "<f4")
        models = {}
        for name, sizes in zip(self.names, self.sizes):
            models[name] = []
            for rows, columns in itertools.pairwise(sizes):
                whole, counts = np.split(counts, [rows * columns])
                steps, bias, numbers = np.split(numbers, [columns, 2 * columns])
                models[name] += [whole.reshape(rows, columns) * steps, bias]
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

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "text/plain": repr(self),
            "image/png": base64.b64encode(self.png()).decode(),
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
        }

    def __repr__(self):
        return f"<DigitPad {', '.join(self.names)}>"


def _steps(matrix):
    """One step for each column of `matrix`, of which its largest number is 2047."""
    steps = (np.abs(matrix).max(axis=0) / LARGEST).astype("<f4")
    return np.where(steps > 0, steps, np.float32(1))


def _pack(counts):
    """Two whole numbers of -2047 to 2047 in three bytes."""
    first, second = (counts & 0xFFF).reshape(-1, 2).T
    pairs = (first | second << 12).astype("<u4")
    return pairs.view("u1").reshape(-1, 4)[:, :3].tobytes()


def _unpack(packed):
    low, middle, high = np.frombuffer(packed, "u1").reshape(-1, 3).T.astype(int)
    pairs = low | middle << 8 | high << 16
    counts = np.stack([pairs & 0xFFF, pairs >> 12], axis=1).ravel()
    return np.where(counts < 2048, counts, counts - 4096)


def _models(models):
    if not isinstance(models, dict) or not 1 <= len(models) <= 2:
        came = f"{len(models)} of them" if isinstance(models, dict) else type(models).__name__
        raise ValueError(f"models: expected one or two, as {{name: arrays}}; came {came}.")
    return {str(name): _parameters(name, parameters) for name, parameters in models.items()}


def _parameters(name, parameters):
    if isinstance(parameters, np.ndarray) or not isinstance(parameters, (list, tuple)):
        came = type(parameters).__name__
        raise ValueError(f"models, {name}: expected a list of 2 or 4 arrays; came {came}.")
    arrays = [np.asarray(p) for p in parameters]
    shapes = [a.shape for a in arrays]
    h = shapes[0][1] if len(shapes) == 4 and len(shapes[0]) == 2 else 0
    if shapes not in ([(784, 10), (10,)], [(784, h), (h,), (h, 10), (10,)]) or 0 in shapes[0]:
        raise ValueError(
            f"models, {name}: expected weights (784, 10), bias (10,) or W1 (784, h), b1 (h,), W2 (h, 10), "
            f"b2 (10,); came {', '.join(map(str, shapes)) or 'none'}."
        )
    for array in arrays:
        if array.dtype.kind not in "iuf" or not np.isfinite(array).all():
            came = "nan or inf" if array.dtype.kind == "f" else array.dtype
            raise ValueError(f"models, {name}: expected finite numbers; came {came}.")
    return arrays


def _samples(samples):
    samples = np.asarray(samples)
    if samples.ndim != 2 or samples.shape[1] != 784 or not 1 <= len(samples) <= MOST_SAMPLES:
        raise ValueError(
            f"samples: expected shape (m, 784), m from 1 to {MOST_SAMPLES}; came shape {samples.shape}."
        )
    if samples.dtype.kind not in "biuf" or not ((samples >= 0) & (samples <= 1)).all():
        came = (
            f"{samples.min():g} to {samples.max():g}"
            if samples.dtype.kind in "biuf"
            else samples.dtype
        )
        raise ValueError(f"samples: expected ink 0 to 1; came {came}.")
    return samples
