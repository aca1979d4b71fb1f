"""A page on paper: what Ctrl+P prints, of which `make print` makes a book (print/test_print.py has what that needs)."""

import re

import pytest

CHAPTER = "book/softmax.html"
SHEET = 612  # pixels of CSS between the margins of A4
BEGIN, END = "dispatchEvent(new Event('beforeprint'))", "dispatchEvent(new Event('afterprint'))"
ARRANGES = "document.documentElement.classList.contains('course-prints')"
# What is in sight, of what answers to a hand, or stands around the article
HANDS = """() => [...document.querySelectorAll("button, input, select, summary, form, nav, header, footer, dialog")]
  .filter(one => one.checkVisibility() && one.getClientRects().length).map(one => one.outerHTML.slice(0, 80))"""
# What stands out of the sheet on the right
BEYOND = """width => [...document.querySelectorAll(".course-paper *")].filter(one => {
  const { right, width: wide } = one.getBoundingClientRect();
  return wide && one.checkVisibility() && right > width + 1 && !one.closest("svg, .katex");
}).map(one => one.outerHTML.slice(0, 80))"""
# The words of code that begin on one line and end on the next
BROKEN = r"""() => {
  const found = [];
  for (const code of document.querySelectorAll(".course-paper :is(code, pre)")) {
    const walker = document.createTreeWalker(code, NodeFilter.SHOW_TEXT);
    for (let node = walker.nextNode(); node; node = walker.nextNode()) {
      for (const { 0: word, index } of node.data.matchAll(/\w+/g)) {
        const range = document.createRange();
        range.setStart(node, index);
        range.setEnd(node, index + word.length);
        const lines = new Set([...range.getClientRects()].map(({ top }) => Math.round(top / 4)));
        if (lines.size > 1) found.push(word);
      }
    }
  }
  return found;
}"""

# What was drawn on a canvas of the page, and stands as a picture on paper; the pictures among them with nothing on them
DRAWN = "() => document.querySelectorAll('.course-paper .course-view img[src^=data]').length"
BLANK = """() => [...document.querySelectorAll(".course-paper .course-view img[src^=data]")].filter(picture => {
  const [width, height] = ["width", "height"].map(side => picture.getAttribute(side));
  const empty = Object.assign(document.createElement("canvas"), { width, height });
  return picture.src === empty.toDataURL();
}).map(one => one.outerHTML.slice(0, 80))"""


@pytest.fixture
def paper(site, visit):
    """`paper(name)`: the page as it is while it is printed, and as wide."""

    def open_page(name=CHAPTER, before="", **looks):
        page = visit(f"{site}/{name}", **looks).page
        page.wait_for_function(ARRANGES)
        if before:
            page.evaluate(before)
        page.set_viewport_size({"width": SHEET, "height": 960})
        page.evaluate(BEGIN)
        page.emulate_media(media="print")
        return page

    return open_page


def test_a_page_on_paper_has_nothing_to_press_and_nothing_around_it(paper):
    page = paper()
    assert page.evaluate(HANDS) == []
    assert page.locator(".bd-article:not(.course-paper)").is_hidden()
    assert page.locator(".course-paper h1").is_visible()
    assert page.evaluate(BEYOND, SHEET) == []
    assert page.evaluate(BROKEN) == []


def test_on_the_cheat_sheet_no_code_is_broken_inside_a_word(paper):
    page = paper("book/cheatsheet.html")
    page.set_viewport_size({"width": 718, "height": 1000})  # its margins are narrower
    assert page.locator(".course-paper code").count() > 50
    assert page.evaluate(BROKEN) == []


def test_what_stands_out_of_the_sheet_and_a_word_that_is_broken_are_found(paper):
    page = paper("book/notation.html")
    assert page.evaluate(BEYOND, SHEET) == []
    page.evaluate("document.querySelector('.course-paper h1').style.width = '800px'")
    assert page.evaluate(BEYOND, SHEET)
    page.evaluate("""() => {
      const code = document.createElement("code");
      code.textContent = "numpy.float32";
      code.style = "display: block; width: 6em; overflow-wrap: anywhere";
      document.querySelector(".course-paper h1").after(code);
    }""")
    assert page.evaluate(BROKEN) == ["float32"]


