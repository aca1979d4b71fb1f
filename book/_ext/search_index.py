"""Sphinx extension: the search of the site, which knows the glossary. Nothing of it is loaded before it is opened.

The index holds the text of every page, section by section, as it is in sight: no outputs, and nothing of a hidden cell
or of a hint or answer that is folded. A row of the glossary is a section too. The chapter that defines a term gets it,
in all three languages, where it is explained; `search.js` puts that section first.

Both files are scripts, because a page that was opened from a file may load a script and nothing else.
"""

import json
import re
import sys
from pathlib import Path

from docutils import nodes
from docutils.utils.math.tex2unichar import mathalpha, mathbin, mathop, mathord, mathrel

from course_widgets import SITE, join

ROOT = Path(__file__).parents[2]
sys.path.insert(0, str(ROOT / "tools"))
import course  # noqa: E402

SYMBOLS = mathord | mathbin | mathop | mathrel | mathalpha
SYMBOLS |= {"lVert": "‖", "rVert": "‖", "Vert": "‖", "|": "‖", ",": " ", ";": " "}
SYMBOLS |= {"dots": "…", "le": "≤", "ne": "≠", "sqrt": "√"}
# Sphinx's own search
REPLACED = ["searchindex.js", "_static/searchtools.js", "_static/language_data.js"]


def in_letters(formula):
    r"""A short formula as one would type it: `n_j / n` of `\frac{n_j}{n}`, `e^(z - c)` of `e^{z - c}`."""
    formula = re.sub(r"\\(?:operatorname|text|hat|bar|left|right)\b", "", formula)
    formula = re.sub(r"\\[td]?frac *(\{[^{}]*\}|\d) *(\{[^{}]*\}|\d)", r"\1 / \2", formula)
    formula = re.sub(r"\\([a-zA-Z]+|\W)", lambda name: SYMBOLS.get(name[1], name[1]), formula)
    while (less := re.sub(r"\{([^{}]*)\}", group, formula)) != formula:
        formula = less
    return re.sub(r"\s+", " ", formula).replace("-", "−").strip()


def group(braces):
    return braces[1] if re.fullmatch(r"[\w^-]*", braces[1]) else f"({braces[1]})"


def words(node):
    """The text of a paragraph, formulas in letters."""
    if isinstance(node, nodes.Text):
        return node.astext()
    if isinstance(node, nodes.math):
        return in_letters(node.astext())
    if isinstance(node, nodes.raw):
        return " "
    return "".join(words(child) for child in node.children)


class Section:
    """What of a page is found together: a heading and what stands under it, or a row of the glossary."""

    def __init__(self, heading, anchor):
        self.heading, self.anchor = heading, anchor
        self.prose, self.code = [], []
        # in bold or italics, and what the course teaches to write
        self.stressed, self.taught = set(), []
        # numbers of the terms that it explains, and, of a row of the glossary, its own
        self.terms, self.row = [], None
        self.folded = 0

    def read(self, node):
        """Take the text of a node of the page, but for the sections in it."""
        for child in node.children:
            if is_section(child) or isinstance(child, nodes.comment | nodes.math_block):
                continue
            if isinstance(child, nodes.raw):
                self.folded += child.astext().count("<details") - child.astext().count("</details")
            elif self.folded or child.get("nb_element") == "cell_code_output":
                continue
            elif isinstance(child, nodes.literal_block):
                self.code.append(re.sub(r"^(?:from|import) .*\n?", "", child.astext(), flags=re.MULTILINE).strip())
                if "tag_taught" in child.parent.parent["classes"]:
                    self.taught += re.findall(r"^def (\w+)", child.astext(), re.MULTILINE)
            elif isinstance(child, nodes.title):
                continue
            elif isinstance(child, nodes.TextElement | nodes.row):
                entries = child.children if isinstance(child, nodes.row) else [child]
                texts = [re.sub(r"\s+", " ", words(entry)).strip() for entry in entries]
                self.prose.append(" · ".join(filter(None, texts)))
                stressed = child.findall(lambda part: isinstance(part, nodes.strong | nodes.emphasis))
                self.stressed |= {spaced(part.astext()) for part in stressed}
            else:
                self.read(child)

    def entry(self, page):
        """As search.js takes it apart. The heading of the top is the title of the page."""
        heading = self.heading if self.anchor else ""
        text, code = "\n".join(self.prose), "\n".join(self.code)
        return [page, self.anchor, heading, text, code, self.taught, self.terms, self.row]


