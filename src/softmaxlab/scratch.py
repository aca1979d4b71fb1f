"""Softmax classification from scratch: every function as the chapters teach it, in their order.

Shapes: n rows (images), d numbers in a row (pixels), k classes, h hidden units. The line above a function says what it
asks of its arguments (see `checks`).
"""

import numpy as np

from softmaxlab.checks import (
    GENERATOR,
    OPTIMIZER,
    STEADY,
    Array,
    Arrays,
    Function,
    Labels,
    Layers,
    Number,
    Parts,
    Probabilities,
    Sizes,
    Whole,
    checked,
)

# The linear model: score every class


@checked(images=Array("n d"), weights=Array("d k"), bias=Array("k"))
def score(images, weights, bias):
    """Score of every class for `images` (n, d), by `weights` (d, k) and `bias` (k,): (n, k), of any size and sign."""
    # (n, d) @ (d, k) + (k,) -> (n, k)
    return images @ weights + bias


@checked(scores=Array("n k"), labels=Labels("n", below="k"))
def accuracy(scores, labels):
    """Share, 0 to 1, of the rows of `scores` (n, k) whose largest, of equals the first, is at `labels` (n,)."""
    return (scores.argmax(axis=1) == labels).mean()


@checked(images=Array("n d"), labels=Labels("n"))
def nearest_mean(images, labels):
    """`weights` (d, k) and `bias` (k,) whose largest score names the nearest mean image; nan if a class has none."""
    digits = range(labels.max() + 1)
    columns = [images[labels == digit].mean(axis=0) for digit in digits]
    weights = np.stack(columns, axis=1)  # ten of (d,) -> (d, 10)
    bias = -0.5 * (weights**2).sum(axis=0)  # (10,)
    return weights, bias


# Softmax: turn scores into probabilities


@checked(logits=Array("k", "n k"))
def softmax(logits):
    """Probabilities of `logits` (k,) or (n, k): none below 0, the sum of each row 1.

    Goodfellow et al. 2016, section 4.1.
    """
    # exp(1000) overflows, exp(0) does not
    exps = np.exp(logits - np.max(logits, axis=-1, keepdims=True))
    return exps / exps.sum(axis=-1, keepdims=True)


@checked(logits=Array("k", "n k"))
def log_sum_exp(logits):
    """log(sum(exp(row))) of `logits` (k,) or (n, k), without overflow: a number, or (n,)."""
    largest = np.max(logits, axis=-1, keepdims=True)
    exps = np.exp(logits - largest)
    return np.squeeze(largest, axis=-1) + np.log(exps.sum(axis=-1))


@checked(logits=Array("k", "n k"))
def log_softmax(logits):
    """log(softmax(logits)) of `logits` (k,) or (n, k), finite even where the probability is too small to hold."""
    shifted = logits - np.max(logits, axis=-1, keepdims=True)
    return shifted - np.log(np.exp(shifted).sum(axis=-1, keepdims=True))


@checked(probs=Probabilities("k", "n k"))
def entropy(probs):
    """Entropy of `probs` (k,) or (n, k) in nats, 0 (certain) to log(k) (even). Shannon 1948, section 6."""
    # 0 log 0 counts as 0
    logs = np.log(np.where(np.greater(probs, 0), probs, 1))
    return 0 - (probs * logs).sum(axis=-1)


# One-hot: write the answer as a vector


@checked(classes=Whole(1, length="k"), labels=Labels("n", below="k"))
def one_hot(labels, classes):
    """`labels` (n,) as rows of `classes` numbers (n, k): 1 at the label, 0 elsewhere, float32."""
    encoded = np.zeros((len(labels), classes), dtype=np.float32)
    encoded[np.arange(len(labels)), labels] = 1
    return encoded


# Cross-entropy: measure how wrong


@checked(logits=Array("n k"), labels=Labels("n", below="k"))
def cross_entropy(logits, labels):
    """Mean cross-entropy of softmax(`logits`) (n, k) against integer `labels` (n,), in nats."""
    return -log_softmax(logits)[np.arange(len(labels)), labels].mean()


# Gradient descent: walk downhill


@checked(
    start=Array("d"),
    slope=Function(gives="d", finite=False),
    learning_rate=Number(),
    steps=Whole(0),
    momentum=Number(least=0, below=1),
)
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


@checked(function=Function(gives=""), point=Array("..."), width=Number(above=0))
def numerical_gradient(function, point, width=1e-5):
    """Slopes of `function` (array -> number) at `point`, any shape, by central differences: the shape of `point`."""
    slopes = np.zeros(point.shape)
    for place in np.ndindex(point.shape):
        step = np.zeros(point.shape)
        step[place] = width
        rise = function(point + step) - function(point - step)
        slopes[place] = rise / (2 * width)
    return slopes


