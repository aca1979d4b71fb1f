"""What curves and the triangle can do, on figures that are on no page: in Python, and read from the screen."""

import itertools

import matplotlib.figure
import numpy as np
import pytest
from numpy.testing import assert_allclose
from padpage import records_of
from pictures import State, check
from stage import patched

from softmaxlab.scratch import softmax
from softmaxlab.widgets import Curves, Descent, Simplex, explore

SHARES = np.arange(1, 100) / 100
SCORES = np.array([3.0, 1.0, 0.2])


def honesty():
    """What it costs to say each share, in three kinds of cost: a ring where each is least, and the truth as a line."""

    def mean_cost(say=0.5, true_in_10=7):
        truth, said = np.array([true_in_10, 10 - true_in_10]) / 10, np.array([say, 1 - say])
        return [truth @ -np.log(said), truth @ (1 - said), truth @ (1 - said) ** 2]

    names = ["−ln p", "1 − p", "(1 − p)²"]
    view = Curves(names, ylabel="mean cost", best=names, guides={"what is true": lambda tenths: tenths / 10})
    return explore(mean_cost, say=SHARES, true_in_10=[5, 7, 9], view=view)


def two_walkers():
    """Two dots that walk down two curves which stand still."""
    z = np.linspace(-12, 5, 100)

    def walk(step=3, rate=1):
        scores = np.full(2, -10.0)
        for _ in range(step):
            p = 1 / (1 + np.exp(-scores))
            scores += rate * np.array([1 - p[0], 2 * p[1] * (1 - p[1]) ** 2])
        p = 1 / (1 + np.exp(-scores))
        return np.stack([scores, [-np.log(p[0]), (1 - p[1]) ** 2]], axis=1)

    over = z, [np.logaddexp(0, -z), 1 / (1 + np.exp(z)) ** 2]
    view = Curves(["cross-entropy", "squared error"], over=over, xlabel="score", ylabel="cost", best=["squared error"])
    return explore(walk, step=[0, 1, 2, 3, 10, 1000], rate=[1, 2], view=view)


def grains():
    """Stairs on two logarithmic axes, drawn as far as one has come."""
    view = Curves(["grain", "twice"], log=True, log_x=True, stairs=True, reveal=True, gap="the rest", decimals=9)
    return explore(lambda start=8.0: np.spacing(start) * np.array([1, 2]), start=2.0 ** np.arange(41), view=view)


def hidden():
    """One curve on another, one that ends, and one of two lines beyond the picture."""

    def curves(n=2, m=1):
        return [n, n if m == 1 else m * n, np.inf if n < 3 else 1]

    guides = {"five": 5, "far": lambda m: 15 * m}
    return explore(curves, n=range(1, 21), m=[1, 2], view=Curves(list("abc"), guides=guides, gap="between", decimals=1))


def cooling():
    """The point on its way from the middle to a corner."""

    def cool(lead=0, temperature=1.0):
        return softmax((SCORES + [0, lead, 0]) / temperature)

    view = Simplex(["cat", "dog", "bird"], line=True, decimals=2)
    return explore(cool, lead=[0, 1, 2, 4], temperature=np.geomspace(0.1, 10, 15), view=view)


def apart():
    shares = np.linspace(0, 1, 5)
    view = Simplex(["cat", "dog", "bird"], distances=True)
    return explore(
        lambda cat=0.5, rest=0.25: [cat, rest * (1 - cat), (1 - rest) * (1 - cat)], cat=shares, rest=shares, view=view
    )


FIGURES = [honesty, two_walkers, grains, hidden, cooling, apart]


