"""Predictions, questions and exercises on a page: choices are buttons, one answer at a time, guesses open what answers
them, and all is remembered here alone.
"""

import json
import re
import sys

import matplotlib.figure
import pytest
from axe import DARK, LIGHT, broken
from bs4 import BeautifulSoup
from chapters import PATHS, Chapter, details
from conftest import CHAPTERS, SITE, box_of, words_of
from course import ROOT
from docutils import nodes
from sphinx.errors import ExtensionError

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from course_cells import PICTURE
from course_questions import WIDGET, answered, give_field, guess_box, is_answer

KEY = "from-pixels-to-probabilities"
PAGE = "book/softmax.html"
KEPT = f"JSON.parse(localStorage.getItem('{KEY}'))"


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_all_that_is_asked_stands_in_a_box_of_its_own(path):
    page = BeautifulSoup((SITE / f"book/{path.stem}.html").read_text(encoding="utf-8"), "html.parser")
    chapter = Chapter(path)
    written = details(chapter.prose())
    assert len(page.select(".course-question > details")) == len(page.select("main .bd-article details:not(.hide)"))
    assert len(page.select(".course-question > details")) == len(written)
    assert len(page.select(".course-exercise")) == chapter.section("Exercises").count("<summary>Answer</summary>")
    assert page.select(".course-prediction") and page.select(".course-question.course-has-choices")
    names = [box["id"] for box in page.select(".course-question")]
    assert len(set(names)) == len(names)
    for box in page.select(".course-has-choices"):
        choices = [summary.text.strip() for summary in box.select(":scope > details > summary")]
        assert [button.text.strip() for button in box.select(".course-choices button")] == choices
        assert {choice["name"] for choice in box.select(":scope > details")} == {box["id"]}


def test_a_choice_opens_what_is_behind_it_and_the_next_takes_its_place(site, visit):
    page = visit(f"{site}/{PAGE}").page
    question = page.locator("#question-1")
    buttons, feedback = question.locator(".course-choices button").all(), question.locator(".course-feedback")
    behind = [choice.text_content() for choice in question.locator("details > p").all()]
    assert feedback.text_content() == ""
    for number, button in enumerate(buttons):
        button.focus()
        page.keyboard.press("Enter")
        assert feedback.text_content().strip() == behind[number].strip()
        pressed = [one.get_attribute("aria-pressed") for one in buttons]
        assert pressed == ["true" if n == number else "false" for n in range(len(buttons))]
        right = behind[number].startswith("Yes")
        assert ("course-right" in feedback.get_attribute("class")) == right
        assert words_of(button.locator(".course-verdict")) == ("right" if right else "not this one")
        assert question.locator(".course-verdict").count() == 1


SIGN = "e => getComputedStyle(e, '::before').content.slice(1, 2)"
COLOUR = "e => getComputedStyle(e).borderTopColor"


@pytest.mark.parametrize("forced", ["none", "active"])
def test_a_right_and_a_wrong_choice_differ_by_sign_colour_and_words(forced, site, visit):
    page = visit(f"{site}/{PAGE}", forced_colors=forced).page
    choices = page.locator("#question-1 .course-choices button")
    size = "e => [e.offsetWidth, e.offsetHeight]"
    untouched = choices.first.evaluate(size)
    looks = []
    for number in (0, 1):
        choices.nth(number).click()
        page.mouse.move(0, 0)
        choice = choices.nth(number)
        looks.append([choice.evaluate(SIGN), choice.locator(".course-verdict").text_content()])
        if forced == "none":
            looks[-1].append(choice.evaluate(COLOUR))
    wrong, right = looks
    assert all(one != other for one, other in zip(wrong, right, strict=True))
    choices.first.click()
    assert choices.first.evaluate(size) == untouched


def test_right_answers_count_and_are_remembered(site, visit):
    page = visit(f"{site}/{PAGE}").page
    score = page.locator("#check-yourself .course-score")
    score.scroll_into_view_if_needed()
    asked = page.locator("#check-yourself .course-has-choices")
    questions = asked.count()
    assert score.text_content() == f"0 of {questions} right"
    for number in range(questions):
        right = (
            asked.nth(number)
            .locator("details")
            .evaluate_all("all => all.findIndex(one => one.querySelector('p').textContent.startsWith('Yes'))")
        )
        asked.nth(number).locator(".course-choices button").nth(right).click()
        assert score.text_content() == f"{number + 1} of {questions} right"
    asked.first.locator(".course-choices button", has_not_text="right").first.click()
    page.reload()
    assert score.text_content() == f"{questions - 1} of {questions} right"
    assert asked.nth(1).locator(".course-feedback").text_content().strip().startswith("Yes")


