"""The properties of the mathematics, on inputs that Hypothesis makes up."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import array_shapes, arrays
from numpy.testing import assert_allclose, assert_array_equal

from softmaxlab import scratch
from softmaxlab.scratch import (
    SGD,
    Adam,
    Decay,
    accuracy,
    backpropagate,
    calibration,
    calibration_error,
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
    relative_error,
    score,
    shift,
    softmax,
    train_network,
    train_softmax,
)

moderate = st.floats(-50, 50)
extreme = st.floats(-1000, 1000)
shapes = array_shapes(min_dims=1, max_dims=2, max_side=6)


def logits(numbers=extreme):
    return arrays(np.float64, shapes, elements=numbers)


def grid(rows, columns):
    return arrays(np.float64, (rows, columns), elements=moderate)


@given(grid(3, 4), grid(3, 4), grid(4, 2), moderate)
def test_scores_without_a_bias_are_linear(one, other, weights, factor):
    none = np.zeros(2)
    mixed = score(factor * one + other, weights, none)
    apart = factor * score(one, weights, none) + score(other, weights, none)
    assert_allclose(mixed, apart, atol=1e-8)


@given(grid(3, 4), grid(4, 2), moderate)
def test_the_same_bias_for_every_class_adds_the_same_to_every_score(images, weights, constant):
    moved = score(images, weights, np.full(2, constant))
    assert_allclose(moved, score(images, weights, np.zeros(2)) + constant, atol=1e-9)


def test_accuracy_is_the_share_of_rows_whose_largest_is_right():
    scores = [[3, 1, 2], [0, 5, 5], [0, -1, -2], [-3, -2, -1]]
    assert accuracy(scores, [0, 1, 0, 2]) == 1
    assert accuracy(scores, [0, 2, 1, 2]) == 0.5


@given(grid(12, 5), grid(6, 5))
def test_the_largest_score_of_nearest_mean_is_that_of_the_nearest_mean(images, others):
    labels = np.arange(12) % 3
    weights, bias = nearest_mean(images, labels)
    assert_allclose(weights[:, 1], images[[1, 4, 7, 10]].mean(axis=0), atol=1e-12)
    squares = ((others[:, None] - weights.T) ** 2).sum(axis=2)
    lengths = (others**2).sum(axis=1, keepdims=True)
    assert_allclose(score(others, weights, bias), (lengths - squares) / 2, atol=1e-8)


@given(logits())
def test_every_row_of_softmax_sums_to_one(z):
    probs = softmax(z)
    assert_allclose(probs.sum(axis=-1), 1, rtol=1e-12)
    assert (probs >= 0).all() and np.isfinite(probs).all()


@given(logits(moderate), moderate)
def test_adding_a_constant_changes_no_probability(z, constant):
    assert_allclose(softmax(z + constant), softmax(z), rtol=1e-11)


@given(logits(moderate), moderate)
def test_log_sum_exp_shifts_along_with_a_constant(z, constant):
    moved = log_sum_exp(z + constant) - constant
    assert_allclose(moved, log_sum_exp(z), atol=1e-12, rtol=1e-12)


@given(logits())
def test_log_sum_exp_lies_between_the_largest_and_log_k_above_it(z):
    above = log_sum_exp(z) - z.max(axis=-1)
    assert (above >= -1e-12).all()
    assert (above <= np.log(z.shape[-1]) + 1e-9).all()


@given(logits(moderate))
def test_log_softmax_is_the_logarithm_of_softmax(z):
    assert_allclose(np.exp(log_softmax(z)), softmax(z), rtol=1e-12)


@given(logits())
def test_log_softmax_is_finite_where_the_probability_underflows(z):
    assert np.isfinite(log_softmax(z)).all()
    assert (log_softmax(z) <= 0).all()


@given(logits(moderate), st.floats(0.1, 10))
def test_no_scale_changes_the_order(z, scale):
    order = np.argsort(log_softmax(scale * z), axis=-1, kind="stable")
    in_order = np.take_along_axis(z, order, -1)
    assert (np.diff(in_order, axis=-1) >= -1e-12).all()


@given(moderate)
def test_two_classes_are_the_logistic_function(d):
    assert_allclose(softmax([d, 0.0])[0], 1 / (1 + np.exp(-d)), rtol=1e-12)


@given(logits())
def test_entropy_lies_between_zero_and_log_k(z):
    nats = entropy(softmax(z))
    assert (nats >= -1e-12).all()
    assert (nats <= np.log(z.shape[-1]) + 1e-12).all()


@given(arrays(np.int64, st.integers(1, 20), elements=st.integers(0, 9)))
def test_one_hot_and_argmax_undo_each_other(labels):
    encoded = one_hot(labels, 10)
    assert_array_equal(encoded.argmax(axis=1), labels)
    assert_array_equal(encoded.sum(axis=1), 1)


@pytest.mark.parametrize("classes", [2, 10, 1000])
def test_even_logits_cost_the_logarithm_of_the_number_of_classes(classes):
    labels = np.arange(classes)
    loss = cross_entropy(np.zeros((classes, classes)), labels)
    assert_allclose(loss, np.log(classes), rtol=1e-12)


def test_cross_entropy_is_finite_and_exact_at_a_logit_of_1000():
    assert cross_entropy(np.array([[1000.0, 0.0]]), [1]) == 1000
    assert cross_entropy(np.array([[1000.0, 0.0]]), [0]) == 0


@pytest.fixture
def small():
    rng = np.random.default_rng(0)
    images = rng.normal(size=(7, 5))
    return (
        rng.normal(size=(5, 3)),
        rng.normal(size=3),
        images,
        rng.integers(0, 3, 7),
    )


@given(arrays(np.float64, (2, 3), elements=st.floats(-5, 5)))
def test_numerical_gradient_finds_the_slopes_of_a_sum_of_cubes(point):
    found = numerical_gradient(lambda x: (x**3).sum(), point)
    assert_allclose(found, 3 * point**2, atol=1e-6)


def test_numerical_gradient_leaves_its_point_alone_and_takes_a_single_number():
    point = np.array([1.0, 2.0])
    numerical_gradient(np.sum, point)
    assert_array_equal(point, [1, 2])
    assert_allclose(numerical_gradient(lambda x: x * x, 3), 6, rtol=1e-9)


@given(grid(2, 3), st.floats(1e-3, 1e3))
def test_relative_error_knows_no_units(ours, factor):
    theirs = ours + np.eye(2, 3)
    error = relative_error(ours, theirs)
    assert 0 <= error <= 2 and relative_error(theirs, ours) == error
    assert_allclose(relative_error(factor * ours, factor * theirs), error, rtol=1e-9)
    assert relative_error(ours, ours) == 0 and relative_error([1.0], [-1.0]) == 2


@given(st.floats(-3, 3), st.floats(0.05, 0.95))
def test_descent_in_a_bowl_shrinks_by_one_minus_rate_times_curvature(start, rate):
    path = descend(lambda point: 2 * point, [start], rate, 10)
    assert_allclose(path[:, 0], start * (1 - 2 * rate) ** np.arange(11), atol=1e-9)


@pytest.mark.parametrize(("rate", "ends"), [(0.99, True), (1.01, False)])
def test_a_bowl_bounds_the_rate_at_two_over_its_curvature(rate, ends):
    path = descend(lambda point: 2 * point, [1.0], rate, 200)
    assert (np.abs(path[-1]) < np.abs(path[0])).all() == ends


def test_momentum_goes_on_where_the_slope_is_zero():
    path = descend(lambda point: np.where(point > 0, 1.0, 0.0), [0.1], 0.2, 3, momentum=0.5)
    assert_allclose(path[:, 0], [0.1, -0.1, -0.2, -0.25])


def test_gradient_agrees_with_finite_differences(small):
    weights, bias, images, labels = small
    d_weights, d_bias = gradient(weights, bias, images, labels)
    by_weights = numerical_gradient(lambda W: cross_entropy(score(images, W, bias), labels), weights)
    by_bias = numerical_gradient(lambda b: cross_entropy(score(images, weights, b), labels), bias)
    assert relative_error(d_weights, by_weights) < 1e-9
    assert relative_error(d_bias, by_bias) < 1e-9


@pytest.fixture
def layers(small):
    parameters = he_start(5, 6, 3, np.random.default_rng(1))
    return [p.astype(float) for p in parameters]


def loss_of(parameters, number, moved, images, labels):
    others = [*parameters[:number], moved, *parameters[number + 1 :]]
    return cross_entropy(network(others, images), labels)


@pytest.mark.parametrize("number", range(4))
def test_backpropagation_agrees_with_finite_differences(small, layers, number):
    _, _, images, labels = small
    found = numerical_gradient(lambda moved: loss_of(layers, number, moved, images, labels), layers[number])
    assert relative_error(backpropagate(layers, images, labels)[number], found) < 1e-7


def test_finite_differences_see_the_relu_bug(small, layers):
    _, _, images, labels = small
    W1, b1, W2, _ = layers
    d_logits = (softmax(network(layers, images)) - one_hot(labels, 3)) / len(labels)
    d_before = d_logits @ W2.T * (np.maximum(images @ W1 + b1, 0) >= 0)  # everywhere
    found = numerical_gradient(lambda moved: loss_of(layers, 0, moved, images, labels), W1)
    assert relative_error(images.T @ d_before, found) > 0.1


def test_without_a_layer_that_bends_a_network_is_one_linear_model(small, layers):
    _, _, images, _ = small
    W1, b1, W2, b2 = layers
    raised = [W1, b1 + 1000, W2, b2]  # no unit is ever off
    assert_allclose(network(raised, images), images @ (W1 @ W2) + (b1 + 1000) @ W2 + b2)


def test_hes_start_keeps_the_size_of_what_passes_through():
    images = np.random.default_rng(0).normal(size=(500, 400))
    W1 = he_start(400, 300, 10, np.random.default_rng(1))[0]
    hidden = np.maximum(images @ W1, 0)
    assert_allclose((hidden**2).mean(), 1, atol=0.05)


@pytest.mark.parametrize("make", [lambda: SGD(0.1), lambda: SGD(0.05, 0.9), lambda: Adam(0.05)])
def test_every_optimizer_finds_the_bottom_of_a_bowl(make):
    parameters, optimizer = [np.array([3.0, -2.0]), np.array(4.0)], make()
    for _ in range(400):
        optimizer.step(parameters, [2 * p for p in parameters])
    assert max(np.abs(p).max() for p in parameters) < 1e-3


@given(st.floats(1e-6, 1e6))
def test_the_first_step_of_adam_is_the_rate_whatever_the_slope(slope):
    parameter = np.array([1.0])
    Adam(0.25).step([parameter], [np.array([slope])])
    # the 1e-7 beside the root stands for a slope of 3e-6 in the first step
    assert_allclose(parameter, 1 - 0.25 * slope / (slope + 1e-7 / 0.001**0.5), rtol=1e-9)


def test_the_rate_decays_from_the_whole_to_nothing_half_way_at_half():
    seen = []

    class Watch(SGD):
        def step(self, parameters, slopes):
            seen.append(self.learning_rate)

    decaying = Decay(Watch(0.4), steps=8)
    for _ in range(9):
        decaying.step([], [])
    assert_allclose([seen[0], seen[4], seen[8]], [0.4, 0.2, 0], atol=1e-12)
    assert np.all(np.diff(seen) < 0)


def test_dropout_keeps_the_mean_and_drops_its_share():
    images = np.ones((1000, 100), np.float32)
    dropped = dropout(images, 0.2, np.random.default_rng(0))
    assert dropped.dtype == np.float32
    assert_allclose(dropped.mean(), 1, atol=0.01)
    assert_allclose((dropped == 0).mean(), 0.2, atol=0.01)
    assert_array_equal(dropout(images, 0, np.random.default_rng(0)), images)


def test_shift_moves_all_pictures_alike_by_at_most_one_pixel():
    images = np.zeros((2, 784))
    images[:, 28 * 14 + 14] = 1  # in the middle
    rng, seen = np.random.default_rng(0), set()
    for _ in range(100):
        one, other = np.argmax(shift(images, rng), axis=1)
        assert one == other
        seen.add((int(one) // 28 - 14, int(one) % 28 - 14))
    assert seen == {(down, right) for down in (-1, 0, 1) for right in (-1, 0, 1)}


def test_training_a_network_leaves_its_start_alone_and_parts_what_no_line_can():
    rng = np.random.default_rng(0)
    images = rng.uniform(-1, 1, (400, 2))
    labels = (images[:, 0] * images[:, 1] > 0).astype(int)
    start = he_start(2, 16, 2, rng)
    kept = [p.copy() for p in start]
    trained = train_network(start, images, labels, rng, Adam(0.01), 60, 20)
    for before, after in zip(kept, start):
        assert_array_equal(before, after)
    weights, bias = train_softmax(images, labels, rng, batch_size=20)
    assert accuracy(network(trained, images), labels) > 0.95
    assert accuracy(score(images, weights, bias), labels) < 0.7


def test_every_batch_is_changed_before_it_is_learned_from(small, layers):
    _, _, images, labels = small
    seen = []

    def change(batch, rng):
        seen.append(len(batch))
        return 0 * batch

    trained = train_network(layers, images, labels, RNG, SGD(0.1), 3, 2, change)
    assert seen == 9 * [2]
    assert_array_equal(trained[0], layers[0])  # no ink, no slope


def test_a_modest_model_gets_a_temperature_below_one_and_a_sure_one_above():
    rng = np.random.default_rng(0)
    logits = rng.normal(0, 2, (4000, 5))
    labels = np.array([rng.choice(5, p=probs) for probs in softmax(logits)])
    assert calibration_error(softmax(logits), labels) < 0.02
    for scale in (0.5, 2.0):
        assert_allclose(fit_temperature(scale * logits, labels), scale, rtol=0.1)
        assert calibration_error(softmax(scale * logits), labels) > 0.08


@pytest.mark.parametrize("temperature", [0.101, 0.2, 1.0, 5.0, 9.9])
def test_a_temperature_is_found_from_0_1_to_10(temperature):
    """Of four examples alike, three have label 0: the best probability is 3/4, and logits log(3) apart give it."""
    logits = temperature * np.array(4 * [[np.log(3), 0.0]])
    assert_allclose(fit_temperature(logits, [0, 0, 0, 1]), temperature, rtol=0.011)


def test_calibration_counts_every_row_once():
    probs = np.array([[1.0, 0.0], [0.55, 0.45], [0.3, 0.7], [0.31, 0.69]])
    confidence, right, share = calibration(probs, [0, 1, 1, 0], bins=5)
    assert_allclose(share, [0, 0, 0.25, 0.5, 0.25])
    assert_allclose(confidence, [np.nan, np.nan, 0.55, 0.695, 1])
    assert_allclose(right, [np.nan, np.nan, 0, 0.5, 1])


@given(st.sets(st.integers(1, 59)), st.integers(0, 99))
def test_the_gradient_of_the_whole_is_the_weighted_mean_of_its_parts_wherever_it_is_cut(cuts, seed):
    rng = np.random.default_rng(seed)
    images, labels = rng.normal(size=(60, 5)), rng.integers(0, 3, 60)
    model = rng.normal(size=(5, 3)), rng.normal(size=3)
    rows = np.split(np.arange(60), sorted(cuts))
    slopes = [gradient(*model, images[part], labels[part]) for part in rows]
    joined = mean_of_parts(slopes, [len(part) for part in rows])
    for ours, whole in zip(joined, gradient(*model, images, labels)):
        assert_allclose(ours, whole, rtol=0, atol=1e-14)


def test_the_mean_of_means_is_not_the_mean_when_parts_are_unequal(small):
    weights, bias, images, labels = small
    parts = slice(2), slice(2, None)
    slopes = [gradient(weights, bias, images[part], labels[part]) for part in parts]
    whole, _ = gradient(weights, bias, images, labels)
    assert np.abs(mean_of_parts(slopes, [1, 1])[0] - whole).max() > 1e-3


def test_float32_stays_float32(small):
    weights, bias, images, labels = small
    single = [a.astype(np.float32) for a in (weights, bias, images)]
    assert {a.dtype for a in gradient(*single, labels)} == {np.dtype(np.float32)}
    parts = [gradient(*single, labels)] * 2
    assert {a.dtype for a in mean_of_parts(parts, np.array([3, 4]))} == {np.dtype(np.float32)}
    assert {a.dtype for a in nearest_mean(single[2], labels)} == {np.dtype(np.float32)}
    weights, bias = train_softmax(single[2], labels, np.random.default_rng(0), batch_size=4)
    assert weights.dtype == bias.dtype == np.float32
    start = he_start(5, 6, 3, RNG)
    change = lambda batch, rng: dropout(batch, 0.2, rng)  # noqa: E731
    for optimizer in (SGD(0.1, 0.9), Adam(), Decay(SGD(0.1), 9)):
        trained = train_network(start, single[2], labels, RNG, optimizer, 3, 2, change)
        assert {p.dtype for p in trained} == {np.dtype(np.float32)}


@given(st.integers(1, 30), st.data())
def test_each_pass_of_minibatches_deals_every_row_at_most_once(count, data):
    size = data.draw(st.integers(1, count))
    in_a_pass = count // size
    dealt = list(minibatches(count, size, 2 * in_a_pass, np.random.default_rng(0)))
    assert all(len(batch) == size for batch in dealt)
    for one_pass in (dealt[:in_a_pass], dealt[in_a_pass:]):
        rows = np.concatenate(one_pass)
        assert len(set(rows)) == len(rows) == in_a_pass * size


def test_the_same_seed_trains_the_same_model(small):
    _, _, images, labels = small
    runs = [
        train_softmax(
            images,
            labels,
            np.random.default_rng(1),
            steps=20,
            batch_size=4,
        )
        for _ in range(2)
    ]
    assert_array_equal(runs[0][0], runs[1][0])


def test_training_separates_what_a_line_can_separate():
    rng = np.random.default_rng(0)
    images = rng.normal(size=(100, 2))
    labels = (images[:, 0] > images[:, 1]).astype(int)
    weights, bias = train_softmax(images, labels, rng, batch_size=10)
    assert ((images @ weights + bias).argmax(axis=1) == labels).mean() > 0.95


@pytest.mark.parametrize("numbers", [[1, 3, 0], (1, 3, 0), np.array([1, 3, 0], np.uint8)])
def test_lists_and_small_integers_count_as_numbers(numbers):
    assert_array_equal(softmax(numbers), softmax(np.array([1.0, 3.0, 0.0])))


def test_certainty_has_an_entropy_of_zero_without_a_sign():
    assert str(entropy([1, 0, 0])) == "0.0"


def test_a_call_with_too_many_or_too_few_arguments_is_a_type_error():
    for call in (
        lambda: softmax([1, 2], 1),
        lambda: softmax(),
        lambda: one_hot([1], k=3),
    ):
        with pytest.raises(TypeError):
            call()


W, B, X = np.zeros((4, 3)), np.zeros(3), np.zeros((2, 4))
RNG = np.random.default_rng(0)


@pytest.mark.parametrize(
    ("call", "argument", "value"),
    [
        (lambda: score(X[0], W, B), "images", "(4,)"),
        (lambda: score(X, W, B[:, None]), "bias", "(3, 1)"),
        (lambda: score(X.T, W, B), "weights", "(4, 3)"),
        (lambda: accuracy([1, 2], [0]), "scores", "(2,)"),
        (lambda: accuracy([[1, np.nan]], [0]), "scores", "nan"),
        (lambda: accuracy(X, [[0], [1]]), "labels", "(2, 1)"),
        (lambda: accuracy(X, [0, 4]), "labels", "0 to 4"),
        (lambda: nearest_mean(X, [0]), "labels", "(1,)"),
        (lambda: nearest_mean(X, [0, -1]), "labels", "-1 to 0"),
        (lambda: softmax([]), "logits", "(0,)"),
        (lambda: softmax(np.zeros((0, 3))), "logits", "(0, 3)"),
        (lambda: softmax(np.zeros((1, 2, 3))), "logits", "(1, 2, 3)"),
        (lambda: softmax(3.0), "logits", "()"),
        (lambda: softmax(None), "logits", "None"),
        (lambda: softmax("abc"), "logits", "abc"),
        (lambda: softmax([[1, 2], [3]]), "logits", "[[1, 2], [3]]"),
        (lambda: softmax([1, np.nan]), "logits", "nan"),
        (lambda: log_softmax([1, np.inf]), "logits", "inf"),
        (lambda: log_sum_exp(["a", "b"]), "logits", "['a', 'b']"),
        (lambda: softmax(logits=[-np.inf, 0]), "logits", "-inf"),
        (lambda: softmax([1j, 2]), "logits", "[1j, 2]"),
        (lambda: entropy([0.5, 0.6]), "probs", "1.1"),
        (lambda: entropy([1.5, -0.5]), "probs", "-0.5"),
        (lambda: one_hot([0, 3], 3), "labels", "0 to 3"),
        (lambda: one_hot([-1], 3), "labels", "-1 to -1"),
        (lambda: one_hot([1.0], 3), "labels", "float64"),
        (lambda: one_hot([True], 3), "labels", "[True]"),
        (lambda: one_hot([], 3), "labels", "(0,)"),
        (lambda: one_hot([[1]], 3), "labels", "(1, 1)"),
        (lambda: one_hot([0], 0), "classes", "0"),
        (lambda: one_hot([0], 2.5), "classes", "2.5"),
        (lambda: one_hot([0], True), "classes", "True"),
        (lambda: cross_entropy(np.zeros((2, 3)), [0]), "labels", "(1,)"),
        (lambda: cross_entropy(np.zeros((2, 3)), [0, 3]), "labels", "0 to 3"),
        (lambda: cross_entropy([3, 1, 0.2], [0]), "logits", "(3,)"),
        (lambda: gradient(W, B, np.zeros((2, 5)), [0, 1]), "images", "(2, 5)"),
        (lambda: gradient(W, B, np.zeros((0, 4)), []), "images", "(0, 4)"),
        (lambda: gradient(W, B, X, []), "labels", "(0,)"),
        (lambda: gradient(W, np.zeros((3, 1)), X, [0, 1]), "bias", "(3, 1)"),
        (lambda: gradient(W, np.zeros(2), X, [0, 1]), "bias", "(2,)"),
        (lambda: gradient(W[0], B, X, [0, 1]), "weights", "(3,)"),
        (lambda: gradient(W, B, X, [0, 3]), "labels", "0 to 3"),
        (lambda: gradient(W, B, X + np.nan, [0, 1]), "images", "nan"),
        (lambda: train_softmax(X, [0, -1], RNG), "labels", "-1 to 0"),
        (lambda: train_softmax(X, [0], RNG), "labels", "(1,)"),
        (lambda: train_softmax(X, [0, 1], RNG), "batch_size", "64"),
        (lambda: train_softmax(X, [0, 1], 0), "rng", "0"),
        (lambda: train_softmax(X, [0, 1], RNG, -1), "steps", "-1"),
        (lambda: train_softmax(X, [0, 1], RNG, batch_size=1, learning_rate="0.5"), "learning_rate", "0.5"),
        (lambda: minibatches(10, 0, 1, RNG), "batch_size", "0"),
        (lambda: minibatches(10, 11, 1, RNG), "batch_size", "11"),
        (lambda: descend(3, [0.0], 0.1, 5), "slope", "3"),
        (lambda: descend(abs, 0.0, 0.1, 5), "start", "()"),
        (lambda: descend(abs, [0.0], 0.1, 5, momentum=1), "momentum", "1"),
        (lambda: numerical_gradient(None, X), "function", "None"),
        (lambda: numerical_gradient(np.sum, X, 0), "width", "0"),
        (lambda: relative_error(X, X.T), "theirs", "(4, 2)"),
        (lambda: calibration([0.5, 0.5], [0]), "probs", "(2,)"),
        (lambda: calibration([[0.5, 0.5]], [0], 0), "bins", "0"),
        (lambda: fit_temperature(X, [0]), "labels", "(1,)"),
        (lambda: he_start(784, 0, 10, RNG), "units", "0"),
        (lambda: network([W, B], X), "parameters", "2 of them"),
        (lambda: network([W, B, W, B], X), "parameters, W2", "(4, 3)"),
        (lambda: network([W, B, W.T, np.zeros(4)], X.T), "images", "(4, 2)"),
        (lambda: backpropagate([W, B, W.T, np.zeros(4)], X, [0, 4]), "labels", "0 to 4"),
        (lambda: SGD("fast"), "learning_rate", "fast"),
        (lambda: SGD(0.1, -0.5), "momentum", "-0.5"),
        (lambda: Decay(0.1, 5), "optimizer", "0.1"),
        (lambda: dropout(X, 1, RNG), "share", "1"),
        (lambda: shift(X, RNG), "digits", "(2, 4)"),
        (lambda: train_network([W, B, W.T, np.zeros(4)], X, [0, 1], RNG, Adam), "optimizer", "Adam"),
        (lambda: train_network([W, B, W.T, np.zeros(4)], X, [0, 1], RNG, Adam(), -1, 2), "passes", "-1"),
        (lambda: train_network([W, B, W.T, np.zeros(4)], X, [0, 1], RNG, Adam(), 1, 3), "batch_size", "3"),
        (lambda: mean_of_parts([(W, B)], [1, 2]), "sizes", "2"),
        (lambda: mean_of_parts([], []), "slopes", "0 of them"),
        (lambda: mean_of_parts([(W, B)], [0]), "sizes", "0"),
        (lambda: score(X, W + np.nan, B), "weights", "nan"),
        (lambda: descend(lambda x: [1, 2], [0.0], 0.1, 5), "slope", "[1, 2]"),
        (lambda: descend(lambda x: "up", [0.0], 0.1, 5), "slope", "up"),
        (lambda: numerical_gradient(lambda x: x, X), "function", "array"),
        (lambda: SGD(np.inf), "learning_rate", "inf"),
        (lambda: SGD(0.1).step([W], [W.T]), "slopes", "(3, 4)"),
        (lambda: SGD(0.1).step([W, B], [W]), "slopes", "[(4, 3)]"),
        (lambda: Adam().step([W], [W + np.nan]), "slopes", "nan"),
        (lambda: Decay(SGD(0.1), 0), "steps", "0"),
        (lambda: mean_of_parts([(W, B), (W.T, B)], [1, 2]), "slopes, part 1", "(3, 4)"),
        (lambda: mean_of_parts([(W, B)], 1), "sizes", "1"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_by_the_name_of_the_argument_and_its_value(call, argument, value):
    with pytest.raises(ValueError) as error:
        call()
    name, _, rest = str(error.value).partition(":")
    assert name.startswith(argument)
    assert value in rest


def test_scratch_imports_nothing_but_numpy_and_the_standard_library():
    source = Path(scratch.__file__).read_text()
    imported = {line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))}
    assert imported == {"numpy", "softmaxlab.checks"}
