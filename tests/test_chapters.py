"""The shape of a chapter: what each must have, so that the fifth reads like the third."""

import ast
import linecache
import multiprocessing
import os
import re
import statistics
from concurrent.futures import ProcessPoolExecutor
from pathlib import Path

import matplotlib
import matplotlib.pyplot as plt
import nbformat
import pytest
from chapters import CHAPTERS, ROOT, Chapter, blocks, details, tags, unheld, words

from softmaxlab import scratch

PARTS = [
    "Set up", "By hand", "From scratch", "Move it", "In TensorFlow",
    "What goes wrong", "Check yourself", "Exercises", "Summary",
]  # fmt: skip
FILLER = re.compile(r"\b(simply|obviously|clearly|of course|just|easy|easily|trivial|basically)\b|!(?![\[=])|[\U0001F300-\U0001FAFF]", re.IGNORECASE)  # fmt: skip


@pytest.fixture(params=CHAPTERS, ids=lambda path: path.stem)
def chapter(request):
    return Chapter(request.param)


def test_a_chapter_has_one_title_in_sentence_case_and_its_parts_in_order(
    chapter,
):
    titles = re.findall(r"^# (.*)", chapter.prose(), re.MULTILINE)
    assert len(titles) == 1
    assert titles[0] == titles[0].capitalize()
    assert [part for part in chapter.sections() if part in PARTS] == PARTS


def test_the_opening_says_what_one_can_do_afterwards_what_it_needs_and_how_long_it_takes(
    chapter,
):
    opening = chapter.cells[0].source
    assert 3 <= len(re.findall(r"^- ", opening, re.MULTILINE)) <= 4
    for part in ("**You will be able to**", "**You need**", "**Time**"):
        assert part in opening


def test_cells_are_small(chapter):
    lines = [len(cell.source.splitlines()) for cell in chapter.seen()]
    assert statistics.median(lines) <= 4
    assert max(lines) <= 15


def test_code_fits_beside_the_margin(chapter):
    too_wide = [
        line for cell in chapter.seen() for line in cell.source.splitlines() if len(line) > 80
    ]
    assert not too_wide


def test_there_is_more_prose_than_code(chapter):
    lines = sum(len(cell.source.splitlines()) for cell in chapter.seen())
    assert words(chapter.prose()) >= 12 * lines


def test_a_chapter_has_no_filler(chapter):
    assert not [found[0] for found in FILLER.finditer(chapter.prose())]


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
        assert without_decorators_and_docstrings(node) == without_decorators_and_docstrings(
            shipped[node.name]
        )


def test_only_kept_outputs_are_in_git_and_nbval_compares_them(chapter):
    for cell in chapter.code():
        if "keep_output" in tags(cell):
            assert cell.outputs, "a kept output that is not there"
            assert cell.execution_count is not None, (
                "nbval compares nothing where the count is missing"
            )
            assert "nbval-check-output" in tags(cell)
            assert all(output.output_type == "stream" for output in cell.outputs)
        else:
            assert not cell.outputs, "an output that is not kept: run nbstripout"


def test_claims_are_assertions_out_of_sight(chapter):
    claims = chapter.code("remove-cell")
    assert claims
    for cell in claims:
        assert "assert" in cell.source


def test_each_number_in_the_prose_is_held_by_code_in_its_section(chapter):
    assert unheld(chapter) == []


def test_a_wrong_number_in_the_prose_is_found():
    chapter = Chapter(next(path for path in CHAPTERS if path.stem == "03-softmax"))
    for cell in chapter.cells:
        if cell.cell_type == "markdown" and "1.371" in cell.source:
            cell.source = cell.source.replace("1.371", "1.317")
    assert unheld(chapter) == [("Move it", "1.317")]


def test_each_plot_says_what_it_shows(chapter):
    for cell in chapter.seen():
        plots = cell.source.count("plt.subplots(")
        assert plots <= 1, "one figure a cell: each has a text of its own"
        if plots:
            alt = cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")
            assert len(alt.split()) >= 12, f"no alt text for the plot in: {cell.source}"


def test_each_slider_comes_after_a_question(chapter):
    told = ""
    for cell in chapter.cells:
        told += cell.source if cell.cell_type == "markdown" else ""
        if "explore(" in cell.source and cell.cell_type == "code":
            assert "**Predict first.**" in told
            told = ""
    assert told


def section(chapter, name):
    return "\n\n".join(c.source for c in chapter.sections()[name] if c.cell_type == "markdown")


def items(text):
    return re.split(r"^\*\*\d+\.", text, flags=re.MULTILINE)[1:]


def test_questions_have_feedback_for_every_choice_and_one_right_answer(chapter):
    questions = items(section(chapter, "Check yourself"))
    assert len(questions) >= 4
    for question in questions:
        feedback = [content.strip() for _, content in details(question)]
        assert len(feedback) >= 3
        assert all(re.match(r"(Yes|No)\b", text) and len(text.split()) >= 4 for text in feedback)
        assert sum(text.startswith("Yes") for text in feedback) == 1


