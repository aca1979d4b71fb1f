"""Sphinx extension: tables that fit their column.

Code in a table may break after the signs at which one would break it by hand. A table with code in three columns or
more is stacked on a phone, each cell under the name of its column, which stands in the page but is seen only there.
"""

import re
from html import escape

from docutils import nodes
from sphinx.transforms.post_transforms import SphinxPostTransform

LEAST = 3  # columns of a table that is stacked


def breakable(text):
    """Code as HTML which may break after a full stop, a comma, a bracket, an underscore or an operator."""
    return re.sub(r"([._,(=/+*-])(?=\S)", r"\1<wbr>", escape(text))


class Tables(SphinxPostTransform):
    default_priority = 870

    def run(self, **kwargs):
        for table in self.document.findall(nodes.table):
            codes = list(table.findall(nodes.literal))
            for code in codes:
                html = f'<code class="docutils literal notranslate">{breakable(code.astext())}</code>'
                code.replace_self(nodes.raw("", html, format="html"))
            heads = [entry.astext() for head in table.findall(nodes.thead) for entry in head.findall(nodes.entry)]
            if codes and len(heads) >= LEAST:
                table["classes"].append("course-stacked")
                for row in [row for body in table.findall(nodes.tbody) for row in body.children]:
                    for entry, head in list(zip(row.children, heads))[1:]:
                        name = nodes.raw("", f'<span class="course-column">{escape(head)}</span>', format="html")
                        entry.insert(0, name)


def setup(app):
    app.add_post_transform(Tables)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}
