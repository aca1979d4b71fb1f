"""Sphinx extension: what a page says of all chapters is written when the book is built, in the order of `_toc.yml`.

A line `<!-- chapters -->` in a page becomes a card for each chapter, `<!-- ladder -->` the table of the accuracy
ladder, `<!-- cheat sheet -->` the summary of every chapter. And a number keeps its per cent sign.
"""

import re
import sys
from pathlib import Path

import nbformat
from docutils import nodes
from softmaxlab.results import load_ladder

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import course

CARDS = Path(__file__).parents[1] / "_site" / "cards"
# Instead of a picture that is not there
NUMBER = """<svg class="course-card-picture" viewBox="0 0 96 96" aria-hidden="true" focusable="false">
<text x="48" y="66" font-size="52" text-anchor="middle" fill="var(--course-link)">{}</text></svg>"""


def chapter_cards(root):
    """A numbered list: a small picture, the title, linked, topics with time, and the question of each chapter."""
    return "\n".join(card(chapter) for chapter in course.chapters(root))


def card(chapter):
    drawn = CARDS / f"{chapter.name}.svg"
    picture = drawn.read_text(encoding="utf-8") if drawn.exists() else NUMBER.format(chapter.number)
    parts = [
        " ".join(picture.split("\n")).strip(),
        f"**[{chapter.number} · {chapter.title}]({chapter.name})**",
        f"*{chapter.topics}*",
        chapter.question,
    ]
    return f"{chapter.number}. " + "\n\n   ".join(parts) + "\n"


def ladder_table(root):
    """A row for each rung: its name, its accuracy, the chapter that climbs it, if it is in the book."""
    topics = {c.name: f"[{c.topic.lower()}]({c.name})" for c in course.chapters(root)}
    rows = [f"| {rung.name} | {100 * rung.accuracy:.1f} % | {topics.get(rung.chapter, '')} |" for rung in load_ladder()]
    return "\n".join(["| model | accuracy | chapter |", "|---|---|---|", *rows])


def cheat_sheet(root):
    """The table of every chapter's Summary under its title."""
    parts = [f"## {c.number} · [{c.title}]({c.name})\n\n{summary(c)}" for c in course.chapters(root)]
    return "\n\n".join(parts)


def summary(chapter):
    """The table under the heading *Summary* of a chapter."""
    cells = nbformat.read(chapter.path, as_version=4).cells
    prose = "\n\n".join(cell.source for cell in cells if cell.cell_type == "markdown")
    found = re.search(r"^## Summary$(.*?)(?=^## |\Z)", prose, re.MULTILINE | re.DOTALL)
    rows = re.findall(r"^\|.*\|$", found[1], re.MULTILINE) if found else []
    if not rows:
        raise ValueError(f"{chapter.path}: expected a table under the heading `## Summary`.")
    return "\n".join(rows)


PARTS = {
    "chapters": chapter_cards,
    "ladder": ladder_table,
    "cheat sheet": cheat_sheet,
}


def fill_in(app, docname, source):
    for name, text in PARTS.items():
        mark = f"<!-- {name} -->"
        if mark in source[0]:
            source[0] = source[0].replace(mark, text(Path(app.srcdir)))


def pages_with_marks(app, env, added, changed, removed):
    """They depend on every chapter, so they are read again each time."""
    pages = [name for name in env.found_docs if env.doc2path(name).endswith(".md")]
    marks = [f"<!-- {name} -->" for name in PARTS]
    texts = {name: Path(env.doc2path(name)).read_text(encoding="utf-8") for name in pages}
    return [name for name, text in texts.items() if any(mark in text for mark in marks)]


def keep_units(app, doctree):
    """A per cent sign does not leave its number at the end of a line."""
    for text in list(doctree.findall(nodes.Text)):
        kept = re.sub(r"(?<=\d) (?=%)", "\N{NO-BREAK SPACE}", text)
        if kept != text and not isinstance(text.parent, (nodes.literal, nodes.literal_block, nodes.raw)):
            text.parent.replace(text, nodes.Text(kept))


def setup(app):
    app.connect("source-read", fill_in)
    app.connect("doctree-read", keep_units)
    app.connect("env-get-outdated", pages_with_marks)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
