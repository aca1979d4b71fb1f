"""What the functions of the course ask of their arguments, declared where each function is, and kept.

    @checked(images=Array("n d"), weights=Array("d k"), bias=Array("k"))
    def score(images, weights, bias):

A letter stands for a length: the `d` of `images` and that of `weights` are one number. Lists and integers become
arrays of
floats. What does not fit is a `ValueError` that names the argument, says what was expected, and what came instead.
"""

import functools
import inspect
import sys
from math import inf, isfinite
from typing import NamedTuple

import numpy as np
from numpy import ndarray, vdot

FLOATS = (np.dtype(np.float64), np.dtype(np.float32))
ANY = ["..."]


def refuse(name, expected, got):
    """Raise the `ValueError` with which every function of the package answers bad input."""
    raise ValueError(f"{name}: expected {expected}, got {got}.")


def shown(value):
    """`value` as a message shows it: on one line, and not all of a long one."""
    text = " ".join(repr(value).split())
    return text if len(text) <= 60 else f"{text[:57]}..."


def checked(**checks):
    """Hold the arguments of a function to `checks`, one for each parameter that has one, in the order given here."""

    def decorate(function):
        signature = inspect.signature(function)
        parameters = list(signature.parameters)
        if unknown := checks.keys() - set(parameters):
            raise TypeError(f"{function.__name__} has no parameter {', '.join(sorted(unknown))}.")
        steps = [(parameters.index(name), name, check) for name, check in checks.items()]
        alone = len(steps) == 1

        @functools.wraps(function)
        def call(*args, **kwargs):
            if kwargs or len(args) != len(parameters):
                bound = signature.bind(*args, **kwargs)
                bound.apply_defaults()
                args = bound.args
            values, lengths = [*args], None if alone else {}
            for place, name, check in steps:
                values[place] = check(name, values[place], lengths)
            return function(*values)

        return call

    return decorate


class Length(NamedTuple):
    """What a letter stands for in one call, "..." for a whole shape, and which argument said so."""

    number: int | tuple
    giver: str


# Checks. Called with the name of an argument, its value and `lengths`, {letter: Length}, each returns the value to use.
# `lengths` is None where a function has one check alone, and there is nothing to fit.


class Array:
    """Finite numbers of one of `shapes`, such as "k" or "n k"; "..." is any shape, but one for all that have it."""

    def __init__(self, *shapes):
        self.shapes = [shape.split() for shape in shapes]
        self.by_axes = {len(shape): shape for shape in self.shapes}
        self.is_any = self.shapes == [ANY]

    def __call__(self, name, value, lengths):
        if type(value) is not ndarray or value.dtype not in FLOATS:
            value = _numbers(name, value)
        shape = ANY if self.is_any else self.by_axes.get(value.ndim)
        if shape is None or not value.size:
            expected = " or ".join(_written(shape, lengths or {}) for shape in self.shapes)
            refuse(name, f"shape {expected}, no axis empty", f"shape {value.shape}")
        # This sum of squares is finite unless a number is not, or is enormous. Of columns `vdot` would make two copies.
        flat = value if value.ndim < 2 or value.flags.c_contiguous else value.ravel("K")
        if not isfinite(vdot(flat, flat)):
            _finite(name, value)
        if lengths is not None:
            _fit(name, value, shape, lengths)
        return value


class Probabilities(Array):
    """As `Array`, with rows that sum to 1 and nothing below 0."""

    def __call__(self, name, value, lengths):
        value = super().__call__(name, value, lengths)
        sums = value.sum(axis=-1)
        if value.min() < 0 or np.abs(sums - 1).max() > 1e-3:
            got = f"least {value.min():.4g}, sums {sums.min():.4g} to {sums.max():.4g}"
            refuse(name, "rows that sum to 1, none below 0", got)
        return value


