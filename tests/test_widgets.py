"""`explore` and its figures, without a browser: what they hold, what they refuse, what they offer elsewhere."""

import base64
import inspect
import re
import sys

import ipywidgets
import matplotlib.figure
import numpy as np
import pytest
from course import ROOT
from ipywidgets.embed import embed_data
from numpy.testing import assert_allclose, assert_array_equal

from softmaxlab.scratch import descend, entropy, network, softmax
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
from softmaxlab.widgets.confusion import packed, unpacked
from softmaxlab.widgets.explore import _texts
from softmaxlab.widgets.regions import folded

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_widgets import record

SCORES = np.array([3.0, 1.0, 0.2])


def stretch(scale=1, shift=0):
    return softmax(scale * SCORES + shift)


def bars():
    return Bars(labels=["cat", "dog", "bird"])


def curves():
    return Curves(labels=["cat", "dog", "bird"])


def simplex():
    return Simplex(labels=["cat", "dog", "bird"])


@pytest.fixture(params=[bars, curves, simplex])
def explored(request):
    view = request.param()
    return explore(stretch, scale=[0, 0.5, 1, 2], shift=[-5, 0, 5], view=view)


def test_every_frame_is_what_the_function_returns(explored):
    for i, scale in enumerate([0, 0.5, 1, 2]):
        for j, shift in enumerate([-5, 0, 5]):
            frame = explored.view.array[i, j]
            assert_allclose(frame, stretch(scale, shift), rtol=1e-6)


def test_sliders_start_at_the_defaults_of_the_function(explored):
    assert [slider.index for slider in explored.sliders] == [2, 1]
    assert explored.view.position == (2, 1)


def test_without_a_default_a_slider_starts_at_the_first_value():
    explored = explore(lambda scale: softmax(scale * SCORES), scale=[4, 5], view=bars())
    assert explored.view.position == (0,)


def test_each_slider_is_joined_to_the_figure_by_a_link_in_the_browser(explored):
    joined = [(link.source, link.target) for link in explored.links]
    sliders = explored.sliders
    assert joined == [
        ((sliders[0], "index"), (explored.view, "index0")),
        ((sliders[1], "index"), (explored.view, "index1")),
    ]
    assert all(type(link).__name__ == "Link" for link in explored.links)


def test_sliders_are_named_after_the_parameters():
    explored = explore(
        lambda learning_rate: softmax(learning_rate * SCORES),
        learning_rate=[1, 2],
        view=bars(),
    )
    assert isinstance(explored.sliders[0], ipywidgets.SelectionSlider)
    assert explored.sliders[0].description == "learning rate"


def test_slider_texts_have_as_many_digits_as_it_takes():
    assert _texts(np.linspace(0, 0.3, 4)) == ["0", "0.1", "0.2", "0.3"]
    assert _texts(np.array([-2, 4096, 55_000])) == ["−2", "4096", "55000"]
    assert _texts(np.array([-1.0, 1000.1, 1000.2])) == [
        "−1",
        "1000.1",
        "1000.2",
    ]
    assert _texts(np.array([0, -1e-7, 1e-5, 0.001])) == ["0", "−10⁻⁷", "10⁻⁵", "0.001"]
    assert _texts(np.array([1, 1024, 1e9, 2.0**34])) == ["1", "1024", "10⁹", "1.72·10¹⁰"]


def test_readouts_are_measured_on_every_frame():
    view = Bars(labels=["cat", "dog", "bird"], readouts={"entropy": entropy})
    explore(stretch, scale=[0, 1], view=view)
    assert view.readout_names == ["entropy"]
    readings = np.frombuffer(view.readout_values, "<f4")
    assert_allclose(readings, [np.log(3), entropy(softmax(SCORES))], rtol=1e-6)


def test_readouts_may_be_given_as_a_number_for_each_frame():
    view = Bars(labels=["cat", "dog", "bird"], readouts={"loss": np.array([0.5, 0.25])})
    explore(stretch, scale=[0, 1], view=view)
    assert_allclose(np.frombuffer(view.readout_values, "<f4"), [0.5, 0.25])
    short = Bars(labels=["cat", "dog", "bird"], readouts={"loss": [0.5]})
    with pytest.raises(ValueError, match="readouts.*2.*loss.*1"):
        explore(stretch, scale=[0, 1], view=short)


def test_bars_take_several_panels_with_a_range_for_each():
    view = Bars(labels=["cat", "dog", "bird"], panels=["score", "probability"])
    explore(
        lambda scale: np.array([scale * SCORES, softmax(scale * SCORES)]),
        scale=[-1, 2],
        view=view,
    )
    assert_allclose(view.ranges, [[-3, 6], [0, softmax(2 * SCORES).max()]], rtol=1e-6)


def test_bars_share_one_scale_when_asked_and_remember_where_they_began():
    view = Bars(labels=["cat", "dog"], panels=["all", "right"], shared=True, marks=True)
    explore(lambda n: n * np.array([[4, 2], [1, -1]]), n=[1, 2], view=view)
    assert view.ranges == [[-2, 8], [-2, 8]]
    assert view.marks
    assert not Bars([]).shared and not Bars([]).marks


def test_a_panel_shows_what_its_limits_say_and_one_without_them_all_of_its_frames():
    view = Bars(labels=["cat", "dog", "bird"], panels=["score", "probability"], limits={"score": (-1, 4)})
    explore(lambda scale: np.array([scale * SCORES, softmax(scale * SCORES)]), scale=[-1, 2], view=view)
    assert_allclose(view.ranges, [[-1, 4], [0, softmax(2 * SCORES).max()]], rtol=1e-6)


