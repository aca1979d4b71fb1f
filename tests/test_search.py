"""The search: it knows the glossary in three languages, and no page carries it until somebody opens it."""

import json
import re
import sys
from urllib.parse import urlencode

import course
import nbformat
import pytest
from axe import broken
from chapters import PATHS, Chapter, details
from conftest import PAGES, SITE, Visit, serve
from course import ROOT
from docutils import nodes
from docutils.utils import new_document
from playwright.sync_api import expect

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from search_index import REPLACED, Section, explains, in_letters

DIALOG, PAGE = "dialog#pst-search-dialog", ".bd-search-container"
TERMS = course.glossary()
LANGUAGES = ["english", "chinese", "japanese"]
INDEX = SITE / "_static" / "search" / "index.js"
SIZES = [360, 768, 1440]


def asked(page, *words, where=DIALOG):
    """The search of a page, opened, with its answers to `words`; a locator of them."""
    if where == DIALOG and not page.locator(f"{DIALOG}[open]").count():
        page.keyboard.press("ControlOrMeta+k")
    page.locator(f"{where} input").fill(" ".join(words))
    page.locator(f"{where} [role=status]", has_text=re.compile(r"\d section|Nothing")).wait_for()
    return page.locator(f"{where} .course-found li")


# For each question, where the first answer leads
FIRST = """([questions, where]) => {
  const input = document.querySelector(`${where} input`)
  return questions.map(question => {
    input.value = question
    input.dispatchEvent(new Event("input"))
    const link = document.querySelector(`${where} .course-found li a`)
    return link && link.pathname.split("/").at(-1) + link.hash
  })
}"""


def first_answers(page, questions, where=DIALOG):
    """`{question: where its first answer leads}`, such as `softmax.html#by-hand`, or None."""
    asked(page, "softmax", where=where).first.wait_for()
    return dict(zip(questions, page.evaluate(FIRST, [list(questions), where])))


def strays(page, wanted, where=DIALOG):
    """The questions of `{question: chapter}` whose first answer is in no or in another chapter."""
    found = first_answers(page, wanted, where)
    return {q: found[q] for q, name in wanted.items() if (found[q] or "").partition("#")[0] != f"{name}.html"}


@pytest.fixture
def page(site, visit):
    return visit(f"{site}/book/notation.html").page


@pytest.fixture(scope="module")
def reader(site, tabs):
    """A page for all that asks its search and stays where it is."""
    with tabs() as tab:
        yield Visit(tab, f"{site}/book/notation.html").page


# What it finds

WANTED = {getattr(term, language): term.chapter for term in TERMS for language in LANGUAGES}


def test_each_term_of_the_glossary_in_each_language_leads_first_to_the_chapter_that_defines_it(reader):
    assert len(WANTED) > 200
    assert strays(reader, WANTED) == {}


def test_a_term_that_leads_to_the_wrong_chapter_is_found(site, visit):
    """The index says that *softmax* is explained where *dropout* is."""
    packed = json.loads(INDEX.read_text(encoding="utf-8").removeprefix("var courseIndex = ").rstrip().rstrip(";"))
    names = [names[0] for names in packed["terms"]]
    moved, there = names.index("softmax"), names.index("dropout")
    for section in packed["sections"]:
        if moved in section[6]:
            section[6].remove(moved)
        if there in section[6]:
            section[6].append(moved)
    wrong = visit(f"{site}/book/notation.html").page
    body = f"var courseIndex = {json.dumps(packed)}"
    wrong.route("**/search/index.js", lambda route: route.fulfill(body=body, content_type="text/javascript"))
    found = strays(wrong, WANTED)
    assert found["softmax"].startswith("hidden-layer.html")
    assert set(found) <= {getattr(TERMS[moved], language) for language in LANGUAGES}


def plural(term):
    return term + ("es" if term.endswith(("s", "x")) else "s")


def test_a_plural_a_hyphen_a_space_and_capitals_make_no_difference(reader):
    wanted = {}
    for term in TERMS:
        name = term.english
        forms = [plural(name), name.replace("-", " "), name.replace(" ", "-"), re.sub(r"[ -]", "", name), name.upper()]
        wanted |= dict.fromkeys(forms, term.chapter)
    assert strays(reader, wanted) == {}


def test_a_wrong_a_missing_and_a_double_letter_are_forgiven(reader):
    """In names of five letters or more, but for those that are then another word of the course."""
    wanted = {}
    for term in TERMS:
        name, middle = term.english, len(term.english) // 2
        if len(name) >= 5 and name != "pickling":
            for letter in ("", "x", 2 * name[middle]):
                wanted[name[:middle] + letter + name[middle + 1 :]] = term.chapter
    assert strays(reader, wanted) == {}


