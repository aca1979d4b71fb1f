"""The plots, and the pictures of figures where no widgets are known: what is drawn is what was given, and named
right.
"""

import matplotlib.figure
import numpy as np
import pytest
from matplotlib.colors import to_hex
from numpy.testing import assert_allclose

from softmaxlab import plots
from softmaxlab.results import Rung
from softmaxlab.widgets import (
    Bars,
    Confusion,
    Curves,
    Descent,
    Diagonal,
    DigitPad,
    Machine,
    Pixels,
    Regions,
    Simplex,
    Templates,
    explore,
)

ANIMALS = ["cat", "dog", "bird"]


@pytest.fixture(autouse=True)
def style():
    with matplotlib.rc_context():
        plots.use_style()
        yield


@pytest.fixture
def ax():
    return matplotlib.figure.Figure().subplots()


def picture(view):
    """The axes of what a figure draws where no widgets are known."""
    figure = matplotlib.figure.Figure(layout="constrained")
    view.plot(figure)
    assert view.png().startswith(b"\x89PNG")
    return figure.axes


def bars(ax):
    """`[(name below, height, colour, number written)]`, from left to right, the name and number being the nearest."""
    names = {tick.get_text(): place for tick, place in zip(ax.get_xticklabels(), ax.get_xticks())}
    found = []
    for bar in ax.patches:
        middle = bar.get_x() + bar.get_width() / 2
        name = min(names, key=lambda name: abs(names[name] - middle))
        text = min(ax.texts, key=lambda text: abs(text.xy[0] - middle))
        found.append((name, bar.get_height(), to_hex(bar.get_facecolor()), text.get_text()))
    return found


def lines(ax):
    """`{label: (points, colour)}` of the lines that a legend would name."""
    return {line.get_label(): (line.get_xydata(), to_hex(line.get_color())) for line in ax.lines}


def image(ax):
    """The numbers of a picture, its colour map and the numbers at the ends of it."""
    (drawn,) = ax.images
    return np.asarray(drawn.get_array()), drawn.get_cmap().name, drawn.get_clim()


# Plots


def test_each_bar_has_its_height_its_colour_and_its_number_above_its_name(ax):
    plots.bars(ax, [0.5, -2, 3], ANIMALS, ylabel="score", decimals=1)
    numbers = ["0.5", "−2.0", "3.0"]
    assert bars(ax) == list(zip(ANIMALS, [0.5, -2, 3], plots.CLASSES, numbers))
    assert ax.get_ylabel() == "score"


def test_more_bars_than_colours_have_one_colour(ax):
    plots.bars(ax, np.arange(10), list("0123456789"))
    assert {colour for _, _, colour, _ in bars(ax)} == {plots.CLASSES[0]}


def test_infinite_bars_are_hatched_and_say_so(ax):
    plots.bars(ax, [1.0, np.inf, -np.inf], ANIMALS)
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, True, True]
    assert [text.get_text() for text in ax.texts] == ["1.000", "∞", "−∞"]
    assert ax.patches[1].get_height() > 1 > -1 > ax.patches[2].get_height()


def test_bars_beyond_the_limits_end_there_and_are_hatched(ax):
    plots.bars(ax, [3.0, 20.0, -5.0], ANIMALS, limits=(-2, 6), decimals=0)
    assert [bar.get_height() for bar in ax.patches] == [3, 6, -2]
    assert [bool(bar.get_hatch()) for bar in ax.patches] == [False, True, True]
    assert [text.get_text() for text in ax.texts] == ["3", "20", "−5"]


def test_each_curve_has_its_numbers_its_name_and_its_colour(ax):
    x, values = np.array([0, 1, 2]), np.array([[1, 4], [2, 5], [3, 7]])
    plots.curves(ax, x, values, ["one", "other"], xlabel="step", ylabel="loss")
    drawn = lines(ax)
    assert list(drawn) == ["one", "other"]
    for column, (points, colour), expected in zip(values.T, drawn.values(), plots.CLASSES):
        assert_allclose(points, np.transpose([x, column]))
        assert colour == expected
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("step", "loss")
    assert [text.get_text() for text in ax.get_legend().get_texts()] == ["one", "other"]