def test_beside_what_answers_a_prediction_with_choices_stands_what_was_chosen(site, visit):
    page = visit(f"{site}/{PAGE}").page
    asked = page.locator("#prediction-1")
    chosen = asked.locator(".course-choices button").first
    words = chosen.text_content().strip()
    chosen.click()
    page.reload()
    feedback = words_of(asked.locator(".course-feedback"))
    assert feedback.startswith(f"You said: {words}")
    assert "No." in feedback


def test_answers_and_exercises_are_remembered_on_this_device(site, visit):
    opened = visit(f"{site}/{PAGE}")
    page = opened.page
    page.locator("#question-1 .course-choices button").nth(1).click()
    page.locator("#exercise-2 .course-done input").check()
    kept = page.evaluate(KEPT)["pages"]["softmax"]
    assert (kept["answers"], kept["done"]) == ({"question-1": 1}, ["exercise-2"])
    page.reload()
    assert page.locator("#question-1 .course-choices button").nth(1).get_attribute("aria-pressed") == "true"
    assert page.locator("#exercise-2 .course-done input").is_checked()
    assert not page.locator("#exercise-1 .course-done input").is_checked()
    page.locator("#exercise-2 .course-done input").uncheck()
    assert page.evaluate(KEPT)["pages"]["softmax"]["done"] == []
    assert opened.errors == []


def test_without_scripts_the_choices_are_details(site, tabs):
    with tabs(java_script_enabled=False) as tab:
        tab.page.goto(f"{site}/{PAGE}")
        question = tab.page.locator("#question-1")
        assert not question.locator("button").first.is_visible()
        assert not tab.page.locator(".course-done").first.is_visible()
        question.locator("summary").first.click()
        assert question.locator("details > p").first.is_visible()


# A guess, and what opens with it


GUESSED = "book/one-hot.html"
# With it opens an output, and prose
NAME = "prediction-2"
GUESS = "1.5, <b>I guess</b>"


FRAMES = (".course-field", ".course-truth")


@pytest.mark.parametrize("path", PATHS, ids=lambda path: path.stem)
def test_what_answers_a_prediction_is_closed_and_code_and_figures_are_not(path):
    page = BeautifulSoup((SITE / f"book/{path.stem}.html").read_text(encoding="utf-8"), "html.parser")
    predictions = page.select(".course-prediction")
    assert len(predictions) == Chapter(path).prose().count("**Predict first.**")
    for box in predictions[1:]:
        if "course-points" in box["class"]:
            ((field,), (truth,)) = (page.select(f"{kind}.course-of-{box['id']} > img") for kind in FRAMES)
            assert field.sourceline < box.sourceline < truth.sourceline
            assert truth.find_parent(class_="course-answer")
        else:
            (field,) = box.select(".course-guess input")
            assert box.select_one(f"label[for={field['id']}]").text
        (said,) = page.select(f".course-said.course-of-{box['id']}")
        told = said.find_parent(class_="course-answer")
        assert f"course-of-{box['id']}" in told["class"]
        assert len(told.select("p")) >= 2
    parts = page.select(".course-answer")
    for part in parts:
        assert not part.select(".course-view, .course-question, h2, h3, .course-answer")
        # code only if it is folded: one line, which says nothing without what is closed
        assert part.select(".cell_input") == part.select("details.hide .cell_input")
    for line in page.select("details.hide > summary"):
        within = line.find_parent(class_="cell")
        if line.text.strip() == PICTURE and (output := within.select_one(".cell_output")):
            assert bool(output.find_parent(class_="course-answer")) == bool(line.find_parent(class_="course-answer"))
    closed = [strong for part in parts for strong in part.select("strong")]
    happened = [one for one in page.select(".bd-article strong") if one.text == "What happened."]
    assert happened and all(any(one is other for other in closed) for one in happened)


