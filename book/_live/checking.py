"""What the published answer of an exercise asserts, held against the names that a reader has bound."""

import ast
import copy
import itertools

import cells
from telling import UNSAID, Teller, same

MOST = 5  # messages for one check


def asserts(statement):
    """Whether a statement is an assertion: `assert ...`, or a call of something like `assert_allclose`."""
    if isinstance(statement, ast.Expr) and isinstance(statement.value, ast.Call):
        return ast.unparse(statement.value.func).rpartition(".")[2].startswith("assert_")
    return isinstance(statement, ast.Assert)


def all_asserts(statement):
    """The assertions in a statement, those of functions that it defines left aside."""
    if asserts(statement):
        return [statement]
    if isinstance(statement, (ast.FunctionDef, ast.ClassDef)):
        return []
    inner = [part for name in ("body", "orelse", "finalbody") for part in getattr(statement, name, [])]
    return [one for part in inner for one in all_asserts(part)]


def what_is_held(answer, asked):
    """The statements of `answer` that hold the names `asked`: assertions, and what these need, but for those names.

    An assertion that none of the names is needed for is the book's own, and left out; and so is what computes them.
    """
    body, wanted, kept = ast.parse(answer).body, set(), []
    for place in reversed(range(len(body))):
        read, bound = cells.scope(body[place])
        if all_asserts(body[place]):
            if bound & asked or not depends(body[: place + 1], asked):
                continue
        elif bound <= asked or not bound & wanted:
            continue
        kept.insert(0, body[place])
        wanted |= read - asked
    return kept


def depends(statements, asked):
    """Whether the last of `statements` needs one of the names `asked`, itself or by what it reads."""
    wanted = cells.scope(statements[-1])[0]
    for statement in reversed(statements[:-1]):
        if wanted & asked:
            return True
        read, bound = cells.scope(statement)
        if bound & wanted:
            wanted |= read
    return bool(wanted & asked)


class Recorded(ast.NodeTransformer):
    """Every assertion also when an earlier one has failed, and what came of it; what is equal is so in a list, a tuple
    and an array.
    """

    def visit(self, node):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            return node
        if isinstance(node, ast.stmt) and asserts(node):
            return self.caught(node)
        return self.generic_visit(node)

    def caught(self, node):
        at = node
        caught = ast.parse("try:\n    pass\nexcept Exception as error:\n    __failed__(error, 0, globals())").body[0]
        call = caught.handlers[0].body[0].value
        call.args[1] = ast.Constant(ast.unparse(node))
        if isinstance(node, ast.Assert):
            node = ast.Assert(alike(node.test), node.msg)
        caught.body = [node]
        return ast.fix_missing_locations(ast.copy_location(caught, at))


def alike(test):
    """`test` with `==` of two values as `same` of them; of arrays in a larger expression it stays what it is."""
    if isinstance(test, ast.BoolOp):
        return ast.BoolOp(test.op, [alike(value) for value in test.values])
    if not isinstance(test, ast.Compare) or not all(isinstance(op, ast.Eq) for op in test.ops):
        return test
    sides = [test.left, *test.comparators]
    equal = [ast.Call(ast.Name("__same__", ast.Load()), [*pair], []) for pair in itertools.pairwise(sides)]
    return equal[0] if len(equal) == 1 else ast.BoolOp(ast.And(), equal)


def failures(answer, asked, space, elsewhere=lambda error: None):
    """Hold the names `asked`, which are bound in `space`, to what `answer` asserts.

    -> a message for each assertion that hangs on them and fails, as `Teller.tell` makes it; one for all that say the
    same. Nothing that the check binds changes the names that were asked. What needs a thing that is `elsewhere(error)`
    is left out, and so is what needs a line that has failed; the error is raised if nothing else is held.
    """
    statements = what_is_held(answer, set(asked))
    teller = Teller(statements, asked, ast.parse(answer).body)
    asked, failed, gone, held = set(asked), {}, set(), 0
    given = {name: teller.watched(name, space[name]) for name in asked}
    away = broken = None

    def note(error, source, names):
        if source not in failed:
            failed[source] = teller.tell(error, source, names)

    space |= given | {"__failed__": note, "__same__": same}
    for statement in statements:
        read, bound = cells.scope(statement)
        if read & gone:
            gone |= bound - asked
            continue
        try:
            tried = ast.fix_missing_locations(ast.Module([Recorded().visit(copy.deepcopy(statement))], []))
            exec(compile(tried, "the check", "exec"), space)
            held += bool(all_asserts(statement))
        except Exception as error:
            gone |= bound - asked
            if elsewhere(error):
                away = error
            else:
                broken = error
                note(error, ast.unparse(statement), space)
        space.update(given)
    told = [one for some in failed.values() for one in some]
    if (away or broken) and not held and not told:
        raise away or broken
    once = {}
    for place, one in enumerate(told):
        alike = one.pop("alike", one["says"])
        once.setdefault(place if alike == UNSAID else alike, one)
    return [*once.values()][:MOST]
