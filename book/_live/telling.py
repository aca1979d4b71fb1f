"""Says of an assertion that has failed what came of a reader's own names, and what was expected, in plain words.

Numbers are written as numbers, large arrays as their shape and a few values, names of the check with the lines of the
check that made them. A number or a word that is itself the answer is never said.
"""

import ast
import copy
import re
import sys
import types
from typing import NamedTuple

import cells

LONG = 240  # letters of a message
FEW = 10  # values that are shown whole
LINES = 8  # lines of the check that are shown with a message
MANY = 50  # rows from which on a number of them may be meant
DIGITS = 5
UNSAID = "This does not hold"
YOURS = re.compile(r"exercise \d+$")  # what the code of a reader is called
WORDS = {
    ast.Lt: "less than ",
    ast.LtE: "at most ",
    ast.Gt: "more than ",
    ast.GtE: "at least ",
    ast.NotEq: "something other than ",
    ast.In: "one of ",
}
ABOUT = "about "
TURNED = {ast.Lt: ast.Gt, ast.Gt: ast.Lt, ast.LtE: ast.GtE, ast.GtE: ast.LtE}
# What an author writes around a value to hold it, and what a reader need not see
AROUND = {"round", "tuple", "list", "float", "int", "np.array", "np.asarray"}
FORMS = {"shape", "size", "ndim", "dtype"}


# ---- values


def normal(value):
    """`value` with tuples and arrays as lists, and NumPy's numbers as Python's."""
    if hasattr(value, "tolist"):
        return value.tolist()
    return [normal(one) for one in value] if isinstance(value, (list, tuple)) else value


def same(one, other):
    """Whether two values are equal; a list, a tuple and an array of the same numbers are."""
    return bool(normal(one) == normal(other))


def is_number(value):
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_share(value):
    value = normal(value)
    return all(is_share(one) for one in value) if isinstance(value, list) else is_number(value) and 0 <= value <= 1


def shape(value):
    """The shape of an array, a list or a tuple, `()` of anything else."""
    if hasattr(value, "shape"):
        return tuple(value.shape)
    if isinstance(value, (list, tuple)):
        return (len(value), *(shape(value[0]) if value else ()))
    return ()


def plain(value):
    """`value` in words: a number as a number, of what is large the shape and a few values."""
    if isinstance(value, type) or callable(value):
        return f"the function {getattr(value, '__name__', '')}".strip()
    lengths = shape(value)
    if lengths and (hasattr(value, "tolist") or isinstance(value, (list, tuple))):
        size = 1
        for length in lengths:
            size *= length
        if size <= FEW or (isinstance(value, (list, tuple)) and len(value) <= FEW and len(lengths) == 1):
            return written(normal(value), "()" if isinstance(value, tuple) else "[]")
        first = value
        while len(shape(first)) > 1:
            first = first[0]
        begin = ", ".join(written(one) for one in normal(first[:3]))
        kind = f"of shape {written(lengths, '()')}" if len(lengths) > 1 else f"of {lengths[0]:,} values"
        return f"{'an array' if hasattr(value, 'tolist') else 'a list'} {kind} ([{'[' * (len(lengths) - 1)}{begin}, …)"
    return written(normal(value))


def written(value, brackets="[]"):
    if isinstance(value, float):
        return repr(float(f"{value:.{DIGITS}g}"))
    if isinstance(value, (list, tuple)):
        inside = ", ".join(written(one) for one in value)
        comma = "," if brackets == "()" and len(value) == 1 else ""
        return f"{brackets[0]}{inside}{comma}{brackets[1]}"
    return shortened(repr(value), 60)


def shortened(text, most=LONG):
    """`text` on one line, and not all of a long one."""
    text = " ".join(text.split())
    return text if len(text) <= most else f"{text[: most - 1]}…"


def kind(value):
    """What of value it is, in words: `one number`, `3 numbers`, `text`."""
    if value is None:
        return "None"
    if callable(value):
        return "a function"
    lengths, inside = shape(value), normal(value)
    if not lengths:
        return "text" if isinstance(inside, str) else "True or False" if isinstance(inside, bool) else "one number"
    many = "value" if lengths == (1,) else "values"
    return f"{lengths[0]:,} {many}" if len(lengths) == 1 else f"an array of shape {written(lengths, '()')}"


