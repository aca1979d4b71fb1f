"""The pad in a real browser, on a page of its own: it draws, prepares and reads a digit as NumPy does."""

import base64
import json
import math
import re

import numpy as np
import pytest
from axe import broken
from conftest import box_of
from numpy.testing import assert_allclose, assert_array_equal
from padpage import EMPTY, ONE, OVER, PAD, ZERO, by_finger, by_mouse, decoded, places, records_of, touch, write
from pictures import State, check_written
from stage import patched
from test_machine import mixed

from softmaxlab.data import centre
from softmaxlab.scratch import (
    Adam,
    he_start,
    network,
    score,
    softmax,
    train_network,
    train_softmax,
)
from softmaxlab.widgets import DigitPad
from softmaxlab.widgets.drawn import HERE, joined

INK = joined(HERE / "ink.js")
NAMES = ["softmax regression", "hidden layer"]

# What the models of a pad say: the numbers written, the bars as shares of their track, the answers; and why
SAID = """pad => {
  const models = [...pad.querySelectorAll(".course-pad-model")];
  const rows = [...pad.querySelectorAll(".course-pad-table tbody tr")];
  const column = (name, i) => rows.map(row => row.querySelectorAll(`.course-pad-${name}`)[i]);
  const all = (name, of = pad) => [...of.querySelectorAll(`.course-pad-${name}`)].map(e => e.textContent);
  return {
    probs: models.map((_, i) => column("value", i).map(e => e.textContent)),
    bars: models.map((_, i) => column("bar", i).map(e => parseFloat(e.style.width) / 100)),
    tops: models.map((_, i) => column("value", i).findIndex(e => e.classList.contains("course-pad-top"))),
    answers: all("answer"), sure: all("sure"), verdict: all("verdict")[0], heads: all("of"),
    asked: rows.flatMap((row, n) => row.querySelector("button").ariaPressed === "true" ? [n] : []),
    why: [...pad.querySelectorAll(".course-pad-map")].map(e => ({
      title: e.querySelector(".course-title").textContent,
      sum: e.querySelector(".course-pad-sum").textContent,
      label: e.querySelector("canvas").ariaLabel,
    })),
    on: [...pad.querySelectorAll(".course-pad-unit")].map(e => e.classList.contains("course-pad-on")),
    lit: [...pad.querySelectorAll(".course-pad-unit .course-pad-bar")].map(e => parseFloat(e.style.width) / 100),
    units: all("units .course-pad-note")[0] ?? "",
  };
}"""
# And what every pad shows
SHOWN = f"pad => ({{ ...({SAID})(pad), ...({PAD})(pad) }})"


@pytest.fixture(scope="module")
def trained(mnist):
    train, _ = mnist
    rng = np.random.default_rng(0)
    start = he_start(784, 48, 10, rng)
    deep = train_network(start, *train, rng, Adam(), passes=1)
    return dict(zip(NAMES, [train_softmax(*train, np.random.default_rng(0)), deep]))


@pytest.fixture(scope="module")
def first_of_each(mnist):
    _, test = mnist
    return test.images[[np.flatnonzero(test.labels == digit)[0] for digit in range(10)]]


@pytest.fixture(scope="module")
def pad(trained, first_of_each):
    return DigitPad(trained, samples=first_of_each)


@pytest.fixture
def address(pad, tmp_path):
    return write(tmp_path / "pad.html", pad)


def shown(opened, number=0):
    return look_at(opened.page.locator(".course-pad").nth(number))


def look_at(figure):
    return decoded(figure.evaluate(SHOWN))


def check_reads(opened, digit, hint=""):
    picture = shown(opened)
    assert picture["answers"] == [str(digit)] * 2
    assert picture["tops"] == [digit] * 2
    assert f"{NAMES[0]}: {digit}, probability" in picture["status"]
    assert picture["hint"] == hint


