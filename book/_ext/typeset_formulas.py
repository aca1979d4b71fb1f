"""Sphinx extension: formulas are typeset when the book is built, by KaTeX: a page needs no script to show them.

Each is HTML for the eye and MathML for a screen reader. One that KaTeX cannot set is a warning, which stops the build.
What has been set is kept in .cache/formulas.json; node is called once for all that is new.
"""

import json
import sys
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.util import logging
from sphinx.util.math import get_node_equation_number

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))
from web_assets import CACHE, NPM, call_node, keep  # noqa: E402

SCRIPT = HERE / "typeset_formulas.js"

logger = logging.getLogger(__name__)


class Typesetter:
    """Sets formulas, keeps those set in the file `kept`, and puts them into the pages of a book.

    A formula is `(tex, display)`; `display` says that it stands on a line of its own.
    """

    def __init__(self, kept=CACHE / "formulas.json", packages=NPM / "node_modules"):
        self.kept, self.packages = kept, packages
        self.html, self.errors, self.waiting = {}, {}, []

    def remember(self, app=None):
        """Read what has been set before, if that was by the same KaTeX and the same script."""
        # What makes a copied formula TeX again. In the page it is shorter than a request
        copy_tex = self.packages / "katex" / "dist" / "contrib" / "copy-tex.min.js"
        self.copy_tex = copy_tex.read_text(encoding="utf-8")
        katex = json.loads((self.packages / "katex" / "package.json").read_text(encoding="utf-8"))
        self.made_by = f"KaTeX {katex['version']}, {SCRIPT.read_text(encoding='utf-8')}"
        try:
            found = json.loads(self.kept.read_text(encoding="utf-8"))
        except (FileNotFoundError, ValueError):  # there is none, or it is damaged
            found = {}
        if found.get("made by") == self.made_by:
            self.html = {(tex, display): html for tex, display, html in found["formulas"]}

    def typeset(self, formulas):
        """Afterwards each is in `html` or in `errors`. Calls node if one of them is new."""
        new = [one for one in dict.fromkeys(formulas) if one not in self.html and one not in self.errors]
        if not new:
            return
        for formula, answer in zip(new, call_node(SCRIPT, new, self.packages)):
            if "html" in answer:
                self.html[formula] = answer["html"]
            else:
                self.errors[formula] = answer["error"]
        kept = {"made by": self.made_by, "formulas": [[*formula, html] for formula, html in self.html.items()]}
        keep(self.kept, json.dumps(kept))

    def collect(self, app, doctree):
        self.waiting += [formula_in(node) for kind in (nodes.math, nodes.math_block) for node in doctree.findall(kind)]

    def typeset_collected(self, app, env):
        self.typeset(self.waiting)

    def visit(self, translator, node):
        tex, display = formula = formula_in(node)
        # What was made after its page was read has not been collected
        self.typeset([formula])
        if formula in self.errors:
            mark = "$$" if display else "$"
            message = "expected a formula, got %s: %s"
            logger.warning(message, f"{mark}{tex}{mark}", self.errors[formula], location=node)
        tag = "div" if display else "span"
        translator.body.append(translator.starttag(node, tag, "", CLASS="math notranslate nohighlight"))
        if display and node["number"]:
            translator.body.append(f'<span class="eqno">({get_node_equation_number(translator, node)})')
            translator.add_permalink_ref(node, "Link to this equation")
            translator.body.append("</span>")
        translator.body.append(self.html.get(formula) or f"<code>{escape(tex)}</code>")
        translator.body.append(f"</{tag}>")
        raise nodes.SkipNode

    def finish_page(self, app, pagename, templatename, context, doctree):
        """The browser's tab shows text: a formula in a title is its TeX there."""
        if app.env.get_domain("math").has_equations(pagename):
            app.add_js_file(None, body=self.copy_tex, priority=100)
        for node in app.env.titles[pagename].findall(nodes.math) if pagename in app.env.titles else []:
            if html := self.html.get(formula_in(node)):
                context["title"] = context["title"].replace(html, escape(node.astext()))


def formula_in(node):
    return node.astext(), isinstance(node, nodes.math_block)


def setup(app):
    typesetter = Typesetter()
    app.add_html_math_renderer("katex", (typesetter.visit, None), (typesetter.visit, None))
    app.connect("builder-inited", typesetter.remember)
    app.connect("doctree-read", typesetter.collect)
    app.connect("env-updated", typesetter.typeset_collected)
    app.connect("html-page-context", typesetter.finish_page)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
