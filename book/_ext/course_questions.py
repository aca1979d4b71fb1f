"""Sphinx extension: predictions, questions and exercises of a chapter, each as a box of its own.

In a notebook a question is a paragraph that begins with `**Predict first.**` or a number in bold, and the `details`
after it: choices, or a hint and an answer. Here the choices also become buttons, which `book/_site/questions.js` brings
to life; without scripts the `details` are shown.

A prediction without choices gets a field for a guess, and what answers it is closed until a guess is made, or declined:
outputs and prose, as `answered` says. Without scripts, on paper and in a notebook it is open.

A prediction that begins with `Point at` is answered by a place in the nearest picture above it, and the first picture
that opens with it shows the same place: so both have the same axes, which `check_alike` sees to.
"""

import re
from itertools import takewhile
from pathlib import Path

import imagesize
from docutils import nodes
from sphinx.errors import ExtensionError
from sphinx.transforms.post_transforms import SphinxPostTransform

PREDICTION, QUESTION, EXERCISE = "prediction", "question", "exercise"
POINTS = "course-points"
STARTS = [
    (QUESTION, r"\d+\.$"),
    (EXERCISE, r"\d+\. \w"),
]
PREDICT, HAPPENED = "Predict first.", "What happened."
POINT = re.compile(rf"{re.escape(PREDICT)}\s+Point at\b")
DONE = '<label class="course-done"><input type="checkbox"> done</label>'
SUMMARY = re.compile(r"<details[^>]*><summary>(.*?)</summary>", re.DOTALL)
TYPED = """<label for="{name}-guess">Your guess</label>
<input id="{name}-guess" type="text" maxlength="80" autocomplete="off" required>"""
POINTED = '<p class="course-spot">Press in the picture above, or move its cross with the arrow keys.</p>'
GUESS = """<form class="course-guess">
{field}
<button type="submit">Show what happens</button>
<button type="button" class="course-quiet">Show without a guess</button>
<span class="course-told" role="status"></span>
</form>"""
CLOSED = '<p class="course-closed course-of-{name}"><a href="#{name}">This opens with your prediction</a></p>'
CHOSEN = r'\g<0><p class="course-said">You said: <b>\1</b></p>'
SAID = '<p class="course-said course-of-{name}"></p>'
SCORE = '<p class="course-score" role="status">0 of {} right</p>'
# In an SVG of matplotlib its width and height, and of each of its axes the lower left and upper right corner
SIZE = re.compile(r'viewBox="0 0 (\S+) (\S+)"')
AXES = re.compile(r'id="axes_\d+">\s*<g id="patch_\d+">\s*<path d="M (\S+) (\S+) *\nL \S+ \S+ *\nL (\S+) (\S+)')
WIDGET = "application/vnd.jupyter.widget-view+json"


def kind_of(node):
    """What begins with this node: a prediction, a question, an exercise, or `None`."""
    if not isinstance(node, nodes.paragraph):
        return None
    # a prediction may stand behind a sentence that leads to it
    if any(isinstance(child, nodes.strong) and child.astext().startswith(PREDICT) for child in node.children):
        return PREDICTION
    first = next((child for child in node.children if child.astext()), None)
    if not isinstance(first, nodes.strong):
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
            text = child.astext().replace("<details>", f'<details name="{name}">')
            if kind == PREDICTION:
                text = SUMMARY.sub(CHOSEN, text)
            child = nodes.raw("", text, format="html")
        found += child
    found += nodes.raw("", '<div class="course-feedback" role="status"></div>', format="html")
    return found


def guess_box(number, children):
    """A prediction without choices as a container: what is asked, and a field for the guess."""
    name = f"{PREDICTION}-{number}"
    classes = ["course-question", "course-prediction", "course-asks"]
    field = TYPED.format(name=name)
    if POINT.search(children[0].astext()):
        classes, field = [*classes, POINTS], POINTED
    found = nodes.container(classes=classes, ids=[name])
    found += [*children, nodes.raw("", GUESS.format(field=field), format="html")]
    return found


def pictures(of):
    return [picture for node in of for picture in node.findall(nodes.image)]


def papers(path):
    """Where the axes of a drawing by matplotlib stand: of each, two corners, as shares of its width and height."""
    text = path.read_text(encoding="utf-8") if path.suffix == ".svg" else ""
    size = SIZE.search(text)
    return [[float(at) / float(size[1 + n % 2]) for n, at in enumerate(corners)] for corners in AXES.findall(text)]


def check_alike(name, field, answer):
    """`ExtensionError` unless a place in the picture `field` is the same place in the picture `answer`."""
    one, other = (width / height for width, height in map(imagesize.get, (field, answer)))
    if abs(one / other - 1) > 0.01:
        raise ExtensionError(
            f"expected below {name} a first picture as wide and high as the one above it, {one:.2f} to 1, "
            f"got {other:.2f} to 1"
        )
    one, other = papers(field), papers(answer)
    apart = [abs(a - b) for corners, others in zip(one, other) for a, b in zip(corners, others)]
    if len(one) != len(other) or max(apart, default=0) > 0.01:
        raise ExtensionError(f"expected below {name} a first picture with its axes where the one above it has them")