def cell(*outputs, code="code", classes=()):
    made = nodes.container(nb_element="cell_code", classes=list(classes))
    made += nodes.container("", nodes.literal_block("", code), nb_element="cell_code_source")
    for output in outputs:
        made += nodes.container("", output, nb_element="cell_code_output")
    return made


def is_closed(node):
    while node is not None and "course-answer" not in node.get("classes", []):
        node = node.parent
    return node is not None


def closed_of(below):
    """The numbers of the texts that are closed below a prediction."""
    page = nodes.container()
    page += answered("prediction-7", below)
    return [
        text.astext()
        for text in page.findall(nodes.Text)
        if is_closed(text.parent) and not isinstance(text.parent, nodes.raw)
    ]


def figure():
    return nodes.raw("", f'<script type="{WIDGET}">', format="html")


def says(text):
    return nodes.paragraph("", text)


def folded(*outputs):
    return cell(*outputs, code="fold", classes=["tag_hide-input"])


@pytest.mark.parametrize(
    ("below", "closed"),
    [
        ([cell(says("5")), says("It is 5."), says("So."), cell(says("6"))], ["5", "It is 5.", "So."]),
        ([says("How."), cell(), cell(says("5")), says("It is 5.")], ["5", "It is 5."]),
        ([nodes.table("", says("5")), cell(says("5")), says("It is 5.")], ["5", "5", "It is 5."]),
        ([cell(says("5")), says("Next."), cell(says("6")), says("What happened. 6.")], ["5", "6", "What happened. 6."]),
        ([cell(figure()), says("What happened. It moved.")], ["What happened. It moved."]),
        ([folded(says("5")), folded(), says("It is 5.")], ["fold", "5", "It is 5."]),
        ([folded(figure()), says("What happened. It moved.")], ["What happened. It moved."]),
        ([says("What happened."), folded(says("5")), says("Later.")], ["What happened.", "fold", "5"]),
        ([says("What happened. Nothing."), says("Later.")], ["What happened. Nothing.", "Later."]),
        (
            [cell(figure()), says("What happened."), cell(), cell(says("5")), says("Later."), cell(says("6"))],
            ["What happened.", "5"],
        ),
    ],
)
def test_closed_are_outputs_with_what_is_folded_and_the_prose_that_tells_the_answer(below, closed):
    assert closed_of(below) == closed


@pytest.mark.parametrize("below", [[], [says("Prose.")], [cell(says("5"))]])
def test_a_prediction_that_nothing_answers_stops_the_build(below):
    with pytest.raises(ExtensionError, match="prediction-7"):
        answered("prediction-7", below)


def test_where_no_cell_was_run_nothing_is_closed():
    below = [cell(), says("Prose.")]
    assert answered("prediction-7", below) == below


# A place in a picture


def picture(uri):
    return nodes.image(uri=uri)


def drawing(path, width=4, **axes):
    figure = matplotlib.figure.Figure(figsize=(width, 2))
    figure.subplots().set(**axes)
    figure.savefig(path)


@pytest.fixture
def fields(tmp_path):
    """`fields(above, below)`: the classes around each picture, once the prediction between them has its field."""
    drawing(tmp_path / "one.svg")
    drawing(tmp_path / "same.svg", ylim=(0, 2))
    drawing(tmp_path / "wider.svg", width=5)
    drawing(tmp_path / "shifted.svg", position=[0.3, 0.2, 0.6, 0.7])

    def give(above, below):
        page, box = nodes.container(), guess_box(7, [says("Predict first. Point at the top.")])
        page += [*above, box]
        answers = answered("prediction-7", below)
        give_field(box, above, answers, tmp_path)
        page += answers
        return [(one["uri"], one.parent.get("classes", [])) for one in page.findall(nodes.image)]

    return give


FIELD, TRUTH = [[kind[1:], "course-of-prediction-7"] for kind in FRAMES]


