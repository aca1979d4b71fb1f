"""The accuracy ladder: table, picture, pages and recipes say the same, and what is cheap to run comes out again."""

import importlib.util
import re
from pathlib import Path

import course
import numpy as np
import pytest
from chapters import PATHS, Chapter
from conftest import SITE
from course import ROOT

from softmaxlab.data import load_mnist
from softmaxlab.results import load_ladder

PROGRAM = ROOT / "tools" / "ladder.py"
CHEAP = ["guess", "mean images", "nearest mean image", "softmax, 1,000 steps", "256 hidden units"]


@pytest.fixture(scope="module")
def program():
    spec = importlib.util.spec_from_file_location("ladder", PROGRAM)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module")
def rungs():
    return {rung.name: rung for rung in load_ladder()}


def test_the_table_has_a_row_for_each_recipe_in_its_order(program, rungs):
    assert list(rungs) == [recipe.name for recipe in program.RECIPES]
    for recipe in program.RECIPES:
        rung = rungs[recipe.name]
        assert (rung.chapter, rung.recipe) == (recipe.chapter, recipe.words)
        assert rung.seeds == recipe.seeds
        assert 0 <= rung.least <= rung.accuracy <= rung.most <= 1
        assert re.fullmatch(r"\d{4}-\d\d-\d\d", rung.date) and "NumPy" in rung.versions


@pytest.mark.parametrize("name", CHEAP)
def test_cheap_rungs_are_reproduced(name, program, rungs):
    recipe = next(recipe for recipe in program.RECIPES if recipe.name == name)
    again = program.run(recipe._replace(seeds=1), *load_mnist())
    assert rungs[name].least - 0.003 <= again.accuracy <= rungs[name].most + 0.003


def test_the_hidden_layer_and_the_best_rung_are_as_good_and_as_fast_as_promised(rungs):
    hidden, best = rungs["256 hidden units"], max(rungs.values(), key=lambda rung: rung.accuracy)
    assert hidden.seeds >= 5 and hidden.least >= 0.97 and hidden.cpu_seconds <= 6
    assert best.accuracy >= 0.989 and best.cpu_seconds <= 60


def widths(picture):
    """The width of each bar as drawn, and the numbers that the picture's description says."""
    text = Path(picture).read_text(encoding="utf-8")
    bars = re.findall(r'<g id="rung-\d+">\s*<path d="(.*?)"', text, re.DOTALL)
    drawn = []
    for bar in bars:
        across = [float(x) for x in re.findall(r"[ML] (-?[\d.]+) ", bar)]
        drawn.append(max(across) - min(across))
    said = re.search(r"<dc:description>(.*?)</dc:description>", text, re.DOTALL)[1]
    return np.array(drawn), [float(share) for share in re.findall(r"([\d.]+) %", said)]


def check_picture(path, rungs):
    drawn, said = widths(path)
    shares = np.array([rung.accuracy for rung in rungs.values()])
    np.testing.assert_allclose(said, 100 * shares, atol=0.0501)
    np.testing.assert_allclose(drawn / drawn.max(), shares / shares.max(), atol=1e-4)


def test_picture_and_table_agree(program, rungs):
    check_picture(program.PICTURE, rungs)


def test_a_picture_of_another_table_is_found(program, rungs, tmp_path):
    name = "nearest mean image"
    changed = rungs | {name: rungs[name]._replace(accuracy=0.831)}
    program.draw(tmp_path / "ladder.svg", list(changed.values()))
    check_picture(tmp_path / "ladder.svg", changed)
    with pytest.raises(AssertionError):
        check_picture(tmp_path / "ladder.svg", rungs)


def test_the_landing_page_says_what_the_table_says(rungs):
    page = (SITE / "book" / "index.html").read_text(encoding="utf-8")
    cells = [re.findall(r"<td>(.*?)</td>", row, re.DOTALL) for row in page.split("<tr ")]
    rows = {row[0]: row[1:] for row in (re.findall(r"<p>(.*?)</p>", "".join(c)) for c in cells) if row}
    assert list(rows) == list(rungs)
    known = {chapter.name for chapter in course.chapters()}
    for name, (share, *chapter) in rows.items():
        assert share == f"{100 * rungs[name].accuracy:.1f}\N{NO-BREAK SPACE}%"
        if rungs[name].chapter in known:
            assert f'href="{rungs[name].chapter}.html"' in chapter[0]


def brought(text):
    """`[(accuracy, what the step brought)]` as written in a table with a column *brought*; none for its first row."""
    table = re.search(r"^\|[^\n]* brought \|\n\|[-| ]+\n((?:\|.*\n?)+)", text, re.MULTILINE)
    rows = [[cell.strip() for cell in row.split("|")[2:4]] for row in table[1].splitlines()] if table else []
    return [(share.removesuffix(" %"), step.removesuffix(" points")) for share, step in rows]


def check_brought(rows, accuracies):
    """The shares are the last of `accuracies`, and each step is the difference to the one before."""
    known = accuracies[-len(rows) :]
    assert [share for share, _ in rows] == [f"{100 * one:.1f}" for one in known]
    for (_, step), before, after in zip(rows[1:], known, known[1:]):
        digits = len(step.partition(".")[2])
        assert step == f"{100 * (after - before):+.{digits}f}".replace("-", "−")


def test_what_each_rung_brought_is_the_difference_of_two(rungs):
    accuracies = [rung.accuracy for rung in rungs.values()]
    tables = [rows for path in PATHS if (rows := brought(Chapter(path).prose()))]
    for rows in tables:
        check_brought(rows, accuracies)
    wrong = [("98.5", ""), ("98.9", "+0.5"), ("99.0", "+0.05")]
    with pytest.raises(AssertionError, match=r"0\.5"):
        check_brought(wrong, [0.985, 0.9894, 0.9899])
