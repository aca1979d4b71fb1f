"""The exercises of a chapter, as its notebook has them: what is asked, what is given, the hint, the answer, its code.

    **3. Change.** At which scale does the cat first reach 0.99? Call it `first_scale`.

    <details><summary>Hint</summary> … </details>
    <details><summary>Answer</summary> … ```python … ``` </details>

The page makes a cell and a *Check* of it, if the code asserts something of a name that a reader can bind: see `asked`.
"""

import ast
import re
import sys
from pathlib import Path
from typing import NamedTuple

sys.path.insert(0, str(Path(__file__).parents[1] / "book" / "_live"))
from cells import GENERATORS
from checking import all_asserts, what_is_held

START = re.compile(r"^\*\*(\d+)\. (\w+)[^*]*\*\*", re.MULTILINE)
FENCED = re.compile(r"^```(\w*)\n(.*?)^```", re.DOTALL | re.MULTILINE)
DETAILS = re.compile(r"<details><summary>(Hint|Answer)</summary>(.*?)</details>", re.DOTALL)
MARKED = re.compile(r"(?<!`)`([A-Za-z_]\w*)(?:\([^`]*\))?`(?!`)")


class Exercise(NamedTuple):
    """`given` is the code of the question, `code` that of the answer; either may be empty."""

    number: int
    kind: str
    question: str
    given: str
    hint: str
    answer: str
    code: str

    @property
    def asked(self):
        """The names that a reader has to bind, in the order in which the answer binds them; none if there is no check.

        They are the names that the answer binds and asserts something of: those that the question has in backticks; or
        else that its code binds; or else the one that the assertions read, if there is only one.
        """
        names = [name for name in bound(self.code) if name not in GENERATORS]
        only = read(self.code, names)
        for said in (MARKED.findall(self.question), bound(self.given), only if len(only) == 1 else []):
            if found := held(self.code, [name for name in names if name in said]):
                return found
        return []

    @property
    def starter(self):
        """What the cell of the exercise begins with: the code that is given, and a line for each name that it lacks."""
        lines = [self.given.rstrip()] if self.given.strip() else []
        lacking = [name for name in self.asked if name not in bound(self.given)]
        return "\n\n\n".join([*lines, *([placeholders(self.code, lacking)] if lacking else [])])


def exercises(notebook):
    """The exercises of a notebook, those under its heading *Exercises*."""
    prose = "\n\n".join(cell.source for cell in notebook.cells if cell.cell_type == "markdown")
    section = re.search(r"^## Exercises$(.*?)(?=^## |\Z)", prose, re.DOTALL | re.MULTILINE)
    text = section[1] if section else ""
    starts = [*START.finditer(text)]
    ends = [*(start.start() for start in starts[1:]), len(text)]
    return [exercise(start, text[start.end() : end]) for start, end in zip(starts, ends)]


def exercise(start, text):
    """The exercise that begins with the match `start` of its first words, and has the `text` after it."""
    question = text.partition("<details>")[0]
    parts = dict(DETAILS.findall(text))
    given = "".join(code for _, code in FENCED.findall(question))
    answer = parts.get("Answer", "")
    code = "".join(code for language, code in FENCED.findall(answer) if language == "python")
    plain = FENCED.sub("", question).strip()
    return Exercise(int(start[1]), start[2], plain, given, parts.get("Hint", "").strip(), answer.strip(), code)


def bound(code):
    """The names that `code` binds by assignments and definitions at its top level, in order."""
    try:
        body = ast.parse(code).body
    except SyntaxError:
        return []
    found = []
    for node in body:
        if isinstance(node, (ast.FunctionDef, ast.ClassDef)):
            found.append(node.name)
        elif isinstance(node, (ast.Assign, ast.AnnAssign)):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            parts = [part for target in targets for part in ast.walk(target)]
            found += [part.id for part in parts if isinstance(part, ast.Name) and isinstance(part.ctx, ast.Store)]
    return [*dict.fromkeys(found)]


def read(code, names):
    """Those of `names` that the assertions of `code` read themselves."""
    said = {
        part.id
        for node in ast.parse(code).body
        for one in all_asserts(node)
        for part in ast.walk(one)
        if isinstance(part, ast.Name)
    }
    return [name for name in names if name in said]


def held(code, names):
    """`names`, if `code` asserts something of them; else none."""
    statements = what_is_held(code, set(names)) if names else []
    return names if any(all_asserts(one) for one in statements) else []


def placeholders(code, names):
    """A line to fill in for each of `names`: the head of a function as `code` defines it, or `name = ...`."""
    functions = {node.name: node for node in ast.parse(code).body if isinstance(node, ast.FunctionDef)}
    lines = []
    for name in names:
        if name in functions:
            lines.append(f"def {name}({ast.unparse(functions[name].args)}):\n    ...")
        else:
            lines.append(f"{name} = ...")
    gap = "\n\n\n" if set(names) & functions.keys() else "\n"
    return gap.join(lines)
