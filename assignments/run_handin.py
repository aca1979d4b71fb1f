"""Run one hand-in as JupyterLab would, and hand out what it made. `wall.py` starts this, inside the wall.

The notebook comes on the standard input; the tests stay with the grader, at the other end of a socket.
"""

import asyncio
import importlib.machinery
import json
import os
import resource
import shutil
import signal
import socket
import sys
import types

sys.path.insert(0, os.path.dirname(__file__))
from exchange import Peer

sys.path[0] = ""  # as in a kernel
del sys.modules["exchange"]  # a hand-in may have a file of that name

import nbformat  # noqa: E402
import numpy as np  # noqa: E402
from IPython.core.interactiveshell import InteractiveShell  # noqa: E402
from traitlets.config import Config  # noqa: E402


class TooLong(BaseException):
    """A cell or a call took too long. No Exception, so that `except Exception` lets it pass."""


class Shell(InteractiveShell):
    """IPython as a kernel has it: a loop runs under every cell. Nobody looks at windows or at errors."""

    def should_run_async(self, *args, **kwargs):
        return asyncio._get_running_loop() is None or super().should_run_async(*args, **kwargs)

    def enable_gui(self, gui=None):
        pass

    def showtraceback(self, *args, **kwargs):
        pass

    showsyntaxerror = showtraceback


class Ignored(types.ModuleType):
    """Stands in for a module that is not here: whatever is asked of it does nothing."""

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        return self

    def __call__(self, *args, **kwargs):
        return self


class HandIn(Peer):
    """The end at which the hand-in runs: cells, names and calls."""

    def __init__(self, socket):
        super().__init__(socket)
        self.patience, self.missing = 0, set()
        config = Config(HistoryManager={"enabled": False}, InteractiveShell={"colors": "nocolor"})
        self.shell = Shell.instance(config=config)

    def ask(self, **message):
        """As any `Peer`, but an alarm waits for the answer: half an exchange would be the end of it."""
        signal.pthread_sigmask(signal.SIG_BLOCK, {signal.SIGALRM})
        try:
            return super().ask(**message)
        finally:
            signal.pthread_sigmask(signal.SIG_UNBLOCK, {signal.SIGALRM})

    def answer(self, message):
        if "run" in message:
            self.patience = message["run"]
            return self.run()
        if "name" in message:
            return self.patiently(lambda: self.value(message["name"]))
        return self.patiently(lambda: self.call(message))

    def value(self, name):
        names = self.shell.user_ns
        return {"value": self.encode(names[name])} if name in names else {"missing": True}

    def run(self):
        """Run every cell and go on after an error; report the first, what is missing, and the answers in words."""
        try:
            cells = read_cells(sys.stdin.buffer.read())
        except (ValueError, MemoryError) as error:
            return {"refused": str(error) or "too large for its limit of memory"}
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        notes = []
        for number, (source, kind) in enumerate(cells, 1):
            if kind == "code":
                answer = self.patiently(lambda source=source: self.cell(source))
                if "error" in answer:
                    notes.append(f"cell {number}: {answer['error'][0]}: {answer['text']}".rstrip(": ")[:200])
        missing = f"went on without {', '.join(sorted(self.missing))}, not installed here" if self.missing else ""
        return {"note": "; ".join(filter(None, [*notes[:1], missing])), "words": in_words(cells)}

    def cell(self, source):
        """Run a cell; once more for each module that is not here, with an `Ignored` in its place."""
        while True:
            result = self.shell.run_cell(source, store_history=True)
            error = result.error_before_exec or result.error_in_exec
            name = error.name if isinstance(error, ModuleNotFoundError) else None
            if name is None or name in sys.modules:
                break
            sys.modules[name] = Ignored(name)
            self.missing.add(name.partition(".")[0])
        if error:
            raise error
        return {}

    def patiently(self, work):
        """What `work` returns; every error, and too long a wait, as data."""
        signal.signal(signal.SIGALRM, too_long)
        signal.setitimer(signal.ITIMER_REAL, self.patience)
        try:
            return work()
        except TooLong:
            return {"error": ["TimeoutError"], "text": f"took more than {self.patience:g} s"}
        except BaseException as error:
            return {"error": [cls.__name__ for cls in type(error).__mro__], "text": str(error)[:500]}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


def too_long(*_):
    raise TooLong


def read_cells(data):
    """(source, type) of every cell, of any format that Jupyter had. `ValueError` says what it is if it is none."""
    encoding = json.detect_encoding(data)
    if not encoding.startswith("utf-8"):
        raise ValueError(f"its text is {encoding.upper()}; expected UTF-8. Save it again with Jupyter.")
    try:
        notebook = json.loads(data.decode("utf-8-sig", errors="replace"), object_hook=without_outputs)
    except (json.JSONDecodeError, RecursionError) as error:
        raise ValueError(f"not JSON, so not a notebook: {error}") from None
    try:
        notebook = nbformat.from_dict({"nbformat": 4} | notebook)
        if notebook.nbformat != 4:
            notebook = nbformat.convert(notebook, 4)
        return [("".join(cell.get("source", "")), cell["cell_type"]) for cell in notebook["cells"]]
    except Exception as error:
        raise ValueError(f"JSON, but not a notebook of a format that Jupyter has: {error!r:.100}") from None


def without_outputs(data):
    """A cell without what it printed, as soon as it is read."""
    return data | {"outputs": [], "attachments": {}} if "cell_type" in data else data


def in_words(cells):
    """The answers in words, in their order: otter marks where such a question begins and ends."""
    answers, inside = [], False
    for source, kind in cells:
        if "<!-- BEGIN QUESTION -->" in source:
            inside, found = True, []
        elif "<!-- END QUESTION -->" in source and inside:
            answers.append("\n\n".join(found)[:5000])
            inside = False
        elif inside and kind == "markdown":
            found.append(source)
    return answers


def share_digits(folder):
    """Let `load_mnist` read unpacked files, a page when it is looked at; a hand-in changes its own copy."""
    from softmaxlab import data

    def load_mnist():
        read = {name: np.load(f"{folder}/{name}.npy", mmap_mode="c") for name in ("images", "labels")}
        parts = slice(0, 55_000), slice(55_000, 60_000), slice(60_000, 70_000)
        return tuple(data.Digits(*(np.asarray(array[part]) for array in read.values())) for part in parts)

    data.load_mnist = load_mnist


def confine(memory, processes):
    """Limits that the wall has not. What stays is the watch's: see `wall.py`."""
    os.nice(5)
    limits = {"FSIZE": 2**28, "CORE": 0, "NOFILE": 256}
    if sys.platform == "linux":
        with open("/proc/self/oom_score_adj", "w") as file:
            file.write("1000")  # when the machine has no memory left, this goes first
        # Address space is more than memory, which the watch holds
        limits |= {"AS": memory + 2**31}
    if processes:
        limits["NPROC"] = processes
    for name, most in limits.items():
        resource.setrlimit(getattr(resource, f"RLIMIT_{name}"), (most, most))


def main(number, memory, processes, shared):
    confine(int(memory), int(processes))
    shutil.copytree(f"{shared}/home", os.environ["HOME"])
    share_digits(shared)
    sys.modules["otter"] = otter = Ignored("otter")  # its checks are made on the other side
    otter.__spec__ = importlib.machinery.ModuleSpec("otter", None)
    sys.argv = ["hand-in"]
    handin = HandIn(socket.socket(fileno=int(number)))
    while True:
        handin.send(handin.answer(handin.receive()))


if __name__ == "__main__":
    try:
        main(*sys.argv[1:])
    finally:
        os._exit(0)
