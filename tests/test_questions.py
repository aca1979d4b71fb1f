"""Predictions, questions and exercises on a page: choices are buttons, one answer at a time, remembered here alone."""

import json

import pytest
from bs4 import BeautifulSoup
from chapters import PATHS, Chapter, details
from conftest import CHAPTERS, SITE

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
    question = page.locator(".course-has-choices").first
    buttons, feedback = question.locator(".course-choices button").all(), question.locator(".course-feedback")
    behind = [choice.text_content() for choice in question.locator("details > p").all()]
    assert feedback.inner_text() == ""
    for number, button in enumerate(buttons):
        button.focus()
        page.keyboard.press("Enter")
        assert feedback.text_content().strip() == behind[number].strip()
        pressed = [one.get_attribute("aria-pressed") for one in buttons]
        assert pressed == ["true" if n == number else "false" for n in range(len(buttons))]
        right = behind[number].startswith("Yes")
        assert ("course-right" in feedback.get_attribute("class")) == right


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


def test_without_scripts_the_choices_are_details(site, chromium):
    context = chromium.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{site}/{PAGE}")
    question = page.locator("#question-1")
    assert not question.locator("button").first.is_visible()
    assert not page.locator(".course-done").first.is_visible()
    question.locator("summary").first.click()
    assert question.locator("details > p").first.is_visible()
    context.close()


# Where am I?


def read_on(page, share):
    page.evaluate(f"scrollTo(0, {share} * document.documentElement.scrollHeight)")
    page.wait_for_function(f"(JSON.parse(localStorage.getItem('{KEY}'))?.pages.softmax?.share ?? 0) > {share} - 0.1")


def test_a_page_that_was_only_opened_is_not_remembered(site, visit):
    assert visit(f"{site}/{PAGE}").page.evaluate(KEPT) is None


def test_the_bar_fills_as_one_reads_and_never_empties(site, visit):
    page = visit(f"{site}/{PAGE}").page
    bar = page.locator(".course-place")
    assert bar.locator("b").inner_text() == "3 · Softmax"
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
    words = strip.inner_text()
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
    opened = visit("about:blank")
    opened.context.add_init_script(broken)
    opened.page.goto(f"{site}/{page}")
    if page == PAGE:
        opened.page.locator("#question-1 .course-choices button").first.click()
        assert opened.page.locator("#question-1 .course-feedback").inner_text() != ""
    assert not opened.page.locator("#course-welcome").is_visible()
    assert opened.errors == []


def test_it_works_in_the_copy_to_carry(copy, visit):
    opened = visit((copy / "site" / PAGE).as_uri(), offline=True)
    opened.page.locator("#question-1 .course-choices button").first.click()
    assert "softmax" in json.dumps(opened.page.evaluate(KEPT))
    opened.page.goto((copy / "site/book/index.html").as_uri())
    assert opened.page.locator("#course-welcome").is_visible()
    assert opened.errors == []