def test_a_place_is_pointed_at_in_the_nearest_picture_above_and_shown_in_the_first_that_opens(fields):
    above = [cell(picture("wider.svg")), cell(picture("one.svg")), says("So.")]
    below = [
        cell(says("5")),
        cell(picture("same.svg"), picture("wider.svg")),
        says("It is 5."),
        cell(picture("one.svg")),
    ]
    found = fields(above, below)
    assert [classes for _, classes in found] == [[], FIELD, TRUTH, [], []]
    assert [uri for uri, _ in found] == ["wider.svg", "one.svg", "same.svg", "wider.svg", "one.svg"]


@pytest.mark.parametrize(
    ("above", "below", "error"),
    [
        ([], ["one.svg"], "stands above prediction-7"),
        (["one.svg"], [], "opens with prediction-7"),
        (["one.svg"], ["wider.svg", "one.svg"], "2.00 to 1, got 2.50 to 1"),
        (["one.svg"], ["shifted.svg"], "axes"),
    ],
)
def test_a_place_without_a_picture_or_with_one_in_which_it_is_another_stops_the_build(above, below, error, fields):
    with pytest.raises(ExtensionError, match=error):
        fields(
            [cell(picture(uri)) for uri in above], [*[cell(picture(uri)) for uri in below], cell(says("5")), says("5.")]
        )


def test_a_folded_cell_whose_picture_one_has_to_see_is_open_before_an_earlier_prediction_is_answered(fields):
    earlier = answered("prediction-6", [says("What happened. It fell."), folded(picture("one.svg"))])
    assert len(list(fields(earlier, [cell(picture("same.svg")), says("5.")]))) == 2
    closed = [node for part in earlier for node in part.findall(nodes.container) if is_answer(node, "prediction-6")]
    assert [node.astext().splitlines()[-1] for node in closed] == ["What happened. It fell."]


def test_a_picture_that_one_has_to_see_to_guess_is_open_before_an_earlier_prediction_is_answered(fields, tmp_path):
    earlier = answered("prediction-6", [says("What happened. It fell."), cell(says("5"), picture("one.svg"))])
    assert len(list(fields(earlier, [cell(picture("same.svg")), says("5.")]))) == 2
    closed = [node for part in earlier for node in part.findall(nodes.container) if is_answer(node, "prediction-6")]
    assert [node.astext().splitlines()[-1] for node in closed] == ["What happened. It fell.", "5"]


def test_where_no_cell_was_run_there_is_nothing_to_point_at(fields):
    assert fields([cell()], [cell(), says("Prose.")]) == []


class Pointing:
    """A prediction that is a place in a picture: the two pictures, the crosses on them, the words."""

    def __init__(self, page):
        self.page = page
        self.box = page.locator(".course-points").first
        self.field, self.truth = (page.locator(f"{kind}.course-of-{self.box.get_attribute('id')}") for kind in FRAMES)
        self.show = self.box.get_by_role("button", name=re.compile("what happen"))
        self.inputs = self.field.locator("input")
        self.said = page.locator(f".course-said.course-of-{self.box.get_attribute('id')}")

    def press(self, *share):
        box = box_of(self.field)
        self.field.click(position={"x": share[0] * box["width"], "y": share[1] * box["height"]})

    def crosses(self):
        """Of each picture whose cross can be seen: where it stands, in shares of the picture."""
        return [
            tuple(round(one, 2) for one in frame.evaluate(STANDS))
            for frame in (self.field, self.truth)
            if frame.locator(".course-cross").is_visible()
        ]


STANDS = """frame => {
  const [image, cross] = ["img", ".course-cross"].map(name => frame.querySelector(name).getBoundingClientRect());
  return [(cross.x + cross.width / 2 - image.x) / image.width, (cross.y + cross.height / 2 - image.y) / image.height];
}"""
POINTED = [f"book/{path.stem}.html" for path in PATHS if "Point at" in Chapter(path).prose()]


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("page", POINTED)
def test_a_place_pressed_in_a_picture_is_said_in_words_and_shown_in_the_one_that_answers(page, width, site, visit):
    opened = visit(f"{site}/{page}", width=width)
    asked = Pointing(opened.page)
    assert asked.crosses() == [] and not asked.truth.is_visible()
    asked.press(0.9, 0.9)
    asked.press(0.62, 0.4)
    assert asked.crosses() == [(0.62, 0.4)]
    assert "62 % from the left, 40 % from the top" in asked.box.text_content()
    asked.show.click()
    assert asked.crosses() == [(0.62, 0.4), (0.62, 0.4)]
    assert words_of(asked.said) == "You said: 62 % from the left, 40 % from the top"
    asked.press(0.1, 0.1)
    opened.page.reload()
    assert asked.crosses() == [(0.62, 0.4), (0.62, 0.4)]
    assert words_of(asked.said) == "You said: 62 % from the left, 40 % from the top"
    assert all(one.is_disabled() for one in asked.inputs.all())
    assert opened.errors == []