def by_numpy(model, image):
    """What each pixel adds to each of the ten scores, (784, 10), and what is added whatever is drawn, (10,)."""
    weights, bias, *second = [array.astype(float) for array in model]
    if second:
        on = image @ weights + bias > 0
        weights, bias = weights @ (on[:, None] * second[0]), (on * bias) @ second[0] + second[1]
    return image[:, None] * weights, bias


SUM = re.compile(r"(\S+) for it, (\S+) against, (\S+) whatever is drawn: score (\S+)")


def questions(pad, image, asked=None):
    """Of which model, and which digit, the two pictures say why: without a row that was chosen, and with it."""
    probs = [probs[0] for probs in pad.probs(image[np.newaxis]).values()]
    if len(probs) == 2:
        return [(i, one.argmax() if asked is None else asked) for i, one in enumerate(probs)]
    first, runner_up = np.argsort(-probs[0], kind="stable")[:2]
    return [(0, first), (0, runner_up if asked in (None, first) else asked)]


def check_why(seen, pad, image, asked=None):
    """Both pictures of ink × weight are those of NumPy, of one scale, and so are their sums."""
    models, names = list(pad.models.values()), pad.names
    expected = questions(pad, image, asked)
    found = [by_numpy(models[i], image.astype(float)) for i, _ in expected]
    limit = max(np.abs(products[:, digit]).max() for (products, _), (_, digit) in zip(found, expected))
    for n, ((i, digit), (products, rest), why) in enumerate(zip(expected, found, seen["why"], strict=True)):
        one = f"why {'not ' * n}{digit}?" if len(models) == 1 else f"{names[i]}: why {digit}?"
        assert why["title"] == one
        products = products[:, digit]
        assert_allclose(seen[f"evidence{n or ''}"], mixed(pad, 0.5 + products / (2 * limit)), atol=1.5)
        parts = [products[products > 0].sum(), products[products < 0].sum(), rest[digit]]
        for text, value in zip(SUM.fullmatch(why["sum"]).groups(), [*parts, sum(parts)], strict=True):
            check_written(text, value, 1)
        score_of = score(image[None], *models[i]) if len(models[i]) == 2 else network(models[i], image[None])
        assert_allclose(sum(parts), score_of[0, digit], atol=1e-3)
        assert why["label"] == f"{one} Ink times weight: {why['sum']}"
    assert seen["asked"] == sorted({digit for _, digit in expected})


def check_says(seen, pad, image):
    """Every number, bar, answer and word is that of `image`."""
    found = [probs[0] for probs in pad.probs(image[np.newaxis]).values()]
    bests = [int(probs.argmax()) for probs in found]
    for written, bars, probs in zip(seen["probs"], seen["bars"], found, strict=True):
        for text, prob in zip(written, probs, strict=True):
            check_written(text, prob, 3)
        assert_allclose(bars, probs, atol=1e-4)
    assert (seen["answers"], seen["tops"]) == ([str(best) for best in bests], bests)
    assert seen["sure"] == [written[best] for written, best in zip(seen["probs"], bests)]
    differ = len(set(bests)) > 1
    verdict = "they differ" if differ else f"both read {bests[0]}"
    assert seen["verdict"] == verdict * (len(bests) > 1)
    assert seen["heads"] == (pad.names if len(bests) > 1 else ["probability"])
    words = [f"{name}: {best}, probability {sure}" for name, best, sure in zip(pad.names, bests, seen["sure"])]
    return "; ".join([*words, *["they differ"] * differ])


def check_units(seen, pad, image):
    """The units that are on for `image`, and how strongly."""
    weights, bias = pad.models[NAMES[1]][:2]
    values = np.maximum(image @ weights + bias, 0)
    assert seen["on"] == (values > 0).tolist()
    assert_allclose(seen["lit"], values / values.max(), atol=1e-3)
    assert seen["units"].endswith(f"of the {len(bias)} hidden units. On for this drawing: {(values > 0).sum()}.")