def unlike(value, expected, broadcasts):
    """Whether `value` is not of the kind of `expected`, so that its numbers need no look."""
    if value is None or callable(value):
        return True
    one, other = shape(value), shape(expected)
    if isinstance(normal(value), str) != isinstance(normal(expected), str):
        return True
    if not one and is_number(normal(expected)) and isinstance(normal(value), bool):
        return True
    return one != other and not (broadcasts and () in (one, other))


def farthest(value, expected):
    """Where an array is farthest from what is expected: its place, what is there, what should be; `None` if nowhere."""
    numpy = sys.modules["numpy"]
    came = numpy.asarray(value)
    wanted = numpy.broadcast_to(expected, came.shape)
    apart = numpy.abs(came.astype(float) - wanted.astype(float))
    apart[numpy.isnan(apart)] = numpy.inf
    place = numpy.unravel_index(apart.argmax(), apart.shape)
    return ([int(one) for one in place], came[place], wanted[place]) if apart[place] > 0 else None


# ---- what hangs on what was asked


def depending(statements, asked):
    """The names that hang on those `asked`, in `statements` in their order; the names of loops only if what they run
    over does.
    """
    found = set(asked)
    for statement in statements:
        bodies = [part for name in cells.BODIES for part in [getattr(statement, name, [])] if part]
        if bodies and not isinstance(statement, cells.FUNCTIONS):
            read, bound = cells.simple(cells.headed(statement))
            found |= bound if read & found else set()
            for body in [*bodies, *(one.body for one in getattr(statement, "handlers", []))]:
                found |= depending(body, found)
            continue
        read, bound = cells.scope(statement)
        found |= bound if read & found else set()
    return found


def names(node):
    return {part.id for part in ast.walk(node) if isinstance(part, ast.Name)} if node is not None else set()


def units(statements, source):
    """The statements before the assertion `source`: each as a whole, but of those that it stands in only the head."""
    for statement in statements:
        if ast.unparse(statement) == source:
            return
        inner = [one for name in cells.BODIES for one in getattr(statement, name, [])]
        if not isinstance(statement, cells.FUNCTIONS) and any(
            isinstance(part, ast.stmt) and ast.unparse(part) == source for one in inner for part in ast.walk(one)
        ):
            yield cells.headed(statement)
            yield from units(inner, source)
            return
        yield statement


class Plainly(ast.NodeTransformer):
    """Names of the check that stand for a number or a word, such as those of its loops, by what they stand for."""

    def __init__(self, space, own):
        self.space, self.own = space, own

    def visit_Name(self, node):
        value = self.space.get(node.id)
        if node.id in self.own and isinstance(node.ctx, ast.Load) and isinstance(value, (bool, int, float, str)):
            return ast.copy_location(ast.Constant(normal(value)), node)
        return node


# ---- what an assertion claims


class Claim(NamedTuple):
    """`came` is held to `expected` by `word`; `test` is an expression that says whether it holds, or `None`."""

    came: ast.expr
    word: str
    expected: ast.expr | None
    test: ast.expr | None
    operator: type | None = None
    broadcasts: bool = False


def claims(test, asserting=False):
    """The claims of a test, each of which may fail on its own."""
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.And):
        return [one for value in test.values for one in claims(value)]
    if isinstance(test, ast.Compare):
        sides = [test.left, *test.comparators]
        return [one for left, op, right in zip(sides, test.ops, sides[1:]) for one in compared(left, op, right)]
    if asserting and len(test.args) > 1:
        return [one for left, right in sides_of(test) for one in [Claim(left, "", right, None, ast.Eq, True)]]
    if isinstance(test, ast.Call) and isinstance(test.func, ast.Attribute) and test.func.attr == "all":
        inner = test.func.value
        if isinstance(inner, ast.Compare) and len(inner.ops) == 1 and isinstance(inner.ops[0], ast.Eq):
            return [Claim(inner.left, "", inner.comparators[0], test, ast.Eq, True)]
    return [Claim(test, "", ast.Constant(True), test)]