def test_by_keyboard_the_arrows_move_the_cross_and_enter_commits(site, visit):
    page = visit(f"{site}/{POINTED[0]}").page
    asked = Pointing(page)
    asked.show.focus()
    page.keyboard.press("Enter")
    # no place is no guess, and the picture has the focus
    assert not asked.truth.is_visible()
    assert asked.inputs.first.evaluate("e => e === document.activeElement")
    for key in ["ArrowRight"] * 3 + ["ArrowUp", "PageUp", "PageUp", "PageUp", "PageUp", "PageUp"]:
        page.keyboard.press(key)
    assert asked.crosses() == [(0.53, 0)]
    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")
    assert asked.crosses() == [(0.53, 0.01), (0.53, 0.01)]
    assert asked.box.get_by_role("status").text_content() != ""


def test_a_screen_reader_finds_a_slider_for_each_direction_of_a_place(site, visit):
    page = visit(f"{site}/{POINTED[0]}").page
    asked = Pointing(page)
    group = page.get_by_role("group", name="Your place in the picture")
    across, down = (group.get_by_role("slider", name=f"Your place, from the {side}") for side in ("left", "top"))
    assert across.get_attribute("aria-valuetext") == "no place yet"
    down.fill("40")
    across.fill("62")
    assert [one.get_attribute("aria-valuetext") for one in (across, down)] == ["62 %", "40 %"]
    assert asked.crosses() == [(0.62, 0.4)]


def test_a_finger_that_scrolls_over_a_picture_leaves_no_cross_and_one_that_taps_does(site, visit):
    opened = visit(f"{site}/{POINTED[0]}", width=360, has_touch=True)
    page, asked = opened.page, Pointing(opened.page)
    asked.field.scroll_into_view_if_needed()
    box, scrolled = box_of(asked.field), page.evaluate("scrollY")
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    session = opened.context.new_cdp_session(page)
    for kind, up in [("touchStart", 0), *[("touchMove", 20 * n) for n in range(1, 11)]]:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y - up}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    page.wait_for_function("before => scrollY > before + 100", arg=scrolled)
    assert asked.crosses() == []
    asked.field.scroll_into_view_if_needed()
    asked.field.tap()
    assert asked.crosses() == [(0.5, 0.5)]


def test_it_opens_without_a_place_too_and_a_place_is_forgotten_on_demand(site, visit):
    page = visit(f"{site}/{POINTED[0]}").page
    asked = Pointing(page)
    asked.press(0.2, 0.3)
    asked.show.click()
    page.goto(f"{site}/book/index.html")
    page.get_by_role("button", name="Forget").click()
    page.goto(f"{site}/{POINTED[0]}")
    assert asked.crosses() == [] and not asked.truth.is_visible()
    asked.box.get_by_role("button", name="Show without a guess").click()
    assert asked.truth.is_visible() and asked.crosses() == [] and not asked.said.is_visible()


@pytest.mark.parametrize("kept", ["0.5", "62,400", "62,40,1", "<b>,</b>"])
def test_what_was_kept_and_is_no_place_shows_no_cross(kept, site, visit):
    opened = visit(f"{site}/{POINTED[0]}")
    page, asked = opened.page, Pointing(opened.page)
    asked.press(0.2, 0.3)
    asked.show.click()
    page.evaluate(f"localStorage.setItem('{KEY}', localStorage.getItem('{KEY}').replace('20,30', '{kept}'))")
    page.reload()
    assert asked.truth.is_visible() and asked.crosses() == [] and not asked.said.is_visible()
    assert opened.errors == []


