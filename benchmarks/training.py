"""One pass of softmax regression over 60,000 images: `scratch` beside Keras's `fit`, the same batches of 64.

Interleaved in one process, five times each after a first that is not counted; the ratio is what counts, since machines
differ and are shared. Ours shuffles and gathers each batch; Keras is handed the images in that order.
"""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="2", TF_ENABLE_ONEDNN_OPTS="0")

import time

import keras
import numpy as np

from softmaxlab.data import load_mnist
from softmaxlab.scratch import train_softmax

BATCH = 64


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def main():
    train, valid, _ = load_mnist()
    images = np.concatenate([train.images, valid.images])
    labels = np.concatenate([train.labels, valid.labels])
    steps = len(labels) // BATCH
    order = np.random.default_rng(0).permutation(len(labels))[: steps * BATCH]
    in_order, labels_in_order = images[order], labels[order]

    model = keras.Sequential(
        [keras.Input((784,)), keras.layers.Dense(10, kernel_initializer="zeros")]
    )
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    model.compile(keras.optimizers.SGD(0.5), loss)

    def with_scratch():
        return train_softmax(images, labels, np.random.default_rng(0), steps, BATCH)

    def with_keras():
        model.fit(in_order, labels_in_order, batch_size=BATCH, shuffle=False, verbose=0)

    with_keras()
    weights, bias = with_scratch()
    np.testing.assert_allclose(weights, model.layers[0].kernel, atol=1e-5)
    np.testing.assert_allclose(bias, model.layers[0].bias, atol=1e-5)
    ours, theirs = np.array([(seconds(with_scratch), seconds(with_keras)) for _ in range(5)]).T
    for name, times in (("scratch", ours), ("Keras fit", theirs)):
        print(f"{name:9}: median {np.median(times):.3f} s, {min(times):.3f} to {max(times):.3f}")
    print(f"ratio of the medians {np.median(ours) / np.median(theirs):.3f}")


if __name__ == "__main__":
    main()