def everywhere(stage, state, script=None, most=60):
    """Hold a figure to its state at every position, or at some of them."""
    stage.put(state, script=script)
    positions = list(itertools.product(*(range(count) for count in state.counts)))
    for position in positions[:: -(-len(positions) // most)] + [state.start, positions[-1]]:
        stage.move(position)
        check(stage.figure, state, position)


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_what_the_picture_shows_is_what_the_frames_hold(figure, stage):
    everywhere(stage, State(records_of(figure())[0]))


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: figure.__name__)
def test_where_no_widgets_are_known_it_is_drawn_by_matplotlib(figure):
    view = figure().view
    drawn = matplotlib.figure.Figure()
    view.plot(drawn)
    assert drawn.axes and view.png().startswith(b"\x89PNG")


FAULTS = [
    (honesty, "at === places.length - 1", "at === places.length"),
    (honesty, "if (ring) move(ring, x(places[at])", "if (ring) move(ring, x(places[0])"),
    (two_walkers, "x(before), y(above)", "x(before), y(height)"),
    (two_walkers, "step < first", "step < first - 1"),
    (two_walkers, "ground.subarray(i * places.length, (i + 1) * places.length)", "ground.subarray(0, places.length)"),
    (grains, 'log_x") ? Math.log10', 'log_x") ? Math.sqrt'),
    (grains, 'model.get("stairs") && at > from', "false"),
    (grains, "all[1], 0, last).reverse()", "all[1], 0, last)"),
    (hidden, "const seen = x(at) >= 0 && x(at) <= 1;", "const seen = true;"),
    (cooling, "position.with(last, i)", "position.with(0, 0)"),
    (apart, 'ways[i]?.setAttribute("x2", x)', 'ways[i]?.setAttribute("x2", y)'),
]


@pytest.mark.parametrize(("figure", "old", "new"), FAULTS)
def test_a_fault_is_found(figure, old, new, stage):
    state = State(records_of(figure())[0])
    with pytest.raises(AssertionError):
        everywhere(stage, state, script=patched(state.script, old, new), most=20)


def test_curves_that_stand_still_and_their_lines_travel_as_they_are():
    view, other = two_walkers().view, honesty().view
    assert_allclose(view.over, np.linspace(-12, 5, 100))
    ground = np.frombuffer(view.ground, "<f4").reshape(2, -1)
    assert_allclose(ground[0], np.logaddexp(0, -np.linspace(-12, 5, 100)), rtol=1e-6)
    assert other.guides == [{"name": "what is true", "values": [0.5, 0.7, 0.9]}] and other.best == [0, 1, 2]
    assert other.over == [] and view.array.shape == (6, 2, 2, 2)


def curves(**options):
    return Curves(["a", "b"], **options)


def shown(view, frame=(1, 2), **grids):
    return explore(lambda n, m=0: frame, n=[1, 2], view=view, **grids)


@pytest.mark.parametrize(
    ("call", "argument", "value"),
    [
        (lambda: curves(best=["c"]), "best", "'c'"),
        (lambda: Curves(["a"], gap="gap"), "gap", "1"),
        (lambda: curves(over=([1, 2], [[1, 2]])), "over", "(1, 2)"),
        (lambda: curves(over=([2, 1], [[1, 2], [1, 2]])), "over", "[2, 1]"),
        (lambda: shown(curves(over=([1, 2], [[1, 2], [1, 2]]))), "labels", "(2,)"),
        (lambda: shown(curves(), frame=[[1, 2], [1, 2]]), "labels", "(2, 2)"),
        (lambda: explore(lambda n: [1, 2], n=[0, 1], view=curves(log_x=True)), "log_x", "0"),
        (lambda: shown(curves(guides={"line": lambda m: np.nan}), m=[1, 2]), "guides", "nan"),
        (lambda: shown(curves(play="speed")), "play", "speed"),
        (lambda: Descent(len, x=(0, 1), y=(0, 1), beside={"other": {}}), "beside", "{'other': {}}"),
        (lambda: way_down(beside={"other": {"n": 3}}), "beside", "{'n': 3}"),
        (lambda: way_down(around="m"), "around", "'m'"),
        (lambda: way_down(again="m"), "again", "'m'"),
        (lambda: way_down(rates=[2, 1], bound=True), "n", "[2, 1]"),
        (lambda: explore(lambda momentum: [[1, 1], [0, 0]], momentum=[0, 0.5], view=rated()), "momentum", "[0.0, 0.5]"),
        (lambda: way_down(bound=True, loss=lambda point: float(point[0] ** 2)), "loss", "curvatures"),
    ],
)
def test_what_does_not_fit_is_refused_by_name_and_value(call, argument, value):
    with pytest.raises(ValueError) as error:
        call()
    name, _, rest = str(error.value).partition(": expected ")
    assert name == argument and value in rest.partition("got ")[2]


def rated():
    return Descent(lambda point: float(point @ point), x=(-1, 1), y=(-1, 1), bound=True)


def way_down(loss=lambda point: float(point @ point), rates=(1, 2), **options):
    view = Descent(loss, x=(-1, 1), y=(-1, 1), **options)
    return explore(lambda n: [[1, 1], [0.5, 0.5]], n=rates, view=view)
