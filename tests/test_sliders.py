"""The sliders of the built site in a real browser: without a kernel, each moves its picture to the numbers of NumPy."""

import functools
import json
import re
from typing import NamedTuple

import numpy as np
import pytest
from conftest import SITE, WITH_SLIDERS, serve

from softmaxlab.data import load_mnist
from softmaxlab.scratch import entropy, log_softmax, nearest_mean, score, softmax

# What the pages ought to show


SCORES = np.array([3.0, 1.0, 0.2])


def stretch(scale, shift):
    logits = scale * SCORES + shift
    return np.array([logits, softmax(logits)])


def move_cat(cat_score, scale):
    return softmax(scale * np.array([cat_score, 1.0, 0.2]))


def mix(rest_to_dog, cat):
    rest = 1 - cat
    return np.array([cat, rest * rest_to_dog, rest * (1 - rest_to_dog)])


def cost(classes):
    """The share and the megabytes (float32) of the ones and the zeros in 55,000 one-hot rows."""
    numbers = 55_000 * np.array([1, classes - 1])
    return np.array([numbers / numbers.sum(), numbers * 4 / 1e6])


def both_ways(clip, truth):
    """The terms of the cross-entropy and, on the right, of the same with prediction and label swapped."""
    wrong = np.array([2, 1]) * (1 - truth) / 3
    label = np.log(clip) if clip else -np.inf
    return np.array(
        [[-np.log(truth), 0, 0], [0, *(-share * label if share else 0 for share in wrong)]]
    )


def pay(scale, cats_in_100):
    cat, dog, _ = -log_softmax(scale * SCORES)
    return np.array([cat, dog, (cats_in_100 * cat + (100 - cats_in_100) * dog) / 100])


class Nearest:
    """The nearest-mean model of chapter 2, made anew, once, when it is first asked."""

    @functools.cached_property
    def model(self):
        train, _, test = load_mnist()
        weights, bias = nearest_mean(*train)
        return weights, bias, score(test.images, weights, bias), test

    def move_bias(self, shift, digit=1):
        *_, scores, test = self.model
        answers = np.argmax(scores + shift * (np.arange(10) == digit), axis=1)
        right = answers[answers == test.labels]
        return np.array([np.bincount(a, minlength=10) for a in (answers, right)])

    def fade(self, top, left, strength):
        template = self.model[0][:, 1].reshape(28, 28).copy()
        template[int(top) : int(top) + 7, int(left) : int(left) + 7] *= strength
        return template.ravel()

    def faded(self, *place):
        """Accuracy, and the share of ones that are found."""
        _, bias, scores, test = self.model
        changed = scores.copy()
        changed[:, 1] = test.images @ self.fade(*place) + bias[1]
        right = changed.argmax(axis=1) == test.labels
        return right.mean(), right[test.labels == 1].mean()


class ReadDigit:
    """The first test digit after some steps of the chapter's training, trained anew."""

    def __init__(self):
        from softmaxlab.scratch import train_softmax

        self.train, _, self.test = load_mnist()
        self.trained = train_softmax

    def __call__(self, step):
        weights, bias = self.trained(*self.train, np.random.default_rng(0), steps=int(step))
        return softmax(self.test.images[0] @ weights + bias)


class Pointed(NamedTuple):
    """A row, and the number in it that the pointer stands on."""

    row: np.ndarray
    at: int


TRAINING = load_mnist()[0].images[:18].copy()


def point(image, pixel):
    return Pointed(TRAINING[int(image)], int(pixel))


def million_steps(exponent):
    """What a million steps of a millionth add to a power of ten, in float64 and in float32."""
    totals = []
    for dtype in (np.float64, np.float32):
        total = [dtype(10.0**exponent), *np.full(1_000_000, 1e-6, dtype)]
        totals.append(np.add.accumulate(total, dtype=dtype)[-1] - total[0])
    return np.array(totals)