@checked(ours=Array("..."), theirs=Array("..."))
def relative_error(ours, theirs):
    """Largest difference of two arrays, as a share of the largest number in them: 0 if equal, up to 2."""
    largest = max(np.abs(ours).max(), np.abs(theirs).max())
    return np.abs(ours - theirs).max() / largest if largest else 0.0


@checked(weights=Array("d k"), bias=Array("k"), images=Array("n d"), labels=Labels("n", below="k"))
def gradient(weights, bias, images, labels):
    """Slopes of the mean cross-entropy: with respect to `weights` (d, k) and `bias` (k,)."""
    # (n, d) @ (d, k) + (k,) -> (n, k)
    probs = softmax(images @ weights + bias)
    errors = (probs - one_hot(labels, len(bias))) / len(labels)
    d_weights = images.T @ errors  # (d, n) @ (n, k) -> (d, k)
    d_bias = errors.sum(axis=0)
    return d_weights, d_bias


# Softmax regression: read handwriting


@checked(count=Whole(1, length="n"), batch_size=Whole(1, most="n"), steps=Whole(0), rng=GENERATOR)
def minibatches(count, batch_size, steps, rng):
    """Yield `steps` arrays of `batch_size` row numbers: `count` rows shuffled, dealt out, shuffled again."""
    for step in range(steps):
        start = step * batch_size % (count - count % batch_size)
        if start == 0:
            order = rng.permutation(count)
        yield order[start : start + batch_size]


@checked(
    images=Array("n d"),
    labels=Labels("n"),
    rng=GENERATOR,
    steps=Whole(0),
    batch_size=Whole(1, most="n"),
    learning_rate=Number(),
)
def train_softmax(images, labels, rng, steps=1000, batch_size=64, learning_rate=0.5):
    """Softmax regression by gradient descent from zero: `weights` (d, k) and `bias` (k,), k - 1 the largest label."""
    weights = np.zeros((images.shape[1], labels.max() + 1), images.dtype)
    bias = np.zeros(weights.shape[1], images.dtype)
    for batch in minibatches(len(labels), batch_size, steps, rng):
        slopes = gradient(weights, bias, images[batch], labels[batch])
        weights -= learning_rate * slopes[0]
        bias -= learning_rate * slopes[1]
    return weights, bias


@checked(probs=Probabilities("n k"), labels=Labels("n", below="k"), bins=Whole(1))
def calibration(probs, labels, bins=10):
    """Mean confidence, accuracy and share of the rows, each (bins,), in `bins` ranges of confidence, nan if empty."""
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


@checked(probs=Probabilities("n k"), labels=Labels("n", below="k"), bins=Whole(1))
def calibration_error(probs, labels, bins=10):
    """Mean distance, 0 to 1, of confidence from accuracy over the ranges, by their shares.

    Guo et al. 2017, section 2.
    """
    confidence, right, share = calibration(probs, labels, bins)
    return np.nansum(share * np.abs(confidence - right))


@checked(logits=Array("n k"), labels=Labels("n", below="k"))
def fit_temperature(logits, labels):
    """The temperature, of 0.1 to 10 in steps of 1 %, that gives logits / temperature the least cross-entropy."""
    temperatures = np.exp(np.arange(np.log(0.1), np.log(10), 0.01))
    losses = [cross_entropy(logits / t, labels) for t in temperatures]
    return temperatures[np.argmin(losses)]


# The hidden layer: add a hidden layer


@checked(pixels=Whole(1), units=Whole(1), classes=Whole(1), rng=GENERATOR)
def he_start(pixels, units, classes, rng):
    """Random `[W1, b1, W2, b2]`, float32, for `network`, of spreads that keep the numbers' size.

    He et al. 2015, section 2.2.
    """
    W1 = rng.normal(0, np.sqrt(2 / pixels), (pixels, units))
    W2 = rng.normal(0, np.sqrt(2 / units), (units, classes))
    parameters = [W1, np.zeros(units), W2, np.zeros(classes)]
    return [p.astype(np.float32) for p in parameters]


@checked(parameters=Layers(), images=Array("n d"))
def network(parameters, images):
    """Logits (n, k) of `images` (n, d) by one hidden layer of ReLU, `parameters` being `[W1, b1, W2, b2]`."""
    W1, b1, W2, b2 = parameters
    hidden = np.maximum(images @ W1 + b1, 0)  # (n, d) -> (n, h)
    return hidden @ W2 + b2  # (n, h) -> (n, k)


