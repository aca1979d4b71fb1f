"""Hand-ins that break, cheat or attack: each gets one row with the right reason, and nothing it did not earn."""

import contextlib
import csv
import json
import os
import shutil
import signal
import subprocess
import sys
import threading
import time
import zipfile
from pathlib import Path

import jupytext
import make
import nbformat
import psutil
import pytest
import yaml
from grade import Worker

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parent / "tools"))
from publish import first_cell  # noqa: E402

# Its hidden test has the seed 271
MASTER = HERE / "fixtures" / "twice.md"
POINTS = {"q1": 3, "q2": 2, "q3": 2}  # of them hidden: 2, 2, 1

TESTS = {
    "q1": """
@test_case(points=1, hidden=False)
def test_in_the_open(double, np):
    assert np.allclose(double(np.array([1.0, 2.0])), [2, 4])

@test_case(points=2, hidden=True)
def test_hidden(double):
    import numpy as np
    found = double(np.array([[0.5, -3.0]])).tolist()
    assert len(found) == 1 and abs(found[0][0] - 1.0) < 1e-9 and abs(found[0][1] + 6.0) < 1e-9
""",
    "q2": """
@test_case(points=2, hidden=True)
def test_a_number(answer):
    assert abs(float(answer) - 42.5) < 1e-9
""",
    "q3": """
@test_case(points=1, hidden=False)
def test_refuses(root):
    try:
        root(-1.0)
    except ValueError as error:
        assert "-1" in str(error)
    else:
        raise AssertionError("a ValueError was expected")

@test_case(points=1, hidden=True)
def test_it_calls_what_it_is_given(root):
    assert abs(root(7.0, lambda x: x + 2.0) - 3.0) < 1e-9
""",
}

GOOD = [
    "import otter\ngrader = otter.Notebook('x.ipynb')",
    "%matplotlib inline\nimport numpy as np",
    "def double(x):\n    return 2 * x",
    "grader.check('q1')",
    "answer = 42.5",
    (
        "def root(x, change=lambda x: x):\n"
        "    if x < 0:\n        raise ValueError(f'expected 0 or more; came {x}')\n"
        "    return change(x) ** 0.5"
    ),
    "!echo hello\n%pip install nothing",
]
FULL = {"q1": 3, "q2": 2, "q3": 2}
NONE = {"q1": 0, "q2": 0, "q3": 0}
CHEAT = "def double(x):\n    return x\nanswer = 0\ndef root(x, change=None):\n    return 0"

