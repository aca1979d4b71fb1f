"""`Machine` in a real browser: scores, probabilities and the picture of ink × weight are those of NumPy, and faults are
found.
"""

import json
import re

import numpy as np
import pytest
from axe import broken
from matplotlib.colors import to_rgb
from numpy.testing import assert_allclose, assert_array_equal
from padpage import EMPTY, ONE, OVER, PAD, ZERO, by_finger, by_mouse, decoded, records_of, write
from pictures import State, as_number, check_written
from stage import patched

from softmaxlab.data import centre
from softmaxlab.scratch import softmax, train_softmax
from softmaxlab.widgets import Machine

# What stands in a machine. Bars are read from the screen: their ends, as shares of their track.
SHOWN = f"""machine => {{
  const text = name => machine.querySelector(`.course-machine-${{name}}`).textContent;
  const part = name => {{
    const rows = [...machine.querySelectorAll(`.course-machine-${{name}} tr`)];
    const find = name => rows.flatMap((e, n) => e.classList.contains(`course-machine-${{name}}`) ? [n] : []);
    return {{
      names: rows.map(e => e.querySelector("th").textContent),
      values: rows.map(e => e.querySelector(".course-machine-value").textContent),
      bars: rows.map(e => {{
        const track = e.querySelector(".course-machine-track").getBoundingClientRect();
        const bar = e.querySelector(".course-machine-bar").getBoundingClientRect();
        return [(bar.left - track.left) / track.width, (bar.right - track.left) / track.width];
      }}),
      colours: rows.map(e => getComputedStyle(e.querySelector(".course-machine-bar")).backgroundColor),
      pressed: rows.map(e => e.querySelector("button")?.getAttribute("aria-pressed")),
      top: find("top"), asked: find("asked"),
    }};
  }};
  const evidence = machine.querySelector(".course-machine-evidence canvas");
  const colour = name => getComputedStyle(machine.querySelector(`small .course-${{name}}`)).color;
  return {{
    scores: part("scores"), probs: part("probs"),
    digit: text("answer b"), sure: text("answer span"), question: text("why b"), sum: text("why p.course-machine-sum"),
    label: evidence.getAttribute("aria-label"), role: evidence.getAttribute("role"),
    legend: [colour("for"), colour("against")],
    called: ["for", "against"].map(name => machine.querySelector(`small .course-${{name}}`).textContent),
    ...({PAD})(machine),
  }};
}}"""
SAID = re.compile(
    r"Ink times weight of the (\d): (\S+) for it, (\S+) against it, and (\S+) whatever is drawn: its score is (\S+)"
)


@pytest.fixture(scope="module")
def model(mnist):
    return train_softmax(*mnist[0], np.random.default_rng(0))


@pytest.fixture(scope="module")
def machine(model, mnist):
    return Machine(model, mnist[1].images[[0, 1, 2, 3, 8]])


@pytest.fixture(scope="module")
def scorer(model, mnist):
    return Machine(model, mnist[1].images[:3], probabilities=False)


@pytest.fixture
def opened(machine, tmp_path, visit):
    return visit(write(tmp_path / "machine.html", machine))


def shown(opened):
    return look_at(opened.page.locator(".course-machine"))


def look_at(figure):
    return decoded(figure.evaluate(SHOWN))


def numbers(machine, image):
    """By NumPy, of the model as it travelled: the weights, the bias and the scores of an image."""
    weights, bias = (array.astype(float) for array in machine.models["model"])
    return weights, bias, image.astype(float) @ weights + bias


def mixed(machine, shares):
    """The colours of `shares` from 0 to 1, as matplotlib would mix them, of 255."""
    stops = np.array([to_rgb(colour) for colour in machine.colours])
    at = np.linspace(0, 1, len(stops))
    return 255 * np.stack([np.interp(shares, at, channel) for channel in stops.T], axis=-1)


def largest(image, weights):
    """The product of ink and weight that has the strongest colour: that of the darkest in any row."""
    return max(np.abs(image[:, np.newaxis] * weights).max(), 1e-9)


# How sure it says it is, from a probability on
SURE = [(0.995, "nearly certain"), (0.8, "rather sure"), (0.5, "leaning to it"), (0, "torn")]


