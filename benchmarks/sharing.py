"""Time a step of training, its batch shared among workers of Dask on this machine; see the chapter on many machines.

For softmax regression and for networks with one hidden layer, the least of TRIES for each: writes
`src/softmaxlab/sharing.csv`, which the chapter reads. Takes some three minutes, and refuses a busy machine.
"""

import csv
import datetime
import logging
import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import time

import numpy as np
from dask.distributed import Client, LocalCluster
from quiet import settled

from softmaxlab.data import load_mnist
from softmaxlab.results import SHARING, Step
from softmaxlab.scratch import backpropagate, gradient, he_start, mean_of_parts

TRIES = {0: 60, 64: 40, 256: 20, 800: 10}  # by hidden units; 0 is softmax regression
SIZES = [256, 1024, 4096, 16384]
TRIED = {
    1: SIZES,
    2: SIZES,
    4: SIZES[:2],
}  # four workers on two cores: where they have little to do


def slopes_of(parameters, images, labels):
    return (gradient if len(parameters) == 2 else backpropagate)(*unpacked(parameters), images, labels)


def unpacked(parameters):
    """`gradient` takes weights and bias, `backpropagate` a list."""
    return parameters if len(parameters) == 2 else [parameters]


def part_slopes(parameters, part, rows):
    images, labels = part
    return slopes_of(parameters, images[:rows], labels[:rows])


def load_part(rows):
    train, _, _ = load_mnist()
    return train.images[:rows], train.labels[:rows]


def milliseconds(step):
    start = time.perf_counter()
    step()
    return 1000 * (time.perf_counter() - start)


def start_of(units):
    if units:
        return he_start(784, units, 10, np.random.default_rng(0))
    return [np.zeros((784, 10), np.float32), np.zeros(10, np.float32)]


def measure(units, shared, images, labels):
    """The least milliseconds for each number of workers, 0 for the plain loop, and each batch size."""
    parameters = start_of(units)
    times = {(0, size): [] for size in SIZES}
    times |= {(workers, size): [] for workers, sizes in TRIED.items() for size in sizes}
    for _ in range(TRIES[units]):  # interleaved, so that a busy minute hits all alike
        for workers, size in times:
            if workers:
                step = lambda m=workers, n=size: shared(parameters, m, n)  # noqa: E731
            else:
                step = lambda n=size: slopes_of(parameters, images[:n], labels[:n])  # noqa: E731
            times[workers, size].append(milliseconds(step))
    return {key: round(min(found), 2) for key, found in times.items()}


def measure_all(about):
    """A `Step` for everything tried; `about` are its last two entries."""
    images, labels = load_part(SIZES[-1])
    steps = []
    with (
        LocalCluster(
            n_workers=max(TRIED),
            threads_per_worker=1,
            dashboard_address=None,
            scheduler_kwargs={"dashboard_address": "127.0.0.1:0"},
            silence_logs=logging.CRITICAL,
        ) as cluster,
        Client(cluster) as client,
    ):
        addresses = list(client.scheduler_info(n_workers=-1)["workers"])
        held = [client.submit(load_part, SIZES[-1], workers=[w], pure=False) for w in addresses]

        def shared(parameters, workers, size):
            rows = size // workers
            jobs = [
                client.submit(part_slopes, parameters, held[j], rows, workers=[addresses[j]], pure=False)
                for j in range(workers)
            ]
            slopes, sizes = client.gather(jobs), [rows] * workers
            return [mean_of_parts([s[i : i + 2] for s in slopes], sizes) for i in range(0, len(parameters), 2)]

        for units, tries in TRIES.items():
            for (workers, size), least in measure(units, shared, images, labels).items():
                steps.append(Step(units, workers, size, least, tries, *about))
                print(*steps[-1][:4], flush=True)
    return steps


def main():
    found = settled()
    load = f"load {found['load_before']} before the run"
    about = datetime.date.today().isoformat(), f"{found['processor']}, {found['cores']} cores, {load}"
    steps = measure_all(about)
    with open(SHARING, "w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerows([Step._fields, *steps])


if __name__ == "__main__":
    main()
