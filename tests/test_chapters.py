"""The shape of a chapter: what each must have, so that the fifth reads like the third."""

import ast
import itertools
import re
import statistics
from pathlib import Path

import course
import nbformat
import pytest
from chapters import (
    PATHS,
    Chapter,
    alt,
    blocks,
    details,
    prose,
    symbols,
    tags,
    unheld,
    without_math_and_code,
    words,
)
from course import ROOT

from softmaxlab import scratch

LAST = ["Check yourself", "Exercises", "Summary"]
FILLER = re.compile(r"\b(simply|obviously|clearly|trivially|basically)\b|!|[\U0001F300-\U0001FAFF]", re.IGNORECASE)


@pytest.fixture(params=PATHS, ids=lambda path: path.stem)
def chapter(request):
    return Chapter(request.param)


def test_a_chapter_has_one_title_in_sentence_case_and_ends_with_what_is_for_the_reader_to_do(
    chapter,
):
    titles = re.findall(r"^# (.*)", without_math_and_code(chapter.prose()), re.MULTILINE)
    assert len(titles) == 1
    later = re.findall(r"(?<= )[^\W\d]", titles[0])  # names keep their capital letters
    assert sum(letter.islower() for letter in later) >= len(later) / 2
    assert list(chapter.sections())[-3:] == LAST


def test_the_opening_says_how_long_it_takes_what_one_can_do_afterwards_and_what_it_needs(chapter):
    *topics, time = course.opening(ROOT / "book" / f"{chapter.name}.ipynb")[1].split(" · ")
    assert topics and re.search(r"\b(hours?|minutes)\b", time)
    opening = prose(chapter.opening())
    assert len(re.findall(r"^- ", opening, re.MULTILINE)) >= 3
    for part in ("you will be able to", "you need"):
        assert re.search(rf"\*\*{part}\b", opening, re.IGNORECASE), part


def check_opener(cells):
    """Right below the title a figure, a prediction about it, and a claim, out of sight, that holds the answer."""
    _, *figure, ask, claim = cells[: [c.cell_type for c in cells].index("markdown", 1) + 2]
    assert figure and all(tags(cell) == ["opener"] for cell in figure)
    assert [cell for cell in cells if "opener" in tags(cell)] == figure
    called = [node for node in ast.walk(ast.parse(figure[-1].source)) if isinstance(node, ast.Call)]
    assert {"explore", "Machine", "DigitPad"} & {ast.unparse(node.func) for node in called}
    assert ask.source.startswith("**Predict first.**")
    check_feedback(ask.source)
    assert claim.cell_type == "code" and tags(claim) == ["remove-cell"]


def test_a_chapter_opens_with_a_figure_a_prediction_and_a_claim_that_holds_the_answer(chapter):
    check_opener(chapter.opening())


@pytest.mark.parametrize("lost", [0, 1, 2])
def test_an_opening_without_its_figure_its_prediction_or_its_claim_is_found(chapter, lost):
    first, *others = chapter.opening()
    figure = [cell for cell in others if "opener" in tags(cell)]
    ask, claim, *goals = others[len(figure) :]
    parts = [figure, [ask], [claim]]
    parts[lost] = []
    with pytest.raises(AssertionError):
        check_opener([first, *itertools.chain(*parts), *goals])


def test_a_chapter_holds_its_numpy_against_tensorflow(chapter):
    assert any("import tensorflow" in cell.source for cell in chapter.code())


def lines_of(chapter, whole=False):
    """How many lines each cell has that a reader sees: those that teach, or whole programs of others, to copy."""
    return [len(cell.source.splitlines()) for cell in chapter.seen() if ("program" in tags(cell)) == whole]


def test_cells_are_small(chapter):
    lines = lines_of(chapter)
    assert statistics.median(lines) <= 4
    assert max(lines) <= 15


def test_a_program_to_copy_stands_whole_in_one_cell_and_there_is_no_second(chapter):
    programs = lines_of(chapter, whole=True)
    assert len(programs) <= 1 and sum(programs) <= 55


def test_code_fits_beside_the_margin(chapter):
    too_wide = [line for cell in chapter.seen() for line in cell.source.splitlines() if len(line) > 80]
    assert not too_wide


def test_there_is_more_prose_than_code(chapter):
    assert words(chapter.prose()) >= 12 * sum(lines_of(chapter))


def test_a_chapter_has_no_filler(chapter):
    text = re.sub(r"!(?=\[)", "", without_math_and_code(chapter.prose()))  # ![picture](…)
    assert not [found[0] for found in FILLER.finditer(text)]


