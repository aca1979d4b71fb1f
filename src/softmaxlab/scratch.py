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


# The linear model: score every class


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


# Softmax: turn scores into probabilities


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


# One-hot: write the answer as a vector


@checked
def one_hot(labels, classes):
    """`labels` (n,) as rows of `classes` numbers (n, k): 1 at the label, 0 elsewhere, float32."""
    encoded = np.zeros((len(labels), classes), dtype=np.float32)
    encoded[np.arange(len(labels)), labels] = 1
    return encoded


# Cross-entropy: measure how wrong


@checked
def cross_entropy(logits, labels):
    """Mean cross-entropy of softmax(`logits`) (n, k) against integer `labels` (n,), in nats."""
    return -log_softmax(logits)[np.arange(len(labels)), labels].mean()


# Gradient descent: walk downhill


@checked
def descend(slope, start, learning_rate, steps, momentum=0.0):
    """The way down from `start` (d,): `steps` steps against `slope`, a function of a point (d,); (steps + 1, d)."""
    point = np.array(start, dtype=float)
    velocity = np.zeros(len(point))
    path = [point]
    for _ in range(steps):
        velocity = momentum * velocity - learning_rate * slope(point)
        point = point + velocity
        path.append(point)
    return np.array(path)


@checked
def numerical_gradient(function, point, width=1e-5):
    """Slopes of `function` (array -> number) at `point`, any shape, by central differences: the shape of `point`."""
    slopes = np.zeros(point.shape)
    for place in np.ndindex(point.shape):
        step = np.zeros(point.shape)
        step[place] = width
        rise = function(point + step) - function(point - step)
        slopes[place] = rise / (2 * width)
    return slopes


@checked
def relative_error(ours, theirs):
    """Largest difference of two arrays, as a share of the largest number in them: 0 if equal, up to 2."""
    largest = max(np.abs(ours).max(), np.abs(theirs).max())
    return np.abs(ours - theirs).max() / largest if largest else 0.0


@checked
def gradient(weights, bias, images, labels):
    """Slopes of the mean cross-entropy: with respect to `weights` (d, k) and `bias` (k,)."""
    # (n, d) @ (d, k) + (k,) -> (n, k)
    probs = softmax(images @ weights + bias)
    errors = (probs - one_hot(labels, len(bias))) / len(labels)
    d_weights = images.T @ errors  # (d, n) @ (n, k) -> (d, k)
    d_bias = errors.sum(axis=0)
    return d_weights, d_bias


# Softmax regression: read handwriting


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


@checked
def calibration(probs, labels, bins=10):
    """Per range of confidence, `bins` of them: mean confidence, accuracy, share of the rows; each (bins,), nan where empty."""
    confidence = probs.max(axis=1)  # (n,)
    right = probs.argmax(axis=1) == labels
    ranges = np.minimum((confidence * bins).astype(int), bins - 1)
    found = np.full((3, bins), np.nan)
    for number in range(bins):
        inside = ranges == number
        found[2, number] = inside.mean()
        if inside.any():
            found[0, number] = confidence[inside].mean()
            found[1, number] = right[inside].mean()
    return found


@checked
def calibration_error(probs, labels, bins=10):
    """Mean distance, 0 to 1, of confidence from accuracy over the ranges, by their shares. Guo et al. 2017, section 2."""
    confidence, right, share = calibration(probs, labels, bins)
    return np.nansum(share * np.abs(confidence - right))


@checked
def fit_temperature(logits, labels):
    """The temperature, of 0.1 to 10 in steps of 1 %, whose softmax(logits / temperature) has the least cross-entropy."""
    temperatures = np.exp(np.arange(np.log(0.1), np.log(10), 0.01))
    losses = [cross_entropy(logits / t, labels) for t in temperatures]
    return temperatures[np.argmin(losses)]


# The hidden layer: add a hidden layer


@checked
def he_start(pixels, hidden, classes, rng):
    """Random `[W1, b1, W2, b2]`, float32, for `network`, of spreads that keep the numbers' size. He et al. 2015, section 2.2."""
    W1 = rng.normal(0, np.sqrt(2 / pixels), (pixels, hidden))
    W2 = rng.normal(0, np.sqrt(2 / hidden), (hidden, classes))
    parameters = [W1, np.zeros(hidden), W2, np.zeros(classes)]
    return [p.astype(np.float32) for p in parameters]


@checked
def network(parameters, images):
    """Logits (n, k) of `images` (n, d) by one hidden layer of ReLU, `parameters` being `[W1, b1, W2, b2]`."""
    W1, b1, W2, b2 = parameters
    hidden = np.maximum(images @ W1 + b1, 0)  # (n, d) -> (n, h)
    return hidden @ W2 + b2  # (n, h) -> (n, k)


