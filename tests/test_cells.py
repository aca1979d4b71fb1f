"""Which cells another one needs, told from their names: `book/_live/cells.py`, in the build and in the browser."""

import ast
import sys

import pytest
from course import ROOT

sys.path.insert(0, str(ROOT / "book" / "_live"))

from cells import ahead, first_read, needed, scope


def names(source):
    return scope(ast.parse(source).body[0])


@pytest.mark.parametrize(
    ("source", "read", "bound"),
    [
        ("x = a + 1", {"a"}, {"x"}),
        ("import numpy as np", set(), {"np"}),
        ("def f(x):\n    y = x + a\n    return y", {"a"}, {"f"}),
        ("table[i] = 0", {"table", "i"}, {"table"}),
        ("words.append(word)", {"words", "word"}, {"words"}),
        ("order = rng.permutation(n)", {"rng", "n"}, {"order", "rng"}),
        ("total += step", {"total", "step"}, {"total"}),
        ("for i in rows:\n    total = i + a", {"rows", "a"}, {"i", "total"}),
        ("for i in rows:\n    total += i", {"rows", "total"}, {"i", "total"}),
        ("with a as b:\n    c = b", {"a"}, {"b", "c"}),
        ("if a:\n    b = 1\nelse:\n    c = d", {"a", "d"}, {"b", "c"}),
        ("try:\n    a = b\nexcept OSError as error:\n    c = error", {"b"}, {"a", "c"}),
        ("[x for x in rows if x > least]", {"rows", "least"}, set()),
    ],
)
def test_a_statement_reads_and_binds_names_of_the_page_and_none_that_are_its_own(source, read, bound):
    found = names(source)
    assert found == (read, bound)


def test_code_needs_what_it_reads_before_it_binds_it():
    assert first_read(ast.parse("a = b\nc = a").body) == ({"b"}, {"a", "c"})


def test_of_hidden_cells_those_are_kept_that_others_need():
    sources = ["a = 1", "assert a == 1", "rng.normal()", "b = rng.normal() + a", "assert b < 9"]
    assert needed(sources, (), [False, True, True, False, True]) == [0, 2, 3]


def test_what_a_needed_cell_binds_anew_no_hidden_cell_before_it_is_needed_for():
    hidden = "trial = [1]\nassert len(trial) == 1"
    for binds in ("trial = 2", "import trial", "def trial():\n    pass", "a, (trial, b) = c", "trial = trial_of(a)"):
        assert needed([hidden, binds, "print(trial)"], (), [True, False, False]) == [1, 2], binds
    for changes in ("if a:\n    trial = 2", "trial += 1", "trial[0] = 2", "trial = trial + [2]", "a[trial] = 2"):
        assert needed([hidden, changes, "print(trial)"], (), [True, False, False]) == [0, 1, 2], changes


def test_a_call_of_a_module_changes_nothing_of_a_page():
    sources = ["import numpy as np", "np.testing.assert_equal(1, 1)", "a = np.ones(3)"]
    assert needed(sources, {"a"}, [False, True, False]) == [0, 2]
    assert ahead(sources, {"a"}) == [0, 2]


def test_an_exercise_runs_what_it_needs_and_nothing_that_must_come_after_something_else():
    sources = ["a = 1", "slow = train(a)", "b = a + 1", "print(slow)"]
    assert ahead(sources, {"b"}) == [0, 2]
    # the second binds anew what the one in between reads: that one goes first
    sources = ["a = 1", "slow = train(a)", "a = 2", "print(slow)"]
    assert ahead(sources, {"a"}) == [0, 1, 2]
    # a name that no other cell reads is no reason to wait
    sources = ["fig = plot(1)", "fig = plot(a)\na = 3"]
    assert ahead(sources, {"a"}) == [1]


def test_generators_are_drawn_from_in_order():
    sources = ["x = rng.normal()", "y = rng.normal()"]
    assert ahead(sources, {"y"}) == [0, 1]


def test_what_is_no_python_needs_nothing():
    assert ahead(["a = 1", "b = ("], {"a"}) == [0]