def sides_of(call):
    """What a call such as `assert_allclose([a, b], [c, d])` holds to what, one by one where it names them."""
    left, right = call.args[:2]
    if displays(left, right):
        return [*zip(left.elts, right.elts)]
    return [(left, right)]


def displays(left, right):
    listed = (ast.Tuple, ast.List)
    return isinstance(left, listed) and isinstance(right, listed) and len(left.elts) == len(right.elts)


def compared(left, op, right):
    """The claims of `left op right`."""
    if isinstance(op, ast.Eq) and displays(left, right):
        return [one for a, b in zip(left.elts, right.elts) for one in compared(a, op, b)]
    test = ast.Compare(left, [op], [right])
    if isinstance(op, (ast.Lt, ast.LtE)) and called(left) in ("abs", "np.abs") and isinstance(left.args[0], ast.BinOp):
        a, b = left.args[0].left, left.args[0].right
        if isinstance(left.args[0].op, ast.Sub):
            return [Claim(a, ABOUT, b, test, ast.Eq)]
        if isinstance(left.args[0].op, ast.Add):
            return [Claim(a, ABOUT, ast.UnaryOp(ast.USub(), b), test, ast.Eq)]
    return [Claim(left, WORDS.get(type(op), ""), right, test, type(op))]


def called(node):
    return ast.unparse(node.func) if isinstance(node, ast.Call) and node.args else ""


def turned(claim, own):
    """`claim` with what hangs on a reader's names, `own`, on its left side; `None` if nothing does."""
    if names(claim.came) & own:
        return claim
    if not names(claim.expected) & own:
        return None
    operator = TURNED.get(claim.operator, claim.operator)
    word = WORDS.get(operator, claim.word)
    return claim._replace(came=claim.expected, expected=claim.came, operator=operator, word=word)


# ---- the message