def test_the_triangle_has_true_distances_and_names_beside_their_corners(ax):
    probs = np.array([0.7, 0.2, 0.1])
    plots.simplex(ax, probs, ANIMALS)
    ways = [line for line in ax.lines if len(line.get_xydata()) == 2]
    lengths = [np.linalg.norm(np.diff(way.get_xydata(), axis=0)) for way in ways]
    assert_allclose(lengths, np.linalg.norm(probs - np.eye(3), axis=1))
    assert [to_hex(way.get_color()) for way in ways] == plots.CLASSES[:3]
    corners = [way.get_xydata()[0] for way in ways]
    said = [(text.get_text(), tuple(text.xy)) for text in ax.texts]
    names = ["cat 0.700", "dog 0.200", "bird 0.100"]
    assert said == [(name, tuple(corner)) for name, corner in zip(names, corners)]
    [borders] = [line.get_xydata() for line in ax.lines if len(line.get_xydata()) == 5]
    gaps = np.linalg.norm(borders[:, None] - corners, axis=2)
    nearest = np.isclose(gaps, gaps.min(axis=1, keepdims=True)).sum(axis=1)
    # from the middle, where all three are equally near, to the middles of the sides
    assert nearest.tolist() == [2, 3, 2, 3, 2]
    regions = [patch for patch in ax.patches if patch.get_facecolor()[3]]
    for region, corner, colour in zip(regions, corners, plots.CLASSES[:3], strict=True):
        assert to_hex(region.get_facecolor()) == colour
        gaps = np.linalg.norm(region.get_xy()[:, None] - corners, axis=2)
        assert (np.linalg.norm(region.get_xy() - corner, axis=1) <= gaps.min(axis=1) + 1e-9).all()
    assert [round(region.get_facecolor()[3], 2) for region in regions] == [0.24, 0.08, 0.08]


def test_ink_is_dark_and_weights_are_blue_above_zero_and_red_below(ax):
    pixels = np.linspace(-1, 1, 784)
    numbers, cmap, ends = image(plots.digit(ax, pixels))
    assert (cmap, ends) == ("gray_r", (0, 1))
    assert_allclose(numbers.ravel(), pixels)
    other = matplotlib.figure.Figure().subplots()
    numbers, _, ends = image(plots.weight_image(other, pixels, limit=2))
    assert ends == (-2, 2)
    assert_allclose(numbers.ravel(), pixels)
    red, blue = other.images[0].to_rgba([-2, 2])[:, :3]
    assert red[0] > red[2] + 0.2 and blue[2] > blue[0] + 0.2


def test_a_confusion_matrix_writes_each_count_in_its_place_and_colours_the_mistakes_alone(ax):
    counts = np.array([[90, 3, 0], [0, 80, 7], [1, 2, 70]])
    plots.confusion(ax, counts)
    for text in ax.texts:
        column, row = text.get_position()
        assert text.get_text() == (str(counts[row, column]) if counts[row, column] else "")
    assert_allclose(image(ax)[0], counts * (1 - np.eye(3)))
    assert (ax.get_xlabel(), ax.get_ylabel()) == ("read as", "digit")


def test_the_most_frequent_mistake_is_half_as_dark_as_the_scale_goes_so_that_its_number_can_be_read(ax):
    plots.confusion(ax, np.array([[90, 7], [3, 80]]))
    assert ax.images[0].get_clim() == (0, 14)


def test_points_of_two_classes_stand_where_they_are_in_their_colours(ax):
    points, classes = np.array([[0, 1], [2, 3], [4, 5]]), [1, 0, 1]
    plots.two_classes(ax, points, classes, ["sun", "moon"])
    drawn = lines(ax)
    assert_allclose(drawn["sun"][0], [[2, 3]])
    assert_allclose(drawn["moon"][0], [[0, 1], [4, 5]])
    assert [colour for _, colour in drawn.values()] == plots.CLASSES[:2]
    assert [line.get_marker() for line in ax.lines] == ["o", "s"]