def check_shows(seen, machine, image, asked=None):
    """Every number, bar, colour and word is that of `image`, and the row `asked`, or the favourite, is explained."""
    weights, bias, scores = numbers(machine, image)
    probs, best = softmax(scores), scores.argmax()
    row = best if asked is None else asked
    names = [str(digit) for digit in range(10)]

    left = seen["scores"]
    assert left["names"] == names
    for text, value in zip(left["values"], scores, strict=True):
        check_written(text, value, 1)
    ends = 0.5 + scores / (2 * max(4, np.abs(scores).max()))
    assert_allclose(left["bars"], np.sort([np.full(10, 0.5), ends], axis=0).T, atol=2e-3)
    assert left["colours"] == [seen["legend"][int(value < 0)] for value in scores]
    assert seen["called"] == ["blue", "red"]
    (red, _, blue), (more_red, _, less_blue) = (map(int, re.findall(r"\d+", colour)) for colour in seen["legend"])
    assert blue > red and more_red > less_blue
    assert left["pressed"] == ["true" if digit == row else "false" for digit in range(10)]
    parts = [left]
    if machine.probabilities:
        right = seen["probs"]
        assert right["names"] == names
        for text, value in zip(right["values"], probs, strict=True):
            check_written(text, value, 3)
        assert_allclose(right["bars"], np.transpose([np.zeros(10), probs]), atol=2e-3)
        parts.append(right)
    for part in parts:
        assert (part["top"], part["asked"]) == ([best], [row])
    assert (seen["digit"], seen["question"]) == (str(best), f"why {row}?")
    surely = next(words for least, words in SURE if probs[best] > least)
    assert seen["sure"] == (surely if machine.probabilities else "has the highest score")

    products = image * weights[:, row]
    expected = mixed(machine, 0.5 + products / (2 * largest(image, weights)))
    assert_allclose(seen["evidence"], expected, atol=1)
    digit, speaks_for, against, always, total = SAID.fullmatch(seen["label"]).groups()
    assert (seen["role"], digit) == ("img", str(row))
    check_written(speaks_for, products[products > 0].sum(), 2)
    check_written(against, products[products < 0].sum(), 2)
    check_written(always, bias[row], 2)
    check_written(total, scores[row], 1)
    assert seen["sum"] == f"{speaks_for} for, {against} against, {always} from b"


def check_said(seen, machine):
    """What is announced: the digit, how sure, and why."""
    best = int(seen["digit"])
    side, name = ("probs", "probability") if machine.probabilities else ("scores", "score")
    assert seen["status"] == f"It reads {best}, {name} {seen[side]['values'][best]}. {seen['label']}"


def check_takes(seen, machine, sample, asked=None):
    """It shows one of its samples as it is."""
    assert (seen["chosen"], seen["hint"]) == (sample, OVER)
    assert_allclose(seen["seen"], machine.samples[sample], atol=1e-6)
    check_shows(seen, machine, machine.samples[sample], asked)


def check_blank(seen, machine):
    assert (seen["chosen"], seen["hint"]) == (-1, EMPTY)
    assert (seen["digit"], seen["sure"], seen["question"]) == ("?", "", "why?")
    for part in (seen["scores"], seen["probs"])[: 1 + machine.probabilities]:
        assert part["values"] == [""] * 10
        assert_allclose(np.diff(part["bars"]), 0, atol=1e-6)
        assert part["top"] == part["asked"] == []
    assert seen["scores"]["pressed"] == ["false"] * 10
    assert max(seen["drawing"]) == max(seen["seen"]) == 0
    assert_allclose(seen["evidence"], mixed(machine, np.full(784, 0.5)), atol=1)
    assert not SAID.search(seen["label"] + seen["status"])


# Numbers


def test_two_hundred_test_pictures_get_the_numbers_of_numpy_and_any_row_is_explained(model, mnist, tmp_path, visit):
    images = mnist[1].images[:200]
    many = Machine(model, images[:1])
    many.images = np.round(images * 255).astype("u1").tobytes()  # more than a reader could choose from
    opened = visit(write(tmp_path / "many.html", many))
    found = opened.page.locator(".course-machine").evaluate(
        f"""machine => JSON.stringify([...machine.querySelectorAll(".course-pad-choice")].map((choice, n) => {{
          choice.click();
          const seen = [({SHOWN})(machine)];
          const row = machine.querySelectorAll(".course-machine-ask")[n % 10];
          row.click();
          seen.push(({SHOWN})(machine));
          row.click();
          return seen;
        }}))"""
    )
    found = json.loads(found)
    assert len(found) == 200
    for n, (favourite, other) in enumerate(found):
        check_takes(decoded(favourite), many, n)
        check_takes(decoded(other), many, n, asked=n % 10)
        check_said(other, many)