def test_a_part_is_drawn_in_its_whole_on_one_scale_and_a_slider_chooses_of_which():
    view = Bars("ab", panels=["all", "right"], decimals=[0, 1], nested=True, choice="letter", limits={"all": (0, 9)})
    explore(lambda size, letter: size * np.array([[4, 2], [1, 2]]), size=[1, 2], letter=[0, 1], view=view)
    assert view.ranges == [[0, 9], [0, 9]]
    assert (view.choice, view.decimals) == (1, [0, 1])
    assert Bars("ab").choice == -1 and Bars("ab", panels="pq").decimals == [3, 3]


def test_the_slider_that_a_button_walks_is_named_as_one_reads_it():
    view = Bars("abc", play="learning_rate")
    explore(lambda learning_rate, size: size * SCORES, learning_rate=[1, 2], size=[1, 2], view=view)
    assert view.play == "learning rate" and Bars("abc").play == ""


def reliable(**traits):
    return Diagonal(xlabel="said", ylabel="so", **traits)


def test_a_diagonal_adds_the_mean_of_what_was_said_and_of_what_was_so():
    dots = np.array([[0.2, np.nan, 0.9], [0.4, np.nan, 0.8], [0.25, 0, 0.75]])
    view = reliable(means=["said", "so"])
    explore(lambda n: n * dots, n=[1], view=view)
    assert_allclose(view.array[0, :, :-1], dots, rtol=1e-6)
    assert_allclose(view.array[0, :, -1], [0.25 * 0.2 + 0.75 * 0.9, 0.25 * 0.4 + 0.75 * 0.8, 1], rtol=1e-6)
    without = reliable()
    explore(lambda n: n * dots, n=[1], view=without)
    assert without.array.shape == (1, 3, 3)


def test_dots_with_names_have_a_slider_of_their_own_if_one_may_choose():
    view = reliable(labels="ab", pointer="letter", ends=(0, 9), span="most")
    explored = explore(lambda n: np.full((5, 2), n), n=[1, 2], view=view)
    assert [slider.description for slider in explored.sliders] == ["n", "letter"]
    assert [len(slider.options) for slider in explored.sliders] == [2, 2]
    assert len(explore(lambda n: np.full((5, 2), n), n=[1], view=reliable(labels="ab")).sliders) == 1


def test_an_infinite_bar_does_not_stretch_the_range_and_can_be_drawn():
    view = Bars(labels=["cat", "dog", "bird"])
    explore(lambda n: [n, np.inf, np.nan], n=[1, 2], view=view)
    assert view.ranges == [[0, 2]]


def test_the_bundle_offers_a_widget_and_a_png_and_a_stable_text(explored):
    bundle = explored._repr_mimebundle_()
    assert set(bundle) == {
        "text/plain",
        "image/png",
        "application/vnd.jupyter.widget-view+json",
    }
    assert bundle["text/plain"] in (
        "<explore scale, shift: <Bars>>",
        "<explore scale, shift: <Curves>>",
        "<explore scale, shift: <Simplex>>",
    )


def test_the_png_shows_the_frame_where_the_sliders_stand():
    view = bars()
    explore(stretch, scale=[0, 1], view=view)
    before = view.png()
    view.index0 = 0
    assert view.png() != before


def test_a_pointer_is_one_slider_more_and_takes_no_frames():
    pictures = np.linspace(0, 1, 3 * 784).reshape(3, 784)
    explored = explore(lambda image=1: pictures[image], image=[0, 1, 2], view=Pixels(pixel=406))
    assert explored.view.array.shape == (3, 784)
    assert [slider.description for slider in explored.sliders] == ["image", "pixel"]
    assert [slider.index for slider in explored.sliders] == [1, 406]
    assert len(explored.sliders[1].options) == 784
    joined = [(link.source, link.target) for link in explored.links]
    assert joined[1] == ((explored.sliders[1], "index"), (explored.view, "pointer_index"))


def test_the_png_of_a_figure_with_a_pointer_shows_where_it_points():
    view = Pixels(pixel=5)
    explore(lambda n: np.linspace(0, n, 9), n=[0, 1], view=view)
    before = view.png()
    view.pointer_index = 6
    assert view.png() != before


def test_a_figure_without_a_pointer_has_no_slider_for_it(explored):
    assert len(explored.sliders) == len(explored.links) == 2


def squares(size=1):
    """Two images of 3 by 3 pixels, of either sign."""
    return size * np.array([np.linspace(-2, 1, 9), np.linspace(0, 1, 9)])


def templates(**traits):
    return Templates(labels=["one", "other"], **traits)


def test_templates_keep_each_pixel_to_half_a_step_of_a_byte():
    explored = explore(squares, size=[0, 1, 3], view=templates())
    view = explored.view
    assert view.limit == 6 and view.least == -6
    assert len(view.frames) == 3 * 2 * 9
    for i, size in enumerate([0, 1, 3]):
        assert_allclose(view.array[i], squares(size), atol=6 / 254 + 1e-6)
    assert (view.array[0] == 0).all()


