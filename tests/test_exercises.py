"""What a page makes of an exercise: a cell to begin with, and a check of what the published answer asserts. That every
answer in the book passes its check, and the empty cell and a wrong answer do not, nbval says (tools/answers.py).
"""

import json
import sys

import course
import nbformat
import pytest
from course import ROOT

sys.path.insert(0, str(ROOT / "book" / "_live"))

import holding
import live
from checking import failures
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
    assert [one["says"] for one in found] == ["scale is -1", "a scale is above 0"]
    assert found[0]["asserts"] == "assert scale == 3"
    says = [one["says"] for one in check("def double(x):\n    return x * x", 1)["failed"]]
    assert says == ["double(number) is 1, where number is 1"]


def test_assertions_that_say_the_same_are_one_message():
    found = check("def double(x):\n    return x.size", 1)["failed"]
    assert [one["says"] for one in found] == ["AttributeError: 'int' object has no attribute 'size'"]
    code = "x = 1\nassert x.a == 1\nassert x.a == 2\nassert x.b == 3"
    assert [one["asserts"] for one in failures(code, ["x"], {"x": 1})] == ["assert x.a == 1", "assert x.b == 3"]


def test_an_error_in_the_answer_of_a_reader_names_their_line():
    found = check("a = 1\nscale = a / 0")
    assert found["result"] == "error"
    assert found["error"]["line"] == 2
    assert found["error"]["summary"] == "ZeroDivisionError: division by zero"
    assert check("scale = (")["error"]["line"] == 1


def test_an_exercise_leaves_the_names_of_the_page_as_they_were(monkeypatch):
    monkeypatch.setitem(live.space, "scale", "the page's own")
    assert check("scale = 3") == {"result": "right"}
    assert live.space["scale"] == "the page's own"


def test_what_the_answer_computes_is_not_computed_again():
    code = "def train():\n    raise SystemError('it was')\n\n\nbest = train()\nassert best > 1"
    assert failures(code, ["best"], {"best": 2}) == []


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
