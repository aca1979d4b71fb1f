"""The accuracy ladder: every rung's recipe, run on one thread. `make ladder` runs them all, in about five CPU-minutes.

What came out is written to `src/softmaxlab/ladder.csv`, and drawn from there as `book/_static/ladder.svg`. The
validation images choose, the test images judge. `ladder.py NAME ...` runs only these and keeps the other rows;
`ladder.py --draw` runs none and draws the picture again, as after a change of colours.
"""

import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1", MKL_NUM_THREADS="1")

import csv
import datetime
import platform
import sys
import time
from pathlib import Path
from typing import NamedTuple

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np

from softmaxlab import plots
from softmaxlab.data import Digits, load_mnist
from softmaxlab.results import LADDER, Rung, load_ladder
from softmaxlab.scratch import (
    SGD,
    Adam,
    Decay,
    accuracy,
    dropout,
    gradient,
    he_start,
    minibatches,
    nearest_mean,
    network,
    one_hot,
    score,
    shift,
    train_network,
    train_softmax,
)

PICTURE = Path(__file__).parents[1] / "book" / "_static" / "ladder.svg"


class Recipe(NamedTuple):
    name: str
    chapter: str
    words: str
    learn: object  # training images, seed -> a function: images (n, 784) -> scores (n, 10)
    seeds: int = 1
    all_images: bool = False  # the 5,000 validation images as well


# To learn: from training images and a seed to a function that scores images


def guess(train, seed):
    rng = np.random.default_rng(seed)
    return lambda images: rng.random((len(images), 10))


def with_one(images):
    return np.hstack([images, np.ones((len(images), 1))])


def least_squares(images, targets):
    """As in `one-hot`: the normal equations, 0.001 on their diagonal, 5,000 pictures at a time."""
    gram, sums = 1e-3 * np.eye(785), 0.0
    for start in range(0, len(images), 5_000):
        rows = with_one(images[start : start + 5_000])
        gram += rows.T @ rows
        sums = sums + rows.T @ targets[start : start + 5_000]
    return np.linalg.solve(gram, sums)


def the_digit_itself(train, seed):
    weights = least_squares(train.images, train.labels.astype(float))

    def scores(images):
        number = np.clip(np.rint(with_one(images) @ weights), 0, 9)
        return one_hot(number.astype(int), 10)

    return scores


def mean_images(train, seed):
    weights, bias = nearest_mean(*train)
    return lambda images: score(images, weights, 0 * bias)


def mean_images_with_bias(train, seed):
    weights, bias = nearest_mean(*train)
    return lambda images: score(images, weights, bias)


def one_hot_least_squares(train, seed):
    weights = least_squares(train.images, one_hot(train.labels, 10))
    return lambda images: with_one(images) @ weights


def softmax_regression(train, seed):
    weights, bias = train_softmax(*train, np.random.default_rng(seed))
    return lambda images: score(images, weights, bias)


