"""A page of its own for widgets, hosted as the book hosts them, without a kernel and without a chapter."""

import json
from pathlib import Path

from conftest import SITE
from ipywidgets.embed import embed_data

SCRIPTS = ["require.js", "widgets-offline.js", "embed-amd.js"]
PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="{theme}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A pad</title>
<link rel="icon" href="data:,">
{head}
<style>
body {{ max-width: 44rem; margin: 1rem auto; padding: 0 1rem; font-family: system-ui, sans-serif }}
body {{ background: var(--course-paper); color: var(--course-ink) }}
</style>
</head>
<body><main><h1>A pad</h1>
<script type="application/vnd.jupyter.widget-state+json">{state}</script>
{views}
<p style="height: 60rem">The page goes on.</p></main></body></html>
"""


def write(path, *widgets, theme="light"):
    """An HTML file with `widgets`, which takes the scripts of the built site, and the state it embeds for them."""
    data = embed_data(widgets, drop_defaults=False)
    static = (SITE / "_static").as_uri()
    head = f'<link rel="stylesheet" href="{static}/palette.css">' + "".join(
        f'<script src="{static}/vendor/{name}"></script>' for name in SCRIPTS
    )
    views = "".join(
        f'<div><script type="application/vnd.jupyter.widget-view+json">{json.dumps(view)}</script></div>'
        for view in data["view_specs"]
    )
    state = json.dumps(data["manager_state"]).replace("</", "<\\/")
    Path(path).write_text(PAGE.format(theme=theme, head=head, state=state, views=views), encoding="utf-8")
    return Path(path).as_uri()