SCALES = np.linspace(0, 10, 101)
NEAREST = Nearest()
PATCHES = {
    "top": np.array([4, 11, 18]),
    "left": np.array([4, 11, 18]),
    "strength": np.array([-1, -0.5, 0, 0.5, 1]),
}
EXPECTED = {  # page: for each figure its function and its grids
    "book/01-images.html": [
        (point, {"image": np.arange(18), "pixel": np.arange(784)}),
        (functools.cache(million_steps), {"exponent": np.arange(13)}),
    ],
    "book/02-linear-model.html": [
        (NEAREST.move_bias, {"shift": np.arange(-6, 7), "digit": np.arange(10)}),
        (NEAREST.fade, PATCHES),
    ],
    "book/03-softmax.html": [
        (stretch, {"scale": SCALES, "shift": np.linspace(-20, 20, 11)}),
        (
            move_cat,
            {
                "cat score": np.linspace(-2, 6, 81),
                "scale": np.array([0.1, 0.2, 0.5, 1, 2, 5, 10]),
            },
        ),
    ],
    "book/04-one-hot.html": [
        (
            mix,
            {"rest to dog": np.linspace(0, 1, 31), "cat": np.linspace(0, 1, 31)},
        ),
        (
            cost,
            {"classes": np.array([2, 3, 4, 5, 10, 20, 30, 40, 50, 75, 100])},
        ),
    ],
    "book/05-cross-entropy.html": [
        (
            both_ways,
            {
                "clip": np.array([0, 1e-15, 1e-10, 1e-7, 1e-3]),
                "truth": np.linspace(0.01, 1, 100),
            },
        ),
        (
            pay,
            {
                "scale": np.linspace(0, 3, 61),
                "cats in 100": np.array([50, 60, 70, 80, 90, 95, 100]),
            },
        ),
    ],
    "book/07-digits.html": [
        (
            ReadDigit(),
            {"step": np.array([*range(11), 20, 50, 100, 200, 500, 1000])},
        ),
    ],
}


# What they show


def shown(figure):
    """What the picture shows: numbers as written on it, and the same numbers as its marks are drawn."""
    return figure.evaluate(
        """figure => {
          const texts = selector => [...figure.querySelectorAll(selector)].map(e => e.textContent);
          const attributes = (selector, ...names) =>
            [...figure.querySelectorAll(selector)].map(e => names.map(name => +e.getAttribute(name)));
          const colours = selector => [...figure.querySelectorAll(selector)].map(canvas => {
            const { data } = canvas.getContext("2d").getImageData(0, 0, canvas.width, canvas.height);
            return Array.from({ length: data.length / 4 }, (_, i) => [...data.slice(4 * i, 4 * i + 3)]);
          });
          return {
            written: [...texts(".course-value"), ...texts(".course-entry output")],
            bars: attributes(".course-bar", "y", "height"),
            endless: [...figure.querySelectorAll(".course-bar")].map(e =>
              [e.classList.contains("course-endless"), !!e.nextSibling.getAttribute("d")]),
            axes: attributes(".course-axis", "y1").flat(),
            dots: attributes(".course-dot", "cy").flat(),
            corners: attributes(".course-corner", "cx", "cy"),
            point: attributes(".course-point", "cx", "cy").flat(),
            ways: attributes(".course-way", "x1", "y1", "x2", "y2"),
            grid: attributes(".course-grid", "y1").flat(),
            ticks: texts(".course-tick"),
            images: colours(".course-canvas"),
            ramp: colours(".course-ramp").flat(),
            ends: texts(".course-end"),
            readouts: texts(".course-readout output"),
            status: texts(".course-status")[0],
          };
        }"""
    )


def as_number(text):
    return float(text.replace("−", "-").replace("∞", "inf"))


