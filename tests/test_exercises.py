"""What a page makes of an exercise: a cell to begin with, and a check of what the published answer asserts. That every
answer in the book passes its check, and the empty cell and a wrong answer do not, nbval says (tools/answers.py).
"""

import ast
import json
import sys

import course
import nbformat
import numpy as np
import pytest
from course import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))
sys.path.insert(0, str(ROOT / "book" / "_live"))

import cells
import course_live
import holding
import live
from checking import all_asserts, failures
from exercises import exercises

TEXT = """## Exercises

**1. Change.** At which scale, `scale`, is it near?

<details><summary>Hint</summary>

Look.

</details>
<details><summary>Answer</summary>

At 3.

```python
grid = [1, 2, 3]
scale = grid[2]
assert scale == 3
assert scale > 0, "a scale is above 0"
```

</details>

**2. Build.** Write `double(x)`.

<details><summary>Hint</summary>

Add.

</details>
<details><summary>Answer</summary>

```python
def double(x, times=1):
    return 2 * x


for number in (1, 5):
    assert double(number) == 2 * number
```

</details>

**3. Find the bug.** Mend it.

```
def half(x):
    return x / 3
```

<details><summary>Hint</summary>

Divide.

</details>
<details><summary>Answer</summary>

```python
def half(x):
    return x / 2


wrong = 8 / 3
assert half(8) == 4
assert wrong != 4
```

</details>

**4. Predict.** What is left?

<details><summary>Hint</summary>

Look.

</details>
<details><summary>Answer</summary>

```python
assert 1 + 1 == 2
```

</details>
"""


def notebook(text=TEXT):
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_markdown_cell(text)])


def test_what_is_asked_is_named_in_the_question_or_by_the_code_that_it_gives():
    change, build, find, predict = exercises(notebook())
    assert change.asked == ["scale"]
    assert build.asked == ["double"]
    assert find.asked == ["half"]
    assert predict.asked == []


def test_the_cell_begins_with_what_is_given_and_a_line_for_each_name():
    change, build, find, predict = exercises(notebook())
    assert change.starter == "scale = ..."
    assert build.starter == "def double(x, times=1):\n    ..."
    assert find.starter == "def half(x):\n    return x / 3"
    assert predict.starter == ""


def test_the_book_has_forty_exercises_with_a_check_and_some_in_every_chapter():
    found = {c.name: exercises(nbformat.read(c.path, as_version=4)) for c in course.chapters()}
    checked = {name: sum(bool(one.asked) for one in all_of_it) for name, all_of_it in found.items()}
    assert sum(checked.values()) >= 40
    assert min(checked.values()) >= 3
    for name, all_of_it in found.items():
        for one in all_of_it:
            assert one.hint, f"{name}, exercise {one.number} has a hint"


# Checking


def check(code, place=0):
    one = exercises(notebook())[place]
    return json.loads(live.check(code, one.code, one.asked, f"exercise {one.number}"))


@pytest.mark.parametrize(
    ("place", "right", "wrong"),
    [
        (0, "scale = 3", "scale = 2"),
        (1, "def double(x):\n    return x + x", "def double(x):\n    return x * x"),
        (2, "def half(x):\n    return 0.5 * x", "def half(x):\n    return x / 3"),
    ],
)
def test_a_right_answer_passes_and_a_wrong_one_and_the_empty_cell_do_not(place, right, wrong, monkeypatch):
    monkeypatch.setattr(live, "send", lambda message: None)
    assert check(right, place) == {"result": "right"}
    assert check(wrong, place)["result"] == "wrong"
    assert check(exercises(notebook())[place].starter, place)["result"] in ("lacking", "wrong")
    assert check("", place)["result"] == "lacking"


def test_each_assertion_that_fails_says_what_came_and_not_what_is_right():
    found = check("scale = -1")["failed"]
    assert [one["says"] for one in found] == ["`scale` is -1, too small", "a scale is above 0"]
    assert found[0]["asserts"] == "assert scale == 3" and found[0]["reveals"]
    (found,) = check("def double(x):\n    return x * x", 1)["failed"]
    assert found["says"] == "`double(1)` is 1, where 2 is expected" and not found["reveals"]


def test_assertions_that_say_the_same_are_one_message():
    found = check("def double(x):\n    return x.size", 1)["failed"]
    stops = "`double(1)` stops, in line 2 of your code: AttributeError: 'int' object has no attribute 'size'"
    assert [one["says"] for one in found] == [stops]
    code = "x = 1\nassert x.a == 1\nassert x.a == 2\nassert x.b == 3"
    assert [one["asserts"] for one in failures(code, ["x"], {"x": 1})] == ["assert x.a == 1", "assert x.b == 3"]


def says(code, **given):
    """What the check of an answer `code` says of the names `given`."""
    space = {"np": np, "assert_allclose": np.testing.assert_allclose} | given
    return [one["says"] for one in failures(code, [*given], space)]


