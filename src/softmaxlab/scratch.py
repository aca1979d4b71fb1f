"""Softmax classification from scratch: every function as the chapters teach it, in their order.

Shapes: n rows (images), d numbers in a row (pixels), k classes.
"""

import functools
import inspect

import numpy as np


def checked(function):
    """Hold the arguments of `function` to what their names promise; a broken promise is a `ValueError`.

    `logits`: finite, (k,) or (n, k). `probs`: the same, and rows that sum to 1. `labels`: integers 0 to k - 1,
    (n,). `images` (n, d), `weights` (d, k), `bias` (k,). Nothing is empty.
    """
    parameters = inspect.signature(function).parameters
    defaults = {
        name: p.default
        for name, p in parameters.items()
        if p.default is not p.empty
    }

    @functools.wraps(function)
    def call(*args, **kwargs):
        _check(**(defaults | dict(zip(parameters, args)) | kwargs))
        return function(*args, **kwargs)

    return call


def _check(
    *,
    logits=None,
    probs=None,
    labels=None,
    images=None,
    weights=None,
    bias=None,
    classes=None,
    **_,
):
    rows = None
    for name, scores in (("logits", logits), ("probs", probs)):
        if scores is not None:
            scores = np.asarray(scores)
            if scores.ndim not in (1, 2) or scores.size == 0:
                _refuse(
                    name,
                    "shape (k,) or (n, k), n and k at least 1",
                    f"shape {scores.shape}",
                )
            if scores.dtype.kind not in "iuf":
                _refuse(name, "numbers", f"{scores.dtype}")
            if not np.isfinite(scores).all():
                _refuse(name, "finite numbers", scores[~np.isfinite(scores)][0])
            rows, classes = np.atleast_2d(scores).shape
    if probs is not None:
        sums = np.sum(probs, axis=-1)
        if np.min(probs) < 0 or np.abs(sums - 1).max() > 1e-3:
            _refuse(
                "probs",
                "rows that sum to 1, none below 0",
                f"least {np.min(probs)}, sums {sums.min()} to {sums.max()}",
            )
    if weights is not None:
        d, classes = weights.shape
        if images.ndim != 2 or images.shape[1] != d or len(images) == 0:
            _refuse(
                "images",
                f"shape (n, {d}) to fit weights {weights.shape}, n at least 1",
                f"shape {images.shape}",
            )
        if bias.shape != (classes,):
            _refuse(
                "bias",
                f"shape ({classes},) to fit weights {weights.shape}",
                f"shape {bias.shape}",
            )
    if images is not None:
        rows = len(images)
    if labels is not None:
        labels = np.asarray(labels)
        if (
            labels.ndim != 1
            or labels.size == 0
            or (rows is not None and len(labels) != rows)
        ):
            _refuse(
                "labels",
                f"shape ({rows or 'n'},), one label for each row, at least one",
                f"shape {labels.shape}",
            )
        if labels.dtype.kind not in "iu":
            _refuse("labels", "integers", f"{labels.dtype}")
        if labels.min() < 0 or labels.max() >= classes:
            _refuse(
                "labels",
                f"0 to {classes - 1}",
                f"{labels.min()} to {labels.max()}",
            )


def _refuse(name, expected, came):
    raise ValueError(f"{name}: expected {expected}; came {came}.")


# Chapter 3: turn scores into probabilities


@checked
def softmax(logits):
    """Probabilities of `logits` (k,) or (n, k): each row positive, its sum 1. Goodfellow et al. 2016, section 4.1."""
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
    return logits - np.expand_dims(log_sum_exp(logits), -1)


@checked
def entropy(probs):
    """Entropy of `probs` (k,) or (n, k) in nats, 0 (certain) to log(k) (even). Shannon 1948, section 6."""
    # 0 log 0 counts as 0
    logs = np.log(probs, out=np.zeros_like(probs), where=probs > 0)
    return -(probs * logs).sum(axis=-1)


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
    probs = softmax(images @ weights + bias)  # (n, d) @ (d, k) + (k,) -> (n, k)
    errors = probs - one_hot(labels, len(bias))  # p - y, (n, k)
    return images.T @ errors / len(labels), errors.mean(
        axis=0
    )  # (d, n) @ (n, k) -> (d, k)


# Chapter 7: read handwriting


def minibatches(count, batch_size, steps, rng):
    """Yield `steps` arrays of `batch_size` row numbers: `count` rows shuffled, dealt out, shuffled again."""
    if not 1 <= batch_size <= count:
        _refuse("batch_size", f"1 to {count}, the number of rows", batch_size)
    for step in range(steps):
        start = step * batch_size % (count - count % batch_size)
        if start == 0:
            order = rng.permutation(count)
        yield order[start : start + batch_size]


@checked
def train_softmax(
    images,
    labels,
    rng,
    *,
    steps=1000,
    batch_size=64,
    learning_rate=0.5,
    classes=10,
):
    """Softmax regression by gradient descent from zero: `weights` (d, k) and `bias` (k,)."""
    weights = np.zeros((images.shape[1], classes), dtype=images.dtype)
    bias = np.zeros(classes, dtype=images.dtype)
    for batch in minibatches(len(labels), batch_size, steps, rng):
        slopes = gradient(weights, bias, images[batch], labels[batch])
        weights -= learning_rate * slopes[0]
        bias -= learning_rate * slopes[1]
    return weights, bias