def softmax_converged(train, seed, passes=60, batch_size=500):
    parameters = [np.zeros((784, 10), np.float32), np.zeros(10, np.float32)]
    steps = passes * (len(train.labels) // batch_size)
    optimizer = Decay(SGD(0.3, 0.9), steps)
    rng = np.random.default_rng(seed)
    for batch in minibatches(len(train.labels), batch_size, steps, rng):
        slopes = gradient(*parameters, train.images[batch], train.labels[batch])
        optimizer.step(parameters, slopes)
    return lambda images: score(images, *parameters)


def hidden_layer(train, seed):
    rng = np.random.default_rng(seed)
    start = he_start(784, 256, 10, rng)
    parameters = train_network(start, *train, rng, Adam())
    return lambda images: network(parameters, images)


def climb(train, rng, passes, change=None):
    model = he_start(784, 800, 10, rng)
    steps = passes * (len(train.labels) // 100)
    slower = Decay(SGD(0.1, momentum=0.9), steps)
    return train_network(model, *train, rng, slower, passes, batch_size=100, change=change)


def drop(images, rng):
    return dropout(images, 0.2, rng)


def wide(train, seed):
    rng = np.random.default_rng(seed)
    start = he_start(784, 800, 10, rng)
    optimizer = SGD(0.1, momentum=0.9)
    parameters = train_network(start, *train, rng, optimizer, 12, 100)
    return lambda images: network(parameters, images)


def wide_decay(train, seed):
    parameters = climb(train, np.random.default_rng(seed), 12)
    return lambda images: network(parameters, images)


def wide_dropout(train, seed):
    parameters = climb(train, np.random.default_rng(seed), 12, drop)
    return lambda images: network(parameters, images)


def wide_shifts(train, seed):
    parameters = climb(train, np.random.default_rng(seed), 15, shift)
    return lambda images: network(parameters, images)


RECIPES = [
    Recipe("guess", "images", "a random digit", guess, seeds=100),
    Recipe("the digit as a number", "one-hot", "least squares on 0 to 9, rounded", the_digit_itself),
    Recipe("mean images", "linear-model", "mean images as weights, no bias", mean_images),
    Recipe("nearest mean image", "linear-model", "the same with the bias -|mean|^2 / 2", mean_images_with_bias),
    Recipe("least squares", "one-hot", "least squares on one-hot rows", one_hot_least_squares),
    Recipe("softmax, 1,000 steps", "digits", "rate 0.5, batches of 64", softmax_regression, seeds=30),
    Recipe("softmax, converged", "digits", "momentum 0.9, rate 0.3 to 0, 60 passes of 500", softmax_converged),
    Recipe("256 hidden units", "hidden-layer", "Adam 0.001, 4 passes of 128", hidden_layer, seeds=5),
    Recipe("800 units", "hidden-layer", "momentum 0.9, rate 0.1, 12 passes of 100", wide),
    Recipe("800, decay", "hidden-layer", "the same, rate 0.1 to 0", wide_decay),
    Recipe("800, decay, dropout", "hidden-layer", "the same, 0.2 of the input dropped", wide_dropout),
    Recipe("800, decay, shifts", "hidden-layer", "no dropout, one-pixel shifts, 15 passes", wide_shifts),
    Recipe("with all 60,000", "hidden-layer", "the same, validation images too", wide_shifts, all_images=True),
]  # fmt: skip


def run(recipe, train, valid, test):
    """The rung of `recipe`, and its accuracies on the validation images."""
    if recipe.all_images:
        train = Digits(*map(np.concatenate, zip(train, valid)))
    found, chosen, seconds = [], [], []
    for seed in range(recipe.seeds):
        start = time.process_time()
        scores = recipe.learn(train, seed)
        seconds.append(time.process_time() - start)
        found.append(accuracy(scores(test.images), test.labels))
        chosen.append(accuracy(scores(valid.images), valid.labels))
    return Rung(
        recipe.name,
        recipe.chapter,
        recipe.words,
        round(float(np.mean(found)), 5),
        recipe.seeds,
        round(float(min(found)), 4),
        round(float(max(found)), 4),
        -1.0 if recipe.all_images else round(float(np.mean(chosen)), 5),
        round(max(seconds), 1),
        datetime.date.today().isoformat(),
        f"NumPy {np.__version__}, Python {platform.python_version()}",
    )


def write(rungs, path=LADDER):
    with open(path, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(Rung._fields)
        table.writerows(rungs)


def draw(path, rungs):
    """The picture of the table; its description holds the numbers."""
    plots.use_style()
    fig, ax = plt.subplots(figsize=(4.8, 4.4))
    plots.ladder(ax, rungs)
    said = "; ".join(f"{rung.name} {100 * rung.accuracy:.1f} %" for rung in rungs)
    fig.savefig(path, metadata={"Date": None, "Description": said})


def main(names):
    if names == ["--draw"]:
        return draw(PICTURE, load_ladder())
    if unknown := set(names) - {recipe.name for recipe in RECIPES}:
        sys.exit(f"expected names of rungs, got {', '.join(sorted(unknown))}")
    splits = load_mnist()
    rungs = {rung.name: rung for rung in load_ladder()} if names else {}
    for recipe in RECIPES:
        if not names or recipe.name in names:
            rung = rungs[recipe.name] = run(recipe, *splits)
            print(
                f"{rung.name:22} test {100 * rung.accuracy:5.2f} % "
                f"({100 * rung.least:.2f} to {100 * rung.most:.2f}, {rung.seeds} seeds), "
                f"validation {100 * rung.validation:5.2f} %, {rung.cpu_seconds} CPU-s",
                flush=True,
            )
    write([rungs[recipe.name] for recipe in RECIPES if recipe.name in rungs])
    draw(PICTURE, load_ladder())


if __name__ == "__main__":
    main(sys.argv[1:])