class Prediction:
    """One on a page: its field and buttons, what opens with it, the guess beside the truth."""

    def __init__(self, page, name=NAME):
        self.page = page
        self.box = page.locator(f"#{name}")
        self.field = self.box.get_by_label("Your guess")
        self.show, self.quiet = self.box.locator("button").all()
        self.parts = page.locator(f".course-answer.course-of-{name} > :not(.course-said)")
        self.said = page.locator(f".course-said.course-of-{name}")
        self.instead = page.locator(f".course-closed.course-of-{name}")

    def seen(self):
        """Of each thing that opens with it, whether it can be seen."""
        return {part.is_visible() for part in self.parts.all()}


def test_a_guess_opens_what_answers_it_and_stands_beside_it(site, visit):
    opened = visit(f"{site}/{GUESSED}")
    page, asked = opened.page, Prediction(opened.page)
    assert asked.seen() == {False}
    assert asked.instead.is_visible()
    asked.field.focus()
    # nothing is no guess
    page.keyboard.press("Enter")
    assert asked.seen() == {False}
    page.keyboard.type(GUESS)
    page.keyboard.press("Enter")
    assert asked.seen() == {True}
    assert not asked.instead.is_visible()
    assert words_of(asked.said) == f"You said: {GUESS}"
    assert asked.said.evaluate("e => e === e.parentElement.firstElementChild && e.nextElementSibling.tagName === 'P'")
    assert asked.field.evaluate("e => e === document.activeElement")
    assert asked.box.get_by_role("status").text_content() != ""
    assert Prediction(page, "prediction-3").seen() == {False}
    page.reload()
    assert asked.seen() == {True}
    assert words_of(asked.said) == f"You said: {GUESS}"
    assert asked.field.input_value() == GUESS
    assert opened.errors == []


def test_the_button_then_leads_to_what_happened(site, visit):
    page = visit(f"{site}/{GUESSED}").page
    asked = Prediction(page, "prediction-3")
    asked.field.fill(GUESS)
    asked.show.click()
    asked.show.press("Enter")
    page.wait_for_function("document.activeElement.matches('.course-answer.course-of-prediction-3')")
    top = asked.parts.first.bounding_box()["y"]
    assert 0 < top < 500


def test_it_opens_without_a_guess_too(site, visit):
    page = visit(f"{site}/{GUESSED}").page
    asked = Prediction(page)
    asked.quiet.focus()
    page.keyboard.press("Enter")
    assert asked.seen() == {True}
    assert not asked.said.is_visible()
    assert asked.show.evaluate("e => e === document.activeElement")
    page.reload()
    assert asked.seen() == {True}
    assert not asked.said.is_visible()


def test_a_guess_is_forgotten_on_demand(site, visit):
    page = visit(f"{site}/{GUESSED}").page
    asked = Prediction(page)
    asked.field.fill(GUESS)
    asked.field.press("Enter")
    assert page.evaluate(KEPT)["pages"]["one-hot"]["guesses"] == {NAME: GUESS}
    page.goto(f"{site}/book/index.html")
    page.get_by_role("button", name="Forget").click()
    page.goto(f"{site}/{GUESSED}")
    assert asked.seen() == {False}
    assert asked.field.input_value() == ""
    assert asked.said.text_content() == ""


def test_without_scripts_and_on_paper_nothing_is_closed_and_nothing_asks(site, visit, tabs):
    paper = visit(f"{site}/{GUESSED}").page
    paper.emulate_media(media="print")
    with tabs(java_script_enabled=False) as tab:
        tab.page.goto(f"{site}/{GUESSED}")
        for page in (tab.page, paper):
            for part in page.locator(".course-answer > :not(.course-said)").all():
                part.wait_for(state="visible")
            for one in page.locator(".course-guess, .course-closed, .course-said, .course-score").all():
                assert not one.is_visible()
        for page in (tab.page, paper):
            page.goto(f"{site}/{POINTED[0]}")
            if page is paper:  # a tab that goes on forgets it
                page.emulate_media(media="print")
            for picture in (Pointing(page).field, Pointing(page).truth):
                picture.wait_for(state="visible")
            assert not any(one.is_visible() for one in page.locator(".course-pointing, .course-cross").all())


NAMED = re.compile(r'(<div class="course-answer course-of-prediction-2 docutils container">\s*<p[^>]*></p>\s*<p)>')


