"""Sphinx extension: links that follow the fork, and links to chapters that a fork has left out.

The environment of the build says where the course lives (`course.address`), nothing else knows. With an address each
page offers *Edit this page* and *Report a mistake*, and a chapter Binder and Colab; with COURSE_HUB_URL also the hub.
Without one there are no such buttons: a dead one is worse than none.

A link to a page of the book that is not in `_toc.yml` becomes plain text. One that leads nowhere at all stops the
build.
"""

import os
import sys
from pathlib import Path
from urllib.parse import quote, urlencode

from sphinx.addnodes import pending_xref
from sphinx.transforms.post_transforms import SphinxPostTransform
from sphinx.util import docname_join

sys.path.insert(0, str(Path(__file__).parents[2] / "tools"))
from course import GITHUB, address
from publish import NOTEBOOKS

SOURCE = "main"  # where pages are edited
# In .github/ISSUE_TEMPLATE. Where there are several and none is named, GitHub asks which.
REPORT = "mistake.md"


def launch_links(url, hub, path):
    """`{name: link}` of the places that run the published notebook `path`."""
    name = url.rpartition("/")[2]
    if url.startswith(f"{GITHUB}/"):
        repository = url.removeprefix(f"{GITHUB}/")
        binder = f"gh/{repository}/{NOTEBOOKS}"
        colab = f"https://colab.research.google.com/github/{repository}/blob/{NOTEBOOKS}/{path}"
    else:
        binder = f"git/{quote(url, safe='')}/{NOTEBOOKS}"
        colab = None  # it opens what is on GitHub, or nothing
    links = {"Binder": f"https://mybinder.org/v2/{binder}?{urlencode({'urlpath': f'lab/tree/{path}'})}"}
    if colab:
        links["Colab"] = colab
    if hub:
        pull = {
            "repo": url,
            "branch": NOTEBOOKS,
            "urlpath": f"lab/tree/{name}/{path}",
        }
        links["JupyterHub"] = f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(pull)}"
    return links


def source_links(url, path):
    """`{name: link}` for those who found a mistake in the file `path`. Other hosts than GitHub have other forms."""
    if not url.startswith(f"{GITHUB}/"):
        return {"Source": url}
    report = urlencode({"template": REPORT, "title": f"A mistake in {path}"})
    return {
        "Edit this page": f"{url}/edit/{SOURCE}/{path}",
        "Report a mistake": f"{url}/issues/new?{report}",
    }


LOGOS = {
    "Binder": "logo_binder.svg",
    "Colab": "logo_colab.png",
    "JupyterHub": "logo_jupyterhub.svg",
}


def group(label, tooltip, icon, links):
    """A button of the theme that opens a list of `links`."""
    buttons = [
        {"type": "link", "text": name, "url": link}
        | ({"icon": f"_static/images/{LOGOS[name]}"} if name in LOGOS else {})
        for name, link in links.items()
    ]
    return {
        "type": "group",
        "label": label,
        "tooltip": tooltip,
        "icon": icon,
        "buttons": buttons,
    }


def add_buttons(app, pagename, templatename, context, doctree):
    url, suffix = address(), context.get("page_source_suffix")
    if not url or not suffix or doctree is None:
        return
    path = pagename + suffix
    buttons = [
        group(
            "source-buttons",
            "Mend this page",
            "fas fa-pencil-alt",
            source_links(url, path),
        )
    ]
    if suffix == ".ipynb":
        links = launch_links(url, os.environ.get("COURSE_HUB_URL"), path)
        buttons.insert(
            0,
            group("launch-buttons", "Run this chapter", "fas fa-rocket", links),
        )
    context["header_buttons"][:0] = buttons


class LinksToPagesLeftOut(SphinxPostTransform):
    """Before MyST resolves links: those to pages that exist and are not in the book become their text."""

    default_priority = 8

    def run(self, **kwargs):
        for link in list(self.document.findall(pending_xref)):
            target, refdoc = (
                link["reftarget"],
                link.get("refdoc", self.env.docname),
            )
            if link["reftype"] != "myst":
                continue
            name = target if link["refdomain"] == "doc" else docname_join(refdoc, target)
            folder = Path(self.env.srcdir)
            exists = any((folder / f"{name}{suffix}").exists() for suffix in (".ipynb", ".md"))
            if exists and name not in self.env.found_docs:
                link.replace_self(link[0].deepcopy())


def setup(app):
    app.add_post_transform(LinksToPagesLeftOut)
    app.connect("html-page-context", add_buttons, priority=502)  # the theme's own come at 501
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