def check_takes(opened, pad, sample, number=0):
    """It shows one of its samples as it is, and what is made of it."""
    picture, image = shown(opened, number), pad.samples[sample]
    assert (picture["chosen"], picture["hint"]) == (sample, OVER)
    assert_allclose(picture["drawing"], np.kron(image.reshape(28, 28), np.ones((5, 5))).ravel(), atol=1e-6)
    assert_allclose(picture["seen"], image, atol=1e-6)
    for written, probs in zip(picture["probs"], pad.probs(image[np.newaxis]).values(), strict=True):
        assert_allclose([float(text) for text in written], probs[0], atol=1e-3)


def check_blank(opened, number=0):
    picture = shown(opened, number)
    assert (picture["chosen"], picture["hint"]) == (-1, EMPTY)
    assert picture["answers"] == ["?"] * len(picture["answers"])
    assert picture["probs"] == [[""] * 10] * len(picture["probs"])
    assert max(map(max, picture["bars"])) == 0
    assert (picture["asked"], picture["verdict"]) == ([], "")
    assert [why["title"] for why in picture["why"]] == ["why?"] * 2
    assert [why["sum"] for why in picture["why"]] == [""] * 2
    assert max(picture["drawing"]) == max(picture["seen"]) == 0


# The models


def test_twelve_bits_lose_no_test_prediction_worth_speaking_of(trained, pad, mnist):
    _, test = mnist
    for name, model in trained.items():
        logits = score(test.images, *model) if len(model) == 2 else network(model, test.images)
        before, after = logits.argmax(axis=1), pad.probs(test.images)[name].argmax(axis=1)
        lost = (before == test.labels) & (after != test.labels)
        assert lost.sum() <= 1  # none, and room for another machine
        assert_allclose(pad.probs(test.images)[name], softmax(logits), atol=4e-3)


def test_a_thousand_test_images_get_the_probabilities_of_numpy(trained, first_of_each, mnist, tmp_path, visit):
    _, test = mnist
    images = test.images[:1000]
    many = DigitPad(trained, samples=first_of_each)
    many.images = np.round(images * 255).astype("u1").tobytes()  # more than a reader could choose from
    opened = visit(write(tmp_path / "many.html", many))
    found = opened.page.locator(".course-pad").evaluate(
        f"""pad => JSON.stringify([...pad.querySelectorAll(".course-pad-choice")].map(choice => {{
          choice.click();
          return ({SAID})(pad);
        }}))"""
    )
    found = json.loads(found)
    assert len(found) == 1000
    for number, probs in enumerate(many.probs(images).values()):
        assert_array_equal([int(one["answers"][number]) for one in found], probs.argmax(axis=1))
        written = [[float(text) for text in one["probs"][number]] for one in found]
        assert_allclose(written, probs, atol=1e-3)
        assert_allclose([one["bars"][number] for one in found], probs, atol=1e-5)


# The preparation


def strokes(rng, side=140):
    """A drawing of a few thick lines, some of them beyond the edge."""
    row, column = np.mgrid[:side, :side] + 0.5
    ink = np.zeros((side, side))
    for _ in range(rng.integers(1, 5)):
        (y, x), (dy, dx) = rng.uniform(0, side, 2), rng.normal(0, side / 4, 2)
        share = ((row - y) * dy + (column - x) * dx) / (dy**2 + dx**2)
        share = np.clip(share, 0, 1)
        distance = np.hypot(row - y - share * dy, column - x - share * dx)
        ink = np.maximum(ink, np.clip(rng.uniform(1, 9) - distance, 0, 1))
    return ink.astype("f4")