def test_a_term_is_found_before_it_is_typed_to_its_end(reader):
    wanted = {term.english[:-2]: term.chapter for term in TERMS if len(term.english) >= 6}
    assert strays(reader, wanted) == {}


def test_each_function_that_is_taught_is_found_by_its_name_in_its_chapter(reader):
    wanted = {}
    for path in PATHS:
        for cell in Chapter(path).code("taught"):
            wanted |= dict.fromkeys(re.findall(r"^def (\w+)", cell.source, re.MULTILINE), path.stem)
    assert len(wanted) > 20
    assert strays(reader, wanted) == {}


def test_a_name_in_the_code_is_quoted_with_its_line(reader):
    item = asked(reader, "np.exp").first
    assert "np.exp" in item.locator("code mark").all_inner_texts()


def test_several_words_are_found_together(reader):
    for item in asked(reader, "softmax temperature").all()[:3]:
        marked = {mark.lower() for mark in item.locator("mark").all_inner_texts()}
        assert any("softmax" in mark for mark in marked)
        assert any("temperature" in mark for mark in marked)


def test_a_question_finds_what_it_asks_for(reader):
    wanted = {"what is entropy?": "softmax", "why cross entropy and not squared error": "cross-entropy"}
    assert strays(reader, wanted) == {}


def test_a_result_names_chapter_and_section_and_quotes_with_the_words_marked(reader):
    chapter = next(chapter for chapter in course.chapters() if chapter.name == "softmax")
    item = asked(reader, "temperature").first
    text = item.inner_text()
    assert text.startswith(f"{chapter.number} · {chapter.title} › ")
    assert item.locator("p mark").first.inner_text() == "temperature"
    assert item.locator("a").get_attribute("href").startswith("../book/softmax.html#")


def test_a_word_in_another_language_is_explained_and_says_in_which(reader):
    item = asked(reader, "交叉熵").first
    assert item.locator("p [lang=zh] mark").inner_text() == "交叉熵"
    assert next(term for term in TERMS if term.chinese == "交叉熵").sentence in item.inner_text()


def test_where_nothing_is_found_it_says_so_and_leads_to_the_glossary(page):
    assert asked(page, "xyzzyqwv").count() == 0
    status = page.locator(f"{DIALOG} [role=status]")
    assert "xyzzyqwv" in status.inner_text()
    status.locator("a").click()
    page.wait_for_url("**/book/glossary.html")


def test_the_glossary_itself_is_found_row_by_row(page):
    asked(page, "temperature").locator("a", has_text="Glossary").click()
    page.wait_for_url("**/glossary.html#term-temperature")
    expect(page.locator("tr#term-temperature")).to_be_in_viewport()


# What it holds


def index():
    text = INDEX.read_text(encoding="utf-8")
    return json.loads(text[text.index("{") : text.rindex("}") + 1])


def test_the_index_has_no_hidden_cell_and_nothing_that_is_folded():
    packed = index()
    for path in PATHS:
        here = [s for s in packed["sections"] if packed["pages"][s[0]][0] == f"book/{path.stem}.html"]
        code, prose = "\n".join(s[4] for s in here), "\n".join(s[3] for s in here)
        cells = nbformat.read(path, as_version=4).cells
        seen = {line for cell in Chapter(path).seen() for line in cell.source.splitlines()}
        hidden = {line for cell in Chapter(path).code("remove-cell") for line in cell.source.splitlines()}
        hidden -= seen | set(Chapter(path).prose().splitlines())  # code in a text is seen, too
        assert not hidden & set(code.splitlines())
        assert seen & set(code.splitlines())
        folded = [text for cell in cells if cell.cell_type == "markdown" for _, text in details(cell.source)]
        plain = {line for text in folded for line in text.splitlines() if re.fullmatch(r"[\w ,.]{60,}", line)}
        assert not any(line in prose for line in plain)


def test_every_section_of_the_index_is_a_place_on_its_page():
    packed = index()
    for page, anchor, *_ in packed["sections"]:
        name = packed["pages"][page][0]
        assert not anchor or f'id="{anchor}"' in (SITE / name).read_text(encoding="utf-8"), f"{name}#{anchor}"


def section(heading="", anchor="here", prose=(), stressed=()):
    made = Section(heading, anchor)
    made.prose, made.stressed = list(prose), set(stressed)
    return made


