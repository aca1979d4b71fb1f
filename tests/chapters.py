"""What the tests need to know of a chapter: its cells, its sections, its prose, its numbers."""

import functools
import io
import re
import tokenize

import course
import nbformat

PATHS = [chapter.path for chapter in course.chapters()]


class Chapter:
    def __init__(self, path):
        self.name = path.stem
        self.cells = nbformat.read(path, as_version=4).cells

    def code(self, tag=None):
        """The code cells that are not empty; with `tag`, those that carry it."""
        cells = [c for c in self.cells if c.cell_type == "code" and c.source]
        return [c for c in cells if tag is None or tag in tags(c)]

    def seen(self):
        """The code cells that a reader sees."""
        return [c for c in self.code() if "remove-cell" not in tags(c)]

    def sections(self):
        """`{heading of level 2: cells}`, with what comes before the first one under its title."""
        found, heading = {}, None
        for cell in self.cells:
            parts = [cell.source]
            if cell.cell_type == "markdown":
                parts = re.split(r"^(?=##? )", cell.source, flags=re.MULTILINE)
            for part in filter(None, parts):
                start = re.match(r"##? (.*)", part)
                if start and cell.cell_type == "markdown":
                    heading = start[1]
                piece = nbformat.from_dict({**cell, "source": part})
                found.setdefault(heading, []).append(piece)
        return found

    def opening(self):
        """The cells above the first heading of level 2."""
        starts = [cell.cell_type == "markdown" and cell.source.startswith("## ") for cell in self.cells]
        return self.cells[: starts.index(True)]

    def section(self, heading):
        """The prose of one section."""
        return prose(self.sections()[heading])

    def prose(self):
        return prose(self.cells)


def prose(cells):
    return "\n\n".join(c.source for c in cells if c.cell_type == "markdown")


def words(text):
    """How many words of prose: no fenced code, no HTML tags, no signs that stand alone."""
    text = re.sub(r"```.*?```|<.*?>", " ", text, flags=re.DOTALL)
    return len(re.findall(r"\S*\w\S*", text))


def tags(cell):
    return cell.metadata.get("tags", [])


def alt(cell):
    """What the picture of a cell shows, in words."""
    return cell.metadata.get("mystnb", {}).get("image", {}).get("alt", "")


def details(text):
    """`[(summary, content)]` of the parts of `text` that open."""
    return re.findall(r"<details><summary>(.*?)</summary>(.*?)</details>", text, re.DOTALL)


def blocks(text):
    """The fenced Python in `text`."""
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


def without_math_and_code(text):
    """What is left of `text` for rules about words."""
    return re.sub(r"```.*?```|`[^`]*`|\$\$.*?\$\$|\$[^$\n]*\$", " ", text, flags=re.DOTALL)


# Symbols

LETTERS = re.compile(r"\\(?:alpha|beta|gamma|delta|(?:var)?epsilon|eta|theta|lambda|mu|rho|sigma|tau|phi|omega|ell)$")
ACCENTS = re.compile(r"\\(?:hat|bar|tilde)\b")
NAMED = re.compile(r"\\(?:text|operatorname|mathrm|begin|end)\s*\{(.*?)\}")
SYMBOL = re.compile(r"\\(?:hat|bar|tilde)\s*\{?\s*[A-Za-z]\}?|\\[A-Za-z]+|[A-Za-z]")


def symbols(text):
    """The letters, Greek ones and those with a hat or bar, in the formulas of `text`, without their indices' names."""
    text = re.sub(r"```.*?```|`[^`]*`", " ", text, flags=re.DOTALL)
    formulas = re.findall(r"\$\$(.+?)\$\$|\$([^$]+?)\$", text, flags=re.DOTALL)
    found = SYMBOL.findall(NAMED.sub(" ", " ".join(map("".join, formulas))))
    return {re.sub(r"[{} ]", "", one) for one in found if is_symbol(one)}


def is_symbol(found):
    """A letter, with or without an accent, or a Greek one; other commands are signs such as a fraction."""
    return bool(not found.startswith("\\") or LETTERS.match(found) or ACCENTS.match(found))


# Numbers

# A name such as SHA-256 and a place such as page 42 are no numbers that a run could contradict, nor is a year.
NUMBER = re.compile(
    r"(?<![\w.])(?<![A-Za-z]-)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?P<part>\.\d+)?"
    r"(?P<unit> ?%| (?:percent|points?|nats?|bits?|bytes?|ms|milliseconds?|seconds?|[KMG]i?B)\b)?"
)
PLACE = re.compile(r"\b(?:pages?|sections?|chapters?|figures?|equations?|algorithms?) $", re.IGNORECASE)
YEARS = range(1800, 2100)


def numbers(text):
    """The numbers in `text` that count, as written: with a point, of 10 or more, or with a unit."""
    for found in NUMBER.finditer(text):
        number = found["whole"] + (found["part"] or "")
        year = "," not in number and not found["part"] and not found["unit"]
        if year and int(number) in YEARS or PLACE.search(text[: found.start()]):
            continue
        if value(number) >= 10 or found["part"] or found["unit"]:
            yield number


def value(number):
    return float(number.replace(",", "").replace("_", ""))


def constants(source):
    """The numbers in code: those in strings too, which may be printed, and none of a comment."""
    found = set()
    for token in tokenize.generate_tokens(io.StringIO(source).readline):
        if token.type == tokenize.NUMBER:
            found |= {value(n) for n in re.findall(r"\d[\d_]*\.?\d*", token.string)}
        elif token.type == tokenize.STRING and not token.string.startswith(('"""', "'''")):
            found |= {value(n) for n in re.findall(r"\d[\d,_]*(?:\.\d+)?", token.string)}
    return found


def held(cells):
    """The numbers in the code and the kept outputs of `cells`: those that a run would contradict."""
    found = set()
    for cell in cells:
        sources = [cell.source] if cell.cell_type == "code" else blocks(cell.source)
        found = functools.reduce(set.union, map(constants, sources), found)
        for output in cell.get("outputs", []):
            found |= {value(n) for n in re.findall(r"\d+\.?\d*", output.get("text", ""))}
    return found


def unheld(chapter):
    """`[(section, number)]` of the numbers in prose and in texts of pictures that no code near them would contradict.

    A percentage is held by its share of 1; what stands above the first section by any code of the chapter. What is
    quoted from others, after *Read next*, is theirs; and how long a chapter takes, in its first line, no code says.
    """
    found = []
    sections = chapter.sections()
    for heading, cells in sections.items():
        known = held(chapter.cells if heading == next(iter(sections)) else cells)
        for cell in cells:
            text = alt(cell)
            if cell.cell_type == "markdown":
                text = cell.source.partition("**Read next**")[0]
                text = re.sub(r"^(# .*\n\n\*.*) · .*(?=\*$)", r"\1", text, count=1, flags=re.MULTILINE)
                text = re.sub(r"```.*?```|\]\(.*?\)", " ", text, flags=re.DOTALL)
                text = re.sub(r"10\^\{(\d+)\}", r" \1 ", text)  # 10^{308} says 308
            for number in numbers(text):
                if not known & {value(number), round(value(number) / 100, 9)}:
                    found.append((heading, number))
    return found
