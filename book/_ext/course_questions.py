"""Sphinx extension: predictions, questions and exercises of a chapter, each as a box of its own.

In a notebook a question is a paragraph that begins with `**Predict first.**` or a number in bold, and the `details`
after it: choices, or a hint and an answer. Here the choices also become buttons, which `book/_site/questions.js` brings
to life; without scripts the `details` are shown.
"""

import re

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

PREDICTION, QUESTION, EXERCISE = "prediction", "question", "exercise"
STARTS = [
    (PREDICTION, r"Predict first\."),
    (QUESTION, r"\d+\.$"),
    (EXERCISE, r"\d+\. \w"),
]
DONE = '<label class="course-done"><input type="checkbox"> done</label>'
SUMMARY = re.compile(r"<details><summary>(.*?)</summary>", re.DOTALL)


def kind_of(node):
    """What begins with this node: a prediction, a question, an exercise, or `None`."""
    first = next((child for child in node.children if child.astext()), None)
    if not isinstance(node, nodes.paragraph) or not isinstance(first, nodes.strong):
        return None
    return next((kind for kind, start in STARTS if re.match(start, first.astext())), None)


def html(node):
    return node.astext() if isinstance(node, nodes.raw) else ""


def end_of(children, start):
    """Where the `details` of the question end that begins at `start`; `start` if it has none."""
    end, depth = start, 0
    for place in range(start + 1, len(children)):
        text = html(children[place])
        if depth == 0 and "<details" not in text:
            # an exercise may have more text, or code, before its hint
            if end > start or kind_of(children[place]) or isinstance(children[place], nodes.section):
                break
            continue
        depth += text.count("<details") - text.count("</details")
        if depth == 0:
            end = place + 1
    return end


def box(kind, number, children):
    """One question as a container. Its `details` open one at a time, its choices are buttons as well."""
    name = f"{kind}-{number}"
    summaries = [summary for child in children for summary in SUMMARY.findall(html(child))]
    choices = summaries != ["Hint", "Answer"]
    classes = ["course-question", f"course-{kind}", *(["course-has-choices"] if choices else [])]
    found = nodes.container(classes=classes, ids=[name])
    if not choices:
        found += [*children, nodes.raw("", DONE, format="html")]
        return found
    first = next(place for place, child in enumerate(children) if "<details" in html(child))
    buttons = "".join(f'<button type="button" aria-pressed="false">{summary}</button>' for summary in summaries)
    found += children[:first]
    found += nodes.raw("", f'<div class="course-choices">{buttons}</div>', format="html")
    for child in children[first:]:
        if html(child):
            child = nodes.raw("", child.astext().replace("<details>", f'<details name="{name}">'), format="html")
        found += child
    found += nodes.raw("", '<div class="course-feedback" role="status"></div>', format="html")
    return found


class Questions(SphinxPostTransform):
    """Before the opening, which takes the first prediction into its card."""

    default_priority = 880

    def run(self, **kwargs):
        if not self.env.doc2path(self.env.docname).endswith(".ipynb"):
            return
        numbers = {kind: 0 for kind, _ in STARTS}
        for section in list(self.document.findall(nodes.section)):
            kept, place, children = [], 0, section.children
            while place < len(children):
                kind = kind_of(children[place])
                end = end_of(children, place) if kind else place
                if end > place:
                    numbers[kind] += 1
                    kept.append(box(kind, numbers[kind], children[place:end]))
                    place = end
                else:
                    kept.append(children[place])
                    place += 1
            section.children = []
            section += kept


def setup(app):
    app.add_post_transform(Questions)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