def check_pixels(figure, row, at):
    """Picture and strip have the ink of `row`, each pixel in its place; all three markers stand at number `at`."""
    side = int(len(row) ** 0.5)
    y, x = divmod(at, side)
    picture = figure.evaluate(
        """figure => {
          const numbers = (selector, ...names) =>
            [...figure.querySelectorAll(selector)].map(e => names.map(name => +e.getAttribute(name)));
          const texts = selector => [...figure.querySelectorAll(selector)].map(e => e.textContent);
          return {
            image: numbers(".course-image .course-pixel", "x", "y", "fill-opacity"),
            strip: numbers(".course-strip .course-pixel", "x", "y", "fill-opacity"),
            markers: [...numbers(".course-image .course-here", "x", "y"), ...numbers(".course-strip .course-here", "x", "y")],
            boxes: [...figure.querySelectorAll(".course-box")].map(e => e.classList.contains("course-here")),
            values: texts(".course-near .course-value"),
            places: texts(".course-near .course-label"),
            written: [...texts(".course-entry output"), ...texts(".course-sum")],
            status: texts(".course-status")[0],
          };
        }"""
    )
    places = np.arange(len(row))
    np.testing.assert_allclose(
        picture["image"], np.transpose([places % side, places // side, row]), atol=1e-6
    )
    np.testing.assert_allclose(picture["strip"], np.transpose([places, 0 * places, row]), atol=1e-6)
    assert picture["markers"] == [[x, y], [at, 0]]
    near = len(picture["boxes"]) // 2
    assert picture["boxes"].index(True) == near and sum(picture["boxes"]) == 1
    around = [n if 0 <= n < len(row) else None for n in range(at - near, at + near + 1)]
    assert picture["places"] == ["" if n is None else str(n) for n in around]
    for text, n in zip(picture["values"], around):
        assert (text == "") if n is None else abs(float(text) - row[n]) < 5.001e-3
    assert picture["written"][:3] == [str(at), str(y), str(x)]
    assert abs(float(picture["written"][3]) - row[at]) < 5.001e-4
    assert picture["written"][4] == f"{at} = {side} · {y} + {x}"
    assert f"number {at} of the row is row {y}, column {x}" in picture["status"]
    return picture


def check_picture(figure, expected):
    """Each number written on the picture is NumPy's to the digits shown, and each mark stands at its height."""
    if isinstance(expected, Pointed):
        return check_pixels(figure, *expected)
    picture = shown(figure)
    expected = np.atleast_2d(expected)
    if picture["images"]:
        check_images(picture, expected)
        return picture
    written = [as_number(text) for text in picture["written"]]
    places = max(len(text.partition(".")[2]) for text in picture["written"])
    np.testing.assert_allclose(written, expected.ravel(), atol=0.5001 * 10.0**-places)
    assert all(text in picture["status"] for text in picture["written"])
    if picture["bars"]:
        panels, k = expected.shape
        bars = np.array(picture["bars"]).reshape(panels, k, 2)
        endless = np.isinf(expected)
        np.testing.assert_array_equal(picture["endless"], np.repeat(endless.reshape(-1, 1), 2, 1))
        assert (bars[endless][:, 0] == 44).all()  # the top of the picture
        for row, drawn, zero in zip(expected, bars, picture["axes"]):
            drawn, row = drawn[np.isfinite(row)], row[np.isfinite(row)]
            heights = np.where(row >= 0, 1, -1) * drawn[:, 1]
            largest = np.abs(row).argmax()
            if row[largest] == 0:
                assert not heights.any()
                continue
            np.testing.assert_allclose(heights, row * (heights[largest] / row[largest]), atol=0.01)
            feet = np.where(row >= 0, drawn[:, 0] + drawn[:, 1], drawn[:, 0])
            np.testing.assert_allclose(feet, zero, atol=0.01)
    if picture["dots"]:
        ticks = [as_number(text) for text in picture["ticks"]]
        slope, start = np.polyfit(ticks, picture["grid"], 1)
        np.testing.assert_allclose(picture["dots"], start + slope * expected.ravel(), atol=0.01)
    if picture["corners"]:
        corners, ways = np.array(picture["corners"]), np.array(picture["ways"])
        np.testing.assert_allclose(picture["point"], expected[0] @ corners, atol=0.01)
        np.testing.assert_allclose(ways[:, :2], corners)
        np.testing.assert_allclose(ways[:, 2:], [picture["point"]] * 3)
        drawn = np.linalg.norm(ways[:, 2:] - ways[:, :2], axis=1)
        sides = np.linalg.norm(corners - np.roll(corners, 1, axis=0), axis=1)
        distances = np.linalg.norm(expected - np.eye(3), axis=1)
        np.testing.assert_allclose(drawn, distances * sides / np.sqrt(2), atol=0.01)
    return picture


def check_images(picture, expected):
    """Each pixel has the colour that the scale beside the images gives to NumPy's number, to the rounding of a byte."""
    least, most = (as_number(text) for text in picture["ends"])
    ramp = np.array(picture["ramp"])
    values = np.linspace(least, most, len(ramp))
    for row, drawn in zip(expected, np.array(picture["images"]), strict=True):
        colours = np.stack([np.interp(row, values, channel) for channel in ramp.T], axis=1)
        np.testing.assert_allclose(drawn, colours, atol=6)  # of 255
    said = re.findall(r"from (\S+) to (\S+),", picture["status"])
    found = [[as_number(low), as_number(high)] for low, high in said]
    byte = max(abs(least), abs(most)) / 254
    extremes = np.stack([expected.min(axis=1), expected.max(axis=1)], axis=1)
    np.testing.assert_allclose(found, extremes, atol=0.0051 + byte)


def handles(figure):
    return figure.locator("[role=slider]").all()


def position(figure, grids):
    """Where the sliders stand, read from what they announce; the announced values are those of the grids, rounded."""
    at = []
    for handle, (name, values) in zip(handles(figure), grids.items()):
        assert handle.get_attribute("aria-label") == name
        index = round(float(handle.get_attribute("aria-valuenow")))
        announced = as_number(handle.get_attribute("aria-valuetext"))
        np.testing.assert_allclose(announced, values[index], rtol=5e-3)  # three digits
        at.append(values[index])
    return at


def check_figure(figure, function, grids, move):
    """Move every slider to its least, middle and most with `move`; the picture follows each time."""
    assert len(handles(figure)) == len(grids)
    check_picture(figure, function(*position(figure, grids)))
    for axis, handle in enumerate(handles(figure)):
        seen = set()
        for share in (0, 0.5, 1):
            move(figure.page, handle, share)
            at = position(figure, grids)
            values = list(grids.values())[axis]
            assert abs(list(values).index(at[axis]) / (len(values) - 1) - share) < 0.1
            picture = check_picture(figure, function(*at))
            seen.add(json.dumps([picture["written"], picture.get("images")]))
        assert len(seen) > 1, "the picture is the same at both ends"


def by_keyboard(page, handle, share):
    handle.focus()
    page.keyboard.press("Home" if share < 1 else "End")
    if share == 0.5:
        for _ in range(round(float(handle.get_attribute("aria-valuemax")) / 2)):
            page.keyboard.press("ArrowRight")


def by_mouse(page, handle, share):
    track = handle.locator("xpath=ancestor::*[contains(@class, 'noUi-target')]")
    track.scroll_into_view_if_needed()
    start, box = handle.bounding_box(), track.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


# Held together


def test_every_page_with_sliders_has_its_expected_pictures():
    assert sorted(EXPECTED) == WITH_SLIDERS


def check_page(opened, page, move):
    figures = opened.explorables()
    assert len(figures) == len(EXPECTED[page])
    for figure, (function, grids) in zip(figures, EXPECTED[page]):
        check_figure(figure, function, grids, move)


@pytest.mark.parametrize("move", [by_keyboard, by_mouse])
@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_each_slider_moves_its_picture_to_the_numbers_of_numpy(page, move, site, visit):
    opened = visit(f"{site}/{page}")
    check_page(opened, page, move)
    assert opened.errors == []


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_sliders_work_on_a_phone_in_the_dark_without_motion(page, site, visit):
    opened = visit(
        f"{site}/{page}",
        width=360,
        color_scheme="dark",
        reduced_motion="reduce",
        has_touch=True,
    )
    assert opened.page.locator("html").get_attribute("data-theme") == "dark"
    check_page(opened, page, by_keyboard)


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_sliders_work_from_a_file(page, visit):
    opened = visit((SITE / page).as_uri())
    check_page(opened, page, by_keyboard)
    assert [url for url in opened.requests if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_positions_all_along_each_slider_show_the_numbers_of_numpy(page, site, visit):
    """Every position; of a slider with hundreds, one in so many that about a hundred are seen."""
    opened = visit(f"{site}/{page}")
    for figure, (function, grids) in zip(opened.explorables(), EXPECTED[page]):
        for handle in handles(figure):
            by_keyboard(opened.page, handle, 0)
        for axis, (handle, values) in enumerate(zip(handles(figure), grids.values())):
            handle.focus()
            stride = 1 + len(values) // 101
            for value in values[::stride]:
                at = position(figure, grids)
                assert at[axis] == value
                check_picture(figure, function(*at))
                for _ in range(stride):
                    opened.page.keyboard.press("ArrowRight")


def test_readouts_show_the_entropy_of_the_probabilities(site, visit):
    figure = visit(f"{site}/book/03-softmax.html").explorables()[0]
    for share, scale in ((0, 0), (0.5, 5), (1, 10)):
        by_keyboard(figure.page, handles(figure)[0], share)
        (readout,) = shown(figure)["readouts"]
        np.testing.assert_allclose(float(readout), entropy(softmax(scale * SCORES)), atol=5.001e-4)


def test_readouts_show_the_distances_to_the_corners(site, visit):
    figure = visit(f"{site}/book/04-one-hot.html").explorables()[0]
    for share, cat in ((0, 0), (0.5, 0.5), (1, 1)):
        by_keyboard(figure.page, handles(figure)[1], share)
        distances = np.linalg.norm(mix(2 / 3, cat) - np.eye(3), axis=1)
        readouts = [float(text) for text in shown(figure)["readouts"]]
        np.testing.assert_allclose(readouts, distances, atol=5.001e-4)


def test_readouts_show_the_accuracy_of_the_model_whose_bias_is_moved(site, visit):
    figure = visit(f"{site}/book/02-linear-model.html").explorables()[0]
    for share, shift in ((0, -6), (0.5, 0), (1, 6)):
        by_keyboard(figure.page, handles(figure)[0], share)
        (readout,) = shown(figure)["readouts"]
        right = NEAREST.move_bias(shift)[1].sum()
        np.testing.assert_allclose(float(readout), right / 10_000, atol=5.001e-4)


def test_readouts_show_the_accuracy_of_the_model_whose_patch_is_faded(site, visit):
    figure = visit(f"{site}/book/02-linear-model.html").explorables()[1]
    for share, strength in ((0, -1), (0.5, 0), (1, 1)):
        by_keyboard(figure.page, handles(figure)[2], share)
        readouts = [float(text) for text in shown(figure)["readouts"]]
        np.testing.assert_allclose(readouts, NEAREST.faded(11, 11, strength), atol=5.001e-4)


def test_an_image_that_stands_still_is_found(site, visit):
    """The check of images can fail: the picture at one strength is not that at another."""
    figure = visit(f"{site}/book/02-linear-model.html").explorables()[1]
    check_picture(figure, NEAREST.fade(11, 11, 0))
    with pytest.raises(AssertionError):
        check_picture(figure, NEAREST.fade(11, 11, 0.5))


def test_a_broken_link_of_a_slider_is_found(tmp_path, visit):
    """The check above can fail: here the first slider is joined to a number that draws nothing."""
    for part in ("_static", "book"):
        (tmp_path / part).symlink_to(SITE / part)
    (tmp_path / "book").unlink()
    (tmp_path / "book").mkdir()
    page = "book/03-softmax.html"
    html = (SITE / page).read_text(encoding="utf-8")
    broken = re.sub(r'"at0"\s*\]', '"at2"]', html)
    assert broken != html
    (tmp_path / page).write_text(broken)
    server = serve(tmp_path)
    opened = visit(f"http://127.0.0.1:{server.server_port}/{page}")
    with pytest.raises(AssertionError):
        check_page(opened, page, by_keyboard)
    server.shutdown()
