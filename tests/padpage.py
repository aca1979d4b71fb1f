"""A page of its own for widgets, drawn as the site draws them, without a kernel and without a chapter."""

import json
import sys
from pathlib import Path

from conftest import SITE
from course import ROOT
from ipywidgets.embed import embed_data

sys.path.insert(0, str(ROOT / "book" / "_ext"))
from course_widgets import record

PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="{theme}">
<head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>A pad</title>
<link rel="icon" href="data:,"><link rel="stylesheet" href="{static}/figures.css">
<script defer src="{static}/widgets.js"></script>
<style>
body {{ max-width: 44rem; margin: 1rem auto; padding: 0 1rem; font-family: system-ui, sans-serif }}
body {{ background: var(--course-paper); color: var(--course-ink) }}
</style>
</head>
<body><main><h1>A pad</h1>
{views}
<p style="height: 60rem">The page goes on.</p></main>
<script type="application/json" id="course-views">{records}</script></body></html>
"""


def write(path, *widgets, theme="light"):
    """An HTML file with `widgets`, which takes the scripts of the built site. -> its address"""
    data = embed_data(widgets, drop_defaults=False)
    state = data["manager_state"]["state"]
    records = [record(state, view["model_id"]) for view in data["view_specs"]]
    views = "".join(f'<div class="course-view" data-view="{n}"></div>' for n in range(len(records)))
    text = json.dumps(records).replace("</", "<\\/")
    static = (SITE / "_static").as_uri()
    Path(path).write_text(PAGE.format(theme=theme, static=static, records=text, views=views), encoding="utf-8")
    return Path(path).as_uri()
