"""Runs the cells of a page in the browser. `worker.js` calls `run`, `check` and `plan`; all that is shown goes out by
`send`, one JSON text a message.

The namespace is that of `__main__`, shared by all cells, as in a notebook. There is no IPython: see `stand_in`.
"""

import ast
import base64
import builtins
import contextlib
import copy
import importlib.abc
import importlib.machinery
import io
import json
import linecache
import re
import sys
import time
import traceback
import types
import warnings

import cells
import checking

# What no browser has, by the name that is imported
ABSENT = {"tensorflow": "TensorFlow", "keras": "TensorFlow", "dask": "Dask", "distributed": "Dask", "psutil": "psutil"}
FORMATS = {"svg": "image/svg+xml", "png": "image/png"}
WIDGET = "application/vnd.jupyter.widget-view+json"
# From the richest to the plainest
MIMES = {
    "image/svg+xml": "_repr_svg_",
    "image/png": "_repr_png_",
    "text/html": "_repr_html_",
    "text/plain": "__repr__",
}
ROOM = 8_000_000  # bytes that Python needs to go on
MOST_TEXT = 100_000  # letters that a cell may print before the page shows no more of them
CELL = re.compile(r"(cell|exercise) \d+$")  # what the code of a reader is called

space = sys.modules["__main__"].__dict__
formats = ["png"]


def send(message):
    """Where messages go; `worker.js` puts a function of its own here."""
    sys.__stdout__.write(message + "\n")


def tell(**message):
    send(json.dumps(message))


class Elsewhere(ImportError):
    """A cell needs what is not here; `what` says it."""

    def __init__(self, what):
        super().__init__(f"{what} does not exist for the browser")
        self.what = what


class Missing:
    """Stands for a name that a cell could not bind: whoever uses it gets `Elsewhere`."""

    def __init__(self, what):
        self.__dict__["what"] = what

    def __getattr__(self, name):
        if name.startswith("__"):
            raise AttributeError(name)
        raise Elsewhere(self.__dict__["what"])

    def __repr__(self):
        return f"<needs {self.__dict__['what']}>"


def refuse(self, *args, **kwargs):
    raise Elsewhere(self.__dict__["what"])


BINARY = "add sub mul matmul truediv floordiv mod pow and or xor lshift rshift"
UNARY = (
    "call iter next len bool int float index str format contains enter exit getitem setitem delitem array eq ne lt le "
    "gt ge neg pos abs invert round setattr hash"
)
for _name in [*UNARY.split(), *(f"{side}{one}" for one in BINARY.split() for side in ("", "r", "i"))]:
    setattr(Missing, f"__{_name}__", refuse)


class Finder(importlib.abc.MetaPathFinder):
    """Says of what no browser has that it is elsewhere, and not that it has not been installed."""

    def find_spec(self, name, path=None, target=None):
        if name in ABSENT:
            raise Elsewhere(ABSENT[name])


def elsewhere(error):
    """What `error` says is missing here, else `None`."""
    seen = set()
    while error is not None and id(error) not in seen:
        seen.add(id(error))
        if isinstance(error, Elsewhere):
            return error.what
        if isinstance(error, RuntimeError) and "can't start new thread" in str(error):
            return "a second thread"
        if isinstance(error, (NotImplementedError, ImportError, OSError)) and "multiprocessing" in str(error):
            return "a second process"
        error = error.__cause__ or error.__context__
    return None


# ---- running a cell


def wants(source):
    """Whether a cell imports more than NumPy and what comes with Python."""
    imports = [node for body in cells.parsed(source) for node in ast.walk(body) if isinstance(node, cells.IMPORTS)]
    said = {part.name for node in imports if isinstance(node, ast.Import) for part in node.names}
    said |= {node.module or "" for node in imports if isinstance(node, ast.ImportFrom)}
    return bool({name.partition(".")[0] for name in said} - {"numpy", *sys.stdlib_module_names})


def run(source, name, quiet=False):
    """Run one cell, statement by statement, and show what it ends with. `quiet`: show nothing, whatever happens.

    "ok", "error", or "elsewhere" if it needs what is not here. The names that it did not come to bind are then
    `Missing`, so that a later cell which uses them says the same.
    """
    linecache.cache[name] = len(source), None, source.splitlines(True), name
    out, err = (Nowhere(), Nowhere()) if quiet else (Stream("stdout"), Stream("stderr"))
    left, past, result = [], [], "ok"
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err), warnings.catch_warnings():
        try:
            left = ast.parse(source, name).body
            while left:
                step(left[0], name, shown=len(left) == 1 and not quiet and not silent(source))
                past.append(left.pop(0))
        except BaseException as error:
            need_room(error)
            what = elsewhere(error)
            result = "elsewhere" if what else "error"
            for bound in {*names(left), *begun(past, left)} if what else ():
                space[bound] = Missing(what)
            out.flush(), err.flush()
            if not quiet:
                tell(elsewhere=what) if what else tell(error=explain(error))
        show_figures(quiet)
        out.flush(), err.flush()
    return result