class Labels:
    """Integers, one for each of `rows` rows, from 0 to one less than the length `below`, if there is one."""

    def __init__(self, rows, below=None):
        self.rows, self.below = rows, below

    def __call__(self, name, value, lengths):
        value = _numbers(name, value, kinds="iu")
        if value.ndim != 1 or not value.size:
            refuse(name, f"shape ({self.rows},), no axis empty", f"shape {value.shape}")
        _fit(name, value, [self.rows], lengths)
        most = lengths[self.below].number - 1 if self.below else inf
        if value.min() < 0 or value.max() > most:
            expected = "integers, 0 or more" if most == inf else f"integers 0 to {most}"
            refuse(name, expected, f"{value.min()} to {value.max()}")
        return value


class Whole:
    """A whole number from `least` to the length `most`, if there is one. `length`: the letter that stands for it
    afterwards.
    """

    def __init__(self, least, length=None, most=None):
        self.least, self.length, self.most = least, length, most

    def __call__(self, name, value, lengths):
        whole = isinstance(value, (int, np.integer)) and not isinstance(value, bool)
        if not whole or not self.least <= value <= sys.maxsize:
            refuse(name, f"a whole number, at least {self.least}", shown(value))
        if self.most and value > lengths[self.most].number:
            most = lengths[self.most]
            refuse(name, f"at most {most.number}, as {most.giver} has it", shown(value))
        if self.length:
            lengths[self.length] = Length(int(value), name)
        return value


class Number:
    """A finite number: at least `least`, more than `above`, less than `below`."""

    def __init__(self, least=-inf, above=-inf, below=inf):
        self.least, self.above, self.below = least, above, below

    def __call__(self, name, value, lengths):
        real = isinstance(value, (int, float, np.integer, np.floating))
        # abs and not isfinite: an integer may be too large for a float
        if not real or isinstance(value, bool) or not abs(value) <= sys.float_info.max:
            refuse(name, "a finite number", shown(value))
        if not (self.least <= value < self.below and value > self.above):
            bounds = {"at least": self.least, "above": self.above, "below": self.below}
            known = [f"{word} {bound:g}" for word, bound in bounds.items() if isfinite(bound)]
            refuse(name, f"a number {', '.join(known)}", shown(value))
        return value


class Function:
    """A function whose results have the shape `gives`: "d", or "" for one number, or "..." for the shape it is given.

    Each of its calls is held to that, and, if `finite`, to finite numbers.
    """

    def __init__(self, gives, finite=True, optional=False):
        self.gives, self.finite, self.optional = gives.split(), finite, optional

    def __call__(self, name, value, lengths):
        if self.optional and value is None:
            return None
        if not callable(value):
            refuse(name, "a function", shown(value))
        like_argument = self.gives == ANY
        known = () if like_argument else tuple(lengths[letter].number for letter in self.gives)

        def held(*args):
            result = value(*args)
            shape = np.shape(args[0]) if like_argument else known
            numbers = np.asarray(result)
            if numbers.shape != shape or numbers.dtype.kind not in "iuf":
                expected = f"a function that returns numbers of shape {shape}"
                refuse(name, expected, f"one that returned {shown(result)}")
            if self.finite and not np.isfinite(numbers).all():
                expected = "a function that returns finite numbers"
                refuse(name, expected, f"one that returned {shown(result)}")
            return result

        return held


class Instance:
    """An object that has the methods and attributes `has`, `hint` being how to make one."""

    def __init__(self, hint, *has):
        self.hint, self.has = hint, has

    def __call__(self, name, value, lengths):
        if isinstance(value, type) or not all(hasattr(value, part) for part in self.has):
            refuse(name, self.hint, shown(value))
        return value


GENERATOR = Instance("np.random.default_rng(seed)", "permutation", "normal", "integers", "random")
OPTIMIZER = Instance("SGD(...), Adam(...) or Decay(...)", "step")
STEADY = Instance("SGD(...) or Adam(...)", "step", "learning_rate")


class Layers:
    """The parameters of a network with one hidden layer: `[W1 (d, h), b1 (h,), W2 (h, k), b2 (k,)]`."""

    def __init__(self):
        self.parts = {"W1": Array("d h"), "b1": Array("h"), "W2": Array("h k"), "b2": Array("k")}

    def __call__(self, name, value, lengths):
        if not isinstance(value, (list, tuple)) or len(value) != len(self.parts):
            refuse(name, "a list of four arrays, [W1, b1, W2, b2]", _counted(value))
        named = zip(self.parts.items(), value)
        return [check(f"{name}, {part}", matrix, lengths) for (part, check), matrix in named]