# name: cells, points, words of the note
HAND_INS = {
    "good": (GOOD, FULL, ""),
    "good_as_published": ([first_cell("assignments/name.ipynb", "nowhere"), *GOOD], FULL, ""),
    "blank": ([GOOD[0], "def double(x):\n    ...", "answer = ..."], NONE, ""),
    "knows_the_open_tests_alone": (
        [
            GOOD[1],
            "def double(x):\n    return np.array([2.0, 4.0])",
            "def root(x, change=None):\n    raise ValueError(x)",
        ],
        {"q1": 1, "q2": 0, "q3": 1},
        "",
    ),
    "error_in_a_cell": ([*GOOD, "1 / 0"], FULL, "cell 8: ZeroDivisionError"),
    "syntax_error": ([*GOOD, "def double(x:"], FULL, "cell 8: SyntaxError"),
    "prints_200_megabytes": (
        [GOOD[1], "%%time\n" + GOOD[2], *GOOD[4:6], "for _ in range(200):\n    print('x' * 10**6)"],
        FULL,
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
    "leaves_python": ([*GOOD, "import sys; sys.exit()"], FULL, "cell 8: SystemExit"),
    "ends_the_interpreter": ([*GOOD, "import os; os._exit(0)"], NONE, "with exit code 0"),
    "crashes": ([*GOOD, "import ctypes; ctypes.string_at(0)"], NONE, "by signal 11 (SIGSEGV)"),
    "takes_all_memory": (
        [*GOOD, "held = []\nwhile True: held.append(np.ones(2**22))"],
        NONE,
        "limit of 300 MiB of memory",
    ),
    "takes_all_memory_at_once": ([*GOOD, "np.ones(2**32)"], FULL, "MemoryError"),
    "forks_and_forks": (
        [
            *GOOD,
            "import os, time\nfor _ in range(60):\n    if os.fork() == 0:\n        time.sleep(600)\ntime.sleep(600)",
        ],
        NONE,
        "processes, the limit being 32",
    ),
    "leaves_processes": (
        [
            *GOOD,
            (
                "import os, time\n"
                "for _ in range(3):\n"
                "    if os.fork() == 0:\n"
                "        os.setsid()\n"
                "        if os.fork() == 0:\n"
                "            time.sleep(1000)\n"
                "        os._exit(0)"
            ),
        ],
        FULL,
        "left 3 running: ended",
    ),
    "kills_the_grader": (
        [*GOOD, "import os; os.kill(os.getppid(), 9); import time; time.sleep(5)"],
        {},
        "brought the grader down",
    ),
    "speaks_for_the_grader": (
        [
            CHEAT,
            (
                "import json, os\n"
                "row = {'points': {'q1': 3, 'q2': 2, 'q3': 2}, 'hidden': 5.0, 'note': '', 'words': []}\n"
                "folder = f'/proc/{os.getppid()}/fd/'\n"
                "try: files = [folder + name for name in os.listdir(folder)]\n"
                "except PermissionError: files = []\n"
                "for path in files:\n"
                "    if os.readlink(path).startswith('pipe:'):\n"
                "        fd = os.open(path, os.O_WRONLY | os.O_NONBLOCK)\n"
                "        os.write(fd, json.dumps(row).encode() + b'\\n')"
            ),
        ],
        None,  # none, or not even a worker that could say so: see below
        "",
    ),
    "fills_the_disk": (
        [*GOOD, "with open('much', 'wb') as f:\n    while True: f.write(bytes(2**24))"],
        FULL,
        "cell 8: OSError",
    ),
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
    "an_error_that_cannot_be_written": (
        [*GOOD, r"raise ValueError('\udcff \ud800')"],
        FULL,
        "cell 8: ValueError: \udcff \ud800",
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
    "shell_and_other_magics": (
        [*GOOD, "%%bash\nkill -9 $PPID", "!kill -9 $PPID", "%%javascript\nalert(1)", "%run x.py"],
        FULL,
        "",
    ),
    "looks_for_the_tests": (
        [
            (
                "import gc, os, sys\n"
                "found = [x for x in gc.get_objects() if 'test_case' in str(type(x))]\n"
                "found += [p for p in os.listdir('.')] + [p for p in sys.path if 'assignments' in p]\n"
                "found += [a for a in os.environ.values() if 'autograder' in a]\n"
                "assert not found, found"
            ),
        ],
        NONE,
        "",
    ),
}

FILES = {  # name: content, words of the note
    "essay.txt": (b"Dear teacher,", ".txt"),
    "no_ending": (b"\x00\x01", "no ending"),
    "scan.ipynb": (b"%PDF-1.7 \xff\xfe", "not JSON, so not a notebook"),
    "empty.ipynb": (b"", "not JSON, so not a notebook"),
    "list.ipynb": (b"[1, 2, 3]", "JSON, but not a notebook"),
    "old.ipynb": (b'{"worksheets": []}', "JSON, but not a notebook"),
    "deep.ipynb": (b"[" * 10**6, "not a notebook"),
    "cells.ipynb": (b'{"cells": "abc"}', "JSON, but not a notebook"),
    "null.ipynb": (b"null", "JSON, but not a notebook"),
    "broken.zip": (b"PK\x03\x04 and no more", "not a zip that can be read"),
}


def notebook(cells):
    code = {"cell_type": "code", "metadata": {}, "outputs": [], "execution_count": None}
    words = ["<!-- BEGIN QUESTION -->\nWhy?", "Because.", "<!-- END QUESTION -->"]
    cells = [code | {"source": source.splitlines(keepends=True)} for source in cells]
    cells += [{"cell_type": "markdown", "metadata": {}, "source": text} for text in words]
    return json.dumps({"cells": cells, "metadata": {}, "nbformat": 4, "nbformat_minor": 5})


def make_autograder(path, tests=TESTS):
    with zipfile.ZipFile(path, "w") as archive:
        for name, code in tests.items():
            head = f"from otter.test_files import test_case\nOK_FORMAT = False\nname = '{name}'\n"
            archive.writestr(f"tests/{name}.py", f"{head}points = {POINTS[name]}\n{code}")
        archive.writestr("words.json", json.dumps({"q4": 3}))


def grade(folder, *options):
    """The records by file, and the rows of the CSV."""
    run = subprocess.run(command(folder, *options), capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr
    return read(folder), rows(folder / "grades.csv")


def command(folder, *options):
    program = [sys.executable, HERE / "grade.py", folder / "autograder.zip", folder / "hand-ins"]
    return [*program, "--out", folder / "grades.csv", *map(str, options)]


def read(folder):
    records = {}
    for line in (folder / "grades.jsonl").read_text(encoding="utf-8").splitlines():
        with contextlib.suppress(json.JSONDecodeError):
            record = json.loads(line)
            records[record["file"]] = record
    return records


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))


def left_running():
    """Processes of hand-ins, known by the folder that each was given."""
    found = []
    for process in psutil.process_iter():
        try:
            if "/hand-in-" in process.environ().get("HOME", "") and process.status() != "zombie":
                found.append(process)
        except psutil.Error:
            pass
    return found


@pytest.fixture
def class_of(tmp_path):
    """`class_of({name: cells})`: a folder with an autograder and these hand-ins."""

    def make(handins):
        (tmp_path / "hand-ins").mkdir(exist_ok=True)
        make_autograder(tmp_path / "autograder.zip")
        for name, cells in handins.items():
            path = tmp_path / "hand-ins" / f"{name}.ipynb"
            path.write_text(notebook(cells), encoding="utf-8")
        return tmp_path

    return make


@pytest.fixture(scope="module")
def batch(tmp_path_factory):
    """All hand-ins of this file, graded at once."""
    folder = tmp_path_factory.mktemp("class")
    (folder / "hand-ins").mkdir()
    make_autograder(folder / "autograder.zip")
    for name, (cells, *_) in HAND_INS.items():
        (folder / "hand-ins" / f"{name}.ipynb").write_text(notebook(cells), encoding="utf-8")
    for name, (content, _) in FILES.items():
        (folder / "hand-ins" / name).write_bytes(content)
    with open(folder / "hand-ins/huge.ipynb", "wb") as file:
        file.truncate(200 * 2**20)
    with zipfile.ZipFile(folder / "hand-ins/zipped.zip", "w") as archive:
        archive.writestr("some/folder/x.ipynb", notebook(GOOD))
        archive.writestr("__MACOSX/._x.ipynb", "")
    with zipfile.ZipFile(folder / "hand-ins/two.zip", "w") as archive:
        archive.writestr("a.ipynb", notebook(GOOD))
        archive.writestr("b.ipynb", notebook(GOOD))
    with zipfile.ZipFile(folder / "hand-ins/bomb.zip", "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("x.ipynb", bytes(60 * 2**20))
    records, table = grade(folder, "--seconds", 20, "--memory", 300)
    return records, table, left_running()


def test_every_file_has_one_row(batch):
    records, table, _ = batch
    names = [f"{name}.ipynb" for name in (*HAND_INS, "huge")] + [*FILES]
    names += ["zipped.zip", "two.zip", "bomb.zip"]
    assert sorted(row["file"] for row in table) == sorted(names) == sorted(records)


@pytest.mark.parametrize("name", HAND_INS)
def test_it_earns_what_it_earned_for_the_right_reason(batch, name):
    _, points, note = HAND_INS[name]
    record = batch[0][f"{name}.ipynb"]
    if points is None:
        assert sum(record["points"].values()) == record["hidden"] == 0, record
        return
    assert record["points"] == points, record
    assert note in record["note"], record
    assert note or not points or not record["note"] or points == NONE, record


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


def test_a_zip_with_one_notebook_counts_as_that_notebook(batch):
    records = batch[0]
    assert records["zipped.zip"]["points"] == FULL
    assert "in the zip" in records["two.zip"]["note"]
    assert "larger than 50 MiB" in records["bomb.zip"]["note"]
    assert "200 MiB; expected at most 50" in records["huge.ipynb"]["note"]


def test_nothing_is_left_running(batch):
    assert batch[2] == []


def test_what_is_left_running_would_be_seen(tmp_path):
    home = tmp_path / "hand-in-x"
    sleeper = subprocess.Popen(["sleep", "60"], env=os.environ | {"HOME": str(home)})
    try:
        assert sleeper.pid in [process.pid for process in left_running()]
    finally:
        sleeper.kill()
        sleeper.wait()


def test_a_second_run_grades_only_what_is_new_or_changed(class_of):
    folder = class_of({"a": GOOD, "b": GOOD})
    grade(folder)
    before = (folder / "grades.jsonl").read_text()
    class_of({"b": [CHEAT], "c": GOOD})
    _records, table = grade(folder)
    added = (folder / "grades.jsonl").read_text().removeprefix(before).splitlines()
    assert sorted(json.loads(line)["file"] for line in added) == ["b.ipynb", "c.ipynb"]
    assert [row["total"] for row in table] == ["7", "0", "7"]


@pytest.mark.parametrize(
    ("before", "after", "totals"),
    [("42.5", "0.0", ["5", "2"]), ("points=2", "points=1", ["6", "0"])],
    ids=["another answer", "other points"],
)
def test_a_changed_autograder_grades_everybody_anew(class_of, before, after, totals):
    folder = class_of({"a": GOOD, "b": [CHEAT]})
    _, table = grade(folder)
    assert [row["total"] for row in table] == ["7", "0"]
    changed = TESTS | {"q2": TESTS["q2"].replace(before, after)}
    make_autograder(folder / "autograder.zip", changed)
    _, table = grade(folder)
    assert [row["total"] for row in table] == totals


def test_killed_half_way_and_started_again_each_is_graded_once(class_of):
    folder = class_of({f"s{i}": [*GOOD, "import time; time.sleep(1)"] for i in range(8)})
    first = subprocess.Popen(command(folder, "--workers", 2), stderr=subprocess.DEVNULL)
    log = folder / "grades.jsonl"
    while not log.exists() or log.read_text().count("\n") < 3:
        assert first.poll() is None
        time.sleep(0.05)
    first.send_signal(signal.SIGKILL)
    first.wait()
    deadline = time.monotonic() + 10
    while left_running() and time.monotonic() < deadline:
        time.sleep(0.1)
    assert left_running() == []
    with open(log, "a") as file:
        file.write('{"file": "s7.ipynb", "points')  # what a kill within a write leaves
    _, table = grade(folder)
    files = []
    for line in log.read_text().splitlines():
        try:
            files.append(json.loads(line)["file"])
        except json.JSONDecodeError:
            pass
    assert sorted(files) == [f"s{i}.ipynb" for i in range(8)]
    assert [row["total"] for row in table] == ["7"] * 8


def test_a_worker_that_misses_the_signal_ends_with_its_input():
    deaf = "import signal, sys; signal.signal(15, signal.SIG_IGN); print('deaf'); sys.stdin.read()"
    worker, pipe = Worker(), subprocess.PIPE
    command = [sys.executable, "-u", "-c", deaf]
    worker.process = subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True)
    assert worker.process.stdout.readline() == "deaf\n"
    closing = threading.Thread(target=worker.close, daemon=True)
    closing.start()
    closing.join(30)
    ended = not closing.is_alive()
    worker.process.kill()
    assert ended


def test_an_answer_in_the_graders_name_does_not_count(class_of):
    forge = HAND_INS["speaks_for_the_grader"][0]
    folder = class_of({"a": GOOD, "b": forge, "c": GOOD, "d": forge, "e": GOOD})
    records, table = grade(folder, "--workers", 1)
    assert [row["total"] for row in table] == ["7", "0", "7", "0", "7"]
    if os.getuid() == 0:  # root looks into every process; nobody else gets as far
        assert {records[f"{n}.ipynb"]["note"] for n in "bd"} == {"wrote an answer in the grader's name"}


@pytest.mark.skipif(os.name != "posix" or os.getuid() == 0, reason="root looks into every process")
def test_a_hand_in_cannot_look_into_the_grader(class_of):
    look = "import os\nopen(f'/proc/{os.getppid()}/mem', 'rb')"
    records, _ = grade(class_of({"a": [*GOOD, look]}))
    assert "PermissionError" in records["a.ipynb"]["note"]


def test_a_record_that_a_hand_in_has_changed_is_restored(class_of):
    folder = class_of({"a": [CHEAT], "c": GOOD})
    grade(folder)
    log = folder / "grades.jsonl"
    better = log.read_text().splitlines()[0]
    better = json.dumps(json.loads(better) | {"points": FULL, "hidden": 5.0})
    class_of({"b": [f"open({str(log)!r}, 'a').write({better + chr(10)!r})"]})
    records, _ = grade(folder)
    assert records["a.ipynb"]["points"] == NONE
    assert "grades.jsonl was changed while this ran: restored" in records["b.ipynb"]["note"]
    _, table = grade(folder)
    assert [row["total"] for row in table] == ["0", "0", "7"]


def test_whatever_a_hand_in_is_called_it_has_a_row(class_of, tmp_path):
    names = ["n" * 240, 'émoji 🎈, "quoted"\nin two lines', "=1+1", "-2"]
    folder = class_of(dict.fromkeys(names, GOOD))
    handins = folder / "hand-ins"
    (handins / "folder.ipynb").mkdir()
    (handins / "folder.ipynb" / "in it.IPYNB").write_text(notebook(GOOD), encoding="utf-8-sig")
    shutil.copy(handins / "-2.ipynb", handins / os.fsdecode(b"not \xff utf-8.ipynb"))
    (handins / "unread.ipynb").write_text(notebook(GOOD))
    (handins / "unread.ipynb").chmod(0)
    (handins / "solution.ipynb").symlink_to(handins / "-2.ipynb")
    (handins / "nowhere.ipynb").symlink_to(tmp_path / "nowhere")
    (handins / "around").symlink_to(handins)
    handins.chmod(0o500)
    try:
        records, table = grade(folder)
    finally:
        handins.chmod(0o700)
    found = {row["file"]: row["total"] for row in table}
    assert len(table) == len(found) == 10
    for link in ("solution.ipynb", "nowhere.ipynb", "around"):
        assert found.pop(link) == "0" and "a link to another file" in records[link]["note"]
    if os.getuid():
        assert found.pop("unread.ipynb") == "0" and "cannot be read" in records["unread.ipynb"]["note"]
    assert set(found.values()) == {"7"}
    assert {"'=1+1.ipynb", "'-2.ipynb", "not \\udcff utf-8.ipynb"} < set(found)


def formulas(path):
    """The cells of a table that a spreadsheet would take for a formula: a sign first, and no number."""
    cells = [cell for row in rows(path) for cell in row.values()]
    signs = [cell for cell in cells if cell[:1] in ("\t", "\r") or cell.strip()[:1] in tuple("=+-@")]
    return [cell for cell in signs if not cell.lstrip("+-").replace(".", "", 1).isdigit()]


FORMULAS = ["=1+1", "+1+1", "-1+1", "@SUM(1)", "\t=1", "\r=1", "\tone", " =1"]


@pytest.mark.parametrize("layout", ["everything", "canvas", "moodle"])
def test_no_name_and_no_answer_becomes_a_formula(class_of, layout):
    folder = class_of({f"{formula}_12_34_x": GOOD for formula in FORMULAS})
    for formula in FORMULAS:
        path = folder / "hand-ins" / f"{formula}_12_34_x.ipynb"
        answer = json.dumps(formula)[1:-1]
        path.write_text(path.read_text().replace("Because.", answer), encoding="utf-8")
    _, table = grade(folder, *([] if layout == "everything" else ["--for", layout]))
    assert len(table) == len(FORMULAS) + (layout == "canvas")
    assert formulas(folder / "grades.csv") == formulas(folder / "grades-words.csv") == []
    answers = [row["answer"] for row in rows(folder / "grades-words.csv")]
    assert sorted(answers) == sorted(f"'{formula}" for formula in FORMULAS)


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_is_found_and_a_number_is_none(tmp_path, formula):
    with open(tmp_path / "table.csv", "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["answer", "points"], [formula, "-1.5"], ["one", ""]])
    assert formulas(tmp_path / "table.csv") == [formula]


def test_points_below_zero_stay_numbers(class_of):
    folder = class_of({"=a": GOOD})
    grade(folder)
    words = folder / "grades-words.csv"
    words.write_text(words.read_text().replace("a.ipynb,q4,,", "a.ipynb,q4,-1,"))
    for _ in range(2):
        _, table = grade(folder)
        assert table[0]["total"] == "6" and rows(words)[0]["points"] == "-1"


def test_two_rows_of_one_student_are_named(class_of):
    folder = class_of({"doe_12_34_a": GOOD, "doe_12_35_b": GOOD, "roe_13_36_a": GOOD})
    run = subprocess.run(command(folder, "--for", "canvas"), capture_output=True, text=True)
    assert "doe (12) has 2 rows: doe_12_34_a.ipynb, doe_12_35_b.ipynb" in run.stdout
    assert "roe" not in run.stdout


def test_two_runs_do_not_write_the_same_file(class_of):
    folder = class_of({"slow": ["import time; time.sleep(4)"]})
    first = subprocess.Popen(command(folder), stderr=subprocess.DEVNULL)
    while not (folder / "grades.jsonl").exists():
        time.sleep(0.05)
    time.sleep(0.5)
    second = subprocess.run(command(folder), capture_output=True, text=True)
    assert second.returncode == 1 and "another run is writing it" in second.stderr
    assert first.wait() == 0


def test_points_given_by_hand_are_added_and_kept(class_of):
    folder = class_of({"a": GOOD, "b": GOOD})
    grade(folder)
    words = folder / "grades-words.csv"
    (first, _second) = rows(words)
    assert (first["question"], first["of"], first["answer"]) == ("q4", "3", "Because.")
    words.write_text(words.read_text().replace("a.ipynb,q4,,", "a.ipynb,q4,2.5,"))
    _, table = grade(folder)
    assert [row["total"] for row in table] == ["9.5", "7"]
    assert [row["points"] for row in rows(words)] == ["2.5", ""]
    words.write_text(words.read_text().replace("2.5", "good"))
    run = subprocess.run(command(folder), capture_output=True, text=True)
    assert run.returncode == 1 and "points empty or a number" in run.stderr


def test_canvas_and_moodle_find_the_columns_they_import(class_of):
    folder = class_of({"doejane_LATE_1234_98765_x": GOOD})
    moodle = folder / "hand-ins" / "Jané Doe_5678_assignsubmission_file"
    moodle.mkdir()
    shutil.copy(folder / "hand-ins/doejane_LATE_1234_98765_x.ipynb", moodle / "x.ipynb")
    _, table = grade(folder, "--for", "canvas", "--title", "Softmax")
    head = ["Student", "ID", "SIS User ID", "SIS Login ID", "Section", "Softmax"]
    assert list(table[0]) == head
    assert (table[0]["Student"].strip(), table[0]["Softmax"]) == ("Points Possible", "10")
    assert table[2] == dict.fromkeys(head, "") | {
        "Student": "doejane",
        "ID": "1234",
        "Softmax": "7",
    }
    _, table = grade(folder, "--for", "moodle")
    assert table[0]["Identifier"] == "Participant 5678"
    assert (table[0]["Full name"], table[0]["Grade"]) == ("Jané Doe", "7")
    assert {"Last modified (grade)", "Maximum Grade", "Feedback comments"} < set(table[0])


@pytest.mark.parametrize("leak", ["the whole master", "the seed of a hidden test"])
def test_a_student_version_that_leaks_is_caught(tmp_path, leak):
    master = jupytext.read(MASTER)
    student = tmp_path / "student.ipynb"
    nbformat.write(master, student)
    if leak != "the whole master":
        student.write_text(notebook(["rng = np.random.default_rng(271)"]), encoding="utf-8")
    make_autograder(tmp_path / "autograder.zip")
    with pytest.raises(SystemExit, match="leaks into the student version"):
        make.check_leaks(master, student, student, tmp_path / "autograder.zip")


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({"COURSE_REPO_URL": "https://gitlab.com/a/b.git"}, "https://gitlab.com/a/b"),
        (
            {
                "GITHUB_REPOSITORY": "someone/fork",
                "GITHUB_SERVER_URL": "https://github.example.edu",
            },
            "https://github.example.edu/someone/fork",
        ),
        ({}, None),
    ],
    ids=["GitLab", "GitHub Enterprise", "no address"],
)
def test_an_autograder_requires_the_course_of_this_very_commit(tmp_path, monkeypatch, environ, url):
    for name in ("COURSE_REPO_URL", "GITHUB_REPOSITORY", "GITHUB_SERVER_URL"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environ.items():
        monkeypatch.setenv(name, value)
    make.main(MASTER, tmp_path)
    with zipfile.ZipFile(tmp_path / "instructor" / "twice" / "autograder.zip") as archive:
        conda = yaml.safe_load(archive.read("environment.yml"))
    (required,) = [part["pip"] for part in conda["dependencies"] if isinstance(part, dict)]
    head = ["git", "-C", HERE, "rev-parse", "HEAD"]
    commit = subprocess.run(head, check=True, capture_output=True, text=True).stdout.strip()
    course = [f"softmaxlab @ git+{url}@{commit}"] if url else []
    assert [line for line in required if "softmaxlab" in line] == course


@pytest.mark.parametrize(
    "change, words",
    [
        ({1: "none.zip"}, "none.zip"),
        ({2: "nowhere"}, "nowhere"),
        ({2: "empty"}, "empty"),
        ({5: "--workers", 6: "0"}, "--workers"),
    ],
)
def test_a_wrong_call_says_what_was_expected(class_of, change, words):
    folder = class_of({"a": GOOD})
    (folder / "empty").mkdir()
    call = [*map(str, command(folder)), "", ""][1:]
    for place, text in change.items():
        call[place] = str(folder / text) if place < 3 else text
    run = subprocess.run([sys.executable, *filter(None, call)], capture_output=True, text=True)
    assert run.returncode and words in run.stderr, run.stderr
