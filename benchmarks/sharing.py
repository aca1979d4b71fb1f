"""Time a step of softmax regression, its batch shared among workers of Dask on this machine; see the chapter on many
machines.

Prints the lines that stand there, the least of ROUNDS for each. Needs two quiet cores.
"""

import logging
import os

os.environ.update(OPENBLAS_NUM_THREADS="1", OMP_NUM_THREADS="1")

import time

import numpy as np
from dask.distributed import Client, LocalCluster

from softmaxlab.data import load_mnist
from softmaxlab.scratch import gradient, mean_of_parts

ROUNDS = 60
SIZES = [256, 1024, 4096, 16384]
TRIED = {
    1: SIZES,
    2: SIZES,
    4: SIZES[:2],
}  # four workers on two cores: where they have little to do


def some_gradient(weights, bias, part, rows):
    images, labels = part
    return gradient(weights, bias, images[:rows], labels[:rows])


def load_part(rows):
    train, _, _ = load_mnist()
    return train.images[:rows], train.labels[:rows]


def milliseconds(step):
    start = time.perf_counter()
    step()
    return 1000 * (time.perf_counter() - start)


def main():
    images, labels = load_part(SIZES[-1])
    weights, bias = np.zeros((784, 10), np.float32), np.zeros(10, np.float32)
    times = {(m, size): [] for m, sizes in TRIED.items() for size in sizes}
    times |= {("plain", size): [] for size in SIZES}
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
        workers = list(client.scheduler_info(n_workers=-1)["workers"])
        held = [client.submit(load_part, SIZES[-1], workers=[w], pure=False) for w in workers]

        def shared(machines, size):
            rows = size // machines
            jobs = [
                client.submit(some_gradient, weights, bias, held[j], rows, workers=[workers[j]], pure=False)
                for j in range(machines)
            ]
            return mean_of_parts(client.gather(jobs), [rows] * machines)

        for _ in range(ROUNDS):  # interleaved, so that a busy minute hits all alike
            for machines, size in times:
                if machines == "plain":
                    step = lambda n=size: gradient(weights, bias, images[:n], labels[:n])  # noqa: E731
                else:
                    step = lambda m=machines, n=size: shared(m, n)  # noqa: E731
                times[machines, size].append(milliseconds(step))
    print(f"tried_sizes = {SIZES}")
    print("with_workers = {")
    for machines, sizes in TRIED.items():
        print(f"    {machines}: {[round(min(times[machines, n]), 2) for n in sizes]},")
    print("}")
    print(f"plain = {[round(min(times['plain', n]), 2) for n in SIZES]}")


if __name__ == "__main__":
    main()