def read_back(machine, colours):
    """The shares from -1 to 1 whose colours these are; that of paper is 0."""
    shares = np.linspace(-1, 1, 2001)
    table = mixed(machine, (shares + 1) / 2)
    nearest = shares[((np.array(colours)[:, np.newaxis] - table) ** 2).sum(axis=-1).argmin(axis=1)]
    paper = (np.abs(colours - mixed(machine, 0.5)) <= 0.5).all(axis=1)
    return np.where(paper, 0, nearest)


@pytest.mark.parametrize("sample", [0, 4])
def test_the_picture_of_ink_times_weight_and_the_bias_add_up_to_the_score_of_every_row(sample, machine, opened):
    image = machine.samples[sample]
    opened.page.get_by_label(f"Test image {sample + 1}").click()
    weights, bias, _ = numbers(machine, image)
    written = []
    for digit, ask in enumerate(opened.page.locator(".course-machine-ask").all()):
        if ask.get_attribute("aria-pressed") == "false":
            ask.click()
        seen = shown(opened)
        total = read_back(machine, seen["evidence"]).sum() * largest(image, weights) + bias[digit]
        written.append(as_number(seen["scores"]["values"][digit]))
        assert seen["question"] == f"why {digit}?"
        assert_allclose(total, written[-1], atol=0.2)
    assert np.ptp(written) > 5


def test_what_is_drawn_is_what_is_scored(machine, opened):
    by_mouse(opened, [(0.3, 0.3), (0.7, 0.28), (0.5, 0.8)])
    seen = shown(opened)
    image = centre(np.reshape(seen["drawing"], (140, 140)))
    assert_allclose(seen["seen"], image, atol=0.01)
    _, _, scores = numbers(machine, image)
    # the canvas has 255 steps of ink
    assert_allclose([as_number(text) for text in seen["scores"]["values"]], scores, atol=0.1)
    assert_allclose([float(text) for text in seen["probs"]["values"]], softmax(scores), atol=0.01)


@pytest.mark.parametrize(("scale", "sure"), [(0, "torn"), (0.12, "torn"), (100, "nearly certain")])
def test_its_words_say_how_sure_it_is(scale, sure, model, mnist, tmp_path, visit):
    scaled = Machine([scale * array for array in model], mnist[1].images[:1])
    seen = shown(visit(write(tmp_path / "scaled.html", scaled)))
    check_takes(seen, scaled, 0)
    assert seen["sure"] == sure


# Hands


def test_it_opens_on_its_first_sample_and_the_first_line_takes_it_away(machine, opened):
    check_takes(shown(opened), machine, 0)
    assert shown(opened)["status"] == ""  # what is announced is what a reader has done
    by_mouse(opened, ONE)
    seen = shown(opened)
    assert (seen["digit"], seen["hint"], seen["chosen"]) == ("1", "", -1)
    check_said(seen, machine)
    assert opened.errors == []
    assert [url for url in opened.requests if not url.startswith(("file:", "blob:", "data:"))] == []


def test_a_digit_drawn_with_a_finger_on_a_phone_is_read(machine, tmp_path, visit):
    phone = {"width": 360, "has_touch": True, "color_scheme": "dark", "reduced_motion": "reduce"}
    opened = visit(write(tmp_path / "machine.html", machine), **phone)
    by_finger(opened, ZERO)
    assert shown(opened)["digit"] == "0"
    check_said(shown(opened), machine)


@pytest.mark.parametrize("place", ["scores .course-machine-track", "scores button", "probs .course-machine-value"])
def test_a_click_on_a_row_asks_why_and_another_click_goes_back(place, machine, opened):
    row = opened.page.locator(f".course-machine-{place}").nth(3)
    row.click()
    check_takes(shown(opened), machine, 0, asked=3)
    check_said(shown(opened), machine)
    row.click()
    check_takes(shown(opened), machine, 0)
    check_said(shown(opened), machine)


def test_the_row_that_was_asked_about_stays_with_another_picture(machine, opened):
    opened.page.locator(".course-machine-ask").nth(3).click()
    opened.page.get_by_label("Test image 2").click()
    check_takes(shown(opened), machine, 1, asked=3)
    check_said(shown(opened), machine)
    by_mouse(opened, ONE)
    assert shown(opened)["question"] == "why 3?"
    check_said(shown(opened), machine)