def test_a_term_belongs_to_the_section_named_after_it_then_to_the_first_that_stresses_it_then_to_the_first():
    top = section("Bowls: a chapter", "", ["The bit."])
    arbitrary, spoken = section("Arbitrary", prose=["Arbitrarily."]), section("One", prose=["A bit, and bits."])
    stressing, named = section("Two", stressed={"bits"}), section("The bit")
    assert explains("bit", [top, arbitrary, spoken, stressing, named]) is named
    assert explains("bit", [top, arbitrary, spoken, stressing]) is stressing
    assert explains("bit", [arbitrary, spoken]) is spoken
    assert explains("bit", [arbitrary]) is arbitrary
    assert explains("bowl", [top, section("Bowl")]) is top


@pytest.mark.parametrize(
    ("formula", "letters"),
    [
        (r"e^{20}", "e^20"),
        (r"e^{z - c}", "e^(z − c)"),
        (r"\tfrac{1}{2} \lVert m \rVert^2", "1 / 2 ‖ m ‖^2"),
        (r"\operatorname{softmax}(XW + b)", "softmax(XW + b)"),
        (r"\partial L / \partial W", "∂ L / ∂ W"),
        (r"p_\text{right}", "p_right"),
    ],
)
def test_a_formula_is_quoted_in_letters(formula, letters):
    assert in_letters(formula) == letters


def test_what_is_folded_is_left_out_and_what_follows_is_not():
    made, document = Section("", ""), new_document("page")
    document += [
        nodes.paragraph("", "seen"),
        nodes.raw("", "<details><summary>Answer</summary>", format="html"),
        nodes.paragraph("", "folded"),
        nodes.raw("", "</details>", format="html"),
        nodes.paragraph("", "after"),
    ]
    made.read(document)
    assert made.prose == ["seen", "after"]


# What it weighs


@pytest.mark.parametrize("name", ["book/index.html", "book/softmax.html"])
def test_nothing_of_it_is_loaded_before_somebody_opens_it(name, site, visit):
    opened = visit(f"{site}/{name}", settled=True)
    assert [url for url in opened.requests if "/search" in url] == []
    before = len(opened.requests)
    asked(opened.page, "softmax").first.wait_for()
    fetched = [url.rpartition("/")[2] for url in opened.requests[before:] if "/search" in url]
    assert sorted(fetched) == ["index.js", "search.js"]
    assert opened.errors == []


@pytest.mark.parametrize("name", PAGES)
def test_no_page_names_a_script_of_the_search_and_sphinxs_own_is_gone(name):
    scripts = re.findall(r"<script[^>]*\bsrc=\"([^\"]+)\"", (SITE / name).read_text(encoding="utf-8"))
    files = [script.partition("?")[0].rpartition("/")[2] for script in scripts]
    assert not {"searchtools.js", "searchindex.js", "language_data.js", "search.js", "index.js"} & set(files)
    assert not any((SITE / file).exists() for file in REPLACED)


# How it is used


def test_arrows_go_through_the_results_and_back_and_escape_closes(page):
    items = asked(page, "gradient")
    field = page.locator(f"{DIALOG} input")
    page.keyboard.press("ArrowDown")
    expect(items.nth(0).locator("a")).to_be_focused()
    page.keyboard.press("ArrowDown")
    expect(items.nth(1).locator("a")).to_be_focused()
    page.keyboard.press("ArrowUp")
    page.keyboard.press("ArrowUp")
    expect(field).to_be_focused()
    page.keyboard.press("Escape")
    expect(page.locator(DIALOG)).to_be_hidden()


@pytest.mark.parametrize(("presses", "number"), [(["Enter"], 0), (["ArrowDown", "ArrowDown", "Enter"], 1)])
def test_enter_opens_the_first_result_or_the_one_that_the_arrows_have_reached(presses, number, page):
    link = asked(page, "gradient").nth(number).locator("a").evaluate("link => link.href")
    for key in presses:
        page.keyboard.press(key)
    page.wait_for_url(link)


def test_a_result_on_the_same_page_closes_the_dialog_and_is_in_sight(site, visit):
    page = visit(f"{site}/book/softmax.html").page
    asked(page, "temperature")
    page.keyboard.press("Enter")
    page.wait_for_url("**/softmax.html#*")
    expect(page.locator(DIALOG)).to_be_hidden()
    place = page.evaluate("decodeURIComponent(location.hash)")
    expect(page.locator(f"{place} > :is(h2, h3)").first).to_be_in_viewport()