def test_exercises_are_of_all_kinds_with_hint_and_answer(chapter):
    exercises = items(section(chapter, "Exercises"))
    assert len(exercises) >= 6
    kinds = {re.match(r" ([\w ]+)\.\*\*", exercise)[1] for exercise in exercises}
    assert kinds == {"Predict", "Change", "Build", "Find the bug"}
    for exercise in exercises:
        assert [summary for summary, _ in details(exercise)] == [
            "Hint",
            "Answer",
        ]


def run(cells, folder):
    """Run the code of `cells` one after the other in `folder`, as a notebook would."""
    os.chdir(folder)
    matplotlib.use("agg")
    names = {"__name__": "__main__"}
    for number, code in enumerate(cells):
        # tf.function reads the source of a function again, so it has to be found
        place = f"<cell {number}>"
        linecache.cache[place] = len(code), None, code.splitlines(keepends=True), place
        exec(compile(code, place, "exec"), names)
    plt.close("all")


def test_a_chapter_and_its_answers_run_in_any_folder(chapter, tmp_path):
    answers = blocks(section(chapter, "Exercises"))
    assert any("assert" in answer for answer in answers)
    # A process of its own, as a notebook has: TensorFlow can be set up once in each.
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(1, mp_context=context) as pool:
        pool.submit(run, [cell.source for cell in chapter.code()] + answers, tmp_path).result()


def test_the_summary_points_on_and_back(chapter):
    summary = section(chapter, "Summary")
    assert "| idea | formula | NumPy | TensorFlow |" in summary
    further = summary.partition("**Read next**")[2].partition("**From the notes.**")
    assert 1 <= len(re.findall(r"^- ", further[0], re.MULTILINE)) <= 3
    assert len(further[2].split()) >= 15


def test_every_notebook_of_the_book_is_in_its_table_of_contents():
    toc = (CHAPTERS[0].parents[1] / "_toc.yml").read_text(encoding="utf-8")
    for path in CHAPTERS:
        assert f"book/{path.stem}" in toc
        nbformat.validate(nbformat.read(path, as_version=4))


def test_each_idea_of_the_notes_names_a_section_that_exists():
    """A row of sources.md: an idea, and a chapter and section that teach it, or a chapter that is still to come."""
    rows = re.findall(
        r"^\| (.+?) \| (.*?) \|$", (ROOT / "book" / "sources.md").read_text(), re.MULTILINE
    )
    rows = [
        (idea, place)
        for idea, place in rows
        if not set(idea) <= {"-", " "} and place != "where it is taught"
    ]
    assert len(rows) > 30
    written = {path.stem: Chapter(path) for path in CHAPTERS}
    for idea, place in rows:
        taught = re.fullmatch(r"\[chapter (\d)\]\((0\1-[\w-]+)\), (.+)", place)
        if taught is None:
            number = re.fullmatch(r"chapter (\d), to come", place)[1]
            assert not [stem for stem in written if stem.startswith(f"0{number}")], idea
        else:
            headings = re.findall(r"^###? (.*)", written[taught[2]].prose(), re.MULTILINE)
            assert taught[3] in headings, f"{idea}: no section {taught[3]}"


def test_each_term_of_the_glossary_stands_in_three_languages_and_in_its_chapter():
    text = (ROOT / "book" / "glossary.md").read_text(encoding="utf-8")
    rows = re.findall(
        r'^\| \*\*(.+?)\*\* <br> <span lang="zh">(.+?)</span> <br> <span lang="ja">(.+?)</span>'
        r" \| (.+) \[Chapter (\d)\]\((0\5-[\w-]+)\) \|$",
        text,
        re.MULTILINE,
    )
    assert len(rows) == len(re.findall(r"^\| ", text, re.MULTILINE)) - 1 > 40
    assert [row[0].lower() for row in rows] == sorted(row[0].lower() for row in rows)
    for term, chinese, japanese, sentence, _, stem in rows:
        assert re.search(r"[\u4e00-\u9fff]", chinese), term
        assert re.search(r"[\u3040-\u30ff\u4e00-\u9fff]", japanese), term
        assert sentence.endswith(".")
        prose = Chapter(ROOT / "book" / f"{stem}.ipynb").prose().lower()
        assert re.search(rf"\b{re.escape(term.lower()[:-1])}", prose), f"{term} is not in {stem}"


def test_a_chapter_takes_an_hour_not_a_day(chapter):
    assert 2_000 <= words(chapter.prose()) <= 4_500


def test_the_readme_and_the_first_page_lead_to_every_chapter():
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    first_page = (ROOT / "book" / "index.md").read_text(encoding="utf-8")
    for path in CHAPTERS:
        assert f"](book/{path.name})" in readme
        assert f"]({path.stem})" in first_page