def test_the_keyboard_alone_asks_draws_chooses_and_clears(machine, opened):
    keys, page = opened.page.keyboard, opened.page
    focused = page.locator(":focus")
    keys.press("Tab")
    assert "Draw a digit" in focused.get_attribute("aria-label")
    keys.press("Tab")
    assert focused.inner_text() == "Clear"
    keys.press("Tab")
    keys.press("Enter")
    check_takes(shown(opened), machine, 1)
    for _ in range(8):
        keys.press("Tab")
    assert focused.get_attribute("aria-label").startswith("7")
    keys.press("Space")
    check_takes(shown(opened), machine, 1, asked=7)
    check_said(shown(opened), machine)
    for _ in range(3):
        keys.press("Tab")
    for _ in range(3):
        keys.press("ArrowRight")
    keys.press("Enter")
    check_takes(shown(opened), machine, 3, asked=7)
    for _ in range(12):
        keys.press("Shift+Tab")
    assert focused.inner_text() == "Clear"
    keys.press("Enter")
    check_blank(shown(opened), machine)
    keys.press("Shift+Tab")
    for _ in range(9):
        keys.press("ArrowUp")
    for _ in range(18):
        keys.press("Shift+ArrowDown")
    assert shown(opened)["digit"] == "1"
    assert shown(opened)["status"].startswith("row 24, column 15, ink. It reads 1, probability")


def test_clear_leaves_paper_and_no_question(machine, opened):
    clear = opened.page.get_by_role("button", name="Clear")
    opened.page.locator(".course-machine-ask").nth(3).click()
    clear.click()
    check_blank(shown(opened), machine)
    opened.page.locator(".course-machine-ask").nth(3).click()
    check_blank(shown(opened), machine)
    by_mouse(opened, ONE)
    assert shown(opened)["question"] == "why 1?"


def test_another_goes_through_the_samples_and_begins_anew(machine, opened):
    another = opened.page.get_by_role("button", name="Another")
    opened.page.locator(".course-machine-ask").nth(3).click()
    for sample in (1, 2, 3, 4, 0):
        another.click()
        check_takes(shown(opened), machine, sample)
        check_said(shown(opened), machine)
    by_mouse(opened, ONE)
    another.click()
    check_takes(shown(opened), machine, 0)


# What it is told


def test_without_probabilities_it_ends_with_the_scores(scorer, tmp_path, visit):
    opened = visit(write(tmp_path / "scorer.html", scorer))
    check_takes(shown(opened), scorer, 0)
    assert opened.page.locator(".course-machine-probs").count() == 0
    assert not re.search("probability|probabilities", opened.page.locator(".course-machine").inner_text())
    opened.page.locator(".course-machine-scores tr").nth(4).click()
    check_takes(shown(opened), scorer, 0, asked=4)
    check_said(shown(opened), scorer)
    opened.page.get_by_role("button", name="Clear").click()
    check_blank(shown(opened), scorer)


def test_each_step_is_linked_to_its_chapter_if_there_is_one(model, mnist, tmp_path, visit):
    linked = Machine(model, mnist[1].images[:1], links=["pixels.html", "", "softmax.html#there"], note="Take one:")
    opened = visit(write(tmp_path / "linked.html", linked))
    links = opened.page.locator(".course-machine a").evaluate_all("all => all.map(e => e.getAttribute('href'))")
    assert links == ["pixels.html", "softmax.html#there"]
    assert "softmax" in opened.page.locator(".course-machine a").nth(1).inner_text()
    assert opened.page.locator(".course-machine-shelf .course-pad-note").inner_text() == "Take one:"


def test_without_links_there_are_none(opened):
    assert opened.page.locator(".course-machine a").count() == 0


def test_two_machines_share_nothing(machine, scorer, tmp_path, visit):
    opened = visit(write(tmp_path / "two.html", machine, scorer))
    first, second = opened.page.locator(".course-machine").all()
    second.get_by_role("button", name="Clear").click()
    check_takes(look_at(first), machine, 0)
    first.locator(".course-machine-ask").nth(5).click()
    check_blank(look_at(second), scorer)
    assert opened.page.locator(".course-machine [id]").count() == 0


# The page


@pytest.mark.parametrize("width", [360, 1440])
def test_axe_finds_nothing_and_nothing_is_too_wide(width, machine, scorer, tmp_path, visit):
    opened = visit(write(tmp_path / "page.html", machine, scorer), width=width)
    figure = opened.page.locator(".course-machine").first
    clear = figure.get_by_role("button", name="Clear")
    for act in (lambda: None, figure.locator(".course-machine-ask").nth(3).click, clear.click):
        act()
        assert broken(opened.page) == {}
        assert opened.page.evaluate("document.documentElement.scrollWidth") <= width


