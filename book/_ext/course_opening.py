"""Sphinx extension: the top of a chapter, and the bar that says where in the course one is.

Above the title stands "Chapter 3 of 9 · topics · time", below it the question, and then a card: the cells tagged
`opener`, which draw the figure of the chapter, the first prediction, and the code of the figure, folded.
"""

import sys
from pathlib import Path

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
import course

# What the landing page offers beside the chapters
BESIDE = [("book/cheatsheet", "Cheat sheet"), ("book/glossary", "Glossary 中文 日本語"), ("book/teaching", "Teaching")]


def opens(node):
    return isinstance(node, nodes.container) and "tag_opener" in node["classes"]


def apart(cells):
    """The outputs of cells, and their code."""
    outputs, code = [], []
    for cell in cells:
        for part in cell.children:
            shown = isinstance(part, nodes.container) and "cell_output" in part["classes"]
            whole = nodes.container(classes=cell["classes"])
            whole += part
            (outputs if shown else code).append(whole)
    return outputs, code


class Opening(SphinxPostTransform):
    default_priority = 890

    def run(self, **kwargs):
        chapters = {f"book/{chapter.name}": chapter for chapter in course.chapters(Path(self.env.srcdir))}
        chapter = chapters.get(self.env.docname)
        section = next(iter(self.document.findall(nodes.section)), None)
        if chapter is None or section is None:
            return
        topics, question = [node for node in section.children if isinstance(node, nodes.paragraph)][:2]
        topics["classes"].append("course-topics")
        topics.children = []
        topics += [nodes.strong("", f"Chapter {chapter.number} of {len(chapters)}"), nodes.Text(f" · {chapter.topics}")]
        question["classes"].append("course-chapter-question")
        cells = [node for node in section.children if opens(node)]
        asked = [node for node in section.children if "course-prediction" in node.get("classes", [])][:1]
        rest = [node for node in section.children if node not in [topics, question, *cells, *asked]]
        outputs, code = apart(cells)
        card = nodes.container(classes=["course-opener"])
        card += [*outputs, *asked, *code]
        title = rest.index(next(node for node in rest if isinstance(node, nodes.title)))
        section.children = []
        section += [topics, *rest[: title + 1], question, *([card] if cells else []), *rest[title + 1 :]]


def place(app, pagename, templatename, context, doctree):
    """For the template of the bar: the chapters, and which of them this page is."""
    chapters = course.chapters(Path(app.srcdir))
    here = next((chapter for chapter in chapters if f"book/{chapter.name}" == pagename), None)
    context["course_chapters"] = [
        {"number": c.number, "name": c.name, "topic": c.topic, "page": f"book/{c.name}"} for c in chapters
    ]
    context["course_chapter"] = here and here.number
    context["course_landing"] = pagename == app.config.root_doc
    known = course.pages(Path(app.srcdir))
    context["course_beside"] = [(page, name) for page, name in BESIDE if page in known]


def setup(app):
    app.add_post_transform(Opening)
    app.connect("html-page-context", place)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