def test_a_message_tells_of_the_names_of_the_reader_and_not_of_what_they_are_held_to():
    code = "far, near = 1, 2\nassert_allclose(np.sqrt([4.0])[0], far)\nassert 7 > near\nassert (far, near) == (2, 6)"
    assert says(code, far=3.5, near=8) == [
        "`far` is 3.5, too large",
        "`near` is 8, too large",
    ]
    assert says(code, far=2, near=6) == []
    # in a loop an assertion of the book's own stands beside one of theirs
    loop = "x = 1\nfor n in (1, 2):\n    assert n == 5\n    assert x == n"
    assert says(loop, x=9) == ["`x` is 9, too large"]


def test_what_a_loop_runs_over_may_be_the_readers():
    code = "def f(n):\n    return [n]\n\n\nfor one in f(2):\n    assert one == 2"
    assert says(code, f=lambda n: [7]) == ["`one` is 7, where 2 is expected"]


def test_numbers_are_plain_and_of_large_arrays_a_few_values_are_said_and_where_they_differ():
    code = "def f(n):\n    return n\n\n\nassert_allclose(f(3), 4.0)"
    assert says(code, f=lambda n: np.float64(n) / 7) == ["`f(3)` is 0.42857, where 4.0 is expected"]
    code = "def f(n):\n    return n\n\n\nassert_allclose(f(3), np.zeros((30, 40)))"
    (told,) = says(code, f=lambda n: np.eye(30, 40))
    assert told == (
        "`f(3)` is an array of shape (30, 40) ([[1.0, 0.0, 0.0, …). At [0, 0] it has 1.0, where 0.0 is expected"
    )
    assert "(784,)" not in told and "float64" not in told


def test_the_lines_of_the_check_that_made_a_name_come_with_the_message():
    code = "def f(rows):\n    return rows\n\n\nunused = 5\n"
    code += "for k in (2, 3):\n    rows = np.ones(k)\n    assert f(rows).sum() == k"
    (told,) = failures(code, ["f"], {"np": np, "f": lambda rows: rows * 2})
    assert told["says"] == "`f(rows).sum()` is 4.0, where 2 is expected"
    assert told["made"] == "rows = np.ones(2)"


def test_a_function_without_a_return_is_asked_for_one_and_what_hangs_on_it_is_not_told():
    code = "def pair(n):\n    return n, n\n\n\na, b = pair(3)\nassert a == b\nassert a + b == 6"
    assert says(code, pair=lambda n: None) == ["`pair(3)` gives nothing back: None came. Is there a `return`?"]
    assert says(code, pair=lambda n: n) == [
        "The check stops at `a, b = pair(3)`: TypeError: cannot unpack non-iterable int object"
    ]
    assert says(code, pair=lambda n: (n, n + 1)) == [
        "`a` is 3, where 4 is expected",
        "`a + b` is 7, where 6 is expected",
    ]


def test_a_count_or_a_percentage_where_a_share_is_asked_for_is_told_so():
    code = "part = 0.3\nassert 0.2 < part < 0.4"
    assert says(code, part=1500) == ["`part` is 1500, too large"]
    (percentage,) = says(code, part=30.5)
    assert percentage.endswith("A share is asked for, a number from 0 to 1; this is a percentage: divide it by 100")
    space = {"pictures": np.zeros((5000, 2)), "part": 1500}
    assert "A share is asked for" in failures(code, ["part"], dict(space))[0]["says"]
    assert failures(code, ["part"], space | {"part": 4900})[0]["says"] == "`part` is 4900, too large"
    # of a scale that is above 1 nobody asks a share
    assert says("scale = 2.4\nassert round(scale, 3) == 2.4", scale=240) == ["`scale` is 240, too large"]


@pytest.mark.parametrize("sizes", [(300, 10), [300, 10], np.array([300, 10])])
def test_a_list_a_tuple_and_an_array_of_the_same_numbers_are_equal(sizes):
    code = "sizes, length = (300, 10), 3012\nassert (sizes, length) == ((300, 10), 3012)\nassert sizes == (300, 10)"
    assert says(code, sizes=sizes, length=3012) == []
    wrong = says(code, sizes=type(sizes)(sizes[:1]) if isinstance(sizes, (list, tuple)) else sizes[:1], length=3)
    assert len(wrong) == 2 and wrong[1] == "`length` is 3, too small"
    assert wrong[0].endswith(": 2 values expected, 1 value came")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        (np.array([0.1, 0.2]), "`x` is [0.1, 0.2]: one number expected, 2 values came"),
        ("2.4", "`x` is '2.4': one number expected, text came"),
        (None, "`x` is None: one number expected, None came"),
        (max, "`x` is the function max: one number expected, a function came"),
    ],
)
def test_what_is_of_another_kind_is_told_so_and_not_by_an_error_of_numpy(value, words):
    assert says("x = 2.4\nassert round(x, 3) == 2.4", x=value) == [words]
    (told,) = says("x = 2.4\nassert 2 < x < 3", x=value)
    assert "truth value" not in told and told.startswith("`x` is ")