def test_readouts_of_templates_are_measured_before_the_rounding():
    view = templates(readouts={"sum": np.sum})
    explore(squares, size=[1, 3], view=view)
    readings = np.frombuffer(view.readout_values, "<f4")
    assert_allclose(readings, [squares(1).sum(), squares(3).sum()], rtol=1e-6)


def test_beyond_the_limit_templates_take_the_colour_of_the_end():
    view = templates(limit=1.0)
    explore(squares, size=[1], view=view)
    assert_allclose(view.array[0], squares().clip(-1, 1), atol=1 / 254 + 1e-6)


def test_greys_of_ink_begin_at_the_paper_and_of_weights_below_it():
    ink, weights = Templates(labels=["3"], cmap="gray_r"), templates(cmap="gray_r")
    explore(lambda size: squares(size)[1], size=[1, 2], view=ink)
    explore(squares, size=[1, 2], view=weights)
    assert (ink.least, ink.limit, weights.least) == (0, 2, -4)


def test_blank_templates_are_drawn():
    view = explore(squares, size=[0], view=templates()).view
    assert view.limit == 1 and (view.array == 0).all()


def test_words_are_positions_of_a_slider_and_the_function_gets_them():
    heard = []

    def stretch_by(scale="twice", times=1):
        heard.append(scale)
        return stretch({"once": 1, "twice": 2}[scale] * times)

    explored = explore(stretch_by, scale=["once", "twice"], times=[1, 2], view=bars())
    assert heard == ["once", "once", "twice", "twice"] and {type(word) for word in heard} == {str}
    assert explored.view.grids == [[0, 1], [1, 2]] and explored.view.index0 == 1
    assert [text for text, _ in explored.sliders[0].options] == ["once", "twice"]
    assert explore(lambda pet="wolf": SCORES, pet=["cat", "dog"], view=bars()).view.index0 == 0


def test_titles_say_what_an_image_is_and_what_it_is_read_as():
    view = templates(read_as=[["one", ""], [7, "other"], ["one", "one"]])
    explore(squares, size=[0, 1, 3], view=view)
    titles = [view.titles((place,)) for place in range(3)]
    assert titles == [["one ✓", "other"], ["one → 7", "other ✓"], ["one ✓", "other → one"]]
    before = view.png()
    view.index0 = 2
    assert view.png() != before
    blank = explore(squares, size=[0], view=templates()).view
    assert blank.titles((0,)) == ["one", "other"] and blank.read == []


def test_ink_over_an_image_keeps_its_own_scale_and_the_image_below_that_of_the_colours():
    below = np.linspace(0, 5, 9)
    view = Templates(labels=["3"], cmap="Blues", under=below)
    explore(lambda ink: np.full(9, ink), ink=[0, 0.3, 1], view=view)
    assert (view.limit, view.least) == (5, 0)
    assert_allclose(view.array[1], 0.3, atol=0.5 / 127 + 1e-6)
    assert_allclose(np.frombuffer(view.under, "<f4"), below, rtol=1e-6)
    before = view.png()
    view.index0 = 2
    assert view.png() != before


def test_a_unit_has_a_line_where_it_is_neither_on_nor_off_and_is_on_to_the_left():
    rng = np.random.default_rng(0)
    inside = rng.uniform(-1.2, 1.2, (4000, 2))
    units = [*rng.normal(size=(300, 3)), (0, 0, 1), (0, 0, 0), (1, 0, 0.5), (0, -2, 1), (1, 0, 2), (1, 1, 2.5)]
    crossed = 0
    for w1, w2, b in units:
        sums, line = inside @ [w1, w2] + b, folded((w1, w2, b), 1.2)
        if line is None:
            assert (sums >= 0).all() or (sums <= 0).all()
            continue
        crossed += 1
        ends = np.reshape(line, (2, 2))
        size = np.hypot(w1, w2)
        assert_allclose((ends @ [w1, w2] + b) / size, 0, atol=2e-3)
        assert_allclose(np.abs(ends).max(axis=1), 1.2, atol=2e-3)
        way = ends[1] - ends[0]
        left = (ends.mean(axis=0) + 0.01 * np.array([-way[1], way[0]]) / np.hypot(*way)) @ [w1, w2] + b
        assert left > 0
    assert 100 < crossed < 300


def test_regions_ask_for_the_units_of_every_frame():
    view = explore(
        lambda shift=0, size=1: chessboard(size),
        shift=[0, 0.5, 9],
        size=[0.5, 1],
        view=regions(units=lambda shift, size: [[[1, 0], [0, size]], [-shift, 0], "and more"]),
    ).view
    upright = [[0, 1, 0, -1], [0.5, 1, 0.5, -1], None]
    expected = [[line, [-1, 0, 1, 0]] if line else [[-1, 0, 1, 0]] for line in upright for _ in range(2)]
    assert view.lines == expected
    view.png()


def bowl(point):
    return point[0] ** 2 + 2 * point[1] ** 2


def roll(learning_rate=0.25, start=1, steps=4):
    return descend(lambda point: np.array([2, 4]) * point, [start, 1.0], learning_rate, steps)


def descent(**traits):
    return Descent(bowl, **{"x": (-2, 2), "y": (-2, 2)} | traits)


