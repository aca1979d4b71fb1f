"""Run one hand-in in a process of its own, and hand out what it made: numbers, text, arrays, and calls of its
functions.

`grade.py` starts this file and speaks with it through two pipes. The tests stay on the other side, and only data
pass, never objects. So whatever a hand-in patches, it patches its own process, and nothing there judges it.
"""

import base64
import builtins
import ctypes
import importlib.machinery
import json
import os
import re
import resource
import signal
import sys
import types

import numpy as np

TOO_MUCH = 64 * 2**20  # bytes of one message


class Other:
    """A value that is no data: all that is known of it is the name of its class."""

    def __init__(self, name):
        self.name = name

    def __repr__(self):
        return f"<{self.name}>"


class TooLong(BaseException):
    """A cell or a call took too long. No Exception, so that `except Exception` lets it pass."""


class Peer:
    """One end of the two pipes. Either end may call functions that the other has handed out."""

    def __init__(self, reading, writing):
        self.reading, self.writing = reading, writing
        self.functions = []

    def ask(self, **message):
        """Send a message and return the answer; answer the calls that come first."""
        self.send(message)
        while True:
            came = self.receive()
            if "call" not in came:
                return came
            self.send(self.call(came))

    def call(self, message):
        """Call one of our functions on the arguments in `message`."""
        try:
            function = self.functions[message["call"]]
            return {"value": self.encode(function(*self.decode(message["args"])))}
        except Exception as error:
            return {"error": [type(error).__name__, str(error)[:500]]}

    def send(self, message):
        data = json.dumps(message).encode()
        if len(data) > TOO_MUCH:
            message = {"error": ["ValueError", f"a value of more than {TOO_MUCH >> 20} MiB"]}
            data = json.dumps(message).encode()
        self.write(len(data).to_bytes(8, "big") + data)

    def receive(self):
        length = int.from_bytes(self.read(8), "big")
        if length > TOO_MUCH:
            raise ValueError(f"a message of {length} bytes")
        message = json.loads(self.read(length))
        if not isinstance(message, dict):
            raise ValueError(f"a message that is no dictionary: {message!r:.40}")
        return message

    def write(self, data):
        while data:
            data = data[os.write(self.writing, data) :]

    def read(self, length):
        data = b""
        while len(data) < length:
            came = os.read(self.reading, length - len(data))
            if not came:
                raise EOFError
            data += came
        return data

    def encode(self, value):
        if value is None or isinstance(value, (bool, int, float, str)):
            return value
        if isinstance(value, (np.ndarray, np.generic)) and value.dtype.kind in "biuf":
            if value.nbytes > TOO_MUCH // 2:
                raise ValueError(f"expected at most {TOO_MUCH >> 21} MiB; came {value.nbytes >> 20}")
            data = base64.b64encode(np.ascontiguousarray(value).tobytes()).decode()
            return {"array": data, "type": value.dtype.str, "shape": list(value.shape)}
        if isinstance(value, bytes):
            return {"bytes": base64.b64encode(value).decode()}
        if isinstance(value, list):
            return [self.encode(item) for item in value]
        if isinstance(value, tuple):
            return {"tuple": [self.encode(item) for item in value]}
        if isinstance(value, dict):
            return {"dict": [[self.encode(key), self.encode(value[key])] for key in value]}
        if isinstance(value, np.random.Generator):
            return {"rng": value.bit_generator.state}
        if callable(value):
            self.functions.append(value)
            return {"function": len(self.functions) - 1}
        return {"other": type(value).__name__}

    def decode(self, data):
        if isinstance(data, list):
            return [self.decode(item) for item in data]
        if not isinstance(data, dict):
            return data
        ((kind, content),) = [item for item in data.items() if item[0] not in ("type", "shape")]
        if kind == "array":
            array = np.frombuffer(base64.b64decode(content), np.dtype(data["type"]))
            array = array.reshape(data["shape"]).copy()
            return array[()]
        if kind == "bytes":
            return base64.b64decode(content)
        if kind == "tuple":
            return tuple(self.decode(content))
        if kind == "dict":
            return {self.decode(key): self.decode(value) for key, value in content}
        if kind == "rng":
            rng = np.random.default_rng()
            rng.bit_generator.state = content
            return rng
        if kind == "function":
            return lambda *args: self.result(self.ask(call=content, args=self.encode(list(args))))
        return Other(str(content))

    def result(self, answer):
        """The value that a call returned, or the error that it raised."""
        if "error" in answer:
            name, text = answer["error"]
            known = getattr(builtins, str(name), None)
            usual = isinstance(known, type) and issubclass(known, Exception)
            raise (known if usual else RuntimeError)(f"{text}" if usual else f"{name}: {text}")
        return self.decode(answer["value"])


