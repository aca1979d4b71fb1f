"""What every program needs to know of the course: its chapters, in their order, and where it lives."""

import functools
import json
import os
import re
import subprocess
from pathlib import Path
from typing import NamedTuple

ROOT = Path(__file__).parents[1]
GITHUB = "https://github.com"


class Chapter(NamedTuple):
    """A notebook in the table of contents. `number` counts from 1; the other three stand at the top of it."""

    number: int
    path: Path
    title: str
    topics: str
    question: str

    @property
    def name(self):
        """The name of its file without suffix, by which other files speak of it."""
        return self.path.stem

    @property
    def topic(self):
        """What the title has before its colon: `Softmax`, of `Softmax: turn scores into probabilities`."""
        return self.title.partition(":")[0]


def pages(root=ROOT):
    """The pages of the book as `_toc.yml` lists them, the first page first: names such as `book/softmax`."""
    syllabus = (Path(root) / "_toc.yml").read_text(encoding="utf-8")
    return re.findall(r"^[ -]*(?:root|file): *([\w/.-]+)", syllabus, re.MULTILINE)


@functools.cache
def chapters(root=ROOT):
    """The chapters of the book, in the order of `_toc.yml`, which is the one place that knows it."""
    paths = [Path(root, f"{page}.ipynb") for page in pages(root)]
    paths = [path for path in paths if path.exists()]
    return [Chapter(number, path, *opening(path)) for number, path in enumerate(paths, 1)]


def opening(path):
    """The title of a notebook, its topics with the time they take, and the question it answers.

    They are the first three paragraphs of its first cell.
    """
    cells = json.loads(Path(path).read_text(encoding="utf-8"))["cells"]
    found = re.match(r"# (.+)\n\n\*(.+)\*\n\n\*\*(.+)\*\*(?:\n\n|$)", "".join(cells[0]["source"]))
    if not found:
        raise ValueError(f"{path}: expected `# Title`, `*topics · time*` and `**Question**` at its beginning.")
    return found.groups()


class Term(NamedTuple):
    """A row of the glossary: a term in three languages, what it means, and the topic and name of its chapter."""

    english: str
    chinese: str
    japanese: str
    sentence: str
    topic: str
    chapter: str


TERM = re.compile(
    r'\| \*\*(.+?)\*\* <br> <span lang="zh">(.+?)</span> <br> <span lang="ja">(.+?)</span>'
    r" \| (.+) \[([^]]+)\]\(([\w-]+)\) \|"
)


def glossary(root=ROOT):
    """The terms of the glossary, in its order. `ValueError`: a row that does not say all there is to say."""
    text = (Path(root) / "book" / "glossary.md").read_text(encoding="utf-8")
    rows = [line for line in text.splitlines() if line.startswith("| **")]
    found = [TERM.fullmatch(row) for row in rows]
    if None in found:
        raise ValueError(
            f"book/glossary.md: expected a term, 中文, 日本語, a sentence and a link in {rows[found.index(None)]}"
        )
    return [Term(*row.groups()) for row in found]


def address(environ=os.environ):
    """The address of this copy of the course as the environment says it, `None` if it does not.

    COURSE_REPO_URL, the whole address, goes before GITHUB_REPOSITORY, owner/name, which GitHub's workflows have. One
    that a browser cannot follow, as that of SSH, raises ValueError.
    """
    url = environ.get("COURSE_REPO_URL", "").strip()
    if not url and environ.get("GITHUB_REPOSITORY"):
        server = environ.get("GITHUB_SERVER_URL") or GITHUB
        url = f"{server.rstrip('/')}/{environ['GITHUB_REPOSITORY']}"
    if url and not url.startswith(("https://", "http://", "file://")):
        raise ValueError(f"COURSE_REPO_URL: expected an address that begins with https://, and it is {url!r}")
    return url.rstrip("/").removesuffix(".git") or None


def site(environ=os.environ):
    """The address at which the built site can be read, without a slash at its end; `None` if COURSE_SITE_URL does not
    say.
    """
    return environ.get("COURSE_SITE_URL", "").strip().rstrip("/") or None


def package(environ=os.environ, root=ROOT):
    """What pip installs to have `softmaxlab` of the commit that is checked out; `None` if there is no address."""
    url = address(environ)
    if url is None:
        return None
    head = ["git", "-C", root, "rev-parse", "HEAD"]
    commit = subprocess.run(head, check=True, text=True, stdout=subprocess.PIPE).stdout.strip()
    return f"git+{url}@{commit}"