def test_regions_are_drawn_from_the_lowest_row_in_the_colours_of_the_classes(ax):
    plots.regions(ax, np.array([1.0, 0.5, 0.0, 0.0]), 2)
    (drawn,) = ax.images
    assert drawn.origin == "lower" and drawn.get_extent() == [-2, 2, -2, 2]
    second, paper, first, _ = np.asarray(drawn.get_array()).reshape(4, 3)
    assert (paper == 1).all()
    mixed = [0.4 + 0.6 * np.array(matplotlib.colors.to_rgb(c)) for c in plots.CLASSES[:2]]
    assert_allclose([first, second], mixed, atol=0.01)


def test_each_rung_of_the_ladder_is_as_long_as_it_is_accurate_and_names_its_chapter(ax):
    def rung(name, accuracy):
        return Rung(name, "linear-model", "", accuracy, 1, 0, 0, 0, 0, "", "")

    plots.ladder(ax, [rung("low", 0.1), rung("high", 0.9)])
    assert [bar.get_width() for bar in ax.patches] == [10, 90]
    names = [tick.get_text() for tick in ax.get_yticklabels()]
    assert names == ["low  · linear model", "high  · linear model"]
    assert [text.get_text() for text in ax.texts][:2] == ["10.0 %", "90.0 %"]
    assert (ax.get_xlim(), ax.get_xlabel()) == ((0, 100), "test accuracy, in %")


# Figures where no widgets are known


def test_bars_show_the_frame_where_the_sliders_stand_a_panel_for_each_row():
    view = Bars(ANIMALS, panels=["score", "twice"], decimals=0)
    explore(lambda n=2: np.array([[n, 1, 0], [2 * n, 2, 0]]), n=[1, 2, 3], view=view)
    left, right = picture(view)
    assert [bar[:2] for bar in bars(left)] == list(zip(ANIMALS, [2, 1, 0]))
    assert [bar[1] for bar in bars(right)] == [4, 2, 0]
    assert (left.get_ylabel(), right.get_ylabel()) == ("score", "twice")
    view.index0 = 2
    assert [bar[1] for bar in bars(picture(view)[0])] == [3, 1, 0]


def test_bars_that_share_a_scale_share_it_where_no_widgets_are_known():
    view = Bars(ANIMALS, panels=["score", "twice"], shared=True)
    explore(lambda n: np.array([[n, 1, 0], [2 * n, 2, 0]]), n=[3], view=view)
    left, right = picture(view)
    assert left.get_ylim() == right.get_ylim()


def test_a_part_stands_in_its_whole_and_the_chosen_one_has_another_colour():
    view = Bars("abcde", panels=["all", "right"], decimals=0, nested=True, choice="letter", limits={"all": (0, 4)})
    whole, part = [3, 9, 4, 1, 2], [1, 5, 4, 0, 2]
    explore(lambda letter: [whole, part], letter=range(5), view=view)
    view.index0 = 1
    (ax,) = picture(view)
    wholes, parts = ax.patches[:5], ax.patches[5:]
    assert [bar.get_height() for bar in wholes] == [3, 4, 4, 1, 2]
    assert [bar.get_height() for bar in parts] == [1, 4, 4, 0, 2]
    assert [to_hex(bar.get_facecolor()) for bar in parts] == [plots.CLASSES[i == 1] for i in range(5)]
    assert [text.get_text() for text in ax.texts] == ["3", "9", "4", "1", "2"]
    assert [bool(bar.get_hatch()) for bar in wholes] == [False, True, False, False, False]