@checked
def backpropagate(parameters, images, labels):
    """Slopes of the mean cross-entropy of `network`, one array for each of `parameters`. Rumelhart et al. 1986."""
    W1, b1, W2, b2 = parameters
    before = images @ W1 + b1
    hidden = np.maximum(before, 0)
    logits = hidden @ W2 + b2
    d_logits = (softmax(logits) - one_hot(labels, len(b2))) / len(labels)
    d_W2 = hidden.T @ d_logits  # (h, n) @ (n, k) -> (h, k)
    d_b2 = d_logits.sum(axis=0)
    d_hidden = d_logits @ W2.T  # (n, k) @ (k, h) -> (n, h)
    d_before = d_hidden * (before > 0)
    d_W1 = images.T @ d_before  # (d, n) @ (n, h) -> (d, h)
    d_b1 = d_before.sum(axis=0)
    return [d_W1, d_b1, d_W2, d_b2]


class SGD:
    """Gradient descent, in place, with a velocity that keeps the share `momentum` (0 to 1) of itself at each step."""

    @checked
    def __init__(self, learning_rate, momentum=0.0):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocities = None

    def step(self, parameters, slopes):
        if self.velocities is None:
            self.velocities = [np.zeros_like(p) for p in parameters]
        for p, slope, v in zip(parameters, slopes, self.velocities):
            v *= self.momentum
            v -= self.learning_rate * slope
            p += v


class Adam:
    """Steps of about `learning_rate` in each parameter, in place, whatever its slopes' size. Kingma and Ba 2015, algorithm 1."""

    @checked
    def __init__(self, learning_rate=0.001):
        self.learning_rate = learning_rate
        self.steps = 0

    def step(self, parameters, slopes):
        if self.steps == 0:
            self.means = [np.zeros_like(p) for p in parameters]
            self.squares = [np.zeros_like(p) for p in parameters]
        self.steps += 1
        warm_up = (1 - 0.999**self.steps) ** 0.5 / (1 - 0.9**self.steps)
        for p, slope, m, s in zip(parameters, slopes, self.means, self.squares):
            m += 0.1 * (slope - m)
            s += 0.001 * (slope * slope - s)
            p -= self.learning_rate * warm_up * m / (np.sqrt(s) + 1e-7)


@checked
def dropout(images, share, rng):
    """`images` with a random `share` (0 to 1) of the numbers set to 0, the others raised so that the mean stays."""
    kept = rng.random(images.shape, dtype=np.float32) >= share
    return images * kept / (1 - share)


@checked
def shift(digits, rng):
    """`digits` (n, 784), all moved by the same -1, 0 or 1 pixels down and right; what leaves comes in opposite."""
    squares = digits.reshape(-1, 28, 28)
    moved = np.roll(squares, rng.integers(-1, 2, size=2), axis=(1, 2))
    return moved.reshape(-1, 784)


class Decay:
    """`optimizer` with a learning rate that falls to 0 in `steps` steps, along a cosine. Loshchilov and Hutter 2017."""

    @checked
    def __init__(self, optimizer, steps):
        self.optimizer = optimizer
        self.full_rate = optimizer.learning_rate
        self.steps = steps
        self.taken = 0

    def step(self, parameters, slopes):
        share = (1 + np.cos(np.pi * self.taken / self.steps)) / 2
        self.optimizer.learning_rate = self.full_rate * float(share)
        self.optimizer.step(parameters, slopes)
        self.taken += 1


