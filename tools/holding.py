"""Imported by the cells that `answers.py` writes: what the check of an exercise says of an answer, and of none."""

import functools
import json
import sys
from pathlib import Path

import numpy as np

sys.path.append(str(Path(__file__).parents[1] / "book" / "_live"))
import live
from checking import failures

live.send = lambda message: None  # what it shows is for a page


def hold(code, asked, starter):
    """`AssertionError` unless the published answer `code` passes the check that is made of it, and neither what the
    cell begins with, `starter`, nor an answer with one of the names `asked` spoiled does.
    """
    inside = {name: live.copied(value) for name, value in live.space.items()}
    exec(compile(code, "the answer", "exec"), inside)  # with all that it asserts, also what is the book's own
    failed = failures(code, asked, dict(inside))
    assert not failed, f"the published answer does not pass: {failed}"
    blank = json.loads(live.check(starter, code, asked, "exercise 0"))
    assert blank["result"] != "right", f"the empty cell passes: {starter}"
    for name in asked:
        assert failures(code, asked, inside | {name: spoiled(inside[name])}), f"a wrong {name} passes"


def spoiled(value):
    """Something of the kind of `value` that is not it: a number far off, a function whose results are."""
    if callable(value):

        @functools.wraps(value)
        def wrong(*args, **kwargs):
            return spoiled(value(*args, **kwargs))

        return wrong
    if isinstance(value, (list, tuple)):
        return type(value)([spoiled(value[0]), *value[1:]] if len(value) else ["wrong"])
    if isinstance(value, (str, bytes)):
        return type(value)()
    if np.asarray(value).dtype.kind == "b":
        return np.logical_not(value)
    return value + 10 * abs(value) + 10