def test_a_diagonal_has_its_dots_their_names_and_the_mean_of_all():
    dots = np.array([[0.2, 0.9], [0.4, 0.8], [0.25, 0.75]])
    view = Diagonal(xlabel="said", ylabel="so", means=["said", "so"])
    explore(lambda n: n * dots, n=[1], view=view)
    (ax,) = picture(view)
    diagonal, drawn, mean = ax.lines
    assert_allclose(diagonal.get_xydata(), [[0, 0], [1, 1]])
    assert_allclose(drawn.get_xydata(), dots[:2].T)
    assert_allclose(mean.get_xydata(), [[0.725, 0.7]])
    assert (ax.get_xlabel(), ax.get_ylabel(), ax.get_xlim(), ax.get_ylim()) == ("said", "so", (0, 1), (0, 1))
    named = Diagonal(xlabel="said", ylabel="so", labels="ab", ends=(0, 2))
    explore(lambda n: [*dots, dots[1] - 0.1, dots[1] + 0.2], n=[1], view=named)
    (ax,) = picture(named)
    assert [text.get_text() for text in ax.texts] == ["a", "b"]
    assert_allclose([text.xy for text in ax.texts], dots[:2].T)
    (spans,) = ax.collections
    assert_allclose(spans.get_segments(), [[[x, y - 0.1], [x, y + 0.2]] for x, y in dots[:2].T])


def test_curves_show_the_other_sliders_and_a_marker_where_the_first_stands():
    view = Curves(["sum", "product"], xlabel="a", ylabel="size", points=[[1, 3, 5.5, 20]])
    explore(lambda a=3, b=20: [a + b, a * b], a=[1, 2, 3], b=[10, 20], view=view)
    (ax,) = picture(view)
    drawn = lines(ax)
    assert_allclose(drawn["sum"][0], [[1, 21], [2, 22], [3, 23]])
    assert_allclose(drawn["product"][0], [[1, 20], [2, 40], [3, 60]])
    *_, measured, marker = ax.lines
    assert_allclose(measured.get_xydata(), [[3, 5.5]])
    assert to_hex(measured.get_color()) == plots.CLASSES[1]
    assert_allclose(marker.get_xdata(), [3, 3])
    view.index0, view.index1 = 0, 0
    (ax,) = picture(view)
    assert_allclose(lines(ax)["sum"][0][:, 1], [11, 12, 13])
    assert_allclose(ax.lines[-1].get_xdata(), [1, 1])


def test_the_triangle_shows_the_frame_where_the_slider_stands():
    view = Simplex(ANIMALS)
    explore(lambda n=1: np.eye(3)[int(n)], n=[0, 1, 2], view=view)
    assert [text.get_text() for text in picture(view)[0].texts] == [
        "cat 0.000",
        "dog 1.000",
        "bird 0.000",
    ]


def test_a_row_of_pixels_is_marked_where_the_pointer_stands():
    view = Pixels(pixel=5)
    explore(lambda n=1: n * np.arange(9) / 9, n=[0.5, 1], view=view)
    square, strip = picture(view)
    assert_allclose(image(square)[0], np.arange(9).reshape(3, 3) / 9)
    assert_allclose(image(strip)[0], [np.arange(9) / 9])
    assert_allclose(square.lines[0].get_xydata(), [[2, 1]])
    assert_allclose(strip.lines[0].get_xdata(), [5, 5])
    assert image(square)[1:] == image(strip)[1:] == ("gray_r", (0, 1))


@pytest.mark.parametrize("cmap", ["RdBu", "PuOr"])
def test_each_template_has_its_name_and_the_colours_that_were_asked_for(cmap):
    view = Templates(["one", "other"], cmap=cmap)
    images = np.array([np.linspace(-2, 1, 9), np.linspace(0, 1, 9)])
    explore(lambda size=3: size * images, size=[1, 3], view=view)
    *axes, _ = picture(view)
    shown = [ax for ax in axes if ax.images]
    assert [ax.get_title(loc="center") for ax in shown] == ["one", "other"]
    for ax, expected in zip(shown, 3 * images):
        numbers, name, ends = image(ax)
        assert_allclose(numbers.ravel(), expected, atol=6 / 254)
        assert (name, ends) == (cmap, (-6, 6))


@pytest.mark.parametrize("count", [1, 10])
def test_one_template_and_ten_are_drawn(count):
    names = [str(number) for number in range(count)]
    view = Templates(names)
    frames = np.arange(9.0 * count).reshape(count, 9)
    explored = explore(lambda n: n * frames, n=[1, 2], view=view)
    assert repr(explored) == "<explore n: <Templates>>"
    assert len([ax for ax in picture(view) if ax.images]) == count


