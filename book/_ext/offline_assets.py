"""Sphinx extension: every script, style and font comes from the site itself, and no page throws.

Jupyter Book's own pages take the widget manager from another host. Files below `_static` that end in .js would become
scripts of every page, so these are copied into the output instead.
"""

import shutil
import sys
from pathlib import Path

from sphinx.errors import ExtensionError

HERE = Path(__file__).parent
sys.path.insert(0, str(HERE.parents[1] / "tools"))
from web_assets import WEB  # noqa: E402


def use_local_files(app, config):
    config.nb_ipywidgets_js = {}


def copy_files(app):
    if app.builder.format != "html":
        return
    if not (WEB / "site").is_dir():
        raise ExtensionError(f"expected the site's scripts and fonts in {WEB / 'site'}: run `make book`")
    static = Path(app.outdir) / "_static"
    vendor = static / "vendor"
    shutil.copytree(WEB / "site", vendor, dirs_exist_ok=True)


def write_entrance(app, exception):
    """The page at the top of the site, which leads to the first: Jupyter Book's own has no title and no language."""
    if app.builder.format != "html" or exception:
        return
    start = f"{app.config.root_doc}.html"
    Path(app.outdir, "index.html").write_text(
        f'''<!DOCTYPE html>
<html lang="en">
<head><meta charset="utf-8"><title>{app.config.html_title}</title>
<link rel="icon" href="data:,"><meta http-equiv="refresh" content="0; url={start}"></head>
<body><main><h1><a href="{start}">{app.config.html_title}</a></h1></main></body>
</html>
'''
    )


def setup(app):
    app.connect("config-inited", use_local_files, priority=100)
    app.connect("builder-inited", copy_files)
    app.connect("build-finished", write_entrance, priority=900)
    app.add_css_file("course.css", priority=801)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
