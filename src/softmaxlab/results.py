"""What was measured beforehand: the accuracy ladder, and how long a step takes that workers share.

`make ladder` writes the one, by the recipes in `tools/ladder.py`, and `benchmarks/sharing.py` the other.
"""

import csv
from pathlib import Path
from typing import NamedTuple

LADDER = Path(__file__).with_name("ladder.csv")
SHARING = Path(__file__).with_name("sharing.csv")


class Rung(NamedTuple):
    """One recipe, run on one thread."""

    name: str
    chapter: str  # that teaches it: the name of its file
    recipe: str
    accuracy: float  # 0 to 1, on the test images, the mean of
    seeds: int  # so many runs with the seeds 0, 1, ...
    least: float
    most: float
    validation: float  # mean accuracy on the validation images; -1 if it learned from them
    cpu_seconds: float  # of the longest training
    date: str
    versions: str


def load_ladder(path=LADDER):
    """The rungs of the accuracy ladder, a list of `Rung`, the lowest first."""
    with open(path, encoding="utf-8", newline="") as file:
        return [_rung(row) for row in csv.DictReader(file)]


def _rung(row):
    numbers = {name: float(row[name]) for name in ("accuracy", "least", "most", "validation")}
    return Rung(**row | numbers | {"seeds": int(row["seeds"]), "cpu_seconds": float(row["cpu_seconds"])})


class Step(NamedTuple):
    """One step of training, the least time of some tries."""

    hidden_units: int  # 0 is softmax regression
    workers: int  # that shared the batch; 0 is the plain loop, in one process
    batch_size: int
    milliseconds: float
    tries: int
    date: str
    machine: str  # its processor, how many cores, and how busy it was before


def load_sharing(path=SHARING):
    """The steps that were measured, a list of `Step`."""
    with open(path, encoding="utf-8", newline="") as file:
        return [_step(row) for row in csv.DictReader(file)]


def _step(row):
    counts = {name: int(row[name]) for name in ("hidden_units", "workers", "batch_size", "tries")}
    return Step(**row | counts | {"milliseconds": float(row["milliseconds"])})