def test_markdown_is_portable(chapter):
    for sign, what in (
        ("```{", "directive"),
        (":::", "directive"),
        ("%%", "comment"),
    ):
        assert sign not in chapter.prose(), f"a MyST {what}, which Colab prints raw"
    assert not re.search(r"\{[a-z:]+\}`", chapter.prose()), "a MyST role"
    for cell in chapter.code():
        assert not re.search(r"^[%!]", cell.source, re.MULTILINE), "a magic, which is no Python"


def without_decorators_and_docstrings(node):
    for part in ast.walk(node):
        if isinstance(part, (ast.FunctionDef, ast.ClassDef)):
            part.decorator_list = []
            if ast.get_docstring(part):
                part.body = part.body[1:]
    return ast.dump(node)


def test_taught_code_is_shipped_code(chapter):
    tree = ast.parse(Path(scratch.__file__).read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.ClassDef)
    shipped = {node.name: node for node in tree.body if isinstance(node, kinds)}
    taught = [node for cell in chapter.code("taught") for node in ast.parse(cell.source).body]
    for node in taught:
        assert node.name in shipped, f"{node.name} is taught, but not in scratch.py"
        assert without_decorators_and_docstrings(node) == without_decorators_and_docstrings(shipped[node.name])


def test_only_kept_outputs_are_in_git_and_nbval_compares_them(chapter):
    for cell in chapter.code():
        if "keep_output" in tags(cell):
            assert cell.outputs, "a kept output that is not there"
            assert cell.execution_count is not None, "nbval compares nothing where the count is missing"
            assert "nbval-check-output" in tags(cell)
            assert all(output.output_type == "stream" for output in cell.outputs)
        else:
            assert not cell.outputs, "an output that is not kept: run nbstripout"


def test_claims_are_assertions_out_of_sight(chapter):
    claims = chapter.code("remove-cell")
    assert claims
    for cell in claims:
        assert any(map(claims_something, ast.walk(ast.parse(cell.source)))), cell.source


def claims_something(node):
    """`assert x`, or a call such as `assert_allclose(x, y)`."""
    name = isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2]
    return isinstance(node, ast.Assert) or (name and name.startswith("assert_"))


def test_a_cell_that_only_mentions_an_assertion_claims_nothing():
    assert any(map(claims_something, ast.walk(ast.parse("np.testing.assert_allclose(1, x)"))))
    assert not any(map(claims_something, ast.walk(ast.parse("x = 'assert'  # assert x"))))


def test_each_number_is_held_by_code_in_its_section(chapter):
    assert unheld(chapter) == []


def little_chapter(text, code="x = 1.371", picture=""):
    made = Chapter.__new__(Chapter)
    about = {"mystnb": {"image": {"alt": picture}}}
    made.cells = [
        nbformat.v4.new_markdown_cell("# A title"),
        nbformat.v4.new_markdown_cell(f"## A section\n\n{text}"),
        nbformat.v4.new_code_cell(code, metadata=about),
    ]
    return made


def test_a_wrong_number_is_found_in_the_prose_and_in_the_text_of_a_picture():
    assert unheld(little_chapter("It costs 1.371 nats.")) == []
    assert unheld(little_chapter("It costs 1.317 nats.")) == [("A section", "1.317")]
    assert unheld(little_chapter("It costs 3 nats.")) == [("A section", "3")]
    assert unheld(little_chapter("It fell.", picture="down to 12")) == [("A section", "12")]


def test_how_long_a_chapter_takes_needs_no_code_and_a_number_beside_it_does():
    made = little_chapter("Nothing.")
    for topics, lacking in (("scores", []), ("83 scores", [("A title", "83")])):
        made.cells[0].source = f"# A title\n\n*{topics}, weights · 95 minutes, the exercises 45 more*\n\n**Why?**"
        assert unheld(made) == lacking


def test_a_number_in_a_comment_holds_nothing():
    assert unheld(little_chapter("It costs 1.371.", "x = 1  # 1.371")) == [("A section", "1.371")]


@pytest.mark.parametrize(
    "text", ["In 1948 Shannon", "see page 42", "section 12", "three of 4 cats", "SHA-256", "x1.5y"]
)
def test_a_year_a_place_a_name_and_a_small_count_need_no_code(text):
    assert unheld(little_chapter(text)) == []


def test_each_plot_says_what_it_shows(chapter):
    for cell in chapter.seen():
        plots = cell.source.count("plt.subplots(")
        assert plots <= 1, "one figure a cell: each has a text of its own"
        if plots:
            assert len(alt(cell).split()) >= 12, f"no alt text for the plot in: {cell.source}"


