"""Hand-ins that break, or cheat in Python: each gets one row with the right reason, and nothing it did not earn."""

import zipfile

import pytest
from classroom import CHEAT, FULL, GOOD, NONE, TESTS, class_of, make_autograder, notebook

# name: cells, points, words of the note
TRICKS = {
    "good": (GOOD, FULL, ""),
    "nothing": ([], NONE, "no test passed: the first ended with TypeError, and it defines no double"),
    "blank": ([GOOD[0], "def double(x):\n    ...", "answer = ..."], NONE, "no test passed: the first ended with"),
    "knows_the_open_tests_alone": (
        [
            GOOD[1],
            "def double(x):\n    return np.array([2.0, 4.0])",
            "def root(x, change=None):\n    raise ValueError(x)",
        ],
        {"q1": 1, "q2": 0, "q3": 1},
        "",
    ),
    "endless_loop": (["while True:\n    pass", *GOOD], FULL, "cell 1: TimeoutError"),
    "endless_loop_that_resists": (
        [
            *GOOD,
            "while True:\n    try: __import__('time').sleep(1)\n    except BaseException: pass",
        ],
        NONE,
        "stopped after 20 s, the time limit",
    ),
    "endless_call": (
        [*GOOD, "def double(x):\n    while True: pass"],
        FULL | {"q1": 0},
        "",
    ),
    "ends_the_interpreter": ([*GOOD, "import os; os._exit(0)"], NONE, "with exit code 0"),
    "crashes": ([*GOOD, "import ctypes; ctypes.string_at(0)"], NONE, "by signal 11 (SIGSEGV)"),
    "takes_all_memory_at_once": ([*GOOD, "np.ones(2**32)"], FULL, "MemoryError"),
    "patches_numpy": (
        [
            "import numpy as np",
            CHEAT,
            (
                "np.allclose = np.isclose = np.array_equal = lambda *a, **k: True\n"
                "np.ndarray = object\nnp.abs = lambda x: 0"
            ),
        ],
        NONE,
        "",
    ),
    "patches_builtins": (
        [
            CHEAT,
            (
                "import builtins\n"
                "builtins.abs = lambda x: 0\nbuiltins.all = builtins.any = lambda x: True\n"
                "builtins.float = lambda x: 42.5\nbuiltins.AssertionError = KeyError"
            ),
        ],
        NONE,
        "",
    ),
    "patches_sys_modules": (
        [
            CHEAT,
            (
                "import sys, types\n"
                "class Yes(types.ModuleType):\n"
                "    def __getattr__(self, name):\n        return lambda *a, **k: True\n"
                "for name in list(sys.modules):\n"
                "    if name not in ('builtins', 'sys'): sys.modules[name] = Yes(name)"
            ),
        ],
        NONE,
        "",
    ),
    "breaks_what_runs_it": (
        [
            CHEAT,
            ('import sys, json\njson.dumps = lambda *a, **k: \'{"value": {"array": "!", "type": "O"}}\''),
        ],
        NONE,
        "",
    ),
    "values_that_lie": (
        [
            (
                "class Yes(float):\n"
                "    def tolist(self): return [[1.0, -6.0]]\n"
                "    def __getitem__(self, i): return self\n"
                "    def __len__(self): return 1\n"
                "for name in 'eq lt le gt ge ne sub add abs rsub radd bool'.split():\n"
                "    setattr(Yes, f'__{name}__', lambda *a: Yes())"
            ),
            "answer = Yes()\ndef double(x):\n    return Yes()\ndef root(x, c=None):\n    return Yes()",
        ],
        NONE,
        "",
    ),
    "writes_into_the_pipe": (
        [
            CHEAT,
            (
                "import os\n"
                "for fd in range(3, 30):\n"
                '    try: os.write(fd, (30).to_bytes(8, \'big\') + b\'{"note": "fine", "points": 99}\')\n'
                "    except OSError: pass"
            ),
        ],
        NONE,
        "",
    ),
    "speaks_nonsense": (
        [
            (
                "import os\n"
                "for fd in range(3, 30):\n"
                "    try: os.write(fd, (4).to_bytes(8, 'big') + b'[[[[')\n"
                "    except OSError: pass"
            ),
        ],
        NONE,
        "answered nonsense",
    ),
    "closes_the_pipe": ([*GOOD, "import os; os.closerange(3, 99)"], NONE, "ended the process"),
    "returns_a_gigabyte": (
        [*GOOD, "def double(x):\n    return np.ones(2**24)"],
        FULL | {"q1": 0},
        "",
    ),
    "stops_the_clock": (
        [
            *GOOD,
            (
                "import signal, time\n"
                "signal.signal(signal.SIGALRM, signal.SIG_IGN)\n"
                "signal.signal = signal.setitimer = lambda *a: None\n"
                "time.sleep(600)"
            ),
        ],
        NONE,
        "stopped after 20 s, the time limit",
    ),
    "shell_that_kills": ([*GOOD, "!kill -9 $PPID"], NONE, "by signal 9 (SIGKILL)"),
    "a_number_without_end": ([*GOOD, "answer = 10 ** 5000"], FULL | {"q2": 0}, ""),
    "a_name_of_the_exchange": ([CHEAT, "class double(dict): pass\ndouble = {'function': 0}"], NONE, "no test passed"),
    "stops_itself": (
        [*GOOD, "import os, signal; os.kill(os.getpid(), signal.SIGSTOP)"],
        NONE,
        "stopped after 20 s, the time limit",
    ),
    "calls_back_without_end": (
        [
            *GOOD,
            (
                "def root(x, change=lambda x: x):\n"
                "    if x < 0:\n        raise ValueError(x)\n"
                "    while True: change(1.0)"
            ),
        ],
        FULL | {"q3": 1},
        "",
    ),
    "an_answer_that_holds_itself": (
        [*GOOD, "answer = []; answer.append(answer)"],
        FULL | {"q2": 0},
        "",
    ),
}