def need_room(error):
    """`MemoryError` if so little memory is left that not even this `error` can be told: the page then ends Python, says
    why, and starts it anew.
    """
    if isinstance(error, MemoryError):
        bytearray(ROOM)


def step(node, name, shown):
    """Run one statement in the page's namespace, and show its value if it has one."""
    if shown and isinstance(node, ast.Expr):
        value = eval(compile(ast.Expression(node.value), name, "eval", dont_inherit=True), space)
        if value is not None:
            space["_"] = value
            display(value)
    else:
        exec(compile(ast.Module([node], []), name, "exec", dont_inherit=True), space)


def silent(source):
    """Whether a cell ends with a semicolon, which keeps its last value to itself."""
    return bool(re.search(r";\s*(#[^\n]*)?\s*$", source))


def names(nodes):
    """The names that statements bind at the top level, in branches and loops too."""
    for node in nodes:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            yield node.name
            continue
        for part in ast.walk(node):
            if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store):
                yield part.id
            elif isinstance(part, ast.alias):
                yield (part.asname or part.name).partition(".")[0]


def begun(past, rest):
    """The names that the `past` of a cell has bound and its `rest` was to change."""
    wanted = {part.id for node in rest for part in ast.walk(node) if isinstance(part, ast.Name)}
    return wanted & set(names(node for node in past if isinstance(node, (ast.Assign, ast.AnnAssign, ast.AugAssign))))


def explain(error):
    """The traceback of `error`, of the reader's own lines alone: its text, its last line, and the number of the line in
    the cell that was run.
    """
    told = traceback.TracebackException.from_exception(error)
    own = [frame for frame in told.stack if CELL.match(frame.filename)]
    told.stack = traceback.StackSummary.from_list(own)
    told.__cause__ = told.__context__ = None
    line = own[0].lineno if own else None
    if isinstance(error, SyntaxError) and CELL.match(error.filename or ""):
        line = error.lineno
    summary = "".join(told.format_exception_only()).strip()
    return {
        "text": "".join(told.format()).strip(),
        "summary": summary.splitlines()[-1] if summary else "",
        "line": line,
    }


# ---- what a cell shows


class Nowhere(io.TextIOBase):
    """Takes what a cell prints that shows nothing."""

    def write(self, text):
        return len(text)


class Stream(io.TextIOBase):
    """What is printed, sent a few times a second, and not more of it than a page can hold."""

    def __init__(self, name):
        self.name, self.parts, self.sent, self.letters = name, [], 0.0, 0

    def write(self, text):
        room = MOST_TEXT - self.letters
        if room > 0:
            cut = f"{text[:room]}\n… and more, which the page does not show.\n"
            self.parts.append(text if len(text) <= room else cut)
        self.letters += len(text)
        if time.monotonic() - self.sent > 0.1:
            self.flush()
        return len(text)

    def flush(self):
        if self.parts:
            tell(stream=self.name, text="".join(self.parts))
        self.parts, self.sent = [], time.monotonic()


def display(*values, **_):
    """Show values under the cell, each in the richest way that it knows."""
    if isinstance(sys.stdout, Nowhere):
        return
    sys.stdout.flush(), sys.stderr.flush()
    for value in values:
        tell(shown=bundle(value))


def bundle(value):
    """`value` as `{mime: text}` of one kind."""
    if hasattr(value, "model_id"):  # a widget would draw a picture as well, for hosts that know no widgets
        return {WIDGET: figure(value)}
    found = {}
    if method := getattr(value, "_repr_mimebundle_", None):
        found = method(include=None, exclude=None) or {}
        found = found[0] if isinstance(found, tuple) else found
    for mime, method in MIMES.items():
        if mime in found:
            return {mime: found[mime]}
        if not found and mime != "text/plain" and method and not isinstance(value, type):
            came = getattr(value, method, lambda: None)()
            if came:
                return {mime: base64.b64encode(came).decode() if isinstance(came, bytes) else came}
    return {"text/plain": repr(value)}


