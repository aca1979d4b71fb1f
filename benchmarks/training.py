"""One pass over 60,000 images, batches of 64: `scratch` beside Keras's `fit` and a whole pass in one `tf.function`.

Softmax regression by gradient descent, and 784-128-10 by Adam. Interleaved in one process, five times each after a first
that is not counted; the ratio is what counts, since machines differ and are shared. Ours shuffles and gathers each batch;
the others are handed the images in that order.
"""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="2", TF_ENABLE_ONEDNN_OPTS="0")

import time

import keras
import numpy as np
import tensorflow as tf

from softmaxlab.data import load_mnist
from softmaxlab.scratch import Adam, he_start, train_network, train_softmax

BATCH = 64


def seconds(work):
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


def compiled_pass(model, optimizer, images, labels):
    """A whole pass as one function of TensorFlow, without Python between the steps."""
    images, labels = tf.constant(images), tf.constant(labels.astype(int))
    loss_of = tf.nn.sparse_softmax_cross_entropy_with_logits
    optimizer.build(model.trainable_variables)

    @tf.function
    def one_pass():
        for step in tf.range(len(labels) // BATCH):
            rows = slice(step * BATCH, (step + 1) * BATCH)
            with tf.GradientTape() as tape:
                loss = tf.reduce_mean(loss_of(labels[rows], model(images[rows])))
            variables = model.trainable_variables
            optimizer.apply(tape.gradient(loss, variables), variables)

    return one_pass


def compare(title, ours, layers, optimizer, images, labels):
    """Time the three, print medians and ratios. `ours()` returns arrays; `layers()` a Keras model of the same start."""
    by_fit, by_function = layers(), layers()
    loss = keras.losses.SparseCategoricalCrossentropy(from_logits=True)
    by_fit.compile(optimizer(), loss)
    works = {
        "scratch": ours,
        "Keras fit": lambda: by_fit.fit(images, labels, batch_size=BATCH, shuffle=False, verbose=0),
        "tf.function": compiled_pass(by_function, optimizer(), images, labels),
    }
    for work in works.values():
        work()
    for mine, theirs, third in zip(ours(), by_fit.get_weights(), by_function.get_weights()):
        # Rounding grows in a thousand steps, and with Adam in single weights; not on average
        assert max(np.abs(mine - theirs).mean(), np.abs(mine - third).mean()) < 0.01
    times = np.array([[seconds(work) for work in works.values()] for _ in range(5)])
    print(title)
    for name, column in zip(works, times.T):
        spread = f"{min(column):.3f} to {max(column):.3f}"
        print(f"  {name:11}: median {np.median(column):.3f} s, {spread}")
    medians = np.median(times, axis=0)
    for name, median in zip(works, medians):
        if name != "scratch":
            print(f"  scratch / {name}: {medians[0] / median:.3f}")


def main():
    train, valid, _ = load_mnist()
    images = np.concatenate([train.images, valid.images])
    labels = np.concatenate([train.labels, valid.labels])
    steps = len(labels) // BATCH
    order = np.random.default_rng(0).permutation(len(labels))[: steps * BATCH]
    in_order, labels_in_order = images[order], labels[order]
    start = he_start(784, 128, 10, np.random.default_rng(1))

    def flat():
        layer = keras.layers.Dense(10, kernel_initializer="zeros")
        return keras.Sequential([keras.Input((784,)), layer])

    def deep():
        layers = [keras.layers.Dense(128, "relu"), keras.layers.Dense(10)]
        model = keras.Sequential([keras.Input((784,)), *layers])
        model.set_weights(start)
        return model

    def scratch_flat():
        return train_softmax(images, labels, np.random.default_rng(0), steps, BATCH)

    def scratch_deep():
        rng = np.random.default_rng(0)
        return train_network(start, images, labels, rng, Adam(), 1, BATCH)

    compare(
        "softmax regression", scratch_flat, flat, lambda: keras.optimizers.SGD(0.5),
        in_order, labels_in_order,
    )  # fmt: skip
    compare(
        "784-128-10, Adam", scratch_deep, deep, lambda: keras.optimizers.Adam(0.001),
        in_order, labels_in_order,
    )  # fmt: skip


if __name__ == "__main__":
    main()
