"""Sphinx extension: links that follow the fork. The environment of the build knows where the course lives, nothing else.

GITHUB_REPOSITORY (owner/name, as GitHub's workflows have it) or COURSE_REPO_URL (the whole address, which goes first):
each page offers *Edit this page* and *Report a mistake*, and a chapter Binder and Colab. COURSE_HUB_URL: also the hub.
Without an address there are no such buttons: a dead one is worse than none.
"""

import os
from urllib.parse import quote, urlencode

SOURCE = "main"  # where pages are edited
NOTEBOOKS = "notebooks"  # where notebooks are run: the branch that .github/publish.py makes
GITHUB = "https://github.com/"


def address(environ=os.environ):
    """The address of this copy of the course, `None` if nobody has said it."""
    url = environ.get("COURSE_REPO_URL")
    if not url and environ.get("GITHUB_REPOSITORY"):
        server = environ.get("GITHUB_SERVER_URL", GITHUB)
        url = f"{server.rstrip('/')}/{environ['GITHUB_REPOSITORY']}"
    return url.strip().rstrip("/").removesuffix(".git") if url else None


def launch_links(url, hub, path):
    """`{name: link}` of the places that run the published notebook `path`."""
    name = url.rpartition("/")[2]
    if url.startswith(GITHUB):
        repository = url.removeprefix(GITHUB)
        binder = f"gh/{repository}/{NOTEBOOKS}"
        colab = f"https://colab.research.google.com/github/{repository}/blob/{NOTEBOOKS}/{path}"
    else:
        binder = f"git/{quote(url, safe='')}/{NOTEBOOKS}"
        colab = None  # it opens what is on GitHub, or nothing
    links = {
        "Binder": f"https://mybinder.org/v2/{binder}?{urlencode({'urlpath': f'lab/tree/{path}'})}"
    }
    if colab:
        links["Colab"] = colab
    if hub:
        pull = {
            "repo": url,
            "branch": NOTEBOOKS,
            "urlpath": f"lab/tree/{name}/{path}",
        }
        links["JupyterHub"] = (
            f"{hub.rstrip('/')}/hub/user-redirect/git-pull?{urlencode(pull)}"
        )
    return links


def source_links(url, path):
    """`{name: link}` for those who found a mistake in the file `path`. Other hosts than GitHub have other forms."""
    if not url.startswith(GITHUB):
        return {"Source": url}
    title = urlencode({"title": f"A mistake in {path}"})
    return {
        "Edit this page": f"{url}/edit/{SOURCE}/{path}",
        "Report a mistake": f"{url}/issues/new?{title}",
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


def setup(app):
    app.connect(
        "html-page-context", add_buttons, priority=502
    )  # the theme's own come at 501
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
