"""What a chapter's page has before its text: where one is, the question, a figure that moves, and a prediction."""

import functools
import sys

import course
import nbformat
import pytest
from bs4 import BeautifulSoup
from conftest import CHAPTERS, OPENING, SITE

sys.path.insert(0, str(course.ROOT / "book" / "_ext"))

from course_cells import purpose, whole


@functools.cache
def parsed(page):
    return BeautifulSoup((SITE / page).read_text(encoding="utf-8"), "html.parser")


@pytest.mark.parametrize("chapter", course.chapters(), ids=lambda chapter: chapter.name)
def test_it_begins_with_its_place_title_question_and_card(chapter):
    section = parsed(f"book/{chapter.name}.html").select_one(".bd-article section")
    topics, title, question, card = [child for child in section.children if child.name][:4]
    assert topics.text == f"Chapter {chapter.number} of {len(course.chapters())} · {chapter.topics}"
    assert chapter.title in title.text
    assert question.text.replace("\N{NO-BREAK SPACE}", " ") == chapter.question
    assert "course-opener" in card["class"]
    parts = [child for child in card.children if child.name]
    views = [part for part in parts if part.select(".course-view")]
    asked = [part for part in parts if "course-prediction" in part["class"]]
    assert len(views) == len(asked) == 1
    assert parts.index(views[0]) < parts.index(asked[0])
    for part in parts[parts.index(asked[0]) + 1 :]:
        assert part.select_one("details.hide summary"), "the code of the figure comes last, and is folded"


@pytest.mark.parametrize("page", CHAPTERS)
def test_a_live_figure_stands_within_the_first_screen_and_a_half_and_no_code_before_it(page, seen):
    assert len(seen(page).opening) == 2
    for height, places in seen(page).opening.items():
        assert places["touch"] <= 1.5 * height
        assert places["before"] == []


def test_code_before_the_figure_and_a_figure_far_below_are_found(site, visit):
    opened = visit(f"{site}/{CHAPTERS[0]}").page
    before = "'<div class=highlight style=\"height: 3000px\">print(1)</div>'"
    opened.evaluate(f"document.querySelector('.course-opener').insertAdjacentHTML('beforebegin', {before})")
    assert opened.evaluate(OPENING)["before"] == ["print(1)"]
    assert opened.evaluate(OPENING)["touch"] > 3000


# Folding


@pytest.mark.parametrize("page", CHAPTERS)
def test_cells_that_draw_a_figure_are_folded_and_most_others_are_open(page):
    cells = parsed(page).select("div.cell:has(.cell_input)")
    folded = [cell for cell in cells if cell.select_one("details.hide")]
    for cell in cells:
        if "explore(" in cell.select_one(".cell_input").text and "tag_show-input" not in cell["class"]:
            assert cell in folded, cell.text[:200]
    assert len(cells) - len(folded) >= 5


def test_a_folded_cell_opens_with_the_keyboard(site, visit):
    page = visit(f"{site}/{CHAPTERS[0]}").page
    summary = page.locator("details.hide summary").first
    code = page.locator("details.hide .highlight").first
    assert not code.is_visible()
    summary.focus()
    page.keyboard.press("Enter")
    code.wait_for(state="visible")


@pytest.mark.parametrize(
    ("source", "line"),
    [
        ("view = Bars(['a'])\nexplore(f, x=[1], view=view)", "The code of this figure"),
        ("fig, ax = plt.subplots()\nax.plot([1])", "The code of this picture"),
        ("import numpy as np\nplots.use_style()\nrng = np.random.default_rng(0)", "Set up"),
        ("import dask\n\nclient = Client(LocalCluster())", "The processes of this machine"),
        ("def end(number):\n    psutil.Process(number).kill()", "The processes of this machine"),
        ("import numpy as np\n\ndef softmax(logits):\n    return np.exp(logits)", None),
        ("softmax([1, 2])", None),
        ("%time softmax([1, 2])", None),
    ],
)
def test_what_is_plumbing_is_told_by_what_a_cell_calls(source, line):
    assert purpose(source) == line


def test_what_a_cell_prints_is_shown_as_it_was_printed_however_the_kernel_cuts_it():
    printed = "bias: wrong\nimages: wrong\n"
    for at in range(len(printed) + 1):
        parts = [("stdout", printed[:at]), ("stderr", "warning\n"), ("stdout", printed[at:])]
        shown = whole([nbformat.v4.new_output("stream", name=name, text=text) for name, text in parts])
        assert [(one["name"], one["text"]) for one in shown] == [("stdout", printed), ("stderr", "warning\n")]
