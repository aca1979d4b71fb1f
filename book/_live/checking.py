"""What the published answer of an exercise asserts, held against the names that a reader has bound."""

import ast

import cells

MOST = 5  # messages for one check
LONG = 160
UNSAID = "This does not hold"


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
    """Every assertion also when an earlier one has failed, and what came of it."""

    def visit(self, node):
        if isinstance(node, (ast.FunctionDef, ast.ClassDef, ast.Lambda)):
            return node
        if isinstance(node, ast.stmt) and asserts(node):
            return self.caught(node)
        return self.generic_visit(node)

    def caught(self, node):
        caught = ast.parse("try:\n    pass\nexcept Exception as error:\n    __failed__(error, 0, globals())").body[0]
        caught.body = [node]
        call = caught.handlers[0].body[0].value
        call.args[1] = ast.Constant(ast.unparse(node))
        return ast.fix_missing_locations(ast.copy_location(caught, node))


def failures(answer, asked, space, elsewhere=lambda error: None):
    """Hold the names `asked`, which are bound in `space`, to what `answer` asserts.

    -> a message for each assertion that fails, `{"says", "asserts"}`: what came, and the assertion itself; one for all
    that say the same. Nothing that the check binds changes the names that were asked. What needs a thing that is
    `elsewhere(error)` is left out; the error is raised if nothing else is held.
    """
    asked, failed, gone, held = set(asked), {}, set(), 0
    given, away = {name: space[name] for name in asked}, None

    def note(error, source, names):
        failed.setdefault(source, said(error, source, names, asked))

    space["__failed__"] = note
    for statement in what_is_held(answer, asked):
        read, bound = cells.scope(statement)
        if read & gone:
            gone |= bound - asked
            continue
        source = ast.unparse(statement)
        try:
            exec(
                compile(
                    ast.Module([Recorded().visit(statement)], []),
                    "the check",
                    "exec",
                ),
                space,
            )
            held += bool(all_asserts(statement))
        except Exception as error:
            if elsewhere(error):
                away, gone = error, gone | (bound - asked)
            else:
                failed.setdefault(source, said(error, source, space, asked))
        space.update(given)
    if away and not held and not failed:
        raise away
    first = {says: source for source, says in reversed(failed.items()) if says != UNSAID}
    told = [(says, source) for source, says in failed.items() if first.get(says, source) == source]
    return [{"says": says, "asserts": source} for says, source in told[:MOST]]


def said(error, source, space, asked):
    """What failed, in words: the author's own, or what came on the side of the assertion that a reader can mend."""
    if not isinstance(error, AssertionError):
        return shortened(f"{type(error).__name__}: {error}")
    message = str(error).strip()
    statement = ast.parse(source).body[0]
    if isinstance(statement, ast.Assert) and statement.msg is not None:
        return shortened(message)
    test = statement.test if isinstance(statement, ast.Assert) else statement.value
    for part in parts(test):
        try:
            value = eval(compile(ast.Expression(part), "the check", "eval"), dict(space))
        except Exception:
            continue
        if not holds(test, part, space):
            return shortened(f"{ast.unparse(part)} is {value!r}{where(part, space, asked)}")
    return UNSAID


def where(part, space, asked):
    """What stands behind the plain names in `part` that are not `asked`, such as those of a loop: `, where n is 3`."""
    names = {node.id for node in ast.walk(part) if isinstance(node, ast.Name)} - asked
    plain = [name for name in sorted(names) if isinstance(space.get(name), (bool, int, float, str))]
    return ", where " + " and ".join(f"{name} is {space[name]!r}" for name in plain) if plain else ""


def parts(test):
    """The parts of an assertion whose values say what came: the left side of a comparison, the first argument."""
    if isinstance(test, ast.BoolOp):
        return [one for value in test.values for one in parts(value)]
    if isinstance(test, ast.Compare):
        sides = [test.left, *test.comparators]
        return [side for side in sides if not isinstance(side, ast.Constant)][:1]
    if isinstance(test, ast.Call) and asserts(ast.Expr(test)):
        return test.args[:1]
    return [test]


def holds(test, part, space):
    """Whether the comparison in `test` whose side is `part` holds, so that it is another one that has failed."""
    if not isinstance(test, ast.BoolOp) or not isinstance(test.op, ast.And):
        return False
    for value in test.values:
        if part in parts(value):
            return bool(
                eval(
                    compile(ast.Expression(value), "the check", "eval"),
                    dict(space),
                )
            )
    return False


def shortened(text):
    """`text` on one line, and not all of a long one."""
    text = " ".join(text.split())
    return text if len(text) <= LONG else f"{text[: LONG - 1]}…"