def figure(widget):
    """A figure of the course as the record that the host of the site draws."""
    from ipywidgets.embed import dependency_state

    from records import record

    # whole: the scripts know no defaults
    return record(dependency_state(widget, drop_defaults=False), widget.model_id)


def show_figures(quiet):
    """Show the open figures of matplotlib, and close them."""
    if plt := sys.modules.get("matplotlib.pyplot"):
        for number in plt.get_fignums():
            if not quiet:
                display(Picture(plt.figure(number)))
        plt.close("all")


class Picture:
    """A figure of matplotlib in the format that the notebook asked for."""

    def __init__(self, figure):
        self.figure = figure

    def _repr_mimebundle_(self, include=None, exclude=None):
        file = io.BytesIO()
        self.figure.savefig(file, format=formats[0], bbox_inches="tight")
        came = file.getvalue()
        return {FORMATS[formats[0]]: came.decode() if formats[0] == "svg" else base64.b64encode(came).decode()}


# ---- exercises


def check(source, answer, asked, name):
    """Run the code of a reader, and then what the published `answer` asserts of the names `asked`. -> JSON

    Each in a namespace of its own, which begins as that of the page: what an exercise binds stays in it, and of what a
    reader binds the check has the names that were asked. `{"result": "right"}`, `{"result": "lacking", "names"}` of
    those that are not bound, `{"result": "wrong", "failed"}` with the messages of `checking.failures`, `{"result":
    "error", "error"}` of the reader's code, or `{"result": "elsewhere", "what"}`.
    """
    linecache.cache[name] = len(source), None, source.splitlines(True), name
    inside = {key: copied(value) for key, value in space.items()}
    out, err = Stream("stdout"), Stream("stderr")
    try:
        with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
            tree = ast.parse(source, name)
            for node in tree.body:
                exec(compile(ast.Module([node], []), name, "exec", dont_inherit=True), inside)
            show_figures(quiet=False)
            out.flush(), err.flush()
        bound = set(names(tree.body))
        lacking = [one for one in asked if one not in bound or inside.get(one) is ...]
        if lacking:
            return json.dumps({"result": "lacking", "names": lacking})
        with contextlib.redirect_stdout(Nowhere()), contextlib.redirect_stderr(Nowhere()):
            page = {key: copied(value) for key, value in space.items()}
            failed = checking.failures(answer, asked, page | {one: inside[one] for one in asked}, elsewhere)
    except BaseException as error:
        need_room(error)
        what = elsewhere(error)
        return json.dumps(
            {"result": "elsewhere", "what": what} if what else {"result": "error", "error": explain(error)}
        )
    finally:
        out.flush(), err.flush()
        show_figures(quiet=True)
    return json.dumps({"result": "wrong", "failed": failed} if failed else {"result": "right"})


def copied(value):
    """A generator of random numbers as it stands, so that an exercise draws what it draws whoever drew before it."""
    numpy = sys.modules.get("numpy.random")
    return copy.deepcopy(value) if numpy and isinstance(value, numpy.Generator) else value


def plan(sources, code):
    """Which of the cells `sources`, none of which has run, an exercise needs whose `code` reads their names."""
    read = set().union(*(cells.first_read(cells.parsed(one))[0] for one in code))
    return cells.ahead(list(sources), read)


# ---- the beginning


def stand_in():
    """What ipywidgets, anywidget and matplotlib-inline ask of IPython, which would take megabytes and seconds."""

    def module(name, **members):
        made = types.ModuleType(name)
        made.__dict__.update(members)
        made.__path__, made.__spec__ = [], importlib.machinery.ModuleSpec(name, None, is_package=True)
        sys.modules[name] = made
        parent, _, child = name.rpartition(".")
        if parent:
            setattr(sys.modules[parent], child, made)

    class InteractiveShell:
        initialized = staticmethod(lambda: False)
        instance = classmethod(lambda cls: cls())

    def select_figure_formats(shell, chosen, **_):
        formats[:] = [one for one in chosen if one in FORMATS] or ["png"]

    def nothing(*args, **kwargs):
        return None

    module("IPython", get_ipython=nothing, version_info=(9, 0, 0), __version__="9.0.0")
    module("IPython.core", getipython=None)
    module("IPython.core.getipython", get_ipython=nothing)
    shells = {"InteractiveShell": InteractiveShell, "InteractiveShellABC": InteractiveShell}
    module("IPython.core.interactiveshell", **shells)
    module("IPython.core.pylabtools", select_figure_formats=select_figure_formats)
    module("IPython.display", display=display, clear_output=lambda wait=False: tell(clear=True))
    builtins.display = display


def begin():
    sys.meta_path.insert(0, Finder())
    stand_in()