def test_each_slider_comes_after_a_question(chapter):
    told = ""
    # The figure at the top has its question below it
    for cell in chapter.cells[len(chapter.opening()) :]:
        told += cell.source if cell.cell_type == "markdown" else ""
        if "explore(" in cell.source and cell.cell_type == "code":
            assert "**Predict first.**" in told
            told = ""
    assert told


def items(text):
    return re.split(r"^\*\*\d+\.", text, flags=re.MULTILINE)[1:]


def check_feedback(question):
    """Each of three choices or more has feedback, and one of them is right."""
    feedback = [content.strip() for _, content in details(question)]
    assert len(feedback) >= 3
    assert all(re.match(r"(Yes|No)\b", text) and len(text.split()) >= 4 for text in feedback)
    assert sum(text.startswith("Yes") for text in feedback) == 1


def test_questions_have_feedback_for_every_choice_and_one_right_answer(chapter):
    questions = items(chapter.section("Check yourself"))
    assert len(questions) >= 4
    for question in questions:
        check_feedback(question)


def test_exercises_are_of_all_kinds_with_hint_and_answer(chapter):
    exercises = items(chapter.section("Exercises"))
    assert len(exercises) >= 6
    kinds = {re.match(r" ([\w ]+)\.\*\*", exercise)[1] for exercise in exercises}
    assert {"Predict", "Build"} <= kinds <= {"Predict", "Change", "Build", "Find the bug"}
    for exercise in exercises:
        assert [summary for summary, _ in details(exercise)] == ["Hint", "Answer"]


def test_answers_are_code_that_asserts(chapter):
    assert any("assert" in answer for answer in blocks(chapter.section("Exercises")))


def test_the_summary_points_on_and_back(chapter):
    summary = chapter.section("Summary")
    assert "| idea | formula | NumPy | TensorFlow |" in summary
    further = summary.partition("**Read next**")[2].partition("**From the notes.**")
    assert 1 <= len(re.findall(r"^- ", further[0], re.MULTILINE)) <= 3
    assert len(further[2].split()) >= 15


def test_a_notebook_is_what_jupyter_can_read(chapter):
    notebook = nbformat.read(ROOT / "book" / f"{chapter.name}.ipynb", as_version=4)
    nbformat.validate(notebook)


# The other pages

BY_NUMBER = re.compile(r"\b[Cc]hapters? \d|\b0\d-[a-z]")
TEXTS = [
    path
    for folder in (
        "",
        "book",
        "assignments",
        "hub",
        "tools",
        "tests",
        "benchmarks",
        "src/softmaxlab",
    )
    for kind in ("*.md", "*.py", "*.ipynb")
    for path in sorted((ROOT / folder).glob(kind))
]


@pytest.mark.parametrize("path", TEXTS, ids=lambda path: path.relative_to(ROOT).as_posix())
def test_nothing_but_the_table_of_contents_counts_the_chapters(path):
    """Numbers follow from `_toc.yml`. Chapters of other people's books keep theirs."""
    text = path.read_text(encoding="utf-8")
    if path == Path(__file__):
        text = text.partition("# The other pages")[0]
    text = re.sub(r"\[[^\]]*\]\(http.*?\)", "", text)
    assert not BY_NUMBER.findall(text)


def topics():
    return {chapter.name: chapter.topic for chapter in course.chapters()}


def check_topic(text, name):
    """A table calls a chapter by the topic in its title. A chapter that is not in the book is any fork's own affair."""
    assert (ROOT / "book" / f"{name}.ipynb").exists(), name
    assert text == topics().get(name, text)


def test_each_idea_of_the_notes_names_a_section_that_exists():
    text = (ROOT / "book" / "sources.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (.+?) \| \[(.+?)\]\(([\w-]+)\), (.+) \|$", text, re.MULTILINE)
    tables = re.findall(r"^\|[- |]+\|$", text, re.MULTILINE)
    assert len(rows) == len(re.findall(r"^\| ", text, re.MULTILINE)) - len(tables) > 30
    for idea, topic, name, section in rows:
        check_topic(topic, name)
        headings = re.findall(r"^###? (.*)", written(name), re.MULTILINE)
        assert section in headings, f"{idea}: {name} has no section {section}"


def written(name):
    return Chapter(ROOT / "book" / f"{name}.ipynb").prose()


def test_each_term_of_the_glossary_stands_in_three_languages_and_in_its_chapter():
    terms = course.glossary()
    text = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    assert len(terms) == len(re.findall(r"^\| ", text, re.MULTILINE)) - 1 > 40
    assert [term.english.lower() for term in terms] == sorted(term.english.lower() for term in terms)
    for term in terms:
        assert re.search(r"[\u4e00-\u9fff]", term.chinese), term
        assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", term.japanese), term
        assert term.sentence.endswith(".")
        check_topic(term.topic, term.chapter)
        prose = written(term.chapter).lower()
        assert re.search(rf"\b{re.escape(term.english.lower()[:-1])}", prose), f"{term} is not in its chapter"


