"""What functions ask of their arguments: bad input is a `ValueError` that names one of them, whatever comes."""

import inspect
import tracemalloc

import numpy as np
import pytest

from softmaxlab import scratch
from softmaxlab.checks import Array, Labels, Probabilities, Whole, checked
from softmaxlab.data import centre

RNG = np.random.default_rng(0)
X = RNG.random((6, 4))
Y = np.array([0, 1, 2, 0, 1, 2])
W, B = RNG.random((4, 3)), RNG.random(3)
NETWORK = [RNG.random((4, 5)), RNG.random(5), RNG.random((5, 3)), RNG.random(3)]
P = scratch.softmax(X)
SLOPES = [(W, B), (2 * W, B)]

# A good call of every public function: a name, and its arguments by name
GOOD = {
    "score": {"images": X, "weights": W, "bias": B},
    "accuracy": {"scores": X, "labels": Y},
    "nearest_mean": {"images": X, "labels": Y},
    "softmax": {"logits": X},
    "log_sum_exp": {"logits": X},
    "log_softmax": {"logits": X},
    "entropy": {"probs": P},
    "one_hot": {"labels": Y, "classes": 3},
    "cross_entropy": {"logits": X, "labels": Y},
    "descend": {
        "slope": lambda point: 2 * point,
        "start": [1.0, 2.0],
        "learning_rate": 0.1,
        "steps": 5,
        "momentum": 0.5,
    },
    "numerical_gradient": {"function": lambda x: (x**2).sum(), "point": W, "width": 1e-5},
    "relative_error": {"ours": W, "theirs": 2 * W},
    "gradient": {"weights": W, "bias": B, "images": X, "labels": Y},
    "minibatches": {"count": 6, "batch_size": 2, "steps": 4, "rng": RNG},
    "train_softmax": {
        "images": X,
        "labels": Y,
        "rng": RNG,
        "steps": 3,
        "batch_size": 2,
        "learning_rate": 0.5,
    },
    "calibration": {"probs": P, "labels": Y, "bins": 5},
    "calibration_error": {"probs": P, "labels": Y, "bins": 5},
    "fit_temperature": {"logits": X, "labels": Y},
    "he_start": {"pixels": 4, "units": 5, "classes": 3, "rng": RNG},
    "network": {"parameters": NETWORK, "images": X},
    "backpropagate": {"parameters": NETWORK, "images": X, "labels": Y},
    "SGD": {"learning_rate": 0.1, "momentum": 0.5},
    "SGD.step": {"parameters": [W.copy(), B.copy()], "slopes": [W, B]},
    "Adam": {"learning_rate": 0.1},
    "Adam.step": {"parameters": [W.copy(), B.copy()], "slopes": [W, B]},
    "dropout": {"images": X, "share": 0.5, "rng": RNG},
    "shift": {"digits": RNG.random((2, 784)), "rng": RNG},
    "Decay": {"optimizer": scratch.SGD(0.1), "steps": 5},
    "Decay.step": {"parameters": [W.copy(), B.copy()], "slopes": [W, B]},
    "train_network": {
        "model": NETWORK,
        "images": X,
        "labels": Y,
        "rng": RNG,
        "optimizer": scratch.SGD(0.1),
        "passes": 2,
        "batch_size": 2,
        "change": lambda images, rng: images,
    },
    "mean_of_parts": {"slopes": SLOPES, "sizes": [2, 4]},
    "centre": {"drawing": RNG.random((9, 9))},
}
BAD = [
    None, "abc", b"abc", True, 1j, {}, {1, 2}, print, object(), 1.5, -1, 0, np.nan, np.inf, -np.inf, 10**400,
    [], [[]], [[1], [2, 3]], [None], ["a"], [np.nan, 1, 2], [1e400, 1], [10**400], [1j, 2], [True, False], [-1, 0, 1],
    [0, 1, 99], np.zeros((0, 3)), np.zeros((3, 0)), np.zeros((2, 2, 2)), np.zeros(7), np.full((6, 4), np.nan),
    np.full((6, 4), np.inf), np.full((4, 3), "ink"), np.array(["a", None], dtype=object), np.array(3.0),
    np.array(["2026-01-01"], dtype="M8[D]"), np.ma.masked_equal([1.0, 2.0], 2), np.zeros((6, 5)), np.ones((4, 4)),
    (W, B), [W, B, W, B], [W.T, B], [(W, B), (W, W)], [None, None, None, None], iter([1, 2]), lambda *a: None,
    lambda *a: "up", lambda *a: np.nan, np.float16([1, 2, 3]), np.random, scratch.Adam,
]  # fmt: skip
# A result may hold nan where the docstring says so.
MAY_BE_NAN = {"nearest_mean", "calibration"}


def public():
    """The names of the functions, classes and methods that `scratch` defines."""
    found = []
    for name, thing in vars(scratch).items():
        if getattr(thing, "__module__", None) == scratch.__name__ and not name.startswith("_"):
            found.append(name)
            if inspect.isclass(thing):
                found += [f"{name}.{method}" for method in vars(thing) if method == "step"]
    return found


def call(name, arguments):
    """What the function of this name gives; a generator to its end."""
    if name == "centre":
        return centre(**arguments)
    function, _, method = name.partition(".")
    function = getattr(scratch, function)
    if method:
        decay = function is scratch.Decay
        function = (function(scratch.SGD(0.1), 5) if decay else function(0.1)).step
    result = function(**arguments)
    return list(result) if inspect.isgenerator(result) else result


