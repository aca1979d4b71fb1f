"""Two processes that need not trust each other ask each other for values and for calls of functions, over a socket.

Only data pass, never objects, so what one side patches it patches for itself alone. A value that is no data, such as an
object of a class that a hand-in defines, arrives as an `object` without anything.
"""

import base64
import builtins
import json
from collections.abc import ItemsView, KeysView, ValuesView
from decimal import Decimal
from fractions import Fraction

import numpy as np

LARGEST = 64 * 2**20  # bytes of one message
MOST = 4_000_000  # values in one message


def parts(array):
    if array.nbytes > LARGEST // 2:
        raise ValueError(f"expected at most {LARGEST >> 21} MiB; came {array.nbytes >> 20}")
    return [array.dtype.str, list(array.shape), array.ravel().tolist() if array.dtype == object else array.tobytes()]


def array(parts):
    kind, shape, data = parts
    flat = np.fromiter(data, object) if isinstance(data, list) else np.frombuffer(data, kind)
    return flat.reshape(shape).copy()


def generator(state):
    rng = np.random.default_rng()
    rng.bit_generator.state = state
    return rng


# Classes, what a value of them is taken apart into, and what puts it together again
KINDS = {
    "number": (np.generic, parts, lambda parts: array(parts)[()]),
    "array": (np.ndarray, parts, array),
    "complex": (complex, str, complex),
    "fraction": (Fraction, str, Fraction),
    "decimal": (Decimal, str, Decimal),
    "bytes": ((bytes, bytearray), lambda data: base64.b64encode(data).decode(), base64.b64decode),
    "tuple": (tuple, list, tuple),
    "set": (set, list, set),
    "frozenset": (frozenset, list, frozenset),
    "dict": (dict, lambda data: [[key, data[key]] for key in data], dict),
    "rng": (np.random.Generator, lambda rng: rng.bit_generator.state, generator),
}


class Peer:
    """One end of the socket. Either end may call the functions that the other has handed out."""

    def __init__(self, socket):
        self.stream = socket.makefile("rwb")
        self.functions = []

    def ask(self, **message):
        """Send a message and return the answer; make the calls that the other end asks for first."""
        self.send(message)
        while "call" in (came := self.receive()):
            self.send(self.call(came))
        return came

    def call(self, message):
        """The result of one of our functions, or the names of its error's classes and what it says."""
        try:
            function = self.functions[message["call"]]
            return {"value": self.encode(function(*self.decode(message["args"])))}
        except Exception as error:
            return {"error": [cls.__name__ for cls in type(error).__mro__], "text": str(error)[:500]}

    def result(self, answer):
        """The value that a call returned. An error comes back as the first of its classes that Python has."""
        if "error" not in answer:
            return self.decode(answer["value"])
        known = (getattr(builtins, str(name), None) for name in answer["error"])
        usual = [cls for cls in known if isinstance(cls, type) and issubclass(cls, Exception)]
        raise (usual or [Exception])[0](str(answer["text"]))

    def send(self, message):
        try:
            data = json.dumps(message).encode()
            if len(data) > LARGEST:
                raise ValueError(f"a value of more than {LARGEST >> 20} MiB")
        except ValueError as error:  # or a number with more digits than Python writes
            data = json.dumps({"error": ["ValueError"], "text": str(error)}).encode()
        self.stream.write(len(data).to_bytes(8, "big") + data)
        self.stream.flush()

    def receive(self):
        length = int.from_bytes(self.read(8), "big")
        if length > LARGEST:
            raise ValueError(f"a message of {length} bytes")
        data = self.read(length)
        if data.count(b",") + data.count(b"[") > MOST:
            raise ValueError(f"a message of more than {MOST} values")
        return dict(json.loads(data))

    def read(self, length):
        data = self.stream.read(length)
        if len(data) < length:
            raise EOFError
        return data

    def encode(self, value):
        if type(value) in (type(None), bool, int, float, str):
            return value
        if isinstance(value, np.void):
            return {"object": None}
        for kind, (cls, apart, _) in KINDS.items():
            if isinstance(value, cls):
                return {kind: self.encode(apart(value))}
        if isinstance(value, (int, float, str)):
            return value
        if isinstance(value, (list, range, KeysView, ValuesView, ItemsView)):
            return [self.encode(item) for item in value]
        if callable(value):
            self.functions.append(value)
            return {"function": len(self.functions) - 1}
        return {"object": None}

    def decode(self, data):
        if isinstance(data, list):
            return [self.decode(item) for item in data]
        if not isinstance(data, dict):
            return data
        ((kind, content),) = data.items()
        if kind in KINDS:
            return KINDS[kind][2](self.decode(content))
        if kind == "function":
            return lambda *args: self.result(self.ask(call=content, args=self.encode(list(args))))
        return object()
