"""How the cost of a training pass grows: `scratch` on one thread, with more images, hidden units, or images in a batch.

Prints JSON for `engines.py`: for each point its sizes, the least seconds of some rounds, and the operations that its
matrix products need. Interleaved, so that a busy minute hits all alike.
"""

import json
import sys
import time

from worker import Scratch, load

IMAGES = [1_000, 2_000, 5_000, 10_000, 20_000, 40_000, 60_000]
HIDDEN = [32, 64, 128, 256, 512, 1_024, 2_048]
BATCH = [16, 64, 256, 1_024, 4_096]
SOME = 8_192  # images where hidden units or batches grow


def points(most):
    """`axis`, and what to train, of `most` images: images in the pass, hidden units, images in a batch."""
    some = min(SOME, most)
    for hidden in (0, 128):
        yield from (("images", images, hidden, 64) for images in IMAGES if images <= most)
        yield from (("batch", some, hidden, batch) for batch in BATCH if batch <= some)
    yield from (("hidden", some, hidden, 64) for hidden in HIDDEN)


def operations(images, hidden, batch):
    """Multiplications and additions in the matrix products of one pass, whole batches only."""
    pairs = 2 * 784 * hidden + 3 * hidden * 10 if hidden else 2 * 784 * 10
    return 2 * pairs * (images // batch * batch)


def main(most, rounds):
    images, labels, _ = load(most)
    engines, seconds = {}, {}
    for point in points(most):
        _, count, hidden, batch = point
        task = {"hidden": hidden, "batch": batch, "optimizer": "SGD", "rate": 0.1}
        engines[point] = Scratch(task, images[:count], labels[:count])
        seconds[point] = []
    for _ in range(rounds):
        for point, engine in engines.items():
            start = time.perf_counter()
            engine.train()
            seconds[point].append(time.perf_counter() - start)
    names = ("axis", "images", "hidden", "batch")
    rows = [
        dict(zip(names, point), seconds=min(found), operations=operations(*point[1:]))
        for point, found in seconds.items()
    ]
    print(json.dumps(rows))


if __name__ == "__main__":
    main(*map(int, sys.argv[1:]))
