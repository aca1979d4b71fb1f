"""The same numbers as TensorFlow: in the ordinary case, and at the edges."""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="2", TF_ENABLE_ONEDNN_OPTS="0")

import keras
import numpy as np
import pytest
import tensorflow as tf
from numpy.testing import assert_allclose

from softmaxlab.scratch import (
    SGD,
    Adam,
    backpropagate,
    cross_entropy,
    gradient,
    he_start,
    log_softmax,
    log_sum_exp,
    minibatches,
    network,
    one_hot,
    score,
    softmax,
    train_softmax,
)

ORDINARY = np.random.default_rng(0).normal(0, 3, size=(20, 10))
EDGES = np.array(
    [
        [0.0, 0.0, 0.0],
        [1000.0, 999.0, 0.0],
        [-1000.0, -999.0, -1000.0],
        [1000.0, -1000.0, 0.0],
        [89.0, 710.0, -745.0],
        [1e-300, 0.0, -1e-300],
        [1e6, -1e6, 1e6],
    ]
)
PRECISION = {np.float32: 1e-6, np.float64: 1e-12}


@pytest.mark.parametrize("dtype", PRECISION)
def test_scores_equal_those_of_a_dense_layer(dtype):
    rng = np.random.default_rng(0)
    images, weights, bias = (rng.normal(size=shape).astype(dtype) for shape in ((20, 784), (784, 10), 10))
    layer = keras.layers.Dense(10, dtype=np.dtype(dtype).name)
    layer.build((None, 784))
    layer.set_weights([weights, bias])
    close = 100 * PRECISION[dtype]  # sums of 784 numbers, of either sign
    assert_allclose(score(images, weights, bias), layer(images), atol=close)
    assert_allclose(score(images, weights, bias), tf.matmul(images, weights) + bias, atol=close)


@pytest.mark.parametrize("dtype", PRECISION)
@pytest.mark.parametrize("logits", [ORDINARY, EDGES], ids=["ordinary", "edges"])
def test_softmax_and_its_logarithm_equal_tensorflows(logits, dtype):
    logits, close = logits.astype(dtype), PRECISION[dtype]
    assert_allclose(softmax(logits), tf.nn.softmax(logits), atol=close)
    theirs = tf.nn.log_softmax(logits)
    assert_allclose(log_softmax(logits), theirs, rtol=close, atol=close)
    theirs = tf.reduce_logsumexp(logits, axis=-1)
    assert_allclose(log_sum_exp(logits), theirs, rtol=close, atol=close)


def test_softmax_equals_the_keras_layer():
    logits = ORDINARY.astype(np.float32)
    assert_allclose(softmax(logits), keras.layers.Softmax()(logits), atol=1e-6)


@pytest.mark.parametrize("dtype", PRECISION)
@pytest.mark.parametrize("logits", [ORDINARY, EDGES], ids=["ordinary", "edges"])
def test_cross_entropy_equals_tensorflows(logits, dtype):
    logits, labels = logits.astype(dtype), np.arange(len(logits)) % 3
    theirs = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
    close = PRECISION[dtype]
    assert_allclose(cross_entropy(logits, labels), np.mean(theirs), rtol=close)


def test_one_hot_equals_tensorflows_within_the_range():
    labels = np.array([5, 0, 4, 1])
    assert_allclose(one_hot(labels, 10), tf.one_hot(labels, 10))


@pytest.mark.parametrize("label", [-1, 10])
def test_one_hot_refuses_what_tensorflow_turns_into_zeros(label):
    assert not tf.one_hot([label], 10).numpy().any()
    with pytest.raises(ValueError, match="labels"):
        one_hot([label], 10)


@pytest.mark.parametrize("dtype", PRECISION)
def test_gradient_equals_the_tapes(dtype):
    rng = np.random.default_rng(0)
    images = rng.random((64, 784)).astype(dtype)
    labels = rng.integers(0, 10, 64)
    weights = rng.normal(0, 0.1, (784, 10)).astype(dtype)
    bias = rng.normal(size=10).astype(dtype)
    W, b = tf.Variable(weights), tf.Variable(bias)
    with tf.GradientTape() as tape:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, images @ W + b)
        loss = tf.reduce_mean(losses)
    for ours, theirs in zip(gradient(weights, bias, images, labels), tape.gradient(loss, [W, b])):
        assert_allclose(ours, theirs, atol=PRECISION[dtype])


def test_a_hundred_steps_equal_those_of_kerass_sgd():
    rng = np.random.default_rng(0)
    images, labels = rng.random((200, 30)), rng.integers(0, 4, 200)
    weights, bias = train_softmax(
        images,
        labels,
        np.random.default_rng(1),
        steps=100,
        batch_size=20,
    )
    W, b = tf.Variable(np.zeros((30, 4))), tf.Variable(np.zeros(4))
    optimizer = keras.optimizers.SGD(0.5)
    for batch in minibatches(200, 20, 100, np.random.default_rng(1)):
        with tf.GradientTape() as tape:
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels[batch], images[batch] @ W + b)
            loss = tf.reduce_mean(losses)
        optimizer.apply(tape.gradient(loss, [W, b]), [W, b])
    assert_allclose(weights, W, atol=1e-12)
    assert_allclose(bias, b, atol=1e-12)


@pytest.mark.parametrize("dtype", PRECISION)
def test_backpropagation_equals_the_tapes(dtype):
    rng = np.random.default_rng(0)
    images = rng.random((64, 784)).astype(dtype)
    labels = rng.integers(0, 10, 64)
    parameters = [p.astype(dtype) for p in he_start(784, 128, 10, rng)]
    W1, b1, W2, b2 = variables = [tf.Variable(p) for p in parameters]
    with tf.GradientTape() as tape:
        logits = tf.nn.relu(images @ W1 + b1) @ W2 + b2
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, logits)
        loss = tf.reduce_mean(losses)
    assert_allclose(network(parameters, images), logits, atol=30 * PRECISION[dtype])
    ours = backpropagate(parameters, images, labels)
    for mine, theirs in zip(ours, tape.gradient(loss, variables)):
        assert_allclose(mine, theirs, atol=PRECISION[dtype])


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [
        (SGD(1 / 8), keras.optimizers.SGD(1 / 8)),
        (SGD(1 / 8, 7 / 8), keras.optimizers.SGD(1 / 8, momentum=7 / 8)),
        (Adam(1 / 64), keras.optimizers.Adam(1 / 64)),
    ],
    ids=["SGD", "momentum", "Adam"],
)
def test_a_hundred_steps_of_an_optimizer_equal_those_of_keras(ours, theirs):
    # Keras keeps such numbers as float32: eighths are the same in both, Adam's 0.9 and 0.999 nearly
    rng = np.random.default_rng(0)
    parameters = [rng.normal(size=(4, 3)), rng.normal(size=3)]
    variables = [tf.Variable(p) for p in parameters]
    for _ in range(100):
        slopes = [p + rng.normal(size=p.shape) for p in parameters]
        ours.step(parameters, slopes)
        theirs.apply([tf.constant(slope) for slope in slopes], variables)
    for mine, variable in zip(parameters, variables):
        close = 1e-5 if isinstance(ours, Adam) else 1e-9
        assert_allclose(mine, variable, rtol=close, atol=close)