def test_a_link_into_a_closed_part_opens_it(site, visit):
    opened = visit("about:blank")
    page = opened.page
    html, found = NAMED.subn(r'\1 id="within">', (SITE / GUESSED).read_text(encoding="utf-8"))
    assert found == 1
    page.route(f"**/{GUESSED}", lambda route: route.fulfill(body=html, content_type="text/html"))
    for leads in (lambda: page.goto(f"{site}/{GUESSED}#within"), lambda: page.evaluate("location.hash = 'within'")):
        leads()
        page.locator("#within").wait_for(state="visible")
        page.wait_for_function("document.getElementById('within').getBoundingClientRect().top < innerHeight")
        assert Prediction(page).seen() == {True}
        page.goto("about:blank")
        page.goto(f"{site}/{GUESSED}")
        assert Prediction(page).seen() == {False}


def test_the_browser_finds_words_in_a_closed_part(site, visit):
    page = visit(f"{site}/{GUESSED}").page
    asked = Prediction(page)
    part = asked.parts.last.locator("..")
    assert part.get_attribute("hidden") == "until-found"
    part.dispatch_event("beforematch")
    assert asked.seen() == {True}


# Where headings and boxes stand, to the pixel
PLACES = """() => [...document.querySelectorAll("main :is(h2, h3, .course-question, .course-answer)")]
  .map(one => Math.round(one.getBoundingClientRect().top + scrollY))"""


def places(page, url, script):
    """Where things stand while the site's scripts have not come, with what the device remembers; and when they have."""
    page.goto("about:blank")
    page.route("**/site.js*", lambda route: route.abort())
    page.goto(url)
    page.add_style_tag(content=".bd-article section { content-visibility: visible !important }")
    page.evaluate(script)
    before = page.evaluate(PLACES)
    page.unroute("**/site.js*")
    page.goto("about:blank")
    page.goto(url)
    page.add_style_tag(content=".bd-article section { content-visibility: visible !important }")
    page.wait_for_function("document.querySelector('#question-1 .course-verdict')")
    return before, page.evaluate(PLACES)


@pytest.mark.parametrize("width", [360, 1440])
def test_what_was_answered_before_is_open_before_the_scripts_come_and_nothing_moves(width, site, visit):
    page = visit(f"{site}/{GUESSED}", width=width).page
    for name, said in ((NAME, "1"), ("prediction-4", "")):
        asked = Prediction(page, name)
        asked.field.fill(said)
        (asked.show if said else asked.quiet).click()
    for name in ("prediction-1", "question-1", "question-2"):
        page.locator(f"#{name} .course-choices button").first.click()
    before, after = places(page, f"{site}/{GUESSED}", "0")
    assert before == pytest.approx(after, abs=2)
    before, after = places(
        page, f"{site}/{GUESSED}", "document.querySelectorAll('head > style').forEach(e => e.remove())"
    )
    assert before != pytest.approx(after, abs=2)


SMALL = """() => [...document.querySelectorAll(".course-question :is(button, input[type=text]), .course-closed a")]
  .filter(one => one.checkVisibility() && one.getBoundingClientRect().height < 44).map(one => one.textContent)"""


def test_what_is_touched_is_44_pixels_high_on_a_phone_before_and_after(site, visit):
    page = visit(f"{site}/{GUESSED}", width=360).page
    assert page.evaluate(SMALL) == []
    Prediction(page).field.fill(80 * "m")
    Prediction(page).show.click()
    page.locator("#question-1 .course-choices button").first.click()
    assert page.evaluate(SMALL) == []
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.add_style_tag(content=".course-question .course-guess button { min-height: 0; line-height: 1; padding: 0 }")
    assert page.evaluate(SMALL) != []


def test_axe_finds_nothing_in_what_was_answered(site, visit):
    page = visit(f"{site}/{GUESSED}").page
    Prediction(page).field.fill(GUESS)
    Prediction(page).show.click()
    Prediction(page, "prediction-3").quiet.click()
    for number in (0, 1):
        page.locator("#question-1 .course-choices button").nth(number).click()
        page.locator("#prediction-1 .course-choices button").nth(number).click()
        assert broken(page, "article", (LIGHT, DARK)) == {}


# Where am I?