def test_a_descent_shows_the_path_the_loss_and_the_step():
    path = np.array([[1, 1], [0.5, 0], [0.25, -0.5], [0, 0]])
    view = Descent(lambda p: (p**2).sum(), x=(-2, 2), y=(-1, 3), xlabel="w", ylabel="b", step=2)
    explore(lambda rate=1: rate * path, rate=[0.5, 1], view=view)
    ground, losses = picture(view)
    *contours, way, here = ground.lines
    assert_allclose(way.get_xydata(), path)
    assert_allclose(here.get_xydata(), [path[2]])
    assert len(contours) == len(view.contours) > 5
    assert (ground.get_xlim(), ground.get_ylim()) == ((-2, 2), (-1, 3))
    assert (ground.get_xlabel(), ground.get_ylabel()) == ("w", "b")
    height = (path**2).sum(axis=1)
    assert_allclose(losses.lines[0].get_xydata(), np.transpose([range(4), height]))
    assert_allclose(losses.lines[1].get_xydata(), [[2, height[2]]])
    assert (losses.get_xlabel(), losses.get_ylabel()) == ("step", "loss")


def test_regions_show_the_frame_and_the_points_in_it():
    view = Regions(["one", "other"], limit=2, points=[[1, -1], [0.5, 0]], classes=[0, 1])
    explore(lambda n=1: n * np.array([0, 1, 0, 1]), n=[0, 1], view=view)
    (ax,) = picture(view)
    drawn = lines(ax)
    assert_allclose(drawn["one"][0], [[1, -1]])
    assert_allclose(drawn["other"][0], [[0.5, 0]])
    strength = 1 - np.asarray(ax.images[0].get_array()).min(axis=2)
    assert (strength > 0.3).all()


def test_a_confusion_matrix_shows_its_counts_the_field_that_is_chosen_and_its_pictures():
    images = np.arange(36).reshape(4, 9) / 35
    view = Confusion(images, counts=[[3, 1], [0, 2]])
    explore(lambda truth=1, answer=0: [2 * truth + answer, -1], truth=[0, 1], answer=[0, 1], view=view)
    table, first, second = picture(view)
    assert [text.get_text() for text in table.texts] == ["3", "1", "", "2"]
    assert_allclose(table.lines[0].get_xydata(), [[0, 1]])
    assert_allclose(image(first)[0].ravel(), images[2], atol=0.5 / 15 + 1e-9)
    assert not second.images


def test_a_pad_shows_its_first_sample_and_what_each_model_makes_of_it():
    rng = np.random.default_rng(0)
    models = {"one": [rng.normal(size=(784, 10)), rng.normal(size=10)]}
    samples = rng.random((3, 784))
    pad = DigitPad(models, samples)
    digit, probs = picture(pad)
    assert_allclose(image(digit)[0].ravel(), pad.samples[0])
    widths = [bar.get_width() for bar in probs.patches]
    assert_allclose(widths, pad.probs(pad.samples[:1])["one"][0])
    assert probs.yaxis_inverted() and probs.get_title(loc="left") == "one"
    assert probs.get_xlim() == (0, 1)


@pytest.mark.parametrize("probabilities", [True, False])
def test_a_machine_shows_its_first_sample_why_it_has_its_favourite_and_all_scores_or_probabilities(probabilities):
    rng = np.random.default_rng(0)
    machine = Machine(
        [rng.normal(size=(784, 10)), rng.normal(size=10)], rng.random((3, 784)), probabilities=probabilities
    )
    digit, why, bars = picture(machine)
    weights, bias = machine.models["model"]
    ink = machine.samples[0]
    scores = ink @ weights + bias
    best = scores.argmax()
    assert_allclose(image(digit)[0].ravel(), ink)
    evidence, cmap, (least, most) = image(why)
    assert_allclose(evidence.ravel(), ink * weights[:, best])
    assert (cmap, least) == ("RdBu", -most) and why.get_title() + why.get_title(loc="left") == f"why {best}?"
    assert_allclose(most, np.abs(ink[:, np.newaxis] * weights).max())
    widths = [bar.get_width() for bar in bars.patches]
    assert_allclose(widths, machine.probs(machine.samples[:1])["model"][0] if probabilities else scores, rtol=1e-4)
    assert bars.get_xlabel() == ("probability" if probabilities else "score")
    assert bars.yaxis_inverted()