FILES = {  # name: content, words of the note
    "essay.txt": (b"Dear teacher,", ".txt"),
    "no_ending": (b"\x00\x01", "no ending"),
    "scan.ipynb": (b"%PDF-1.7 \xff\xfe", "not JSON, so not a notebook"),
    "empty.ipynb": (b"", "not JSON, so not a notebook"),
    "newer.ipynb": (b'{"nbformat": 9, "nbformat_minor": 0, "metadata": {}, "cells": []}', "not a notebook"),
    "list.ipynb": (b"[1, 2, 3]", "JSON, but not a notebook"),
    "old.ipynb": (b'{"worksheets": []}', "JSON, but not a notebook"),
    "deep.ipynb": (b"[" * 10**6, "not a notebook"),
    "cells.ipynb": (b'{"cells": "abc"}', "JSON, but not a notebook"),
    "null.ipynb": (b"null", "JSON, but not a notebook"),
    "broken.zip": (b"PK\x03\x04 and no more", "not a zip that can be read"),
}


@pytest.fixture(scope="module")
def batch():
    """All hand-ins of this file, graded at once."""
    with class_of() as them:
        them.add(**{name: cells for name, (cells, *_) in TRICKS.items()})
        for name, (content, _) in FILES.items():
            (them.handins / name).write_bytes(content)
        with open(them.handins / "huge.ipynb", "wb") as file:
            file.truncate(200 * 2**20)
        with zipfile.ZipFile(them.handins / "two.zip", "w") as archive:
            archive.writestr("a.ipynb", notebook(GOOD))
            archive.writestr("b.ipynb", notebook(GOOD))
        with zipfile.ZipFile(them.handins / "bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("x.ipynb", bytes(60 * 2**20))
        return them.grade("--seconds", "20", "--memory", "300")


def test_every_file_has_one_row(batch):
    records, table = batch
    names = [f"{name}.ipynb" for name in (*TRICKS, "huge")] + [*FILES, "two.zip", "bomb.zip"]
    assert sorted(row["file"] for row in table) == sorted(names) == sorted(records)


@pytest.mark.parametrize("name", TRICKS)
def test_it_earns_what_it_earned_for_the_right_reason(batch, name):
    _, points, note = TRICKS[name]
    record = batch[0][f"{name}.ipynb"]
    assert record["points"] == points, record
    assert note in record["note"], record
    assert note or not record["note"] or points == NONE, record


def test_nobody_gets_nothing_without_a_note(batch):
    records, table = batch
    without = [record["file"] for record in records.values() if not any(record["points"].values())]
    assert len(without) > 20
    assert [name for name in without if not records[name]["note"]] == []
    assert all(row["note"] for row in table if float(row["total"]) == 0)


@pytest.mark.parametrize(
    ("name", "hidden"),
    [
        ("good", 5),
        ("blank", 0),
        ("knows_the_open_tests_alone", 0),
        ("endless_call", 3),
        ("calls_back_without_end", 4),
    ],
)
def test_hidden_points_are_those_of_hidden_tests_alone(batch, name, hidden):
    assert batch[0][f"{name}.ipynb"]["hidden"] == hidden


@pytest.mark.parametrize("name", FILES)
def test_what_is_no_notebook_is_said_to_be_none(batch, name):
    record = batch[0][name]
    assert record["points"] == NONE
    assert FILES[name][1] in record["note"]


def test_what_is_too_large_or_not_one_notebook_is_said_to_be_so(batch):
    records = batch[0]
    assert "in the zip" in records["two.zip"]["note"]
    assert "larger than 50 MiB" in records["bomb.zip"]["note"]
    assert "200 MiB; expected at most 50" in records["huge.ipynb"]["note"]


def test_a_call_that_asks_back_without_end_costs_that_call_alone():
    forever = "@test_case(points=0, hidden=False)\ndef test_again(again):\n    again(lambda: 1)\n"
    with class_of() as them:
        make_autograder(them.autograder, TESTS | {"q1": forever + TESTS["q1"]})
        them.add(a=[*GOOD, "def again(function):\n    while True: function()"])
        record = them.grade("--seconds", "30")[0]["a.ipynb"]
        assert record["points"] == FULL and len(record["failed"]) == 1, record