def drawings():
    rng = np.random.default_rng(0)
    yield np.zeros((140, 140))
    yield np.ones((140, 140))
    for height, width in [(1, 1), (100, 7), (7, 100), (60, 35), (101, 63), (3, 2), (140, 1)]:
        box = np.zeros((140, 140))  # a centre of mass that may lie between two pixels
        box[5 : 5 + height, 9 : 9 + width] = 1
        yield box
    hook = np.zeros((50, 50))  # heavy on one side
    hook[10:14, 5:45] = 1
    hook[10:45, 5:6] = 0.1
    yield hook
    yield hook[::-1, ::-1]
    yield rng.random((28, 28))
    for _ in range(25):
        yield strokes(rng)


# Numbers travel as text, which Playwright passes on as it is
CENTRED = """([text, side]) => {
  const bytes = Uint8Array.from(atob(text), c => c.charCodeAt(0));
  return JSON.stringify([...course.centre(new Float64Array(bytes.buffer), side)]);
}"""


def test_the_browser_prepares_a_drawing_as_numpy_does(address, visit):
    opened = visit(address)
    opened.page.evaluate(
        """ink => import(URL.createObjectURL(new Blob([ink], { type: "text/javascript" })))
             .then(module => { window.course = module; })""",
        INK,
    )
    inked = 0
    for drawing in drawings():
        text = base64.b64encode(drawing.astype("<f8").tobytes()).decode()
        found = json.loads(opened.page.evaluate(CENTRED, [text, len(drawing)]))
        assert_allclose(found, centre(drawing), atol=1e-5)
        inked += max(found) > 0
    assert inked > 30


def test_a_line_has_the_ink_of_its_area(address, visit):
    opened = visit(address)
    ink, dot = opened.page.evaluate(
        """ink => import(URL.createObjectURL(new Blob([ink], { type: "text/javascript" }))).then(({ line }) =>
             [[30, 40, 70, 90], [50, 50, 50, 50]].map(ends => {
               const ink = new Float32Array(100 * 100);
               line(ink, 100, ...ends, 6);
               return [...ink];
             }))""",
        INK,
    )
    length = math.hypot(40, 50)
    assert_allclose(sum(ink), 12 * length + math.pi * 36, rtol=0.01)
    assert_allclose(sum(dot), math.pi * 36, rtol=0.01)
    assert 0 <= min(ink) and max(ink) == 1


def test_what_is_drawn_is_what_the_models_see(address, pad, visit):
    opened = visit(address)
    by_mouse(opened, [(0.3, 0.3), (0.7, 0.28), (0.5, 0.8)])
    picture = shown(opened)
    seen = centre(np.reshape(picture["drawing"], (140, 140)))
    assert_allclose(picture["seen"], seen, atol=0.01)
    for written, probs in zip(picture["probs"], pad.probs(seen[np.newaxis]).values()):
        assert_allclose([float(text) for text in written], probs[0], atol=0.01)


# Hands


def test_it_opens_on_its_first_sample_which_the_first_line_takes_away_and_the_second_leaves(address, pad, visit):
    opened = visit(address)
    check_takes(opened, pad, 0)
    assert shown(opened)["status"] == ""  # what is announced is what a reader has done
    by_mouse(opened, [(0.1, 0.1)])
    first = np.reshape(shown(opened)["drawing"], (140, 140))
    assert first[14, 14] == 1 and not first[30:].any() and not first[:, 30:].any()
    by_mouse(opened, [(0.9, 0.9)])
    both = np.reshape(shown(opened)["drawing"], (140, 140))
    assert both[126, 126] == 1
    assert_array_equal(both[:30], first[:30])
    opened.page.get_by_label("Test image 4").click()
    check_takes(opened, pad, 3)
    by_mouse(opened, [(0.1, 0.1)])
    assert_array_equal(np.reshape(shown(opened)["drawing"], (140, 140)), first)


def test_a_pad_that_opens_on_another_sample_is_found(address, pad, visit):
    opened = visit(address)
    with pytest.raises(AssertionError):
        check_takes(opened, pad, 1)


