"""The same numbers as TensorFlow: in the ordinary case, and at the edges."""

import os

os.environ.update(TF_CPP_MIN_LOG_LEVEL="2", TF_ENABLE_ONEDNN_OPTS="0")

import numpy as np
import pytest
from numpy.testing import assert_allclose

from softmaxlab import scratch
from softmaxlab.scratch import (
    SGD,
    Adam,
    Decay,
    accuracy,
    backpropagate,
    cross_entropy,
    descend,
    dropout,
    entropy,
    fit_temperature,
    gradient,
    he_start,
    log_softmax,
    log_sum_exp,
    mean_of_parts,
    minibatches,
    nearest_mean,
    network,
    numerical_gradient,
    one_hot,
    score,
    shift,
    softmax,
    train_network,
    train_softmax,
)


@pytest.fixture(scope="module", autouse=True)
def libraries():
    """They come with the first test: a process that runs none of these need not wait for them."""
    global keras, tf
    import keras
    import tensorflow as tf


# What TensorFlow has nothing to compare with: held to the mathematics in test_scratch.py
ALONE = {"calibration", "calibration_error", "relative_error"}

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
        (SGD(1 / 8), lambda: keras.optimizers.SGD(1 / 8)),
        (SGD(1 / 8, 7 / 8), lambda: keras.optimizers.SGD(1 / 8, momentum=7 / 8)),
        (Adam(1 / 64), lambda: keras.optimizers.Adam(1 / 64)),
    ],
    ids=["SGD", "momentum", "Adam"],
)
def test_a_hundred_steps_of_an_optimizer_equal_those_of_keras(ours, theirs):
    # Keras keeps such numbers as float32: eighths are the same in both, Adam's 0.9 and 0.999 nearly
    rng, theirs = np.random.default_rng(0), theirs()
    parameters = [rng.normal(size=(4, 3)), rng.normal(size=3)]
    variables = [tf.Variable(p) for p in parameters]
    for _ in range(100):
        slopes = [p + rng.normal(size=p.shape) for p in parameters]
        ours.step(parameters, slopes)
        theirs.apply([tf.constant(slope) for slope in slopes], variables)
    for mine, variable in zip(parameters, variables):
        close = 1e-5 if isinstance(ours, Adam) else 1e-9
        assert_allclose(mine, variable, rtol=close, atol=close)


def test_accuracy_equals_that_of_keras():
    labels = np.arange(20) % 10
    metric = keras.metrics.SparseCategoricalAccuracy()
    assert accuracy(ORDINARY, labels) == pytest.approx(float(metric(labels, ORDINARY)))


def test_mean_images_equal_tensorflows_means_of_segments():
    images, labels = np.random.default_rng(0).random((30, 7)), np.sort(np.arange(30) % 4)
    weights, bias = nearest_mean(images, labels)
    means = tf.math.segment_mean(images, labels).numpy()
    assert_allclose(weights, means.T)
    gaps = tf.norm(images[:, None] - means, axis=2).numpy()
    np.testing.assert_array_equal((images @ weights + bias).argmax(axis=1), gaps.argmin(axis=1))


def test_entropy_equals_the_cross_entropy_of_keras_with_itself():
    probs = softmax(ORDINARY)
    theirs = keras.losses.categorical_crossentropy(probs, probs)
    assert_allclose(entropy(probs), theirs, rtol=1e-6)


@pytest.mark.parametrize("momentum", [0.0, 0.875])
def test_a_way_downhill_equals_that_of_kerass_sgd(momentum):
    curvature = np.array([1.0, 3.0])
    path = descend(lambda point: curvature * point, [2.0, -1.0], 0.125, 30, momentum)
    point, optimizer = tf.Variable([2.0, -1.0], dtype="float64"), keras.optimizers.SGD(0.125, momentum)
    for step in path[1:]:
        optimizer.apply([curvature * point], [point])
        assert_allclose(step, point, atol=1e-12)


def test_slopes_by_small_differences_equal_the_tapes():
    point = tf.Variable(ORDINARY[:4])
    labels = np.arange(4)
    with tf.GradientTape() as tape:
        loss = tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(labels, point))
    ours = numerical_gradient(lambda logits: cross_entropy(logits, labels), ORDINARY[:4])
    assert_allclose(ours, tape.gradient(loss, point), atol=1e-9)