def is_section(node):
    return isinstance(node, nodes.section) or isinstance(node, nodes.row) and node["ids"]


def sections(doctree):
    """The sections of a page, in their order. The first is its top."""
    found = []
    for node in doctree.findall(is_section):
        if isinstance(node, nodes.row):
            heading = node.next_node(nodes.strong).astext()
        else:
            heading = node.next_node(nodes.title).astext()
        found.append(Section(heading, node["ids"][0] if found else ""))
        found[-1].read(node)
    return found


def spaced(text):
    """The words of a text and nothing between them but spaces: `cross entropy` of `Cross-entropy`."""
    return " ".join(re.findall(r"[^\W_]+", text.lower()))


def explains(term, chapter):
    """The section of a chapter that explains a term: its top, if that is its topic; else one that is named after the
    term; else the first to stress it, to have it in its heading, or to speak of it at all.
    """
    word = re.compile(rf"(?:the )?{re.escape(spaced(term))}(?:s|es)?")
    topic, within = chapter[0].heading.partition(":")[0], re.compile(rf"\b{word.pattern}\b")
    signs = [
        lambda section: section is chapter[0] and word.fullmatch(spaced(topic)),
        lambda section: word.fullmatch(spaced(section.heading)),
        lambda section: any(word.fullmatch(stressed) for stressed in section.stressed),
        lambda section: section.anchor and within.search(spaced(section.heading)),
        lambda section: within.search(spaced(" ".join(section.prose))),
    ]
    for sign in signs:
        for section in chapter:
            if sign(section):
                return section
    return chapter[0]


def index(pages, terms, chapters):
    """What search.js reads, for the pages `{name: [Section]}`.

    A term whose chapter is not among them leads to the glossary.
    """
    rows = {section.heading: section for section in pages.get("book/glossary", [])}
    for number, term in enumerate(terms):
        if chapter := pages.get(f"book/{term.chapter}"):
            explains(term.english, chapter).terms.append(number)
        if row := rows.get(term.english):
            row.row, row.prose = number, []
    numbers = {f"book/{chapter.name}": chapter.number for chapter in chapters}
    for chapter in chapters:
        if found := pages.get(f"book/{chapter.name}"):
            # A list of words says nothing of them.
            found[0].prose = [line for line in found[0].prose if line != chapter.topics]
    return {
        "pages": [[f"{name}.html", found[0].heading, numbers.get(name, "")] for name, found in pages.items()],
        "terms": [[term.english, term.chinese, term.japanese, term.sentence] for term in terms],
        "sections": [section.entry(page) for page, found in enumerate(pages.values()) for section in found],
    }


def name_rows(app, doctree):
    """Each row of the glossary gets an id, to which a result can lead: `term-cross-entropy`."""
    if app.env.docname == "book/glossary":
        for row in doctree.findall(nodes.row):
            if term := row.next_node(nodes.strong):
                row["ids"].append("term-" + nodes.make_id(term.astext()))


def without_sphinx_search(app):
    if app.builder.format == "html":
        app.builder.search = False


def search_page(app):
    yield "search", {}, "search.html"


def write(app, exception):
    if app.builder.format != "html" or exception:
        return
    site = Path(app.outdir)
    for file in REPLACED:
        (site / file).unlink(missing_ok=True)
    (folder := site / "_static" / "search").mkdir(exist_ok=True)
    names = [name for name in course.pages(app.srcdir) if name in app.env.found_docs]
    pages = {name: sections(app.env.get_doctree(name)) for name in names}
    found = index(pages, course.glossary(app.srcdir), course.chapters(app.srcdir))
    packed = json.dumps(found, ensure_ascii=False, separators=(",", ":"))
    (folder / "index.js").write_text(f"var courseIndex = {packed};\n", encoding="utf-8")
    (folder / "search.js").write_text(join(SITE / "search.js"), encoding="utf-8")


def setup(app):
    app.connect("builder-inited", without_sphinx_search)
    app.connect("doctree-read", name_rows)
    app.connect("html-collect-pages", search_page)
    app.connect("build-finished", write)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