@pytest.mark.parametrize(("points", "digit"), [(ONE, 1), (ZERO, 0)])
def test_a_digit_drawn_with_the_mouse_is_read(points, digit, address, visit):
    opened = visit(address)
    by_mouse(opened, points)
    check_reads(opened, digit)
    opened.page.get_by_role("button", name="Clear").click()
    check_blank(opened)
    assert opened.errors == []
    assert [url for url in opened.requests if not url.startswith(("file:", "blob:", "data:"))] == []


def test_a_pad_that_reads_another_digit_or_is_not_blank_is_found(address, visit):
    opened = visit(address)
    with pytest.raises(AssertionError):
        check_reads(opened, 1)
    by_mouse(opened, ONE)
    check_reads(opened, 1)
    with pytest.raises(AssertionError):
        check_reads(opened, 0)
    with pytest.raises(AssertionError):
        check_blank(opened)


@pytest.mark.parametrize(("points", "digit"), [(ONE, 1), (ZERO, 0)])
def test_a_digit_drawn_with_a_finger_on_a_phone_is_read(points, digit, address, visit):
    opened = visit(address, width=360, has_touch=True, color_scheme="dark", reduced_motion="reduce")
    by_finger(opened, points)
    check_reads(opened, digit)
    assert opened.page.evaluate("scrollY") == 0


def test_a_finger_beside_the_pad_scrolls_the_page(address, pad, visit):
    opened = visit(address, width=360, has_touch=True)
    box = box_of(opened.page.locator(".course-pad-why"))
    x, y = box["x"] + 100, box["y"] + 200
    touch(opened, [(x, y - 20 * step) for step in range(12)])
    opened.page.wait_for_function("scrollY > 50")
    check_takes(opened, pad, 0)


def test_the_bars_move_while_the_line_is_drawn_and_the_words_come_once_at_its_end(address, visit):
    opened = visit(address)
    opened.page.evaluate(
        """window.said = 0;
        new MutationObserver(() => { window.said += 1; })
          .observe(document.querySelector(".course-status"),
            { childList: true, characterData: true, subtree: true });"""
    )
    by_mouse(opened, [(0.3, 0.3), (0.7, 0.28)], lift=False)
    first = shown(opened)["probs"]
    by_mouse(opened, [(0.7, 0.28), (0.5, 0.8)], lift=False)
    assert shown(opened)["probs"] != first
    assert opened.page.evaluate("window.said") == 0
    opened.page.mouse.up()
    assert opened.page.evaluate("window.said") == 1


def test_other_buttons_of_the_mouse_draw_nothing(address, pad, visit):
    opened = visit(address)
    ((x, y),) = places(opened, [(0.5, 0.5)])
    opened.page.mouse.click(x, y, button="right")
    opened.page.mouse.move(x + 20, y)
    check_takes(opened, pad, 0)


def test_the_keyboard_alone_draws_chooses_edits_and_clears(address, pad, visit):
    opened = visit(address)
    keys = opened.page.keyboard
    keys.press("Tab")
    keys.press("Tab")
    keys.press("Enter")
    check_blank(opened)
    keys.press("Shift+Tab")
    for _ in range(9):
        keys.press("ArrowUp")
    check_blank(opened)
    assert shown(opened)["status"] == "row 6, column 15, paper. "
    for _ in range(18):
        keys.press("Shift+ArrowDown")
    check_reads(opened, 1)
    assert shown(opened)["status"].startswith("row 24, column 15, ink. softmax regression: 1")
    keys.press("Tab")
    keys.press("Enter")
    check_blank(opened)
    keys.press("Tab")
    keys.press("Tab")
    for _ in range(4):
        keys.press("ArrowRight")
    keys.press("Space")
    check_reads(opened, 4, OVER)
    check_takes(opened, pad, 4)
    sample = pad.samples[4]
    keys.press("Tab")
    for _ in range(3):
        keys.press("ArrowDown")
    keys.press("Enter")
    check_why(shown(opened), pad, sample, asked=3)
    keys.press("Enter")
    check_why(shown(opened), pad, sample)
    keys.press("Shift+Tab")

    for _ in range(3):
        keys.press("Shift+Tab")
    row, column = 23, 14  # where the cursor was left
    before = np.array(shown(opened)["drawing"])
    keys.press("Space")
    edited = np.kron(sample.reshape(28, 28), np.ones((5, 5)))
    cell = edited[5 * row : 5 * row + 5, 5 * column : 5 * column + 5]
    cell[:] = 0 if cell[2, 2] > 0.5 else 1
    assert_allclose(shown(opened)["drawing"], edited.ravel(), atol=1e-6)
    assert_allclose(shown(opened)["seen"], centre(edited), atol=0.003)
    keys.press("Space")
    changed = np.array(shown(opened)["drawing"]) != before
    assert changed.sum() <= 25  # ink that was between 0 and 1