def test_in_forced_colours_ink_bars_and_the_chosen_row_can_be_seen(machine, tmp_path, visit):
    address = write(tmp_path / "machine.html", machine)
    opened = visit(address, forced_colors="active", color_scheme="dark")
    opened.page.locator(".course-machine-ask").nth(3).click()
    style, page = "(e, name) => getComputedStyle(e)[name]", opened.page
    paper = page.locator("body").evaluate(style, "backgroundColor")
    assert page.locator(".course-pad-sheet").evaluate(style, "backgroundColor") == "rgb(255, 255, 255)"
    for name in ("pad-sheet", "machine-evidence"):
        assert page.locator(f".course-{name} canvas").evaluate(style, "filter") == "none"
    for bar in page.locator(".course-machine-bar").all():
        assert bar.evaluate(style, "backgroundColor") != paper
        assert bar.evaluate(style, "opacity") == "1"
    assert outlined(page, ".course-machine-ask") == [3]
    page.locator(".course-pad-choice").nth(2).click()
    assert outlined(page, ".course-pad-choice") == [2]


def outlined(page, selector):
    """Which of the elements have an outline."""
    styles = "all => all.map(e => getComputedStyle(e)).map(s => [s.outlineStyle, s.outlineWidth])"
    found = page.locator(selector).evaluate_all(styles)
    return [n for n, (line, width) in enumerate(found) if line != "none" and width != "0px"]


# Faults: (what stands in its scripts, what a mistake would make of it)

FAULTS = [
    # numbers
    ("Float64Array.from(bias)", "new Float64Array(bias.length)"),
    ("sums[j] += values[i] * row[j]", "sums[j] += values[i] * row[(j + 1) % sums.length]"),
    ("Math.exp(value - most)", "Math.exp((value - most) / 2)"),
    ("(byte) => byte / 255", "(byte) => byte / 256"),
    ("written(values[n], 1)", "written(values[best], 1)"),
    ("written(probs[n], 3)", "written(probs[n], 2)"),
    # why
    ("picture[i] * weights[i][row]", "picture[i] * weights[i][best]"),
    ("picture[i] * weights[i][row]", "weights[i][row]"),
    ("0.5 + product / (2 * limit)", "0.5 - product / (2 * limit)"),
    ("0.5 + product / (2 * limit)", "0.5 + product / limit"),
    ("one * sign > 0 ? one : 0", "one * sign > 0 ? 1 : 0"),
    ("total(-1), bias[row]]", "total(-1), bias[best]]"),
    ("its score is ${written(values[row], 1)}", "its score is ${written(values[best], 1)}"),
    ("picked === n ? -1 : n", "-1"),
    # places, colours, marks
    ("values[n] < 0 ? 50 - width : 50", "50"),
    ("50 * Math.abs(values[n])", "40 * Math.abs(values[n])"),
    ("probs ? 100 * probs[n] : 0", "probs ? 100 * probs[best] : 0"),
    ("values && values[n] < 0));", "false));"),
    ('"course-machine-top", n === best', '"course-machine-top", n === row'),
    ('"aria-pressed", one.digit === row', '"aria-pressed", one.digit === best'),
    ("which.textContent = row < 0", "which.textContent = picked < 0"),
    # what is announced
    ("say(drawn.words());", ""),
    ("`It reads ${best}${certain}. ${said}`", "`It reads ${best}${certain}.`"),
    ("status.textContent = words", "status.title = words"),
]  # fmt: skip


def look(stage, machine, **other):
    """Draw a machine by its own script, or one that is given, and hold it to NumPy with two samples and three rows."""
    stage.put(State(*records_of(machine)), **other)
    check_takes(look_at(stage.figure), machine, 0)
    for sample, row in ((1, 3), (2, 8)):
        stage.figure.get_by_label(f"Test image {sample + 1}").click()
        stage.figure.locator(".course-machine-ask").nth(row).click()
        seen = look_at(stage.figure)
        check_takes(seen, machine, sample, asked=row)
        check_said(seen, machine)


def test_its_own_script_shows_what_numpy_says(stage, machine):
    look(stage, machine)


@pytest.mark.parametrize(("old", "new"), FAULTS)
def test_a_fault_in_its_script_is_found(old, new, stage, machine):
    faulty = patched(Machine._esm, old, new)
    with pytest.raises(AssertionError):
        look(stage, machine, script=faulty)


def test_a_picture_that_is_another_one_or_not_blank_is_found(machine, opened):
    seen = shown(opened)
    for check in (
        lambda: check_takes(seen, machine, 1),
        lambda: check_takes(seen, machine, 0, asked=3),
        lambda: check_blank(seen, machine),
        lambda: check_said(seen, machine),
    ):
        with pytest.raises(AssertionError):
            check()
    assert_array_equal(read_back(machine, mixed(machine, np.array([0, 0.5, 1]))), [-1, 0, 1])
