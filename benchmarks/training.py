"""One pass of softmax regression over 60,000 images: `scratch` beside Keras's `fit`, same data, batches of 64.

Interleaved in one process, best of five each; the ratio is what counts, since machines differ and are shared.
"""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="2", TF_ENABLE_ONEDNN_OPTS="0")

import time

import keras
import numpy as np

from softmaxlab.data import load_mnist
from softmaxlab.scratch import train_softmax

BATCH = 64


def with_scratch(images, labels):
    rng = np.random.default_rng(0)
    train_softmax(
        images, labels, rng, steps=len(labels) // BATCH, batch_size=BATCH
    )


def with_keras(images, labels):
    model = keras.Sequential([keras.Input((784,)), keras.layers.Dense(10)])
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.5), loss)
    images = images[: len(labels) // BATCH * BATCH]
    start = time.perf_counter()
    model.fit(images, labels[: len(images)], batch_size=BATCH, verbose=0)
    return time.perf_counter() - start


def main():
    train, valid, _ = load_mnist()
    images = np.concatenate([train.images, valid.images])
    labels = np.concatenate([train.labels, valid.labels])
    ours, theirs = [], []
    for _ in range(5):
        start = time.perf_counter()
        with_scratch(images, labels)
        ours.append(time.perf_counter() - start)
        theirs.append(with_keras(images, labels))
    print(f"scratch: {min(ours):.3f} s ({min(ours):.3f} to {max(ours):.3f})")
    print(
        f"Keras fit: {min(theirs):.3f} s ({min(theirs):.3f} to {max(theirs):.3f})"
    )
    print(f"ratio of the medians {np.median(ours) / np.median(theirs):.3f}")


if __name__ == "__main__":
    main()