def test_choices_are_letters_and_what_they_open_stands_at_the_end(paper):
    page = paper()
    boxes = page.locator(".course-paper .course-has-choices")
    answers = page.locator(".course-paper #answers .course-reply")
    choices = boxes.locator("ol.course-listed > li")
    assert choices.first.evaluate("one => getComputedStyle(one.parentElement).listStyleType") == "lower-alpha"
    exercises = page.locator(".course-paper .course-exercise").count()
    assert answers.count() == choices.count() + 2 * exercises
    assert boxes.locator("details").count() == 0
    labels = answers.locator("strong:first-child > a:first-child").all_inner_texts()
    assert labels[:3] == ["At the top a. ", "At the top b. ", "At the top c. "]
    assert {"1 a. ", "4 c. ", "1 Hint. ", "7 Answer. "} <= set(labels)


def test_a_figure_on_paper_says_where_its_sliders_stand_and_where_it_moves(paper):
    moves = "() => { const one = document.querySelectorAll('.course-slider-input')[0]; one.value = 0; "
    moves += "one.dispatchEvent(new Event('input')); }"
    page = paper(before=moves)
    said = page.locator(".course-paper .course-whereabouts").all_inner_texts()
    assert re.match(r"Here \w.* Try it: softmax\.html#figure=1", said[0])
    moved = page.evaluate("document.querySelectorAll('.course-slider-value')[0].textContent")
    assert f" {moved}" in said[0]
    assert "Here shift 0, scale 1." in said[1]


def test_after_printing_the_page_is_as_it_was(paper):
    page = paper(color_scheme="dark", before="document.documentElement.dataset.theme = 'dark'")
    assert page.evaluate("document.documentElement.dataset.theme") == "light"
    page.evaluate(END)
    page.emulate_media(media="screen")
    assert page.locator(".course-paper").count() == 0
    assert page.evaluate("document.documentElement.dataset.theme") == "dark"
    page.evaluate(BEGIN)
    assert page.locator(".course-paper").count() == 1


EDITOR = """text => {
  const code = document.querySelector(".cell_input div.highlight").closest(".cell_input > div");
  const box = document.createElement("div");
  box.className = "live-editor";
  box.dataset.text = text;
  box.innerHTML = '<div class="cm-line">first = 1</div>';
  code.hidden = true;
  code.after(box);
}"""


def test_what_a_reader_has_typed_is_printed_whole_also_what_the_editor_does_not_show(paper):
    text = "first = 1\nsecond = 2"
    page = paper(before=f"({EDITOR})({text!r})")
    typed = page.locator(".course-paper .live-editor")
    assert typed.inner_text().strip() == text
    assert typed.is_visible()


@pytest.mark.parametrize("name", ["hidden-layer", "images", "digits"])
def test_the_pictures_of_figures_that_nobody_came_near_stand_on_paper(name, site, tabs):
    with tabs() as tab:
        tab.page.goto(f"{site}/book/{name}.html")  # no key, no pointer, and no scrolling
        tab.page.wait_for_function(ARRANGES)
        tab.page.evaluate(BEGIN)
        assert tab.page.evaluate(DRAWN) > 0
        assert tab.page.evaluate(BLANK) == []


def test_printing_in_chromium_asks_for_the_arrangement_and_leaves_no_trace(site, visit):
    page = visit(f"{site}/{CHAPTER}").page
    page.wait_for_function(ARRANGES)
    page.evaluate("addEventListener('beforeprint', () => { window.printed = document.getElementById('answers') })")
    printed = page.pdf(prefer_css_page_size=True, print_background=True)
    assert page.evaluate("Boolean(window.printed)")
    assert page.locator(".course-paper").count() == 0
    # 20 sheets of A4; the page as it stands on the screen would take more
    assert 12 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 26


def test_without_its_script_the_article_is_printed_with_all_open(site, tabs):
    with tabs(java_script_enabled=False) as tab:
        tab.page.goto(f"{site}/{CHAPTER}")
        tab.page.emulate_media(media="print")
        for place in ("h1", "#exercise-1 details p", "#question-1 details p", ".course-view svg"):
            tab.page.locator(f".bd-article {place}").first.wait_for(state="visible")
        assert tab.page.locator(".bd-header-article, .bd-sidebar-primary, .course-place").first.is_hidden()
