"""A class for the tests: an autograder of three questions, hand-ins, and whoever grades them."""

import contextlib
import csv
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from pathlib import Path

import psutil
from wall import readable

HERE = Path(__file__).parent
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
    "!echo hello",
]
FULL = {"q1": 3, "q2": 2, "q3": 2}
NONE = {"q1": 0, "q2": 0, "q3": 0}
CHEAT = "def double(x):\n    return x\nanswer = 0\ndef root(x, change=None):\n    return 0"

# Root grades as root, and as an ordinary user too; anybody else as who they are
USERS = ["root", "ordinary"] if os.getuid() == 0 else ["ordinary"]
ORDINARY = 64321  # no account needs to be there for it


class Class:
    """A folder with an autograder and hand-ins, and `user`, who grades them."""

    def __init__(self, folder, user=USERS[0]):
        self.folder, self.user = Path(folder), user
        self.handins, self.autograder = self.folder / "hand-ins", self.folder / "autograder.zip"
        self.out, self.record = self.folder / "grades.csv", self.folder / "grades.jsonl"
        # Hand-ins are told the time zone. This one is nobody else's, so they can be found.
        self.environment = os.environ | {"TZ": self.folder.name}
        self.handins.mkdir()
        make_autograder(self.autograder)

    def add(self, **cells):
        """Hand in: `name=cells`, or what is to be written into the file."""
        for name, content in cells.items():
            content = content if isinstance(content, bytes) else notebook(content).encode()
            (self.handins / f"{name}.ipynb").write_bytes(content)
        return self

    def command(self, *options):
        """What grades it, as its user."""
        program = [sys.executable, HERE / "grade.py", self.autograder, self.handins, "--out", self.out, *options]
        if os.getuid() == 0 and self.user == "ordinary":
            for path in (self.folder, *self.folder.rglob("*")):
                os.chown(path, ORDINARY, ORDINARY, follow_symlinks=False)
            program = [*ordinary(), *program]
        return [*map(str, program)]

    def run(self, *options, **environment):
        environment = self.environment | environment
        return subprocess.run(self.command(*options), capture_output=True, text=True, env=environment)

    def start(self, *options, **how):
        return subprocess.Popen(self.command(*options), stderr=subprocess.PIPE, text=True, env=self.environment, **how)

    def grade(self, *options, **environment):
        """The records by file, and the rows of the CSV."""
        run = self.run(*options, **environment)
        assert run.returncode == 0, run.stdout + run.stderr
        return self.records(), rows(self.out)

    def left_running(self):
        """Processes of its hand-ins."""
        found = []
        for process in psutil.process_iter():
            with contextlib.suppress(psutil.Error):
                given = process.environ()
                mine = (given.get("USER"), given.get("TZ")) == ("student", self.folder.name)
                if mine and process.status() != psutil.STATUS_ZOMBIE:
                    found.append(process)
        return found

    def records(self):
        records = {}
        for line in self.record.read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(json.JSONDecodeError):
                record = json.loads(line)
                records[record["file"]] = record
        return records


@contextlib.contextmanager
def class_of(user=USERS[0]):
    """A `Class` in a folder of its own, which every user can reach."""
    folder = tempfile.mkdtemp(prefix="class-")
    os.chmod(folder, 0o755)
    try:
        yield Class(folder, user)
    finally:
        shutil.rmtree(folder)


def ordinary():
    """What root puts before a command to run it as an ordinary user, who cannot look into root's home.

    Python itself may live there, so that alone is laid over an empty home.
    """
    home = Path("~root").expanduser()
    command = ["bwrap", "--dev-bind", "/", "/", "--perms", "0755", "--tmpfs", home]
    for path in {*readable(), HERE}:
        if path.is_relative_to(home):
            for folder in [*reversed(path.parents)][len(home.parts) :]:
                command += ["--perms", "0755", "--dir", folder]
            command += ["--ro-bind", path, path]
    command += ["--cap-add", "CAP_SETUID", "--cap-add", "CAP_SETGID", "--die-with-parent"]
    user = ["--reuid", ORDINARY, "--regid", ORDINARY, "--clear-groups", "--inh-caps=-all", "--bounding-set=-all"]
    return [*command, "--cap-add", "CAP_SETPCAP", "setpriv", *user, "env", "HOME=/nonexistent"]


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


def rows(path):
    with open(path, newline="", encoding="utf-8") as file:
        return list(csv.DictReader(file))
