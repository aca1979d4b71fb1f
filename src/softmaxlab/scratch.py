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
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


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


@checked
def minibatches(count, batch_size, steps, rng):
    """Yield `steps` arrays of `batch_size` row numbers: `count` rows shuffled, dealt out, shuffled again."""
    for step in range(steps):
        start = step * batch_size % (count - count % batch_size)
        if start == 0:
            order = rng.permutation(count)
        yield order[start : start + batch_size]


@checked
def train_softmax(
    images, labels, rng, steps=1000, batch_size=64, learning_rate=0.5
):
    """Softmax regression by gradient descent from zero: `weights` (d, k) and `bias` (k,), k - 1 the largest label."""
    weights = np.zeros((images.shape[1], labels.max() + 1), images.dtype)
    bias = np.zeros(weights.shape[1], images.dtype)
    for batch in minibatches(len(labels), batch_size, steps, rng):
        slopes = gradient(weights, bias, images[batch], labels[batch])
        weights -= learning_rate * slopes[0]
        bias -= learning_rate * slopes[1]
    return weights, bias


# What the names of the arguments promise (see `checked`)


def _check(
    *,
    logits=None,
    probs=None,
    labels=None,
    images=None,
    weights=None,
    bias=None,
    classes=None,
    count=None,
    batch_size=None,
    **_,
):
    rows = None
    for name, scores in (("logits", logits), ("probs", probs)):
        if scores is not None:
            rows, classes = _check_scores(name, np.asarray(scores))
    if probs is not None:
        least, sums = np.min(probs), np.sum(probs, axis=-1)
        if least < 0 or np.abs(sums - 1).max() > 1e-3:
            came = f"least {least}, sums {np.min(sums)} to {np.max(sums)}"
            _refuse("probs", "rows that sum to 1, none below 0", came)
    if weights is not None:
        if np.ndim(weights) != 2:
            _refuse("weights", "shape (d, k)", f"shape {np.shape(weights)}")
        inputs, classes = np.shape(weights)
        fit = f"to fit weights {(inputs, classes)}"
        rows = len(images)
        if np.ndim(images) != 2 or np.shape(images)[1] != inputs or rows == 0:
            expected = f"shape (n, {inputs}) {fit}, n at least 1"
            _refuse("images", expected, f"shape {np.shape(images)}")
        if np.shape(bias) != (classes,):
            _refuse(
                "bias", f"shape ({classes},) {fit}", f"shape {np.shape(bias)}"
            )
    if images is not None:
        rows = len(images)
    if labels is not None:
        _check_labels(np.asarray(labels), rows, classes)
    rows = rows if count is None else count
    if batch_size is not None and not 1 <= batch_size <= rows:
        _refuse("batch_size", f"1 to {rows}, the number of rows", batch_size)


def _check_scores(name, scores):
    if scores.ndim not in (1, 2) or scores.size == 0:
        expected = "shape (k,) or (n, k), n and k at least 1"
        _refuse(name, expected, f"shape {scores.shape}")
    if scores.dtype.kind not in "iuf":
        _refuse(name, "numbers", scores.dtype)
    if not np.isfinite(scores).all():
        _refuse(name, "finite numbers", scores[~np.isfinite(scores)][0])
    return scores.shape if scores.ndim == 2 else (1, scores.size)


def _check_labels(labels, rows, classes):
    if (
        labels.ndim != 1
        or len(labels) == 0
        or len(labels) != (rows or len(labels))
    ):
        expected = (
            f"shape ({rows or 'n'},), one label for each row, at least one"
        )
        _refuse("labels", expected, f"shape {labels.shape}")
    if labels.dtype.kind not in "iu":
        _refuse("labels", "integers", labels.dtype)
    if classes is None:
        classes = max(labels.max(), 0) + 1
    if not isinstance(classes, (int, np.integer)) or classes < 1:
        _refuse("classes", "a whole number, at least 1", classes)
    if labels.min() < 0 or labels.max() >= classes:
        came = f"{labels.min()} to {labels.max()}"
        _refuse("labels", f"0 to {classes - 1}", came)


def _refuse(name, expected, came):
    raise ValueError(f"{name}: expected {expected}; came {came}.")
