"""What the tests need to know of a chapter: its cells, its sections, its prose, its numbers."""

import re
from pathlib import Path

import nbformat

ROOT = Path(__file__).parents[1]
CHAPTERS = sorted((ROOT / "book").glob("[0-9]*.ipynb"))


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

    def prose(self):
        return "\n\n".join(c.source for c in self.cells if c.cell_type == "markdown")


def words(text):
    """How many words of prose: no fenced code, no HTML tags, no signs that stand alone."""
    text = re.sub(r"```.*?```|<.*?>", " ", text, flags=re.DOTALL)
    return len(re.findall(r"\S*\w\S*", text))


def tags(cell):
    return cell.metadata.get("tags", [])


def details(text):
    """`[(summary, content)]` of the parts of `text` that open."""
    return re.findall(r"<details><summary>(.*?)</summary>(.*?)</details>", text, re.DOTALL)


def blocks(text):
    """The fenced Python in `text`."""
    return re.findall(r"^```python\n(.*?)^```", text, re.DOTALL | re.MULTILINE)


NUMBER = re.compile(r"(?<![\w.])(\d{1,3}(?:,\d{3})+|\d+)(\.\d+)?")


def numbers(text):
    """The numbers written in `text`, as written."""
    return [whole + (part or "") for whole, part in NUMBER.findall(text)]


def value(number):
    return float(number.replace(",", "").replace("_", ""))


def held(cells):
    """The numbers in the code and the kept outputs of `cells`: those that a run would contradict."""
    text = []
    for cell in cells:
        if cell.cell_type == "code":
            text.append(re.sub(r"(?<=\d)_(?=\d)", "", cell.source))
            text += [output.get("text", "") for output in cell.get("outputs", [])]
        else:
            text += blocks(cell.source)
    text = re.sub(r"(?<=\d)e(-?\d+)", r" \1 ", "\n".join(text))
    return {value(n) for n in re.findall(r"\d+\.?\d*", text)}


def unheld(chapter):
    """`[(section, number)]` of the numbers in the prose that no code near them would contradict.

    Counted are numbers of 10 or more and those with a decimal point. A percentage is held by its share of 1.
    What is quoted from others, after *Read next*, is theirs.
    """
    found = []
    for heading, cells in chapter.sections().items():
        known = held(cells)
        for cell in cells:
            if cell.cell_type != "markdown":
                continue
            text = cell.source.partition("**Read next**")[0]
            text = re.sub(r"```.*?```|\]\(.*?\)", " ", text, flags=re.DOTALL)
            text = re.sub(r"10\^\{(\d+)\}", r" \1 ", text)  # 10^{308} says 308
            for number in numbers(text):
                n = value(number)
                counted = n >= 10 or "." in number
                if counted and not known & {n, round(n / 100, 9)}:
                    found.append((heading, number))
    return found