def test_the_button_closes_it_where_there_is_no_escape_key(page):
    asked(page, "gradient")
    page.locator(DIALOG).get_by_role("button", name="Close").click()
    expect(page.locator(DIALOG)).to_be_hidden()


def test_a_screen_reader_is_told_how_many_there_are(page):
    items = asked(page, "gradient")
    said = page.locator(f"{DIALOG} [role=status]").inner_text()
    count, shown = re.fullmatch(r"(\d+) sections(?:, the best (\d+) shown)?", said).groups()
    assert int(shown or count) == items.count() <= int(count)


def test_the_search_page_does_the_same_and_its_address_keeps_the_words(site, visit):
    page = visit(f"{site}/search.html?{urlencode({'q': 'cross entropy'})}").page
    items = page.locator(f"{PAGE} .course-found li")
    assert "cross-entropy.html" in items.first.locator("a").get_attribute("href")
    assert strays(page, {term.japanese: term.chapter for term in TERMS[:9]}, where=PAGE) == {}
    asked(page, "temperature", where=PAGE).first.wait_for()
    page.wait_for_url("**/search.html?q=temperature")
    page.locator(f"{PAGE} input").press("Enter")
    page.wait_for_url("**/book/softmax.html#*")


def test_below_a_folder_of_the_site_its_links_lead_to_the_pages(visit):
    server = serve(SITE.parent)
    address = f"http://127.0.0.1:{server.server_port}/{SITE.name}"
    for start, where in (("book/notation.html", DIALOG), ("search.html", PAGE)):
        page = visit(f"{address}/{start}").page
        asked(page, "temperature", where=where).first.locator("a").click()
        page.wait_for_url(f"{address}/book/softmax.html#*")
    server.shutdown()


def test_from_a_file_it_finds_and_quotes_the_same(copy, visit):
    opened = visit((copy / "site/book/notation.html").as_uri(), offline=True)
    wanted = {getattr(term, language): term.chapter for term in TERMS[::20] for language in LANGUAGES}
    assert strays(opened.page, wanted) == {}
    item = asked(opened.page, "temperature").first
    assert item.locator("p mark").first.inner_text() == "temperature"
    assert [url for url in opened.requests if not url.startswith(("file:", "data:", "blob:"))] == []
    item.locator("a").click()
    opened.page.wait_for_url("file:**/site/book/softmax.html#*")
    assert opened.errors == []


def test_without_scripts_the_search_page_says_what_it_needs(site, tabs):
    with tabs(java_script_enabled=False) as tab:
        tab.page.goto(f"{site}/search.html")
        needs = tab.page.locator("main noscript")
        assert "JavaScript" in needs.inner_text()
        assert "glossary.html" in needs.inner_html()
        assert "book/index.html" in needs.inner_html()
        expect(tab.page.locator("main input")).to_be_hidden()


# How it looks

SIZE = "e => { const b = e.getBoundingClientRect(); return [b.left, b.right] }"


def covered(page, where):
    """Whether the magnifier lies on what is typed."""
    _, end = page.locator(f"{where} .bd-search > :first-child").evaluate(SIZE)
    field = page.locator(f"{where} input")
    inside = float(field.evaluate("e => getComputedStyle(e).paddingLeft").removesuffix("px"))
    return end > field.evaluate(SIZE)[0] + inside


@pytest.mark.parametrize("width", SIZES)
def test_the_magnifier_does_not_lie_on_what_is_typed_and_nothing_is_wider_than_the_window(width, site, visit):
    for address, where in ((f"{site}/book/notation.html", DIALOG), (f"{site}/search.html", PAGE)):
        page = visit(address, width=width).page
        asked(page, "cross_entropy", where=where).first.wait_for()
        assert not covered(page, where)
        for part in (".course-found", ".course-found li"):
            wide = page.locator(f"{where} {part}").evaluate_all("all => all.map(e => e.scrollWidth - e.clientWidth)")
            assert max(wide) <= 0
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_a_magnifier_on_what_is_typed_is_found(page):
    asked(page, "softmax")
    page.add_style_tag(content=".course-magnifier { position: absolute }")
    assert covered(page, DIALOG)


@pytest.mark.parametrize("where", [DIALOG, PAGE])
def test_axe_finds_nothing_in_its_results_in_light_dark_and_forced_colours(where, site, visit):
    page = visit(f"{site}/{'search.html' if where == PAGE else 'book/notation.html'}").page
    for words in ("softmax", "xyzzyqwv"):
        asked(page, words, where=where)
        page.keyboard.press("ArrowDown")
        assert broken(page, where) == {}