@checked
def train_network(model, images, labels, rng, optimizer, passes=4, batch_size=128, change=None):
    """A trained copy of `model`, the parameters of `network`; `change(images, rng)`, if given, prepares each batch (see `dropout`, `shift`)."""
    parameters = [p.copy() for p in model]
    steps = passes * (len(labels) // batch_size)
    for batch in minibatches(len(labels), batch_size, steps, rng):
        seen = change(images[batch], rng) if change else images[batch]
        slopes = backpropagate(parameters, seen, labels[batch])
        optimizer.step(parameters, slopes)
    return parameters


# Many machines: share the sum


@checked
def mean_of_parts(slopes, sizes):
    """The gradient of a whole, `(d_weights, d_bias)`, from `slopes`, those of its parts, and `sizes`, their numbers of rows."""
    d_weights, d_bias = 0.0, 0.0
    for part, size in zip(slopes, sizes):
        share = size / sum(sizes)
        d_weights = d_weights + share * part[0]
        d_bias = d_bias + share * part[1]
    return d_weights, d_bias


# What the names of the arguments promise (see `checked`)

ARRAYS = {  # name: shape, numbers of axes
    "logits": ("(k,) or (n, k)", (1, 2)),
    "probs": ("(k,) or (n, k)", (1, 2)),
    "scores": ("(n, k)", (2,)),
    "labels": ("(n,)", (1,)),
    "images": ("(n, d)", (2,)),
    "digits": ("(n, 784)", (2,)),
    "weights": ("(d, k)", (2,)),
    "bias": ("(k,)", (1,)),
    "start": ("(d,)", (1,)),
    "point": ("any", range(9)),
    "ours": ("any", range(9)),
    "theirs": ("any", range(9)),
}
WHOLE = {  # name: least
    "classes": 1,
    "count": 1,
    "batch_size": 1,
    "steps": 0,
    "passes": 0,
    "bins": 1,
    "pixels": 1,
    "hidden": 1,
}
SHARES = ("share", "momentum")  # 0 or more, less than 1
FUNCTIONS = ("function", "slope", "change")


def _check(**given):
    """`given`, its arrays as arrays; `ValueError` unless each fits its name, and all fit one another."""
    for name, came in given.items():
        if name in ARRAYS:
            given[name] = _array(name, came)
        elif name in WHOLE:
            _whole(name, came, WHOLE[name])
        elif name in SHARES and not 0 <= came < 1:
            _refuse(name, "0 or more, less than 1", repr(came))
        elif name in FUNCTIONS and not callable(came) and (name, came) != ("change", None):
            _refuse(name, "a function", repr(came))
    if not isinstance(given.get("learning_rate", 0.0), (int, float)):
        _refuse("learning_rate", "a number", repr(given["learning_rate"]))
    if not given.get("width", 1) > 0:
        _refuse("width", "a number above 0", repr(given["width"]))
    if not hasattr(given.get("rng", np.random), "permutation"):
        _refuse("rng", "np.random.default_rng(seed)", repr(given["rng"]))
    optimizer = given.get("optimizer", SGD)
    if "optimizer" in given and (isinstance(optimizer, type) or not hasattr(optimizer, "step")):
        _refuse("optimizer", "SGD(...), Adam(...) or the like", repr(optimizer))
    if "sizes" in given:
        _sizes(given)
    if "theirs" in given and given["ours"].shape != given["theirs"].shape:
        _refuse(
            "theirs", f"shape {given['ours'].shape} to fit ours", f"shape {given['theirs'].shape}"
        )

    name = next((name for name in ("scores", "logits", "probs") if name in given), None)
    scores = given.get(name)
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
    for name_of_all in given.keys() & {"parameters", "model"}:
        classes = _parameters(name_of_all, given[name_of_all], images)
    if images is not None:
        rows = len(images)
    if "labels" in given:
        _labels(given["labels"], name, scores, rows, classes)
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
    odd = name == "digits" and array.shape[-1:] != (784,)
    if array.ndim not in axes or array.size == 0 or odd:
        _refuse(name, f"shape {shape}, no axis empty", f"shape {array.shape}")
    if name == "labels":
        return array
    if name in ("logits", "probs", "scores") and not np.isfinite(array).all():
        _refuse(name, "finite numbers", array[~np.isfinite(array)][0])
    return array if array.dtype.kind == "f" else array.astype(float)


def _whole(name, came, least):
    whole = isinstance(came, (int, np.integer)) and not isinstance(came, bool)
    if not whole or came < least:
        _refuse(name, f"a whole number, at least {least}", repr(came))


def _sizes(given):
    """A size for each part, as Python's integers, which keep float32 what it is."""
    slopes, sizes = given["slopes"], [*given["sizes"]]
    if not sizes or len(sizes) != len(slopes):
        _refuse("sizes", f"one for each of {len(slopes)} parts", f"{len(sizes)}")
    for size in sizes:
        _whole("sizes", size, 1)
    given["sizes"] = [int(size) for size in sizes]


def _parameters(name, parameters, images):
    """The number of classes."""
    expected = "[W1 (d, h), b1 (h,), W2 (h, k), b2 (k,)]"
    if not isinstance(parameters, (list, tuple)) or len(parameters) != 4:
        _refuse(name, expected, f"{parameters!r:.40}")
    shapes = [np.shape(p) for p in parameters]
    if [len(shape) for shape in shapes] != [2, 1, 2, 1] or (
        shapes[1] + shapes[3] != (shapes[0][1], shapes[2][1]) or shapes[0][1] != shapes[2][0]
    ):
        _refuse(name, expected, f"shapes {', '.join(map(str, shapes))}")
    if images is not None and images.shape[1] != shapes[0][0]:
        _refuse(
            "images", f"shape (n, {shapes[0][0]}) to fit W1 {shapes[0]}", f"shape {images.shape}"
        )
    return shapes[3][0]


def _labels(labels, name, scores, rows, classes):
    if scores is not None and scores.ndim == 1:
        _refuse(name, "shape (n, k), a row for each label", f"shape {scores.shape}")
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
