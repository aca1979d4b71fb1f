"""What teachers rely on: an assignment for each chapter in the promised form, and a cheat sheet that says what the
chapters say.
"""

import re

import course
import pytest
import yaml
from chapters import Chapter
from conftest import SITE
from course import ROOT

MASTERS = sorted((ROOT / "assignments").glob("*.md"))
CELL = re.compile(r"^```\{(code-cell|raw-cell)\}\n(.*?)^```$", re.MULTILINE | re.DOTALL)
# What a hand-in could patch, and what would give an answer away by being lenient
PATCHABLE = re.compile(r"\bnp\.(allclose|isclose|array_equal|testing|all|any|abs)\b|assert_")


def questions(text):
    """The settings of each question of a master."""
    cells = [cell for kind, cell in CELL.findall(text) if kind == "raw-cell"]
    return [yaml.safe_load(c) for c in cells if c.startswith("# BEGIN QUESTION")]


def hidden_tests(text):
    """The code of each hidden test of a master."""
    cells = [cell for _, cell in CELL.findall(text) if "# BEGIN TEST CONFIG" in cell]
    parts = [cell.split("# END TEST CONFIG\n") for cell in cells]
    return [code for settings, code in parts if "hidden: true" in settings]


@pytest.mark.parametrize("path", MASTERS, ids=lambda path: path.stem)
def test_an_assignment_has_the_promised_form(path):
    text = path.read_text(encoding="utf-8")
    asked = questions(text)
    assert 5 <= len(asked) <= 8
    assert [q["name"] for q in asked] == [f"q{n}" for n in range(1, len(asked) + 1)]
    assert [q["name"] for q in asked if q.get("manual")] == [asked[-1]["name"]]
    assert "**Marking guide.**" in text and "build with real digits" in text
    minutes = [int(m) for m in re.search(r"\*\*Time\*\*: ([\d to]+) minutes", text)[1].split(" to ")]
    assert 45 <= min(minutes) <= max(minutes) <= 90
    assert "**You will show that you can**" in text
    assert "tensorflow" not in text.lower() and "keras" not in text.lower()


def promised(page):
    """`{name: (minutes, points)}` of the assignments, as a page for teachers says them."""
    row = r"(?m)^\| \[[^]]+\]\(([\w-]+)\) \| [\d–]+ \+ ([\d–]+) \| (\d+) \|"
    return {name: (minutes, int(points)) for name, minutes, points in re.findall(row, page)}


def asked(path):
    """The minutes and points that an assignment itself says."""
    text = path.read_text(encoding="utf-8")
    found = re.search(r"Time\*\*: (.*) minutes\. \*\*Points\*\*: (\d+)", text)
    assert int(found[2]) == sum(question["points"] for question in questions(text))
    return found[1].replace(" to ", "–"), int(found[2])


def test_teachers_are_told_the_minutes_and_points_of_the_assignments():
    page = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
    told = promised(page)
    assert told == {path.stem: asked(path) for path in MASTERS if path.stem in told}
    assert {path.stem for path in MASTERS} & {c.name for c in course.chapters()} <= set(told)


def test_teachers_are_told_the_minutes_that_a_chapter_says_itself():
    page = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
    told = dict(re.findall(r"(?m)^\| \[[^]]+\]\(([\w-]+)\) \| (\d+) \+", page))
    chapters = [chapter for chapter in course.chapters() if chapter.name in told]
    assert chapters
    for chapter in chapters:
        assert f"· {told[chapter.name]} minutes, the exercises " in chapter.topics


def test_other_points_and_minutes_are_found():
    row = "| [Softmax](softmax) | 60 + 75–90 | 22 | work with differences |"
    assert promised(row) == {"softmax": asked(ROOT / "assignments" / "softmax.md")}
    for wrong in (row.replace("22", "23"), row.replace("75", "70")):
        assert promised(wrong) != {"softmax": asked(ROOT / "assignments" / "softmax.md")}


@pytest.mark.parametrize("path", MASTERS, ids=lambda path: path.stem)
def test_the_verdict_of_a_hidden_test_is_plain_python(path):
    found = hidden_tests(path.read_text(encoding="utf-8"))
    assert len(found) >= 4
    for code in found:
        assert not PATCHABLE.search(code), code


def test_a_verdict_of_numpy_would_be_found():
    cell = '""" # BEGIN TEST CONFIG\nhidden: true\n""" # END TEST CONFIG\nassert np.allclose(a, b)'
    (code,) = hidden_tests(f"```{{code-cell}}\n{cell}\n```\n")
    assert PATCHABLE.search(code)


def test_the_cheat_sheet_has_the_summary_of_every_chapter():
    sheet = (SITE / "book/cheatsheet.html").read_text(encoding="utf-8")
    parts = re.split(r"<h2>", sheet.partition("<article")[2])[1:]
    assert len(parts) == len(course.chapters())
    for chapter, part in zip(course.chapters(), parts):
        rows = re.findall(r"^\|.*\|$", Chapter(chapter.path).section("Summary"), re.MULTILINE)
        assert f'href="{chapter.name}.html"' in part
        assert part.count("<tr") == len(rows) - 1  # the line of dashes is none


def test_the_cheat_sheet_prints_on_two_sheets(site, visit):
    assert (SITE / "book/cheatsheet.html").exists()
    page = visit(f"{site}/book/cheatsheet.html").page
    printed = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "1cm"))
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
