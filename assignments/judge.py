"""What one hand-in earned: it runs behind the wall, and the tests of an autograder ask it for values and calls."""

import functools
import hashlib
import json
import os
import re
import tempfile
import threading
import time
import zipfile
from multiprocessing import parent_process
from pathlib import Path
from typing import NamedTuple

import numpy as np
from otter.test_files.exception_test import ExceptionTestFile
from wall import Refused, Running

LARGEST = 50 * 2**20  # bytes of a hand-in
MODULES = {"np": np}  # names that a test may ask for and that no hand-in provides


class Tests(NamedTuple):
    """The tests of an autograder by question, points of those answered in words, the most that both give."""

    files: list
    words: dict
    possible: float
    digest: str


@functools.cache
def read_tests(path):
    """The tests of an autograder, as otter reads them, and the points of the questions answered in words."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(n for n in archive.namelist() if re.fullmatch(r"tests/\w+\.py", n))
            files = [ExceptionTestFile.from_string(archive.read(n).decode(), n) for n in names]
            words = json.loads(archive.read("words.json")) if "words.json" in archive.namelist() else {}
    except (OSError, zipfile.BadZipFile) as error:
        raise Refused(f"{path}: expected an autograder.zip; {error}. Try: make assignments") from None
    if not files:
        raise Refused(f"{path}: expected tests/*.py in it; found none. Try: make assignments")
    possible = sum(case.points for file in files for case in file.test_cases) + sum(words.values())
    text = json.dumps([words, *(file.source for file in files)])
    return Tests(files, words, possible, hashlib.sha256(text.encode()).hexdigest()[:16])


def open_notebook(path):
    """The file of a notebook, or of the one notebook in a zip."""
    if path.is_symlink():
        raise Refused("a link to another file, and not a file")
    if path.stat().st_size > LARGEST:
        raise Refused(f"{path.stat().st_size >> 20} MiB; expected at most {LARGEST >> 20}")
    if path.suffix.lower() == ".ipynb":
        return open(path, "rb")
    if path.suffix.lower() != ".zip":
        raise Refused(f"not a notebook: expected .ipynb or .zip, came {path.suffix or 'no ending'}")
    try:
        with zipfile.ZipFile(path) as archive:
            names = [n for n in archive.namelist() if n.lower().endswith(".ipynb") and not hidden(Path(n))]
            if len(names) != 1:
                raise Refused(f"expected one notebook in the zip; came {len(names)}")
            with archive.open(names[0]) as inside:
                content = inside.read(LARGEST + 1)
    except (OSError, RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
        raise Refused(f"not a zip that can be read: {error}") from None
    if len(content) > LARGEST:
        raise Refused(f"the notebook in it is larger than {LARGEST >> 20} MiB")
    file = tempfile.TemporaryFile()
    file.write(content)
    file.seek(0)
    return file


def hidden(path):
    """Whether it is a file that nobody handed in: of Jupyter's checkpoints, or what a Mac adds to a zip."""
    return any(part.startswith((".", "__MACOSX")) for part in path.parts)


class Names:
    """The names of a hand-in, as the tests ask for them."""

    def __init__(self, running):
        self.running, self.missing = running, []

    def get(self, name, default=None):
        if name in MODULES:
            return MODULES[name]
        answer = self.running.ask(name=name)
        if "missing" not in answer:
            return self.running.result(answer)
        self.missing.append(name)
        return default


def judge(autograder, path, limits):
    """What one hand-in earned: points by question, of them hidden ones, and a note on what went wrong."""
    began, tests = time.monotonic(), read_tests(autograder)
    record = {"points": {file.name: 0.0 for file in tests.files}, "hidden": 0.0, "note": "", "failed": [], "words": []}
    try:
        try:
            notebook = open_notebook(path)
        except OSError as error:
            raise Refused(f"cannot be read: {error.strerror}") from None
        with notebook, Running(notebook, limits) as running:
            ran = running.ask(run=limits.seconds / 4)
            if "refused" in ran:
                raise Refused(str(ran["refused"])[:300])
            record["note"] = str(ran.get("note", ""))[:300]
            record["words"] = [str(answer) for answer in ran.get("words", [])][: len(tests.words)]
            why = hold(tests, Names(running), record)
        if not any(record["points"].values()):
            record["note"] = "; ".join(filter(None, [record["note"], f"no test passed: {why}"]))
    except Refused as error:
        record["note"] = str(error)
    except Exception as error:  # whatever a hand-in may think of, there is a row
        record["note"] = f"could not be graded: {error!r:.200}"
    return record | {"seconds": round(time.monotonic() - began, 1)}


def hold(tests, names, record):
    """Hold the tests to a hand-in and write down what passes; why the first did not, if one did not."""
    why = ""
    for file in tests.files:
        for case in file.test_cases:
            try:
                case.body.call_func(names)
            except Refused:
                raise
            except Exception as error:
                record["failed"].append(case.name)
                lacks = f", and it defines no {names.missing[0]}" if names.missing else ""
                why = why or f"the first ended with {type(error).__name__}{lacks}"
            else:
                record["points"][file.name] += case.points
                record["hidden"] += case.points if case.hidden else 0
    return why


def end_with_grader():
    """A process that judges ends as soon as the one that started it, and a hand-in with that: see `wall.py`."""
    threading.Thread(target=lambda: (parent_process().join(), os._exit(1)), daemon=True).start()
