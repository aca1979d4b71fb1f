"""Softmax classification from scratch: every function as the chapters teach it, in their order.

Shapes: n rows (images), d numbers in a row (pixels), k classes.
"""

import functools
import inspect

import numpy as np


def checked(function):
    """Hold the arguments of `function` to what their names promise: at the end of this file.

    Lists and integers become arrays of floats; a broken promise is a `ValueError` that says what came.
    """
    parameters = inspect.signature(function).parameters
    defaults = {name: p.default for name, p in parameters.items() if p.default is not p.empty}

    @functools.wraps(function)
    def call(*args, **kwargs):
        given = defaults | dict(zip(parameters, args)) | kwargs
        if given.keys() != parameters.keys() or len(args) > len(parameters):
            return function(*args, **kwargs)  # Python says what is wrong
        return function(**_check(**given))

    return call


# Chapter 2: score every class


@checked
def score(images, weights, bias):
    """Score of every class for `images` (n, d), by `weights` (d, k) and `bias` (k,): (n, k), of any size and sign."""
    # (n, d) @ (d, k) + (k,) -> (n, k)
    return images @ weights + bias


@checked
def accuracy(scores, labels):
    """Share, 0 to 1, of the rows of `scores` (n, k) whose largest is at the integer `labels` (n,); of equals the first counts."""
    return (scores.argmax(axis=1) == labels).mean()


@checked
def nearest_mean(images, labels):
    """`weights` (d, k) and `bias` (k,) whose largest score is the class of the nearest mean image; nan if a class has none."""
    digits = range(labels.max() + 1)
    columns = [images[labels == digit].mean(axis=0) for digit in digits]
    weights = np.stack(columns, axis=1)  # ten of (d,) -> (d, 10)
    bias = -0.5 * (weights**2).sum(axis=0)  # (10,)
    return weights, bias


# Chapter 3: turn scores into probabilities


@checked
def softmax(logits):
    """Probabilities of `logits` (k,) or (n, k): none below 0, the sum of each row 1. Goodfellow et al. 2016, section 4.1."""
    # exp(1000) overflows, exp(0) does not
    exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


@checked
def log_sum_exp(logits):
    """log(sum(exp(row))) of `logits` (k,) or (n, k), without overflow: a number, or (n,)."""
    largest = np.max(logits, axis=-1, keepdims=True)
    exps = np.exp(logits - largest)
    return np.squeeze(largest, axis=-1) + np.log(exps.sum(axis=-1))


