"""Write `book/cheatsheet.md`: the Summary table of every chapter, on two sheets of A4. Run it when a Summary has changed."""

import re

from chapters import CHAPTERS, ROOT, Chapter

PAGE = ROOT / "book" / "cheatsheet.md"
HEAD = """# Cheat sheet

The summary of every chapter. It prints on two sheets of A4.

"""


def text():
    """The page as it ought to be."""
    parts = []
    syllabus = (ROOT / "_toc.yml").read_text(encoding="utf-8")
    for path in (path for path in CHAPTERS if f"book/{path.stem}\n" in syllabus):
        sections = Chapter(path).sections()
        title = next(iter(sections.values()))[0].source
        title = re.match(r"# (.*)", title)[1]
        summary = "\n".join(cell.source for cell in sections["Summary"])
        table = "\n".join(re.findall(r"^\|.*\|$", summary, re.MULTILINE))
        parts.append(f"## {int(path.stem[:2])} · [{title}]({path.stem})\n\n{table}\n")
    return HEAD + "\n".join(parts)


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