class HandIn(Peer):
    """The end at which the hand-in runs: cells, names and calls."""

    def __init__(self, reading, writing):
        super().__init__(reading, writing)
        self.patience = 0
        main = sys.modules["__main__"] = types.ModuleType("__main__")
        self.names = main.__dict__
        self.names["get_ipython"] = Shell(self)

    def answer(self, message):
        if "run" in message:
            self.patience = message["patience"]
            return self.run(message["run"])
        if "name" in message:
            return self.patiently(lambda: self.value(message["name"]))
        return self.patiently(lambda: self.call(message))

    def value(self, name):
        return {"value": self.encode(self.names[name])} if name in self.names else {"missing": True}

    def run(self, text):
        """Run every cell, as "Run all" would that goes on after an error; report the first error, and the answers in
        words.
        """
        try:
            cells = json.loads(text)["cells"]
            sources = [("".join(cell["source"]), cell["cell_type"]) for cell in cells]
        except json.JSONDecodeError as error:
            return {"refused": f"not JSON, so not a notebook: {error}"}
        except (KeyError, TypeError, RecursionError):
            return {"refused": "JSON, but not a notebook of format 4: no list of cells with sources"}
        notes = []
        for number, (source, kind) in enumerate(sources, 1):
            if kind == "code":
                answer = self.patiently(lambda source=source, n=number: self.cell(source, n))
                if "error" in answer:
                    notes.append(f"cell {number}: {': '.join(filter(None, answer['error']))[:200]}")
        return {"note": notes[0] if notes else "", "errors": len(notes), "words": in_words(sources)}

    def cell(self, source, number=0):
        if re.search(r"^\s*[%!?]|\?\s*$", source, re.MULTILINE):
            from IPython.core.inputtransformer2 import TransformerManager

            source = TransformerManager().transform_cell(source)
        exec(compile(source, f"<cell {number}>", "exec", dont_inherit=True), self.names)
        return {}

    def patiently(self, work):
        """What `work` returns; every error, and too long a wait, as data."""
        signal.signal(signal.SIGALRM, too_long)
        signal.setitimer(signal.ITIMER_REAL, self.patience)
        try:
            return work()
        except TooLong:
            return {"error": ["TimeoutError", f"took more than {self.patience:g} s"]}
        except BaseException as error:
            return {"error": [type(error).__name__, str(error)[:500]]}
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)


class Shell:
    """What `get_ipython()` gives while grading: magics do nothing, but those that time a cell run it."""

    def __init__(self, handin):
        self.handin = handin

    def __call__(self):
        return self

    def run_cell_magic(self, name, line, cell):
        if name in ("time", "timeit", "capture"):
            self.handin.cell(cell)

    def __getattr__(self, name):
        return lambda *args, **kwargs: None


class Otter(types.ModuleType):
    """Stands in for otter-grader: its checks are made on the other side."""

    def Notebook(self, *args, **kwargs):
        return Shell(None)


def in_words(sources):
    """The answers in words, in their order: otter marks where such a question begins and ends."""
    answers, inside = [], False
    for source, kind in sources:
        if "<!-- BEGIN QUESTION -->" in source:
            inside, found = True, []
        elif "<!-- END QUESTION -->" in source and inside:
            answers.append("\n\n".join(found)[:5000])
            inside = False
        elif inside and kind == "markdown":
            found.append(source)
    return answers


def share_mnist(folder):
    """Let `load_mnist` read unpacked files, a page only when it is looked at; what a hand-in changes, it changes for
    itself.
    """
    from softmaxlab import data

    def load_mnist():
        def read(name):
            return np.asarray(np.load(os.path.join(folder, f"{name}.npy"), mmap_mode="c"))

        names = ("train", "valid", "test")
        return tuple(data.Digits(read(f"{n}-images"), read(f"{n}-labels")) for n in names)

    data.load_mnist = load_mnist


def too_long(*_):
    raise TooLong


def main(reading, writing, memory, processes):
    os.nice(5)  # the watch comes first
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGKILL)  # PR_SET_PDEATHSIG: end with the grader
        # Address space is more than memory: the grader itself watches the memory.
        resource.setrlimit(resource.RLIMIT_AS, (memory + 2**31, memory + 2**31))
    resource.setrlimit(resource.RLIMIT_FSIZE, (2**28, 2**28))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    most = resource.getrlimit(resource.RLIMIT_NPROC)[1]
    most = processes if most == resource.RLIM_INFINITY else min(most, processes)
    resource.setrlimit(resource.RLIMIT_NPROC, (most, most))
    sys.modules["otter"] = Otter("otter")
    sys.modules["otter"].__spec__ = importlib.machinery.ModuleSpec("otter", None)
    sys.argv = ["hand-in"]
    if os.environ.get("MNIST_UNPACKED"):
        share_mnist(os.environ["MNIST_UNPACKED"])
    handin = HandIn(reading, writing)
    while True:
        handin.send(handin.answer(handin.receive()))


if __name__ == "__main__":
    try:
        main(*map(int, sys.argv[1:]))
    finally:
        os._exit(0)