class Arrays:
    """A list of arrays of finite numbers. `like`: of the shapes of the argument of that name, which was checked
    before.
    """

    def __init__(self, like=None):
        self.like = like

    def __call__(self, name, value, lengths):
        if not isinstance(value, (list, tuple)):
            refuse(name, "a list of arrays", shown(value))
        check = Array("...")
        value = [check(f"{name}, number {i}", part, None) for i, part in enumerate(value)]
        shapes = [part.shape for part in value]
        lengths[name] = shapes
        if self.like and shapes != lengths[self.like]:
            refuse(name, f"shapes {lengths[self.like]} to fit {self.like}", f"shapes {shapes}")
        return value


class Parts:
    """A gradient `(d_weights, d_bias)` for each of `length` parts, of the same two shapes in all of them."""

    def __init__(self, length):
        self.length = length

    def __call__(self, name, value, lengths):
        if not isinstance(value, (list, tuple)) or not value:
            refuse(name, "a pair (d_weights, d_bias) for each part", _counted(value))
        check = Arrays()
        parts = [check(f"{name}, part {i}", part, {}) for i, part in enumerate(value)]
        for i, part in enumerate(parts):
            if len(part) != 2 or any(a.shape != b.shape for a, b in zip(part, parts[0])):
                shapes = [array.shape for array in part]
                refuse(f"{name}, part {i}", "two arrays, shaped as in part 0", f"shapes {shapes}")
        lengths[self.length] = Length(len(parts), name)
        return parts


class Sizes:
    """A whole number of at least 1 for each of `length` parts, as Python's integers, which keep float32 what it is."""

    def __init__(self, length):
        self.length = length

    def __call__(self, name, value, lengths):
        expected = lengths[self.length].number
        sizes = _numbers(name, value, kinds="iu")
        if sizes.shape != (expected,) or sizes.min() < 1:
            refuse(name, f"a whole number, at least 1, for each of {expected} parts", shown(value))
        return sizes.tolist()


def _numbers(name, value, kinds="iuf"):
    """`value` as an array of numbers of these kinds, integers as floats unless they are asked for."""
    try:
        found = np.asarray(value)
    except (ValueError, TypeError, OverflowError) as error:
        refuse(name, "an array of numbers", f"{shown(value)} ({error})")
    if found.dtype.kind not in kinds and found.size:
        what = "numbers" if "f" in kinds else "integers"
        refuse(name, what, f"{shown(value)} of type {found.dtype}")
    return found.astype(float) if "f" in kinds and found.dtype not in FLOATS else found


def _finite(name, value):
    odd = value[~np.isfinite(value)]
    if odd.size:
        refuse(name, "finite numbers", f"{odd[0]}")


def _fit(name, value, shape, lengths):
    """Hold the lengths of `value` to those that are known, and remember the others."""
    if shape is ANY:
        first = lengths.setdefault("...", Length(value.shape, name))
        if value.shape != first.number:
            refuse(name, f"shape {first.number} to fit {first.giver}", f"shape {value.shape}")
        return
    for letter, length in zip(shape, value.shape):
        known = lengths.get(letter)
        if known is None and not letter.isdigit():
            lengths[letter] = Length(length, name)
        elif length != (known.number if known else int(letter)):
            giver = f" to fit {known.giver}" if known else ""
            refuse(name, f"shape {_written(shape, lengths)}{giver}", f"shape {value.shape}")


def _written(shape, lengths):
    """`shape` as in (n, 784): what is known of it as numbers."""
    parts = [str(lengths[letter].number) if letter in lengths else letter for letter in shape]
    return f"({', '.join(parts)}{',' if len(parts) == 1 else ''})"


def _counted(value):
    return f"{len(value)} of them" if isinstance(value, (list, tuple)) else shown(value)