def test_a_row_of_the_glossary_without_its_chapter_is_found(tmp_path):
    (tmp_path / "book").mkdir()
    row = '| **axis** <br> <span lang="zh">轴</span> <br> <span lang="ja">軸</span> | A direction. [Softmax](softmax) |'
    (tmp_path / "book" / "glossary.md").write_text(row, encoding="utf-8")
    assert course.glossary(tmp_path) == [("axis", "轴", "軸", "A direction.", "Softmax", "softmax")]
    (tmp_path / "book" / "glossary.md").write_text(row.replace("(softmax)", ""), encoding="utf-8")
    with pytest.raises(ValueError, match="axis"):
        course.glossary(tmp_path)


def test_each_symbol_of_the_notation_names_its_chapter():
    text = (ROOT / "book" / "notation.md").read_text(encoding="utf-8")
    links = re.findall(r"\[([^]]+)\]\(([\w-]+)\) \|$", text, re.MULTILINE)
    assert len(links) == len(re.findall(r"^\| ", text, re.MULTILINE)) - 1 > 30
    for topic, name in links:
        check_topic(topic, name)


def notation():
    """What stands in the first column of the table of symbols, row by row."""
    text = (ROOT / "book" / "notation.md").read_text(encoding="utf-8")
    return re.findall(r"^\| (\$[^|]*?)(?: <br>| \|)", text, re.MULTILINE)


def test_each_symbol_of_a_chapter_is_in_the_notation(chapter):
    assert symbols(chapter.prose()) - symbols(" ".join(notation())) == set()


def test_each_symbol_of_the_notation_stands_in_a_chapter_and_in_one_row():
    used = set().union(*(symbols(written(path.stem)) for path in PATHS))
    assert symbols(" ".join(notation())) - used == set()
    names = [name for row in notation() for name in re.findall(r"\$(.*?)\$", row)]
    assert [name for name in names if names.count(name) > 1] == []


def test_symbols_are_read_from_formulas_and_nowhere_else():
    text = "A *p* and `q`: $x_i \\cdot \\hat Y \\text{of no one}$, ```$u$```"
    text += "\n\n$$\\frac{\\delta}{\\operatorname{lse}(z)}$$"
    assert symbols(text) == {"x", "i", "\\hatY", "\\delta", "z"}


def declared_shapes():
    """`{name: shapes}` of the arguments that functions of the course declare everywhere alike."""
    source = (ROOT / "src" / "softmaxlab" / "scratch.py").read_text(encoding="utf-8")
    found = {}
    for name, letters in re.findall(r'(\w+)=(?:Array|Probabilities|Labels)\(((?:"[a-z ]+"(?:, )?)+)', source):
        found.setdefault(name, set()).update(tuple(shape.split()) for shape in re.findall(r'"(.*?)"', letters))
    return found


def unlike(notation, declared):
    """The names in the table of symbols that have other shapes there than in the code."""
    rows = re.findall(r"^\| \S+ <br> (.*?) \| .*?<br> `(\w+)`", notation, re.MULTILINE)
    shapes = {
        name: {tuple(re.findall(r"\w", one)) for one in re.findall(r"\$\((.*?)\)\$", said)} for said, name in rows
    }
    known = shapes.keys() & declared.keys()
    assert known >= {"weights", "bias", "images", "labels", "logits", "probs"}
    # what one row of probabilities may be is one more shape than the code takes
    return sorted(name for name in known if not declared[name] <= shapes[name])


def test_symbols_have_the_shapes_that_the_code_asks_for():
    notation = (ROOT / "book" / "notation.md").read_text(encoding="utf-8")
    assert unlike(notation, declared_shapes()) == []
    assert unlike(notation.replace("$(d, k)$ | weights", "$(k, d)$ | weights"), declared_shapes()) == ["weights"]


def test_a_link_that_is_called_like_a_chapter_leads_to_it():
    topics = {chapter.topic.lower(): chapter.name for chapter in course.chapters()}
    pages = {path.stem: Chapter(path).prose() for path in PATHS}
    pages |= {path.stem: path.read_text(encoding="utf-8") for path in (ROOT / "book").glob("*.md")}
    called = [
        (page, text, target)
        for page, prose in pages.items()
        for text, target in re.findall(r"\[([^]]+)\]\(([\w-]+)(?:\.ipynb)?(?:#[^)]*)?\)", prose)
        if text.lower() in topics
    ]
    assert len(called) > len(topics)
    assert [(page, text, target) for page, text, target in called if topics[text.lower()] != target] == []