def test_the_fitted_temperature_is_where_tensorflows_loss_is_least():
    rng = np.random.default_rng(1)
    labels = np.array([rng.choice(10, p=probs) for probs in softmax(ORDINARY / 2)])
    found = fit_temperature(ORDINARY, labels)

    def loss(temperature):
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, ORDINARY / temperature)
        return float(tf.reduce_mean(losses))

    assert loss(found) <= min(loss(0.98 * found), loss(1.02 * found))


def test_hes_start_has_the_spread_of_kerass():
    theirs = keras.initializers.HeNormal(seed=0)
    W1, b1, W2, b2 = he_start(400, 300, 200, np.random.default_rng(0))
    for ours in (W1, W2):
        assert np.std(ours) == pytest.approx(np.std(theirs(ours.shape)), rel=0.02)
    assert not b1.any() and not b2.any()


def test_a_decaying_rate_equals_kerass_cosine():
    ours, theirs = Decay(SGD(0.5), 8), keras.optimizers.schedules.CosineDecay(0.5, 8)
    for step in range(8):
        ours.step([np.zeros(1)], [np.zeros(1)])
        assert ours.optimizer.learning_rate == pytest.approx(float(theirs(step)), abs=1e-7)


def test_dropout_keeps_the_mean_and_the_share_of_kerass():
    images = np.ones((200, 500), np.float32)
    ours = dropout(images, 0.25, np.random.default_rng(0))
    theirs = keras.layers.Dropout(0.25, seed=0)(images, training=True).numpy()
    assert set(np.unique(ours)) == set(np.unique(theirs)) == {0, np.float32(1 / 0.75)}
    assert (ours == 0).mean() == pytest.approx((theirs == 0).mean(), abs=0.01)


def test_a_shift_equals_tensorflows_roll():
    digits = np.random.default_rng(0).random((3, 784), dtype=np.float32)
    for seed in range(5):
        down, right = np.random.default_rng(seed).integers(-1, 2, size=2)
        theirs = tf.roll(digits.reshape(-1, 28, 28), [down, right], axis=[1, 2])
        moved = shift(digits, np.random.default_rng(seed))
        np.testing.assert_array_equal(moved.reshape(-1, 28, 28), theirs)


def test_training_a_network_equals_the_same_steps_in_keras():
    rng = np.random.default_rng(0)
    images, labels = rng.random((60, 8)), rng.integers(0, 3, 60)
    start = [p.astype(float) for p in he_start(8, 5, 3, rng)]
    ours = train_network(start, images, labels, np.random.default_rng(1), SGD(0.125, 0.5), 3, 20)
    W1, b1, W2, b2 = variables = [tf.Variable(p) for p in start]
    optimizer = keras.optimizers.SGD(0.125, momentum=0.5)
    for batch in minibatches(60, 20, 9, np.random.default_rng(1)):
        with tf.GradientTape() as tape:
            logits = tf.nn.relu(images[batch] @ W1 + b1) @ W2 + b2
            losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels[batch], logits)
            loss = tf.reduce_mean(losses)
        optimizer.apply(tape.gradient(loss, variables), variables)
    for mine, variable in zip(ours, variables):
        assert_allclose(mine, variable, atol=1e-12)


def test_the_mean_of_parts_is_the_tapes_gradient_of_the_whole():
    rng = np.random.default_rng(0)
    images, labels = rng.random((30, 6)), rng.integers(0, 4, 30)
    W, b = tf.Variable(rng.normal(size=(6, 4))), tf.Variable(rng.normal(size=4))
    with tf.GradientTape() as tape:
        losses = tf.nn.sparse_softmax_cross_entropy_with_logits(labels, images @ W + b)
        loss = tf.reduce_mean(losses)
    cuts = [slice(0, 7), slice(7, 8), slice(8, 30)]
    parts = [gradient(W.numpy(), b.numpy(), images[cut], labels[cut]) for cut in cuts]
    whole = mean_of_parts(parts, [7, 1, 22])
    for ours, theirs in zip(whole, tape.gradient(loss, [W, b])):
        assert_allclose(ours, theirs, atol=1e-14)


def test_every_taught_function_is_held_to_tensorflow_but_for_those_that_it_lacks():
    taught = {name for name, one in vars(scratch).items() if getattr(one, "__module__", "") == scratch.__name__}
    assert taught - ALONE <= set(globals())
    assert taught >= ALONE