class Teller:
    """Tells what came of the names `asked`, which a check of `statements` holds."""

    def __init__(self, statements, asked, answer):
        self.statements, self.asked = statements, set(asked)
        self.own = depending(statements, asked)
        self.bound = set().union(*(cells.scope(one)[1] for one in statements)) - self.asked
        functions = [node for node in answer if isinstance(node, ast.FunctionDef) and node.name in asked]
        # of a function that is to return something
        self.returns = {f.name for f in functions if any(isinstance(n, ast.Return) and n.value for n in ast.walk(f))}
        self.nothing = {}  # what a reader's function was called with when it returned nothing
        self.raised = None  # the call of a reader's function that stopped with an error, and the error

    def watched(self, name, function):
        """`function` of a reader, watched: what it was called with when it returned nothing, or raised."""
        if not isinstance(function, types.FunctionType):
            return function

        def call(*args, **kwargs):
            try:
                came = function(*args, **kwargs)
            except Exception as error:
                if not self.raised or self.raised[1] is not error:
                    self.raised = call_of(name, args, kwargs), error
                raise
            if came is None and name in self.returns:
                self.nothing.setdefault(name, call_of(name, args, kwargs))
            return came

        call.__dict__.update(function.__dict__)
        call.__name__, call.__doc__, call.__wrapped__ = function.__name__, function.__doc__, function
        return call

    def tell(self, error, source, space):
        """-> a list of `{"says", "asserts", "made", "reveals"}`, none if it is not a reader's doing.

        `made`: lines of the check that made what is named. `reveals`: whether the assertion would say the answer.
        `alike`: what is the same in messages of which one is enough.
        """
        modules = {name for name, value in space.items() if isinstance(value, types.ModuleType)} - self.asked
        self.own, self.bound = self.own - modules, self.bound - modules
        statement = ast.parse(source).body[0]
        if not names(statement) & self.own:
            return []
        found = {"says": UNSAID, "asserts": source, "made": "", "reveals": False}
        if self.nothing:
            call = next(iter(self.nothing.values()))
            return [found | {"says": f"`{call}` gives nothing back: None came. Is there a `return`?"}]
        if self.raised and self.raised[1] is error:
            line = line_of(error)
            where = f", in line {line} of your code" if line else ""
            says = shortened(f"`{self.raised[0]}` stops{where}: {type(error).__name__}: {error}")
            return [found | {"says": says, "alike": (line, type(error), str(error))}]
        if not isinstance(statement, ast.Assert) and not is_call(statement):
            stops = f"The check stops at `{source.splitlines()[0]}`: {type(error).__name__}: {error}"
            return [found | {"says": shortened(stops)}]
        return [found | one for one in self.assertion(statement, source, dict(space), error)]

    def assertion(self, statement, source, space, error):
        """What is said of an assertion that has failed with `error`: of the first claim in it that fails, and of others
        that hold nothing but a name that was asked.
        """
        told, came = [], []
        asserting = not isinstance(statement, ast.Assert)
        test = statement.value if asserting else statement.test
        words = str(error).strip() if not asserting and statement.msg is not None else ""
        if not isinstance(error, AssertionError):
            words = ""
        fallback = "" if isinstance(error, AssertionError) else shortened(f"{type(error).__name__}: {error}")
        for claim in claims(test, asserting):
            claim = turned(claim, self.own)
            if claim is None or self.holds(claim, test, space):
                continue
            plainly = isinstance(claim.came, ast.Name) and claim.came.id in self.asked
            if told and (not plainly or ast.unparse(claim.came) in came):
                continue
            came.append(ast.unparse(claim.came))
            try:
                says, reveals, plain_truth = self.claim(claim, statement, space)
            except Exception as stopped:
                if not (own := self.values(claim.came, space)):
                    continue
                says = ", ".join(f"`{name}` is {plain(space[name])}" for name in own)
                says, reveals, plain_truth = f"{says}: {type(stopped).__name__}: {stopped}", True, False
            if words and (plain_truth or (reveals and "A share" not in says)):
                return [{"says": shortened(words), "reveals": reveals}]
            says = f"{words}: {says}" if words else says
            told.append({"says": shortened(says), "made": self.made(claim.came, source, space), "reveals": reveals})
        return told or [{"says": shortened(words or fallback or UNSAID)}]

    def holds(self, claim, test, space):
        """Whether `claim`, one of those of `test`, holds, so that another has failed."""
        if claim.test is None:
            if not isinstance(test, ast.Call) or not displays(*test.args[:2]):
                return False
            one = copy.copy(test)
            one.args = [claim.came, claim.expected, *test.args[2:]]
            claim = claim._replace(test=one)
            try:
                self.value(one, space)
            except Exception:
                return False
            return True
        try:
            if claim.operator is ast.Eq and isinstance(claim.test, ast.Compare) and claim.word != ABOUT:
                return same(self.value(claim.test.left, space), self.value(claim.test.comparators[0], space))
            return bool(self.value(claim.test, space))
        except Exception:
            return False

    def value(self, node, space):
        expression = ast.fix_missing_locations(ast.Expression(copy.deepcopy(node)))
        return eval(compile(expression, "the check", "eval"), space)

    def claim(self, claim, statement, space):
        """What is said of one claim; whether its own words would say the answer, and whether they are but yes or no."""
        came = claim.came
        while called(came) in AROUND:
            came = came.args[0]
        value = self.value(came, space)
        expected = self.value(claim.expected, space)
        said = f"`{ast.unparse(self.plainly(came, space))}`"
        direct = isinstance(came, ast.Name) and came.id in self.asked
        values = self.values(came, space)
        form = (isinstance(came, ast.Attribute) and came.attr in FORMS) or called(came) == "len"
        hidden = bool(values) and not form and not names(claim.expected) & self.own and small(value)
        truth = isinstance(normal(value), (str, bool))
        is_there = f"{said} is {plain(value)}"
        if claim.operator is ast.Eq and unlike(value, expected, claim.broadcasts or claim.word == ABOUT):
            says = f"{is_there}: {kind(expected)} expected, {kind(value)} came"
        elif direct and claim.operator in TURNED and is_number(normal(expected)) and not is_number(normal(value)):
            says = f"{is_there}: one number expected, {kind(value)} came"
        elif direct and is_share(expected) and (counted := self.share(came.id, statement, space)):
            says = f"{is_there}. A share is asked for, a number from 0 to 1; this is {counted}"
        elif hidden:
            way = self.way(normal(value), normal(expected), claim.operator) if direct else None
            says = f"{is_there}, {way or 'which is not right'}"
        elif claim.operator is ast.Eq and shape(value) and not small(value) and (far := farthest(value, expected)):
            place, came, wanted = far
            says = f"{is_there}. At {written(place)} it has {plain(came)}, where {plain(wanted)} is expected"
        else:
            says = f"{is_there}, where {claim.word}{plain(expected)} is expected"
        return says, hidden, truth

    def values(self, node, space):
        """Those of the names asked in `node` that are no functions."""
        return sorted(name for name in names(node) & self.asked if not callable(space[name]))

    def share(self, name, statement, space):
        """What `name` counts, if it would be right as a share: a percentage, or a number of the rows of some array."""
        value = normal(space[name])
        if not is_number(value) or value <= 1:
            return None
        tried = ast.fix_missing_locations(ast.Module([statement], []))
        counts = sorted(lengths(space)) if value == int(value) else []
        count = "a count: divide it by that of all"
        for divisor, says in [(100, "a percentage: divide it by 100"), *((length, count) for length in counts)]:
            if value > divisor:
                continue
            try:
                exec(compile(tried, "the check", "exec"), {**space, name: value / divisor})
            except Exception:
                continue
            return says
        return None

    def way(self, value, expected, operator):
        """`too small` or `too large`, for one number."""
        if not is_number(value):
            return None
        if operator in TURNED:
            return "too small" if operator in (ast.Gt, ast.GtE) else "too large"
        several = expected if isinstance(expected, list) else [expected]
        if operator is not ast.Eq or not all(is_number(one) for one in several):
            return None
        return "too small" if value < min(several) else "too large" if value > max(several) else None

    def plainly(self, node, space):
        return Plainly(space, self.bound - self.own).visit(copy.deepcopy(node))

    def made(self, came, source, space):
        """The lines of the check that made what a message names."""
        direct = names(self.plainly(came, space)) - self.asked
        kept, wanted = [], direct & self.bound
        for statement in reversed([*units(self.statements, source)]):
            bound = cells.scope(statement)[1] - self.asked
            if isinstance(statement, ast.Assert) or not bound & wanted:
                continue
            line = self.plainly(statement, space)
            kept.insert(0, (bound, ast.unparse(line).replace("\n    pass", "\n    ...")))
            wanted |= (names(line) | cells.scope(line)[0]) & self.bound
        for lines in (kept, [one for one in kept if one[0] & direct]):
            text = "\n".join(line for _, line in lines)
            if text.count("\n") < LINES:
                return text
        return ""


def is_call(statement):
    return isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call)


def small(value):
    size = 1
    for length in shape(value):
        size *= length
    return size <= FEW


def lengths(space):
    """How many rows the arrays of a page have, those in its tuples too."""
    values = [value for name, value in space.items() if not name.startswith("_")]
    values += [part for value in values if isinstance(value, tuple) and len(value) <= 4 for part in value]
    return {len(value) for value in values if hasattr(value, "tolist") and shape(value) and len(value) >= MANY}


def call_of(name, args, kwargs):
    """A call in words."""
    words = [brief(one) for one in args] + [f"{key}={brief(one)}" for key, one in kwargs.items()]
    return f"{name}({', '.join(words)})"


def brief(value):
    if shape(value) and not small(value):
        return "…"
    said = isinstance(normal(value), (bool, int, float, str, list)) or value is None
    return text if said and len(text := plain(value)) <= 40 else "…"


def line_of(error):
    """The last line of a reader's code that `error` went through."""
    line, step = None, error.__traceback__
    while step:
        if YOURS.match(step.tb_frame.f_code.co_filename):
            line = step.tb_lineno
        step = step.tb_next
    return line