def test_a_descent_adds_the_loss_to_the_path_and_its_slider_counts_the_steps():
    explored = explore(roll, learning_rate=[0.1, 0.25], start=[1, 2], view=descent(step=3))
    assert explored.view.array.shape == (2, 2, 5, 3)
    for i, rate in enumerate([0.1, 0.25]):
        path = roll(rate)
        assert_allclose(explored.view.array[i, 0, :, :2], path, rtol=1e-6)
        assert_allclose(explored.view.array[i, 0, :, 2], bowl(path.T), rtol=1e-6)
    assert [slider.description for slider in explored.sliders] == ["learning rate", "start", "step"]
    assert len(explored.sliders[2].options) == 5 and explored.sliders[2].index == 3


def test_a_round_bowl_has_rings_at_equal_distances():
    view = Descent(lambda point: point[0] ** 2 + point[1] ** 2, x=(-1, 1), y=(-1, 1), xlabel="w", ylabel="b", step=1)
    explore(lambda n: np.zeros((2, 2)), n=[1], view=view)
    radii = np.sort([np.hypot(*np.reshape(line, (-1, 2)).T).mean() for line in view.contours])
    whole = np.diff(radii[radii < 1])
    assert len(whole) > 5
    assert_allclose(whole, radii[0], rtol=0.02)


def test_contours_are_lines_of_equal_loss_drawn_once():
    view = explore(roll, learning_rate=[0.1, 0.25], view=descent()).view
    assert len(view.contours) >= 11
    for line in view.contours:
        losses = bowl(np.reshape(line, (-1, 2)).T)
        assert np.ptp(losses) < 0.05 < losses.mean()


def test_a_path_that_runs_away_is_kept_and_does_not_stretch_the_scales():
    view = explore(roll, learning_rate=[0.1, 1e9], start=[1], view=descent()).view
    away = explore(lambda n: [[0, 0], [n, np.nan], [np.inf, 0]], n=[1, 2], view=descent()).view
    assert view.heights[1] < 4 and away.heights[1] < 4
    assert view.array[1].max() > 1e30
    assert np.isnan(away.array[:, 1:, 2]).all()
    for figure in (view, away):
        figure.plot(matplotlib.figure.Figure())


def test_the_png_of_a_descent_shows_the_step():
    view = explore(roll, learning_rate=[0.1, 0.2], view=descent()).view
    before = view.png()
    view.pointer_index = 2
    assert view.png() != before


def used():
    """A figure that shows something already."""
    return explore(stretch, scale=[1], view=bars()).view


def chessboard(size=1.0):
    return np.clip(size * np.indices((4, 4)).sum(axis=0).ravel() % 2, 0, 1)


def regions(**traits):
    points, classes = [[0.5, 0.5], [-0.5, -0.25]], [0, 1]
    return Regions(labels=["one", "other"], points=points, classes=classes, **traits)


def folds(network):
    return explore(chessboard, size=[1], view=regions(units=lambda size: network))


def test_regions_keep_each_probability_to_half_a_step_of_a_byte():
    view = explore(chessboard, size=[0, 0.3, 1], view=regions()).view
    assert len(view.frames) == 3 * 16
    for i, size in enumerate([0, 0.3, 1]):
        assert_allclose(view.array[i], chessboard(size), atol=0.5 / 127 + 1e-6)


@pytest.mark.parametrize("ink", [0.0, 0.02, 0.2, 0.9, 1.0])
@pytest.mark.parametrize("count", [0, 1, 7])
def test_packed_pictures_come_back_to_half_of_a_shade(ink, count):
    rng = np.random.default_rng(0)
    images = rng.random((count, 49)) * (rng.random((count, 49)) < ink)
    back = unpacked(packed(images), 49)
    assert back.shape == images.shape
    assert_allclose(back, images, atol=0.5 / 15 + 1e-9)


def test_digits_are_packed_into_a_third_of_what_two_pixels_a_byte_would_take(mnist):
    images = mnist[1].images[:200]
    assert len(packed(images)) < images.size / 2 / 2.5


def behind(truth, answer):
    return [2 * truth + answer, -1]


def confusion(counts=((3, 1), (0, 2)), images=None):
    pictures = np.arange(36).reshape(4, 9) / 35 if images is None else images
    return Confusion(pictures, counts=counts)


def test_only_pictures_that_a_field_names_travel_and_frames_call_them_by_their_place():
    pictures = np.arange(90).reshape(10, 9) / 89
    rows = {(0, 0): [7, 2], (0, 1): [-1, -1], (1, 0): [2, -1], (1, 1): [9, 7]}
    view = confusion(images=pictures)
    explore(lambda truth, answer: rows[int(truth), int(answer)], truth=[0, 1], answer=[0, 1], view=view)
    assert_array_equal(view.array, [[[1, 0], [-1, -1]], [[0, -1], [2, 1]]])
    assert_allclose(unpacked(view.pictures, 9), pictures[[2, 7, 9]], atol=0.5 / 15 + 1e-9)


one = [1.0]