def wired(ax):
    """What a drawing of a network has where: `(x, y, text, colour)` of each word, and the ends of each line."""
    words = [(*text.get_position(), text.get_text(), text.get_color()) for text in ax.texts]
    return words, [line.get_xydata().tolist() for line in ax.lines if line.get_linestyle() == "-"]


def drawn_network(ax, slopes):
    parameters = [[[1, 0.25], [-2, 3]], [5, -6], [[7], [8]], [9]]
    red = [[[0.1, 0.2], [0.3, 0.4]], [0.5, 0.6], [[0.7], [-0.8]], [0.9]]
    plots.wiring(ax, [[10, 11], [12, 13], [14]], parameters, red if slopes else None)
    return wired(ax)


@pytest.mark.parametrize("slopes", [True, False])
def test_a_network_is_drawn_with_each_number_in_its_circle_and_each_weight_on_its_line(ax, slopes):
    words, wires = drawn_network(ax, slopes)
    circles = {text: (x, y) for x, y, text, colour in words if colour == "C0"}
    assert list(circles) == ["10", "11", "12", "13", "14"]
    ink = [(x, y, text) for x, y, text, colour in words if colour == plots.COLOURS["ink"]]
    red = {(x, y): text for x, y, text, colour in words if colour == plots.COLOURS["speaks-against"]}
    ends = [("10", "12"), ("10", "13"), ("11", "12"), ("11", "13"), ("12", "14"), ("13", "14")]
    assert sorted(wires) == sorted([[*map(list, (circles[a], circles[b]))] for a, b in ends])
    weights = dict(zip(["1", "0.25", "−2", "3", "7", "8"], zip(ends, ["0.1", "0.2", "0.3", "0.4", "0.7", "−0.8"])))
    biases = {"b = 5": ("12", "0.5"), "b = −6": ("13", "0.6"), "b = 9": ("14", "0.9")}
    assert len(ink) == len(weights) + len(biases) and len(red) == (len(ink) if slopes else 0)
    for x, y, text in ink:
        if text in biases:
            circle, slope = biases[text]
            assert x == circles[circle][0] and 0 < y - circles[circle][1] < 0.5
        else:
            (start, end), slope = weights[text]
            (x0, y0), (x1, y1) = circles[start], circles[end]
            assert_allclose((y - y0) * (x1 - x0), (x - x0) * (y1 - y0), atol=1e-9)
            assert x0 < x < x1
        if slopes:
            assert red[x, y] == slope


def test_the_ladder_of_mistakes_shows_what_each_rung_misreads_on_a_logarithmic_scale(ax):
    rungs = [Rung(name, "", "", share, 1, 0, 0, 0, 0, "", "") for name, share in [("low", 0.1), ("high", 0.9899)]]
    plots.ladder_of_mistakes(ax, rungs)
    assert [tick.get_text() for tick in ax.get_yticklabels()] == ["low", "high"]
    (dots,) = [line for line in ax.lines if line.get_marker() == "o"]
    assert_allclose(dots.get_xydata(), [[90, 0], [1.01, 1]])
    assert [text.get_text() for text in ax.texts] == ["90.0", "1.01"]
    assert ax.get_xscale() == "log" and ax.yaxis_inverted()
    assert "%" in ax.get_xlabel()


def test_a_picture_with_its_names_reversed_would_be_found(ax):
    plots.bars(ax, [1, 2, 3], ANIMALS[::-1])
    assert [bar[:2] for bar in bars(ax)] != list(zip(ANIMALS, [1, 2, 3]))
