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
    accuracy,
    cross_entropy,
    entropy,
    gradient,
    log_softmax,
    log_sum_exp,
    minibatches,
    nearest_mean,
    one_hot,
    score,
    softmax,
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


def test_gradient_agrees_with_finite_differences(small):
    weights, bias, images, labels = small
    slopes = gradient(weights, bias, images, labels)
    for numbers, slope in zip((weights, bias), slopes):
        for place in np.ndindex(numbers.shape):
            losses = []
            kept = numbers[place]
            for moved in (kept - 1e-6, kept + 1e-6):
                numbers[place] = moved
                losses.append(cross_entropy(images @ weights + bias, labels))
            numbers[place] = kept
            assert_allclose(np.diff(losses)[0] / 2e-6, slope[place], atol=1e-8)


def test_float32_stays_float32(small):
    weights, bias, images, labels = small
    single = [a.astype(np.float32) for a in (weights, bias, images)]
    assert {a.dtype for a in gradient(*single, labels)} == {np.dtype(np.float32)}
    assert {a.dtype for a in nearest_mean(single[2], labels)} == {np.dtype(np.float32)}
    weights, bias = train_softmax(single[2], labels, np.random.default_rng(0), batch_size=4)
    assert weights.dtype == bias.dtype == np.float32


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
    ("call", "says"),
    [
        (lambda: score(X[0], W, B), "images: expected shape (n, d), none of them 0; came shape (4,)"),
        (lambda: score(X, W, B[:, None]), "bias: expected shape (k,), none of them 0; came shape (3, 1)"),
        (lambda: score(X.T, W, B), "images: expected shape (n, 4) to fit weights (4, 3); came shape (4, 2)"),
        (lambda: accuracy([1, 2], [0]), "scores: expected shape (n, k), none of them 0; came shape (2,)"),
        (lambda: accuracy([[1, np.nan]], [0]), "scores: expected finite numbers; came nan"),
        (lambda: accuracy(X, [[0], [1]]), "labels: expected shape (n,), none of them 0; came shape (2, 1)"),
        (lambda: accuracy(X, [0, 4]), "labels: expected 0 to 3; came 0 to 4"),
        (lambda: nearest_mean(X, [0]), "labels: expected shape (2,), one label for each row"),
        (lambda: nearest_mean(X, [0, -1]), "labels: expected 0 to 0; came -1 to 0"),
        (lambda: softmax([]), "logits: expected shape (k,) or (n, k), none of them 0; came shape (0,)"),
        (lambda: softmax(np.zeros((0, 3))), "came shape (0, 3)"),
        (lambda: softmax(np.zeros((1, 2, 3))), "came shape (1, 2, 3)"),
        (lambda: softmax(3.0), "came shape ()"),
        (lambda: softmax(None), "logits: expected numbers; came None"),
        (lambda: softmax("abc"), "logits: expected numbers; came 'abc'"),
        (lambda: softmax([[1, 2], [3]]), "logits: expected an array of numbers; came rows of different lengths"),
        (lambda: softmax([1, np.nan]), "logits: expected finite numbers; came nan"),
        (lambda: log_softmax([1, np.inf]), "logits: expected finite numbers; came inf"),
        (lambda: log_sum_exp(["a", "b"]), "logits: expected numbers; came ['a', 'b']"),
        (lambda: softmax(logits=[-np.inf, 0]), "came -inf"),
        (lambda: softmax([1j, 2]), "logits: expected numbers; came [1j, 2]"),
        (lambda: entropy([0.5, 0.6]), "probs: expected rows that sum to 1, none below 0"),
        (lambda: entropy([1.5, -0.5]), "least -0.5"),
        (lambda: one_hot([0, 3], 3), "labels: expected 0 to 2; came 0 to 3"),
        (lambda: one_hot([-1], 3), "labels: expected 0 to 2; came -1 to -1"),
        (lambda: one_hot([1.0], 3), "labels: expected integers; came float64"),
        (lambda: one_hot([True], 3), "labels: expected numbers; came [True]"),
        (lambda: one_hot([], 3), "labels: expected shape (n,), none of them 0; came shape (0,)"),
        (lambda: one_hot([[1]], 3), "came shape (1, 1)"),
        (lambda: one_hot([0], 0), "classes: expected a whole number, at least 1; came 0"),
        (lambda: one_hot([0], 2.5), "classes: expected a whole number, at least 1; came 2.5"),
        (lambda: one_hot([0], True), "classes: expected a whole number, at least 1; came True"),
        (lambda: cross_entropy(np.zeros((2, 3)), [0]), "labels: expected shape (2,), one label for each row"),
        (lambda: cross_entropy(np.zeros((2, 3)), [0, 3]), "labels: expected 0 to 2; came 0 to 3"),
        (lambda: cross_entropy([3, 1, 0.2], [0]), "logits: expected shape (n, k), a row for each label; came shape (3,)"),
        (lambda: gradient(W, B, np.zeros((2, 5)), [0, 1]), "images: expected shape (n, 4) to fit weights (4, 3)"),
        (lambda: gradient(W, B, np.zeros((0, 4)), []), "came shape (0,"),
        (lambda: gradient(W, B, X, []), "labels: expected shape (n,), none of them 0; came shape (0,)"),
        (lambda: gradient(W, np.zeros((3, 1)), X, [0, 1]), "bias: expected shape (k,), none of them 0; came shape (3, 1)"),
        (lambda: gradient(W, np.zeros(2), X, [0, 1]), "bias: expected shape (3,) to fit weights (4, 3); came shape (2,)"),
        (lambda: gradient(W[0], B, X, [0, 1]), "weights: expected shape (d, k), none of them 0; came shape (3,)"),
        (lambda: gradient(W, B, X, [0, 3]), "labels: expected 0 to 2; came 0 to 3"),
        (lambda: gradient(W, B, X + np.nan, [0, 1]), "logits: expected finite numbers; came nan"),
        (lambda: train_softmax(X, [0, -1], RNG), "labels: expected 0 to 0; came -1 to 0"),
        (lambda: train_softmax(X, [0], RNG), "labels: expected shape (2,)"),
        (lambda: train_softmax(X, [0, 1], RNG), "batch_size: expected 1 to 2, the number of rows; came 64"),
        (lambda: train_softmax(X, [0, 1], 0), "rng: expected np.random.default_rng(seed); came 0"),
        (lambda: train_softmax(X, [0, 1], RNG, -1), "steps: expected a whole number, at least 0; came -1"),
        (lambda: train_softmax(X, [0, 1], RNG, learning_rate="0.5"), "learning_rate: expected a number; came '0.5'"),
        (lambda: minibatches(10, 0, 1, RNG), "batch_size: expected a whole number, at least 1; came 0"),
        (lambda: minibatches(10, 11, 1, RNG), "batch_size: expected 1 to 10"),
    ],
)  # fmt: skip
def test_bad_input_is_refused_with_what_was_expected_and_what_came(call, says):
    with pytest.raises(ValueError) as error:
        call()
    assert says in str(error.value)


def test_scratch_imports_nothing_but_numpy_and_the_standard_library():
    source = Path(scratch.__file__).read_text()
    imported = {
        line.split()[1] for line in source.splitlines() if line.startswith(("import ", "from "))
    }
    assert imported == {"functools", "inspect", "numpy"}