def numbers(result):
    """All numbers in a result, however deep."""
    if isinstance(result, (list, tuple)):
        return [number for part in result for number in numbers(part)]
    known = isinstance(result, (np.ndarray, int, float, np.number))
    return np.asarray(result, float).ravel().tolist() if known else []


def test_every_public_function_is_tried():
    assert set(public()) | {"centre"} == set(GOOD)


@pytest.mark.parametrize("name", GOOD)
def test_a_good_call_gives_finite_numbers(name):
    assert np.isfinite(numbers(call(name, GOOD[name]))).all() or name in MAY_BE_NAN


@pytest.mark.parametrize("name", GOOD)
@pytest.mark.filterwarnings("error")
def test_whatever_comes_is_computed_or_refused_by_the_name_of_an_argument(name):
    """A bad value gets a `ValueError` that names an argument, or a result of finite numbers: nothing else."""
    for argument in GOOD[name]:
        for bad in BAD:
            arguments = GOOD[name] | {argument: bad}
            try:
                result = call(name, arguments)
            except TypeError:
                # A function that was given and fails by itself is its author's.
                assert callable(bad) and callable(GOOD[name][argument])
            except ValueError as error:
                begins = str(error).replace(",", ":").partition(":")[0]
                inner = {"logits", "parameters", "slopes", "labels", "batch_size"}
                assert callable(bad) or begins in set(arguments) | inner, f"{argument} = {bad!r}: {error}"
            else:
                finite = np.isfinite(numbers(result)).all()
                assert finite or name in MAY_BE_NAN, f"{argument} = {bad!r} gave {result}"


def test_a_function_that_lets_nan_through_would_be_found(monkeypatch):
    monkeypatch.setattr(scratch, "softmax", lambda logits: np.asarray(logits, float) * np.nan)
    with pytest.raises(AssertionError, match="gave"):
        test_whatever_comes_is_computed_or_refused_by_the_name_of_an_argument("softmax")


# Letters


@checked(penalties=Array("d k"), strength=Array("k"))
def charged(penalties, strength):
    """A new function with names of its own."""
    return penalties * strength


def test_a_new_function_declares_its_arguments_under_any_name():
    assert charged([[1, 2]], [3, 4]).tolist() == [[3, 8]]
    with pytest.raises(ValueError, match=r"strength.*\(2,\).*penalties.*\(3,\)"):
        charged([[1, 2]], [3, 4, 5])


def test_a_check_for_a_parameter_that_is_not_there_is_found_at_once():
    with pytest.raises(TypeError, match="weight"):
        checked(weight=Array("d k"))(lambda weights: weights)


def test_names_and_defaults_work_as_in_any_function():
    @checked(rows=Whole(1, length="n"), labels=Labels("n"))
    def count(labels, rows=2):
        return len(labels) * rows

    assert count([0, 1]) == count(labels=[0, 1]) == count([0, 1], rows=2) == 4
    with pytest.raises(ValueError, match="labels"):
        count([0, 1, 2])
    with pytest.raises(TypeError):
        count()


def test_integers_become_floats_and_floats_stay_as_they_are():
    single = np.ones((1, 2), np.float32)
    assert charged(single, np.ones(2, np.float32)).dtype == np.float32
    assert charged([[1, 2]], np.array([1, 2], np.uint8)).dtype == float


def test_a_large_number_whose_square_overflows_is_finite():
    assert charged([[1e300]], [1.0])[0, 0] == 1e300
    assert np.isfinite(scratch.softmax(np.array([3e38, 0], np.float32))).all()


def test_a_function_that_returns_one_nan_among_its_numbers_is_refused():
    rng = np.random.default_rng(0)
    images, labels = np.ones((4, 2)), np.array([0, 1, 0, 1])

    def spoil(images, rng):
        return np.where(np.arange(2) == 0, np.nan, images)

    with pytest.raises(ValueError, match=r"^change\b.*nan"):
        scratch.train_network(scratch.he_start(2, 3, 2, rng), images, labels, rng, scratch.Adam(0.1), 1, 2, spoil)


@pytest.mark.parametrize(
    ("probs", "fits"),
    [
        ([0.5, 0.5005], True),
        ([0.5, 0.4995], True),
        ([0.5, 0.502], False),
        ([0.5, 0.498], False),
        ([1.001, -0.001], False),
    ],
)
def test_probabilities_sum_to_1_to_a_thousandth_and_none_is_below_0(probs, fits):
    @checked(probs=Probabilities("n k"))
    def given(probs):
        return probs

    if fits:
        assert given([[1, 0], probs]).tolist() == [[1, 0], probs]
        return
    with pytest.raises(ValueError, match=r"^probs\b.*sum to 1"):
        given([[1, 0], probs])


@pytest.mark.parametrize("order", ["by rows", "by columns"])
def test_a_table_is_held_without_a_copy_of_it(order):
    @checked(images=Array("n d"))
    def given(images):
        return images

    table = np.ones((1000, 784)) if order == "by rows" else np.ones((784, 1000)).T
    tracemalloc.start()
    try:
        assert given(table) is table
        assert tracemalloc.get_traced_memory()[1] < table.nbytes / 100
    finally:
        tracemalloc.stop()