def read_on(page, share):
    page.evaluate(f"scrollTo(0, {share} * document.documentElement.scrollHeight)")
    page.wait_for_function(f"(JSON.parse(localStorage.getItem('{KEY}'))?.pages.softmax?.share ?? 0) > {share} - 0.1")


def test_a_page_that_was_only_opened_is_not_remembered(site, visit):
    assert visit(f"{site}/{PAGE}").page.evaluate(KEPT) is None


def test_the_bar_fills_as_one_reads_and_never_empties(site, visit):
    page = visit(f"{site}/{PAGE}").page
    bar = page.locator(".course-place")
    assert bar.locator("b").text_content() == "3 · Softmax"
    assert len(bar.locator("li a").all()) == len(CHAPTERS)
    mine = bar.locator("li[data-page=softmax]")
    filled = "e => Number.parseFloat(getComputedStyle(e).getPropertyValue('--read')) || 0"
    assert mine.evaluate(filled) == 0
    read_on(page, 0.5)
    half = mine.evaluate(filled)
    assert 40 < half < 75
    page.evaluate("scrollTo(0, 10)")
    page.wait_for_function(f"{KEPT}.pages.softmax.heading === null")
    assert mine.evaluate(filled) == half


def test_who_comes_back_goes_on_where_they_were_and_can_have_it_forgotten(site, visit):
    page = visit(f"{site}/{PAGE}").page
    page.locator("#question-1 .course-choices button").first.click()
    read_on(page, 0.5)
    page.goto(f"{site}/book/index.html")
    heading = page.evaluate(KEPT)["pages"]["softmax"]["heading"]
    strip = page.locator("#course-welcome")
    assert strip.is_visible()
    words = strip.text_content()
    assert "3 · Softmax" in words and heading["text"] in words
    assert "1 of " in words
    card = page.locator(".course-cards li", has=page.locator("a[href='softmax.html']"))
    assert card.evaluate("e => e.style.getPropertyValue('--read')") != ""
    strip.get_by_role("link").click()
    page.wait_for_url(f"**/softmax.html#{heading['id']}")
    page.goto(f"{site}/book/index.html")
    strip.get_by_role("button", name="Forget").click()
    assert not strip.is_visible()
    assert page.evaluate(f"localStorage.getItem('{KEY}')") is None
    page.reload()
    assert not strip.is_visible()


BLOCKED = "Object.defineProperty(window, 'localStorage', { get() { throw new DOMException('blocked'); } })"


@pytest.mark.parametrize("page", [PAGE, "book/index.html"])
@pytest.mark.parametrize("broken", [BLOCKED, f"localStorage.setItem('{KEY}', '{{not json')"])
def test_where_storage_is_blocked_or_broken_nothing_is_said(page, broken, site, visit):
    opened = visit(f"{site}/{page}", script=broken)
    if page == PAGE:
        opened.page.locator("#question-1 .course-choices button").first.click()
        assert words_of(opened.page.locator("#question-1 .course-feedback")) != ""
        asked = Prediction(opened.page)
        assert asked.seen() == {False}
        asked.field.fill(GUESS)
        asked.field.press("Enter")
        assert asked.seen() == {True}
        assert words_of(asked.said) == f"You said: {GUESS}"
        opened.page.goto(f"{site}/{POINTED[0]}")
        pointing = Pointing(opened.page)
        pointing.press(0.2, 0.3)
        pointing.show.click()
        assert pointing.crosses() == [(0.2, 0.3), (0.2, 0.3)]
    assert not opened.page.locator("#course-welcome").is_visible()
    assert opened.errors == []


def test_it_works_in_the_copy_to_carry(copy, visit):
    opened = visit((copy / "site" / PAGE).as_uri(), offline=True)
    opened.page.locator("#question-1 .course-choices button").first.click()
    asked = Prediction(opened.page)
    asked.field.fill(GUESS)
    asked.field.press("Enter")
    opened.page.reload()
    assert asked.seen() == {True}
    assert words_of(asked.said) == f"You said: {GUESS}"
    assert "softmax" in json.dumps(opened.page.evaluate(KEPT))
    opened.page.goto((copy / "site/book/index.html").as_uri())
    assert opened.page.locator("#course-welcome").is_visible()
    assert opened.errors == []
