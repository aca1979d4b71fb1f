"""What teachers rely on: an assignment for each chapter in the promised form, and a cheat sheet that says what the chapters say."""

import re

import cheatsheet
import pytest
import yaml
from chapters import CHAPTERS
from conftest import ROOT, SITE

MASTERS = sorted((ROOT / "assignments").glob("[0-9]*.md"))
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


def test_every_chapter_has_an_assignment():
    assert len(MASTERS) == 9
    assert {path.stem for path in CHAPTERS} <= {path.stem for path in MASTERS}


@pytest.mark.parametrize("path", MASTERS, ids=lambda path: path.stem)
def test_an_assignment_has_the_promised_form(path):
    text = path.read_text(encoding="utf-8")
    asked = questions(text)
    assert 5 <= len(asked) <= 8
    assert [q["name"] for q in asked] == [f"q{n}" for n in range(1, len(asked) + 1)]
    assert [q["name"] for q in asked if q.get("manual")] == [asked[-1]["name"]]
    assert "**Marking guide.**" in text and "build with real digits" in text
    minutes = [
        int(m) for m in re.search(r"\*\*Time\*\*: ([\d to]+) minutes", text)[1].split(" to ")
    ]
    assert 45 <= min(minutes) <= max(minutes) <= 90
    assert "**You will show that you can**" in text
    assert "tensorflow" not in text.lower() and "keras" not in text.lower()


def promised(page):
    """Minutes and points of the assignments, as a page for teachers says them."""
    minutes = re.findall(r"(?m)^\| \d [A-Z][^|]*\| [\d–]+ \+ ([\d–]+) \|", page)
    points = re.findall(r"\d+", re.search(r"Their points are (.*)\.", page)[1])
    return list(zip(minutes, points))


def test_teachers_are_told_the_minutes_and_points_of_the_assignments():
    page = (ROOT / "book" / "teaching.md").read_text(encoding="utf-8")
    asked = []
    for path in MASTERS:
        text = path.read_text(encoding="utf-8")
        minutes, points = re.search(
            r"Time\*\*: (.*) minutes\. \*\*Points\*\*: (\d+)", text
        ).groups()
        assert int(points) == sum(question["points"] for question in questions(text))
        asked.append((minutes.replace(" to ", "–"), points))
    assert promised(page) == asked
    assert promised(page.replace("23, 23", "23, 24")) != asked


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


def test_the_cheat_sheet_says_what_the_chapters_say():
    found = cheatsheet.PAGE.read_text(encoding="utf-8")
    assert found == cheatsheet.text(), "run: .venv/bin/python tests/cheatsheet.py"


def test_a_changed_table_would_be_found():
    found = cheatsheet.PAGE.read_text(encoding="utf-8")
    assert found.replace("softmax(logits)", "softmax(scores)") != cheatsheet.text()


def test_the_cheat_sheet_prints_on_two_sheets(site, visit):
    assert (SITE / "book/cheatsheet.html").exists()
    page = visit(f"{site}/book/cheatsheet.html").page
    printed = page.pdf(format="A4", margin=dict.fromkeys(("top", "bottom", "left", "right"), "1cm"))
    assert 1 <= len(re.findall(rb"/Type\s*/Page\b", printed)) <= 2