def test_the_page_keeps_other_keys(address, pad, visit):
    opened = visit(address)
    opened.page.keyboard.press("Tab")
    opened.page.keyboard.press("End")
    opened.page.wait_for_function("scrollY > 0")
    check_takes(opened, pad, 0)


# Why


@pytest.fixture(scope="module")
def opposed(trained, first_of_each):
    """The network, and another whose answers are those of the digit before: they differ about everything."""
    deep = trained[NAMES[1]]
    other = [*deep[:2], np.roll(deep[2], 1, axis=1), np.roll(deep[3], 1)]
    return DigitPad({"shifted": other, NAMES[1]: deep}, samples=first_of_each, units=True)


@pytest.fixture(scope="module")
def single(trained, first_of_each):
    return DigitPad({NAMES[0]: trained[NAMES[0]]}, samples=first_of_each)


def look(stage, pad, **other):
    """Draw a pad by its own script, or one that is given, and hold it to NumPy with three samples and rows."""
    stage.put(State(*records_of(pad)), **other)
    for sample, row in ((0, None), (1, 3), (2, 8)):
        image = pad.samples[sample]
        stage.figure.get_by_label(f"Test image {sample + 1}", exact=True).click()
        if row is not None:
            stage.figure.locator(".course-pad-ask").nth(row).click()
        seen = look_at(stage.figure)
        assert_allclose(seen["seen"], image, atol=1e-6)
        assert seen["status"] == check_says(seen, pad, image)
        check_why(seen, pad, image, asked=row)
        if pad.units:
            check_units(seen, pad, image)
        if row is not None:
            stage.figure.locator("tbody tr").nth(row).locator(".course-pad-value").first.click()
            check_why(look_at(stage.figure), pad, image)


@pytest.mark.parametrize("which", ["pad", "single", "opposed"])
def test_what_it_reads_and_why_are_what_numpy_says(which, stage, request):
    look(stage, request.getfixturevalue(which))


FAULTS = [
    # why
    ("sums[j] += values[i] * row[j]", "sums[j] += values[i] * row[(j + 1) % sums.length]"),
    ("inputs[depth][i] ? row.reduce", "true ? row.reduce"),
    ("weight * picture[i]", "weight"),
    ("rest += value * share[j]", "rest = value * share[j]"),
    ("Number(j === digit)", "Number(j === 0)"),
    ("0.5 + product / (2 * limit)", "0.5 - product / (2 * limit)"),
    ("one * sign > 0 ? one : 0", "one * sign > 0 ? 1 : 0"),
    ("picked < 0 || picked === first ? next", "picked < 0 || picked === first ? first"),
    ("picked < 0 ? best(one) : picked", "best(one)"),
    ("picked === digit ? -1 : digit", "digit"),
    # what is read
    ("differ ? \"they differ\"", "!differ ? \"they differ\""),
    ("new Set(found).size > 1", "false"),
    ("written(probs[i][found[i]], 3) : \"\"", "written(probs[i][0], 3) : \"\""),
    ("100 * probs[i][digit]", "100 * probs[0][digit]"),
    ("digit === best(probs[i])", "digit === best(probs[0])"),
    # units
    ("Boolean(values?.[j])", "true"),
    ("(100 * values[j]) / most", "100 * values[j]"),
    ("value > 0).length", "value >= 0).length"),
]  # fmt: skip


