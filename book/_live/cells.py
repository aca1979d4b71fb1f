"""What a piece of code reads and binds, and so which cells another one needs. Used by the build and in the browser."""

import ast
import copy
import symtable

# Whoever draws from a generator moves it on, so it counts as bound anew
GENERATORS = {"rng", "generator"}


def scope(statement):
    """The names of the page that a statement reads before it binds them, and those that it binds; what is local to a
    function is neither.
    """
    bodies = [part for name in BODIES for part in [getattr(statement, name, [])] if part]
    if bodies and not isinstance(statement, FUNCTIONS):
        read, bound = simple(headed(statement))
        here = bound if isinstance(statement, (ast.For, ast.With)) else set()
        for handler in getattr(statement, "handlers", []):
            bodies.append(handler.body)
            here = here | {handler.name}
        for body in bodies:
            inner_read, inner_bound = first_read(body)
            read, bound = read | (inner_read - here), bound | inner_bound
        return read, bound
    read, bound = simple(statement)
    return read, bound | changed(statement) | (read & GENERATORS)


BODIES = ("body", "orelse", "finalbody")
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef, ast.ClassDef, ast.Lambda)


def headed(statement):
    """A loop, a branch or the like without what is in it."""
    head = copy.copy(statement)
    head.body, head.orelse = [ast.Pass()], []
    if isinstance(statement, ast.Try):
        head.handlers, head.finalbody = [], [ast.Pass()]
    return head


def simple(statement):
    """The names that a statement without others in it reads, and those that it binds."""
    table = symtable.symtable(ast.unparse(statement), "", "exec")
    read = {one.get_name() for one in table.get_symbols() if one.is_referenced()}
    bound = {one.get_name() for one in table.get_symbols() if one.is_assigned() or one.is_imported()}
    inner = list(table.get_children())
    while inner:
        child = inner.pop()
        inner += child.get_children()
        read |= {one.get_name() for one in child.get_symbols() if one.is_global() and one.is_referenced()}
    read |= {base(node.target) for node in own(statement) if isinstance(node, ast.AugAssign)} - {None}
    return read, bound


def own(statement):
    """The parts of a statement that run when it does: none of the bodies of functions."""
    yield statement
    if not isinstance(statement, FUNCTIONS):
        for child in ast.iter_child_nodes(statement):
            yield from own(child)


def changed(statement):
    """The names whose objects a statement changes, as `table[i] = 0` and `words.append(1)` do."""
    found = set()
    for node in own(statement):
        if isinstance(node, (ast.Subscript, ast.Attribute)) and isinstance(node.ctx, (ast.Store, ast.Del)):
            found |= {base(node)}
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = node.value.func
            found |= {base(called)} if isinstance(called, ast.Attribute) else set()
    return found - {None}


def base(node):
    """The name at the beginning of `name.a[0].b`, `None` if it begins with something else."""
    while isinstance(node, (ast.Attribute, ast.Subscript)):
        node = node.value
    return node.id if isinstance(node, ast.Name) else None


def parsed(source):
    """The statements of `source`; none if it is not Python."""
    try:
        return ast.parse(source).body
    except SyntaxError:
        return []


def first_read(statements, imported=frozenset()):
    """The names that `statements` read before they bind them, and all that they bind.

    `imported`: names that nothing but an import binds; a call such as `np.seterr(...)` changes nothing of a page.
    """
    wanted, every = set(), set()
    for statement in reversed(statements):
        read, bound = scope(statement)
        if not isinstance(statement, IMPORTS):
            bound = bound - imported
        # what is changed in place was there before
        wanted = (wanted - bound) | read
        every |= bound
    return wanted, every


IMPORTS = (ast.Import, ast.ImportFrom)


def scopes(sources):
    """What each of the cells `sources` reads first, and binds."""
    bodies = [parsed(source) for source in sources]
    imports = [node for body in bodies for node in body if isinstance(node, IMPORTS)]
    imported = {(part.asname or part.name).partition(".")[0] for node in imports for part in node.names}
    return [first_read(body, imported) for body in bodies]


def anew(statements):
    """The names that `statements` bind whatever was there before: assigned, defined or imported, and in no branch."""
    found = set()
    for statement in statements:
        if isinstance(statement, (ast.Assign, ast.FunctionDef, ast.ClassDef, *IMPORTS)):
            found |= simple(statement)[1]
    return found


def needed(sources, target, optional):
    """Which of the cells `sources` code needs that reads the names `target`: their places, in order.

    `optional`: for each cell, whether it may be left out; the others are needed in any case. What a needed cell binds
    anew, no cell before it is needed for.
    """
    wanted, kept = set(target), []
    for place, (read, bound) in reversed([*enumerate(scopes(sources))]):
        if not optional[place] or bound & wanted:
            kept.insert(0, place)
            wanted = (wanted - anew(parsed(sources[place]))) | read
    return kept


def ahead(sources, target):
    """Which of the cells `sources` can run at once for code that reads the names `target`, the others later.

    Nothing that runs later may find another value than it would in order, or leave another behind: a cell is taken too
    if a later one that is taken needs it, or binds what it reads or binds, but for names that no other cell reads.
    """
    found = scopes(sources)
    shared = set(target).union(*(read for read, _ in found))
    wanted, taken, kept = set(target), set(), []
    for place, (read, bound) in reversed([*enumerate(found)]):
        if bound & wanted or (bound | read) & taken & shared:
            kept.insert(0, place)
            wanted |= read
            taken |= bound
    return kept