@checked(parameters=Layers(), images=Array("n d"), labels=Labels("n", below="k"))
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

    @checked(learning_rate=Number(), momentum=Number(least=0, below=1))
    def __init__(self, learning_rate, momentum=0.0):
        self.learning_rate = learning_rate
        self.momentum = momentum
        self.velocities = None

    @checked(parameters=Arrays(), slopes=Arrays(like="parameters"))
    def step(self, parameters, slopes):
        if self.velocities is None:
            self.velocities = [np.zeros_like(p) for p in parameters]
        for p, slope, v in zip(parameters, slopes, self.velocities):
            v *= self.momentum
            v -= self.learning_rate * slope
            p += v


class Adam:
    """Steps of about `learning_rate` in each parameter, in place, whatever its slopes' size.

    Kingma and Ba 2015, algorithm 1.
    """

    @checked(learning_rate=Number())
    def __init__(self, learning_rate=0.001):
        self.learning_rate = learning_rate
        self.steps = 0

    @checked(parameters=Arrays(), slopes=Arrays(like="parameters"))
    def step(self, parameters, slopes):
        if self.steps == 0:
            self.means = [np.zeros_like(p) for p in parameters]
            self.squares = [np.zeros_like(p) for p in parameters]
        self.steps += 1
        correction = (1 - 0.999**self.steps) ** 0.5 / (1 - 0.9**self.steps)
        for p, slope, m, s in zip(parameters, slopes, self.means, self.squares):
            m += 0.1 * (slope - m)
            s += 0.001 * (slope * slope - s)
            p -= self.learning_rate * correction * m / (np.sqrt(s) + 1e-7)


@checked(images=Array("n d"), share=Number(least=0, below=1), rng=GENERATOR)
def dropout(images, share, rng):
    """`images` with a random `share` (0 to 1) of the numbers set to 0, the others raised so that the mean stays."""
    kept = rng.random(images.shape, dtype=np.float32) >= share
    return images * kept / (1 - share)


@checked(digits=Array("n 784"), rng=GENERATOR)
def shift(digits, rng):
    """`digits` (n, 784), all moved by the same -1, 0 or 1 pixels down and right; what leaves comes in opposite."""
    squares = digits.reshape(-1, 28, 28)
    moved = np.roll(squares, rng.integers(-1, 2, size=2), axis=(1, 2))
    return moved.reshape(-1, 784)


class Decay:
    """`optimizer` with a learning rate that falls to 0 in `steps` steps, along a cosine. Loshchilov and Hutter 2017."""

    @checked(optimizer=STEADY, steps=Whole(1))
    def __init__(self, optimizer, steps):
        self.optimizer = optimizer
        self.full_rate = optimizer.learning_rate
        self.steps = steps
        self.taken = 0

    @checked(parameters=Arrays(), slopes=Arrays(like="parameters"))
    def step(self, parameters, slopes):
        share = (1 + np.cos(np.pi * self.taken / self.steps)) / 2
        self.optimizer.learning_rate = self.full_rate * float(share)
        self.optimizer.step(parameters, slopes)
        self.taken += 1


@checked(
    model=Layers(),
    images=Array("n d"),
    labels=Labels("n", below="k"),
    rng=GENERATOR,
    optimizer=OPTIMIZER,
    passes=Whole(0),
    batch_size=Whole(1, most="n"),
    change=Function(gives="...", optional=True),
)
def train_network(model, images, labels, rng, optimizer, passes=4, batch_size=128, change=None):
    """A trained copy of `model`, the parameters of `network`.

    `change(images, rng)`, if given, prepares each batch, as `dropout` and `shift` do.
    """
    parameters = [p.copy() for p in model]
    steps = passes * (len(labels) // batch_size)
    for batch in minibatches(len(labels), batch_size, steps, rng):
        seen = change(images[batch], rng) if change else images[batch]
        slopes = backpropagate(parameters, seen, labels[batch])
        optimizer.step(parameters, slopes)
    return parameters


# Many machines: share the sum


@checked(slopes=Parts("parts"), sizes=Sizes("parts"))
def mean_of_parts(slopes, sizes):
    """The gradient of a whole, `(d_weights, d_bias)`, from `slopes`, those of its parts, of `sizes` rows each."""
    d_weights, d_bias = 0.0, 0.0
    for part, size in zip(slopes, sizes):
        share = size / sum(sizes)
        d_weights = d_weights + share * part[0]
        d_bias = d_bias + share * part[1]
    return d_weights, d_bias