@pytest.mark.parametrize(("old", "new"), FAULTS)
def test_a_fault_in_its_script_is_found(old, new, stage, single, opposed):
    faulty = patched(DigitPad._esm, old, new)
    with pytest.raises(AssertionError):
        for pad in (single, opposed):
            look(stage, pad, script=faulty)


def test_the_weights_of_every_hidden_unit_are_shown_on_one_scale(opposed, tmp_path, visit):
    opened = visit(write(tmp_path / "units.html", opposed))
    opened.page.wait_for_function(
        """() => [...document.querySelectorAll(".course-pad-weights canvas")].every(canvas =>
          canvas.getContext("2d").getImageData(0, 0, 1, 1).data[3] === 255)"""
    )
    tiles = json.loads(
        opened.page.evaluate(
            """() => JSON.stringify([...document.querySelectorAll(".course-pad-weights canvas")].map(canvas =>
              [...canvas.getContext("2d").getImageData(0, 0, 28, 28).data]))"""
        )
    )
    weights = opposed.models[NAMES[1]][0]
    assert len(tiles) == weights.shape[1] == 48
    for tile, column in zip(tiles, weights.T):
        shares = 0.5 + column / (2 * np.abs(weights).max())
        assert_allclose(np.reshape(tile, (-1, 4))[:, :3], mixed(opposed, shares), atol=1.5)


def test_without_units_there_are_none(address, visit):
    assert visit(address).page.locator(".course-pad-unit").count() == 0


def test_on_a_phone_the_ink_and_both_answers_are_seen_together(opposed, tmp_path, visit):
    opened = visit(write(tmp_path / "phone.html", opposed), width=360)
    sheet = box_of(opened.page.locator(".course-pad-sheet"))
    for part in (".course-pad-answer", ".course-pad-verdict"):
        for one in opened.page.locator(part).all():
            box = box_of(one)
            assert sheet["y"] - 60 <= box["y"] and box["y"] + box["height"] <= sheet["y"] + 370
    assert sheet["width"] >= 150


# The page


def test_two_pads_share_nothing(pad, trained, first_of_each, tmp_path, visit):
    other = DigitPad({"alone": trained[NAMES[0]]}, samples=first_of_each[:1])
    opened = visit(write(tmp_path / "two.html", pad, other))
    by_mouse(opened, ONE)
    check_takes(opened, other, 0, number=1)
    second = opened.page.locator(".course-pad").nth(1)
    second.get_by_role("button", name="Clear").click()
    check_blank(opened, 1)
    check_reads(opened, 1)
    second.get_by_label("Test image 1").click()
    check_takes(opened, other, 0, number=1)
    check_reads(opened, 1)
    assert opened.page.locator(".course-pad [id]").count() == 0


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_and_nothing_is_too_wide(width, address, visit):
    opened = visit(address, width=width)
    for draw in (lambda: None, lambda: by_mouse(opened, ZERO)):
        draw()
        assert broken(opened.page) == {}
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_in_forced_colours_ink_and_bars_can_be_seen(address, visit):
    opened = visit(address, forced_colors="active", color_scheme="dark")
    by_mouse(opened, ONE)
    style = "(e, name) => getComputedStyle(e)[name]"
    page = opened.page
    assert page.locator(".course-pad-sheet").evaluate(style, "backgroundColor") == "rgb(255, 255, 255)"
    assert page.locator(".course-pad-sheet canvas").evaluate(style, "filter") == "none"
    bar = page.locator(".course-pad-top .course-pad-bar").first
    assert bar.evaluate(style, "backgroundColor") != page.locator("body").evaluate(style, "backgroundColor")