@pytest.mark.parametrize(
    ("call", "argument", "value"),
    [
        (lambda: explore(stretch, scale=[], view=bars()), "scale", "(0,)"),
        (lambda: explore(stretch, scale=[[1]], view=bars()), "scale", "(1, 1)"),
        (lambda: explore(stretch, shift=[0, np.nan], view=bars()), "shift", "nan"),
        (lambda: explore(stretch, scale=[np.inf], view=bars()), "scale", "inf"),
        (lambda: explore(stretch, scale=["big", 1], view=bars()), "scale", "['big', 1]"),
        (lambda: explore(lambda pet: SCORES, pet=["cat", "cat"], view=bars()), "pet", "cat twice"),
        (lambda: explore(stretch, scale=[1, 1], view=bars()), "scale", "1 twice"),
        (lambda: explore(stretch, size=one, view=bars()), "size", "size"),
        (lambda: explore(stretch, view=bars()), "grids", "0, none"),
        (lambda: explore(lambda a, b, c, d: SCORES, a=one, b=one, c=one, d=one, view=bars()), "grids", "4, a, b, c, d"),
        (lambda: explore(lambda n: np.ones(int(n)), n=[3, 4], view=bars()), "function", "(3,) and (4,)"),
        (lambda: explore(lambda n: None, n=[3], view=bars()), "function", "None"),
        (lambda: explore(lambda n: SCORES * 1j, n=[3], view=bars()), "function", ""),
        (lambda: explore(stretch, scale=[None, 1], view=bars()), "scale", "[None, 1]"),
        (lambda: confusion(images=np.ones((2, 8))), "images", "8 pixels"),
        (lambda: confusion(images=np.full((2, 9), 2.0)), "images", "2 to 2"),
        (lambda: confusion(counts=[[1, 2]]), "counts", "[[1, 2]]"),
        (lambda: confusion(counts=[[1, -2], [0, 0]]), "counts", "-2"),
        (lambda: confusion(counts=[[1, 0.5], [0, 0]]), "counts", "0.5"),
        (lambda: explore(lambda n: [0], n=[0, 1], view=confusion()), "grids", "[2]"),
        (lambda: explore(behind, truth=[0, 1, 2], answer=[0, 1], view=confusion()), "grids", "[3, 2]"),
        (lambda: explore(lambda a, b: 0, a=[0, 1], b=[0, 1], view=confusion()), "function", "()"),
        (lambda: explore(lambda a, b: [4], a=[0, 1], b=[0, 1], view=confusion()), "function", "others"),
        (lambda: explore(lambda a, b: [0.5], a=[0, 1], b=[0, 1], view=confusion()), "function", "others"),
        (lambda: explore(stretch, scale=[1], view=None), "view", "None"),
        (lambda: explore(stretch, scale=[1], view=Bars), "view", "<class"),
        (lambda: explore(stretch, scale=[1], view=used()), "view", "one that is in use"),
        (lambda: explore(lambda n: "a picture", n=[3], view=bars()), "function", "'a picture'"),
        (lambda: explore(stretch, scale=np.arange(200_000), view=bars()), "scale", "2,400,000"),
        (lambda: explore(lambda n: np.ones((3, 9)), n=one, view=templates()), "labels", "2 and (3, 9)"),
        (lambda: explore(lambda n: np.ones((3, 9)), n=one, view=Templates([])), "labels", "0 and (3, 9)"),
        (lambda: explore(lambda n: np.ones((65, 9)), n=one, view=Templates(["a"] * 65)), "labels", "65 and (65, 9)"),
        (lambda: explore(lambda n: np.ones(9), n=one, view=Templates(["3"], read_as=[[3], [4]])), "read_as", "2 of"),
        (lambda: explore(lambda n: np.ones(9), n=one, view=Templates(["3"], read_as=[[3, 4]])), "read_as", "1 of [2]"),
        (lambda: Templates(["3"], trace=(1, 0), readouts={"sum": np.sum}), "trace", "(1, 0)"),
        (lambda: Templates(["3"], trace=(0, 1)), "trace", "(0, 1)"),
        (lambda: Templates(["3"], drag="4"), "drag", "'4'"),
        (lambda: explore(lambda a, b, c: [a], a=one, b=one, c=one, view=Templates("3", drag="3")), "drag", "3"),
        (lambda: explore(lambda n: np.ones(9), n=one, view=Templates(["3"], under=np.ones(4))), "under", "4 pixels"),
        (lambda: explore(lambda n: np.full(9, 2), n=one, view=Templates(["3"], under=np.ones(9))), "under", "9 pixels"),
        (lambda: explore(lambda n: n, n=one, view=Templates(labels=["3"])), "labels", "()"),
        (lambda: explore(lambda n: np.ones(8), n=one, view=Templates(labels=["3"])), "function", "8 pixels"),
        (lambda: explore(lambda n: np.full(9, np.nan), n=one, view=Templates(labels=["3"])), "function", "nan or inf"),
        (lambda: explore(lambda n: np.ones(8), n=one, view=regions()), "function", "(8,)"),
        (lambda: explore(lambda n: np.ones((3, 3)), n=one, view=regions()), "function", "(3, 3)"),
        (lambda: explore(lambda n: np.full(9, 1.5), n=one, view=regions()), "function", "1.5 to 1.5"),
        (lambda: explore(lambda n: np.full(9, np.nan), n=one, view=regions()), "function", "nan to nan"),
        (lambda: Regions(labels=["a", "b"], points=[[0, 0]], classes=[2]), "classes", "[2]"),
        (lambda: explore(lambda n: np.ones(2), n=one, view=bars()), "labels, panels", "(2,)"),
        (lambda: explore(lambda n: np.ones(8), n=one, view=Pixels()), "function", "(8,)"),
        (lambda: explore(lambda n: np.ones((3, 3)), n=one, view=Pixels()), "function", "(3, 3)"),
        (lambda: explore(lambda n: np.ones(9), n=one, view=Pixels(pixel=9)), "pixel", "9"),
        (lambda: explore(lambda n: np.ones(3), n=one, view=descent()), "function", "(3,)"),
        (lambda: explore(lambda n: np.ones((1, 2)), n=one, view=descent()), "function", "(1, 2)"),
        (lambda: explore(roll, start=one, view=descent(x=(2, 2))), "x", "(2, 2)"),
        (lambda: explore(roll, start=one, view=descent(step=5)), "step", "5"),
        (lambda: explore(lambda n: np.ones(2) / 2, n=one, view=simplex()), "function", "(2,)"),
        (lambda: explore(lambda n: np.ones(3), n=one, view=simplex()), "function", "least 1, sums 3 to 3"),
        (lambda: explore(lambda n: [1.5, -0.5, 0], n=one, view=simplex()), "function", "least -0.5, sums 1 to 1"),
        (lambda: explore(lambda n: [np.nan, 1, 0], n=one, view=simplex()), "function", "least nan, sums nan to nan"),
        (lambda: explore(lambda n: np.ones(2), n=one, view=curves()), "labels", "(2,)"),
        (lambda: Simplex(["cat", "dog"]), "labels", "2"),
        (lambda: Regions(["one"]), "labels", "1"),
        (lambda: folds(1.5), "units", "1.5"),
        (lambda: folds([np.ones((3, 2)), [1, 2]]), "units", "(3, 2)"),
        (lambda: folds([np.ones((2, 2)), [1]]), "units", "(1,)"),
        (lambda: folds([[[1], [np.nan]], [1]]), "units", "nan"),
        (lambda: Bars("abc", readouts={"{} of {}": np.sum}), "readouts", "'{} of {}'"),
        (lambda: Bars("abc", limits={"loss": (0, 1)}), "limits", "'loss'"),
        (lambda: Bars("abc", limits={"probability": (0.5, 1)}), "limits", "(0.5, 1)"),
        (lambda: Bars("abc", nested=True), "nested", "1"),
        (lambda: Bars("abc", decimals=[1, 2]), "decimals", "[1, 2]"),
        (lambda: explore(stretch, scale=[1], view=Bars("abc", choice="scale")), "choice", "'scale'"),
        (lambda: explore(stretch, scale=[1], view=Bars("abc", choice="letter")), "choice", "'letter'"),
        (lambda: explore(stretch, scale=[1], view=Bars("abc", play="shift")), "play", "'shift'"),
        (lambda: explore(lambda n: [[1, 1], [n, 1]], n=[2], view=Bars("ab", panels="pq", nested=True)), "nested", "2"),
        (lambda: explore(lambda n: np.ones((2, 3)), n=one, view=reliable()), "function", "(2, 3)"),
        (lambda: explore(lambda n: np.ones((3, 3)), n=one, view=reliable(labels="ab")), "labels", "2"),
        (lambda: reliable(ends=(1, 0)), "ends", "(1, 0)"),
        (lambda: reliable(means=["one"]), "means", "['one']"),
        (lambda: reliable(pointer="digit"), "labels", "()"),
        (lambda: Bars("abc", readouts={"{share} right": np.sum}), "readouts", "'{share} right'"),
        (lambda: Templates(["3"], cmap="rainbows"), "cmap", "rainbows"),
        (lambda: explore(stretch, scale=[[1], [2, 3]], view=bars()), "scale", "[[1], [2, 3]]"),
        (lambda: explore(lambda n: [[1], [2, 3]], n=[1], view=bars()), "function", "[[1], [2, 3]]"),
        (lambda: explore(stretch, scale=[1], view=Bars("abc", readouts={"loss": "none"})), "readouts", "none"),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_figure_is_refused_by_name_and_value(call, argument, value):
    check_refused(call, argument, value)


def check_refused(call, argument, value):
    with pytest.raises(ValueError) as error:
        call()
    name, _, rest = str(error.value).partition(": expected ")
    assert name == argument
    assert value in rest.partition("got ")[2]


def test_a_figure_names_its_arguments_and_takes_no_others():
    assert list(inspect.signature(Bars).parameters)[:2] == ["labels", "panels"]
    for figure in (Bars, Curves, Templates, Simplex, Regions):
        with pytest.raises(TypeError, match="colour"):
            figure(["a", "b", "c"], colour="red")


def test_two_figures_on_a_page_share_nothing():
    first, second = bars(), bars()
    explore(stretch, scale=[0, 1], view=first)
    explore(stretch, scale=[2, 3], view=second)
    assert_array_equal(first.grids, [[0, 1]])
    assert_array_equal(second.grids, [[2, 3]])


# The pad


def parameters(hidden=48):
    """Softmax regression, and a hidden layer, of random numbers."""
    rng = np.random.default_rng(0)
    shapes = [(784, 10), (10,), (784, hidden), (hidden,), (hidden, 10), (10,)]
    arrays = [rng.normal(size=shape).astype("f4") for shape in shapes]
    return {"softmax regression": arrays[:2], "hidden layer": arrays[2:]}


def samples(count=10):
    pixels = np.random.default_rng(1).integers(0, 256, (count, 784))
    return np.divide(pixels, 255, dtype="f4")


def test_models_travel_to_the_digits_of_a_float16():
    pad = DigitPad(parameters(), samples=samples())
    for name, arrays in parameters().items():
        assert [a.shape for a in pad.models[name]] == [a.shape for a in arrays]
        for array, travelled in zip(arrays, pad.models[name]):
            assert travelled.dtype == np.float32
            assert_allclose(travelled, array, rtol=2**-11, atol=2**-25)
    assert_array_equal(pad.samples, samples())


def test_the_pad_gives_the_probabilities_of_its_models():
    pad = DigitPad(parameters(8), samples=samples())
    probs = pad.probs(samples())
    assert list(probs) == ["softmax regression", "hidden layer"]
    logits = network(pad.models["hidden layer"], samples())
    assert_allclose(probs["hidden layer"], softmax(logits))
    weights, bias = pad.models["softmax regression"]
    assert_allclose(probs["softmax regression"], softmax(samples() @ weights + bias), rtol=1e-5)


SHALLOW, DEEP = parameters(8).values()


@pytest.mark.parametrize(
    ("pad", "text"),
    [
        (DigitPad(parameters(8), samples()), "<DigitPad softmax regression, hidden layer>"),
        (Machine(SHALLOW, samples()), "<Machine>"),
    ],
)
def test_a_pad_offers_a_widget_and_a_png_and_a_stable_text(pad, text):
    bundle = pad._repr_mimebundle_()
    assert set(bundle) == {
        "text/plain",
        "image/png",
        "application/vnd.jupyter.widget-view+json",
    }
    assert base64.b64decode(bundle["image/png"]).startswith(b"\x89PNG")
    assert bundle["text/plain"] == text


def test_a_machine_shares_nothing_with_what_it_was_given():
    links = ["a.html", "", ""]
    machine = Machine(SHALLOW, samples(), links=links, probabilities=False)
    links[0] = "b.html"
    assert machine.links == ["a.html", "", ""]
    assert not machine.probabilities and Machine(SHALLOW, samples()).probabilities
    weights, bias = machine.models["model"]
    assert_allclose(weights, SHALLOW[0], rtol=2**-11, atol=2**-25)
    assert_allclose(bias, SHALLOW[1], rtol=2**-11, atol=2**-25)


@pytest.mark.parametrize(
    ("call", "argument", "value"),
    [
        (lambda: DigitPad(SHALLOW, samples()), "models", "[array"),
        (lambda: DigitPad({}, samples()), "models", "0 of them"),
        (lambda: DigitPad({"one": SHALLOW}, samples(), units=True), "units", "none"),
        (lambda: DigitPad(dict.fromkeys("abc", SHALLOW), samples()), "models", "3 of them"),
        (lambda: DigitPad({"one": SHALLOW[0]}, samples()), "models, one", "array"),
        (lambda: DigitPad({"one": SHALLOW[:1]}, samples()), "models, one", "1"),
        (lambda: DigitPad({"one": []}, samples()), "models, one", "0"),
        (lambda: DigitPad({"one": [SHALLOW[0].T, SHALLOW[1]]}, samples()), "models, one", "(10, 784)"),
        (lambda: DigitPad({"one": [*DEEP[:2], DEEP[2][1:], DEEP[3]]}, samples()), "models, one", "(7, 10)"),
        (lambda: DigitPad({"one": [DEEP[0][:, 0], *DEEP[1:]]}, samples()), "models, one", "(784,)"),
        (lambda: DigitPad({"one": [np.zeros((784, 0)), *DEEP[1:]]}, samples()), "models, one", "(784, 0)"),
        (lambda: DigitPad({"one": [np.full((784, 10), np.nan), SHALLOW[1]]}, samples()), "models, one", "nan"),
        (lambda: DigitPad({"one": [np.full((784, 10), "w"), SHALLOW[1]]}, samples()), "models, one", "w"),
        (lambda: DigitPad({"one": SHALLOW}, samples()[0]), "samples", "(784,)"),
        (lambda: DigitPad({"one": SHALLOW}, samples(21)), "samples", "21"),
        (lambda: DigitPad({"one": SHALLOW}, np.zeros((0, 784))), "samples", "(0, 784)"),
        (lambda: DigitPad({"one": SHALLOW}, 255 * samples()), "samples", "0 to 255"),
        (lambda: DigitPad({"one": SHALLOW}, np.full((1, 784), np.nan)), "samples", "nan"),
        (lambda: DigitPad({"one": SHALLOW}, np.full((1, 784), "ink")), "samples", "ink"),
        (lambda: DigitPad({"one": [1e5 + SHALLOW[0], SHALLOW[1]]}, samples()), "models, one", "1000"),
        (lambda: Machine(DEEP, samples()), "model", "4"),
        (lambda: Machine(None, samples()), "model", "None"),
        (lambda: Machine({"one": SHALLOW}, samples()), "model", "{'one'"),
        (lambda: Machine(SHALLOW[:1], samples()), "model", "1"),
        (lambda: Machine(SHALLOW[::-1], samples()), "model", "(10,)"),
        (lambda: Machine([SHALLOW[0][:, :9], SHALLOW[1][:9]], samples()), "model", "(784, 9)"),
        (lambda: Machine([SHALLOW[0], np.full(10, np.inf)], samples()), "model", "inf"),
        (lambda: Machine([SHALLOW[0], 1e5 + SHALLOW[1]], samples()), "model", "1000"),
        (lambda: Machine(SHALLOW, samples()[0]), "samples", "(784,)"),
        (lambda: Machine(SHALLOW, samples(21)), "samples", "21"),
        (lambda: Machine(SHALLOW, -samples()), "samples", "-1"),
        (lambda: Machine(SHALLOW, samples(), links=["a.html", "b.html"]), "links", "['a.html', 'b.html']"),
        (lambda: Machine(SHALLOW, samples(), links="abc"), "links", "'abc'"),
        (lambda: Machine(SHALLOW, samples(), links=["", "", None]), "links", "['', '', None]"),
        (lambda: Machine(SHALLOW, samples(), links=None), "links", "None"),
    ],
)  # fmt: skip
def test_what_does_not_fit_a_pad_is_refused_by_name_and_value(call, argument, value):
    check_refused(call, argument, value)


def test_measured_points_need_a_curve_a_place_a_height_and_the_other_sliders():
    def explored(points, log=True):
        view = Curves(labels=["cat", "dog", "bird"], points=points, log=log)
        return explore(stretch, scale=[0, 0.5, 1], shift=[-5, 5], view=view)

    marked = explored([[1, 0.5, 0.3, -5], [2, 1, 0.4, 5]]).view
    figure = matplotlib.figure.Figure()
    marked.plot(figure)
    squares = [line for line in figure.axes[0].lines if line.get_marker() == "s"]
    assert [line.get_xydata().tolist() for line in squares] == [[[0.5, 0.3]]]
    assert figure.axes[0].get_yscale() == "log"
    for points in ([[1, 0.5, 0.3]], [[3, 0.5, 0.3, -5]], [[-1, 0.5, 0.3, -5]]):
        with pytest.raises(ValueError, match="^points"):
            explored(points)
    with pytest.raises(ValueError, match="^log.* -1"):
        explored([[1, 0.5, -1, -5]])


# Styles: on a page all kinds stand side by side

SHARED = {"figure", "paint", "axes", "trace"}  # for all kinds
PAD = {"digit_pad", "machine", "pad"}  # one kind in three files


def unscoped(sheets):
    """The selectors, of sheets by their kind, that also meet marks of another kind: no class of theirs is of one alone.

    `sheets` maps a kind, or a name of `SHARED`, to CSS.
    """
    selectors = {}
    for kind, css in sheets.items():
        heads = re.findall(r"([^{};]+){", re.sub(r"/[*].*?[*]/", "", css, flags=re.DOTALL))
        split = [re.split(r",(?![^(]*[)])", head) for head in heads if not head.strip().startswith("@")]
        selectors[kind] = [one.strip() for parts in split for one in parts]
    classes = {kind: [set(re.findall(r"[.](course-[\w-]+)", one)) for one in all] for kind, all in selectors.items()}
    kinds = {}
    for kind, sets in classes.items():
        for name in set().union(*sets):
            kinds.setdefault(name, set()).add(kind)
    return [
        f"{kind}: {selector}"
        for kind in sheets.keys() - SHARED
        for selector, names in zip(selectors[kind], classes[kind], strict=True)
        if all(kinds[name] != {kind} for name in names)
    ]


def test_a_kind_styles_no_marks_of_another():
    sheets = {}
    for file in sorted((ROOT / "src/softmaxlab/widgets").glob("*.css")):
        kind = "pad" if file.stem in PAD else file.stem
        sheets[kind] = sheets.get(kind, "") + file.read_text(encoding="utf-8")
    assert unscoped(sheets) == []
    sheets["another"] = ".course-diagonal-band { fill: none }"
    assert {"another: .course-diagonal-band", "diagonal: .course-diagonal-band"} <= set(unscoped(sheets))


# The site's own host, beside ipywidgets'


def test_the_record_of_a_page_has_the_sliders_and_links_of_ipywidgets(explored):
    data = embed_data(explored, drop_defaults=False)
    (view,) = data["view_specs"]
    found = record(data["manager_state"]["state"], view["model_id"])
    assert [one["name"] for one in found["sliders"]] == [slider.description for slider in explored.sliders]
    for one, slider in zip(found["sliders"], explored.sliders):
        assert one["options"] == [label for label, _ in slider.options]
        assert found["traits"][one["trait"]] == slider.index
    assert [one["trait"] for one in found["sliders"]] == [link.target[1] for link in explored.links]
    assert found["figure"] == type(explored.view).__name__
    assert base64.b64decode(found["bytes"]["frames"]) == explored.view.frames


def test_positions_that_are_their_own_names_are_counted():
    explored = explore(lambda n=1: np.ones(9) * n, n=[0, 1, 2], view=Pixels(pixel=5))
    data = embed_data(explored, drop_defaults=False)
    found = record(data["manager_state"]["state"], data["view_specs"][0]["model_id"])
    assert [one["options"] for one in found["sliders"]] == [3, 9]
    assert found["traits"]["pointer_index"] == 5


def test_a_widget_that_is_no_figure_is_refused():
    data = embed_data(ipywidgets.IntSlider(), drop_defaults=False)
    with pytest.raises(ValueError, match="figure"):
        record(data["manager_state"]["state"], data["view_specs"][0]["model_id"])


def test_what_weighs_for_and_against_is_centred_on_zero_even_where_nothing_is_against():
    weights = Templates(labels=["3"])
    explore(lambda n: np.linspace(0, 2, 9)[None], n=[0, 1], view=weights)
    assert (weights.least, weights.limit) == (-2, 2)


def test_a_sample_travels_as_the_nearest_bytes():
    pictures = np.random.default_rng(0).random((3, 784)).astype(np.float32)
    sent = np.frombuffer(DigitPad(parameters(), samples=pictures).images, "u1")
    np.testing.assert_array_equal(sent, np.round(pictures * 255).ravel())