def test_the_check_has_of_the_readers_names_those_that_were_asked(monkeypatch):
    monkeypatch.setattr(live, "send", lambda message: None)
    monkeypatch.setitem(live.space, "rows", [1, 2])
    code = "x = 2\nassert x == len(rows)"
    assert json.loads(live.check("rows = 7\nx = 2", code, ["x"], "exercise 1")) == {"result": "right"}


def test_an_error_in_the_answer_of_a_reader_names_their_line():
    found = check("a = 1\nscale = a / 0")
    assert found["result"] == "error"
    assert found["error"]["line"] == 2
    assert found["error"]["summary"] == "ZeroDivisionError: division by zero"
    assert check("scale = (")["error"]["line"] == 1


def test_a_check_that_fails_by_itself_and_holds_nothing_lets_nothing_pass():
    broken = "history = []\nlast = history[4]\nassert changed == last"
    with pytest.raises(IndexError):
        failures(broken, ["changed"], {"changed": 10_000})
    assert failures("assert changed == 3\n" + broken, ["changed"], {"changed": 3}) == []


def test_an_exercise_leaves_the_names_of_the_page_as_they_were(monkeypatch):
    monkeypatch.setitem(live.space, "scale", "the page's own")
    assert check("scale = 3") == {"result": "right"}
    assert live.space["scale"] == "the page's own"


def test_what_the_answer_computes_is_not_computed_again():
    code = "def train():\n    raise SystemError('it was')\n\n\nbest = train()\nassert best > 1"
    assert failures(code, ["best"], {"best": 2}) == []


@pytest.mark.parametrize(
    "around",
    [
        "if x:\n    {}",
        "if not x:\n    pass\nelse:\n    {}",
        "for _ in range(2):\n    {}",
        "for _ in []:\n    pass\nelse:\n    {}",
        "try:\n    pass\nfinally:\n    {}",
        "with np.errstate():\n    {}",
    ],
)
def test_an_assertion_is_held_wherever_it_stands(around):
    answer = "x = 2\n" + around.format("assert x == 2")
    assert failures(answer, ["x"], {"x": 2, "np": np}) == []
    assert len(failures(answer, ["x"], {"x": 3, "np": np})) == 1


def test_an_assertion_that_does_not_hang_on_what_was_asked_is_the_books_own():
    assert failures("right = 3\nassert right == 3\nassert 1 == 2", ["right"], {"right": 3}) == []


# That nbval would find it


def test_an_answer_that_fails_its_own_check_is_found():
    with pytest.raises(AssertionError):
        holding.hold("x = 1\nassert x == 2", ["x"], "x = ...")


def test_an_empty_cell_that_passes_is_found():
    with pytest.raises(AssertionError, match="the empty cell passes"):
        holding.hold("x = 1\nassert x == 1", ["x"], "x = 1")


def test_a_wrong_answer_that_passes_is_found():
    with pytest.raises(AssertionError, match="a wrong x passes"):
        holding.hold("x = 1\nassert x > 0", ["x"], "x = ...")


# What an exercise waits for


def needs_another_place(sources, code):
    """Whether `code` reads a name that the cells `sources`, run in order where there is no TensorFlow, do not bind."""
    absent = set()
    for source, (read, bound) in zip(sources, cells.scopes(sources), strict=True):
        modules = {name for node in cells.parsed(source) for name in modules_of(node)}
        absent = absent | bound if modules & set(live.ABSENT) or read & absent else absent - bound
    return bool(cells.first_read(cells.parsed(code))[0] & absent)


def modules_of(statement):
    """The modules that a statement imports, by the first part of their names."""
    for node in ast.walk(statement):
        if isinstance(node, ast.Import):
            yield from (part.name.partition(".")[0] for part in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield (node.module or "").partition(".")[0]


@pytest.mark.parametrize("chapter", course.chapters(), ids=lambda chapter: chapter.name)
def test_a_page_runs_none_of_the_claims_that_it_does_not_show(chapter):
    for cell in course_live.page_cells(nbformat.read(chapter.path, as_version=4), {}):
        claims = [node for one in cells.parsed(cell["source"]) for node in all_asserts(one)]
        assert not (cell.get("hidden") and claims), f"rename what this claim binds:\n{cell['source']}"


@pytest.mark.parametrize("chapter", course.chapters(), ids=lambda chapter: chapter.name)
def test_no_exercise_without_tensorflow_waits_for_a_cell_with_it(chapter):
    notebook = nbformat.read(chapter.path, as_version=4)
    sources = [cell["source"] for cell in course_live.page_cells(notebook, {})]
    for one in exercises(notebook):
        if not one.asked or any(name in one.code for name in ("tf.", "keras")):
            continue
        planned = [sources[place] for place in live.plan(sources, [one.code])]
        for ran in (planned, sources):
            assert not needs_another_place(ran, one.code), f"exercise {one.number}"


def test_an_exercise_that_reads_what_a_cell_with_tensorflow_binds_is_found():
    sources = ["train = 1", "import keras\ntrain = keras.ones(3)", "sizes = train + 1"]
    assert needs_another_place(sources, "print(sizes)") and needs_another_place(sources, "train")
    assert not needs_another_place(sources[:1], "train") and not needs_another_place(sources, "other")