@checked
def log_softmax(logits):
    """log(softmax(logits)) of `logits` (k,) or (n, k), finite even where the probability is too small to hold."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@checked
def entropy(probs):
    """Entropy of `probs` (k,) or (n, k) in nats, 0 (certain) to log(k) (even). Shannon 1948, section 6."""
    # 0 log 0 counts as 0
    logs = np.log(np.where(np.greater(probs, 0), probs, 1))
    return 0 - (probs * logs).sum(axis=-1)


# Chapter 4: write the answer as a vector


@checked
def one_hot(labels, classes):
    """`labels` (n,) as rows of `classes` numbers (n, k): 1 at the label, 0 elsewhere, float32."""
    encoded = np.zeros((len(labels), classes), dtype=np.float32)
    encoded[np.arange(len(labels)), labels] = 1
    return encoded


# Chapter 5: measure how wrong


@checked
def cross_entropy(logits, labels):
    """Mean cross-entropy of softmax(`logits`) (n, k) against integer `labels` (n,), in nats."""
    return -log_softmax(logits)[np.arange(len(labels)), labels].mean()


# Chapter 6: walk downhill


@checked
def gradient(weights, bias, images, labels):
    """Slopes of the mean cross-entropy: with respect to `weights` (d, k) and `bias` (k,)."""
    # (n, d) @ (d, k) + (k,) -> (n, k)
    probs = softmax(images @ weights + bias)
    errors = (probs - one_hot(labels, len(bias))) / len(labels)
    d_weights = images.T @ errors  # (d, n) @ (n, k) -> (d, k)
    d_bias = errors.sum(axis=0)
    return d_weights, d_bias


# Chapter 7: read handwriting


@checked
def minibatches(count, batch_size, steps, rng):
    """Yield `steps` arrays of `batch_size` row numbers: `count` rows shuffled, dealt out, shuffled again."""
    for step in range(steps):
        start = step * batch_size % (count - count % batch_size)
        if start == 0:
            order = rng.permutation(count)
        yield order[start : start + batch_size]


@checked
def train_softmax(images, labels, rng, steps=1000, batch_size=64, learning_rate=0.5):
    """Softmax regression by gradient descent from zero: `weights` (d, k) and `bias` (k,), k - 1 the largest label."""
    weights = np.zeros((images.shape[1], labels.max() + 1), images.dtype)
    bias = np.zeros(weights.shape[1], images.dtype)
    for batch in minibatches(len(labels), batch_size, steps, rng):
        slopes = gradient(weights, bias, images[batch], labels[batch])
        weights -= learning_rate * slopes[0]
        bias -= learning_rate * slopes[1]
    return weights, bias


# What the names of the arguments promise (see `checked`)

ARRAYS = {  # name: shape, numbers of axes
    "logits": ("(k,) or (n, k)", (1, 2)),
    "probs": ("(k,) or (n, k)", (1, 2)),
    "scores": ("(n, k)", (2,)),
    "labels": ("(n,)", (1,)),
    "images": ("(n, d)", (2,)),
    "weights": ("(d, k)", (2,)),
    "bias": ("(k,)", (1,)),
}
WHOLE = {"classes": 1, "count": 1, "batch_size": 1, "steps": 0}  # name: least


def _check(**given):
    """`given`, its arrays as arrays; `ValueError` unless each fits its name, and all fit one another."""
    for name, came in given.items():
        if name in ARRAYS:
            given[name] = _array(name, came)
        elif name in WHOLE:
            _whole(name, came, WHOLE[name])
    if not isinstance(given.get("learning_rate", 0.0), (int, float)):
        _refuse("learning_rate", "a number", repr(given["learning_rate"]))
    if not hasattr(given.get("rng", np.random), "permutation"):
        _refuse("rng", "np.random.default_rng(seed)", repr(given["rng"]))

    scores = given.get("scores", given.get("logits", given.get("probs")))
    images, weights = given.get("images"), given.get("weights")
    rows, classes = given.get("count"), given.get("classes")
    if scores is not None:
        rows, classes = (1, *scores.shape)[-2:]
    if "probs" in given:
        sums = scores.sum(axis=-1)
        if scores.min() < 0 or np.abs(sums - 1).max() > 1e-3:
            came = f"least {scores.min()}, sums {sums.min()} to {sums.max()}"
            _refuse("probs", "rows that sum to 1, none below 0", came)
    if weights is not None:
        classes = weights.shape[1]
        fit = f"to fit weights {weights.shape}"
        if images.shape[1] != len(weights):
            expected = f"shape (n, {len(weights)}) {fit}"
            _refuse("images", expected, f"shape {images.shape}")
        if len(given["bias"]) != classes:
            came = f"shape {given['bias'].shape}"
            _refuse("bias", f"shape ({classes},) {fit}", came)
    if images is not None:
        rows = len(images)
    if "labels" in given:
        _labels(given["labels"], scores, rows, classes)
    if given.get("batch_size", 1) > (rows or 1):
        expected = f"1 to {rows}, the number of rows"
        _refuse("batch_size", expected, given["batch_size"])
    return given


def _array(name, came):
    try:
        array = np.asarray(came)
    except ValueError:
        _refuse(name, "an array of numbers", "rows of different lengths")
    if array.dtype.kind not in "iuf":
        _refuse(name, "numbers", f"{came!r:.40}")
    shape, axes = ARRAYS[name]
    if array.ndim not in axes or array.size == 0:
        _refuse(name, f"shape {shape}, none of them 0", f"shape {array.shape}")
    if name == "labels":
        return array
    if name in ("logits", "probs", "scores") and not np.isfinite(array).all():
        _refuse(name, "finite numbers", array[~np.isfinite(array)][0])
    return array if array.dtype.kind == "f" else array.astype(float)


def _whole(name, came, least):
    whole = isinstance(came, (int, np.integer)) and not isinstance(came, bool)
    if not whole or came < least:
        _refuse(name, f"a whole number, at least {least}", repr(came))


def _labels(labels, scores, rows, classes):
    if scores is not None and scores.ndim == 1:
        _refuse(
            "logits",
            "shape (n, k), a row for each label",
            f"shape {scores.shape}",
        )
    if rows is not None and len(labels) != rows:
        expected = f"shape ({rows},), one label for each row"
        _refuse("labels", expected, f"shape {labels.shape}")
    if labels.dtype.kind not in "iu":
        _refuse("labels", "integers", labels.dtype)
    most = int(labels.max()) if classes is None else classes - 1
    negative = labels.dtype.kind == "i" and labels.min() < 0
    if negative or labels.max() > most:
        came = f"{labels.min()} to {labels.max()}"
        _refuse("labels", f"0 to {max(most, 0)}", came)


def _refuse(name, expected, came):
    raise ValueError(f"{name}: expected {expected}; came {came}.")