def give_field(box, above, below, folder):
    """Make the nearest picture `above` the field of the prediction `box`, and frame the first that it opens."""
    (name,) = box["ids"]
    parts = [part for node in below for part in node.findall(nodes.container) if is_answer(part, name)]
    if not parts:
        return  # a book whose cells are not run
    fields, answers = pictures(above), pictures(parts)
    if not fields or not answers:
        lacks = "opens with" if fields else "stands above"
        raise ExtensionError(f"expected a picture that {lacks} {name}, in its section, got none")
    check_alike(name, *(Path(folder, picture["uri"]) for picture in (fields[-1], answers[0])))
    around = fields[-1].parent
    while around is not None:  # what an earlier prediction would open is open, for one has to see it to guess
        if "course-answer" in around.get("classes", []):
            around["classes"] = []
        around = around.parent
    for picture, kind in ((fields[-1], "course-field"), (answers[0], "course-truth")):
        frame = nodes.container(classes=[kind, f"course-of-{name}"])
        picture.replace_self(frame)
        frame += picture


def is_cell(node):
    return node.get("nb_element") == "cell_code"


def outputs_of(node):
    return [child for child in node.children if is_cell(node) and child.get("nb_element") == "cell_code_output"]


def is_folded(cell):
    """Whether of the code of a cell there is one line to be seen, which says nothing without the output."""
    return "tag_hide-input" in cell.get("classes", [])


def is_answer(node, name):
    return {"course-answer", f"course-of-{name}"} <= set(node.get("classes", []))


def is_figure(output):
    """One with sliders, say: what happens in it is the reader's doing."""
    return any(WIDGET in html(part) for part in output.findall(nodes.raw))


def tells(below):
    """From where to where prose tells what answers a prediction, in what stands `below` it; `None` if none does."""
    place = next((n for n, node in enumerate(below) if node.astext().startswith(HAPPENED)), None)
    if place is None:
        shown = next((n for n, node in enumerate(below) if outputs_of(node)), len(below))
        place = next((n for n in range(shown, len(below)) if not is_cell(below[n])), None)
    if place is None:
        return None
    return place, next((n for n in range(place, len(below)) if is_cell(below[n])), len(below))


def closed(name, children):
    """A part of the page that the prediction `name` opens."""
    part = nodes.container(classes=["course-answer", f"course-of-{name}"])
    part += children
    return part


def answered(name, below):
    """What stands below the prediction `name`, with what answers it in parts that are closed.

    The answer is told by the prose that begins with `What happened.`, or else by the first after an output, up to the
    next cell. It is closed, and above it tables and the outputs of cells, but no figures. What `What happened.` leads
    to, the outputs of the cells directly below, is closed as well. Code stays open, but for what is folded, and so does
    prose that leads to it.
    `ExtensionError` if nothing tells the answer.
    """
    told = tells(below)
    if told is None and not any(outputs_of(node) for node in below) and any(is_cell(node) for node in below):
        return below  # a book whose cells are not run has nothing to close
    if told is None:
        raise ExtensionError(f"expected below {name} a paragraph `**{HAPPENED}**`, or an output and prose, got neither")
    start, end = told
    leads_on = below[start].astext().startswith(HAPPENED)
    shows = [*range(start), *takewhile(lambda n: is_cell(below[n]), range(end, len(below)) if leads_on else ())]
    for place in shows:
        node, outputs = below[place], outputs_of(below[place])
        if outputs and is_folded(node) and not any(is_figure(output) for output in outputs):
            below[place] = closed(name, [node])
            continue
        for output in outputs:
            if not is_figure(output):
                node[node.index(output)] = closed(name, [output])
    above = [closed(name, [node]) if isinstance(node, nodes.table) else node for node in below[:start]]
    until = nodes.raw("", CLOSED.format(name=name), format="html")
    said = nodes.raw("", SAID.format(name=name), format="html")
    return [*above, until, closed(name, [said, *below[start:end]]), *below[end:]]


def close_answers(children, folder):
    """The children of a section, with what answers its predictions closed; `folder` is where the book lies."""
    found = []
    while children:
        node, *children = children
        found.append(node)
        if "course-asks" in node.get("classes", []):
            ends = (n for n, one in enumerate(children) if isinstance(one, nodes.section) or is_box(one))
            end = next(ends, len(children))
            below = answered(node["ids"][0], children[:end])
            if POINTS in node["classes"]:
                give_field(node, found[:-1], below, folder)
            found += below
            children = children[end:]
    return found


def is_box(node):
    return "course-question" in node.get("classes", [])


class Questions(SphinxPostTransform):
    """Before the opening, which takes the first prediction into its card."""

    default_priority = 880

    def run(self, **kwargs):
        if not self.env.doc2path(self.env.docname).endswith(".ipynb"):
            return
        numbers = {PREDICTION: 0, **{kind: 0 for kind, _ in STARTS}}
        for section in list(self.document.findall(nodes.section)):
            kept, place, children = [], 0, section.children
            while place < len(children):
                kind = kind_of(children[place])
                end = end_of(children, place) if kind else place
                if end > place:
                    numbers[kind] += 1
                    kept.append(box(kind, numbers[kind], children[place:end]))
                elif kind == PREDICTION:
                    numbers[kind] += 1
                    end = place + 1
                    # what is asked may be a list
                    while end < len(children) and isinstance(children[end], nodes.enumerated_list | nodes.bullet_list):
                        end += 1
                    kept.append(guess_box(numbers[kind], children[place:end]))
                else:
                    end = place + 1
                    kept.append(children[place])
                place = end
            asked = [node for node in kept if is_box(node) and node["ids"][0].startswith(f"{QUESTION}-")]
            section.children = []
            section += close_answers(kept, self.env.srcdir)
            if asked:
                section += nodes.raw("", SCORE.format(len(asked)), format="html")


def setup(app):
    app.add_post_transform(Questions)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
