"""The record of a figure, which `book/_site/host.js` draws, from the state of its widgets: in the build, and in the
browser for a cell that somebody runs again.
"""

import re

from softmaxlab import widgets

# What the host needs no more: the scripts and styles are the site's, the rest is the manager's.
LEFT_OUT = re.compile(
    r"_(esm|css|anywidget_id|dom_classes|(model|view)_(module|name)(_version)?|view_count|.*_version)$"
)


def model(state, reference):
    """The widget that `IPY_MODEL_...` refers to."""
    return state[reference.removeprefix("IPY_MODEL_")]


def record(state, view):
    """What the page needs of the widget `view`: `{figure, traits, bytes, sliders}`, as `host.js` says."""
    widget = state[view]
    children = widget["state"].get("children")
    figure = model(state, children[-1]) if children else widget
    name = figure["state"].get("_anywidget_id", "").rpartition(".")[2]
    if name not in widgets.__all__:
        raise ValueError(f"expected a figure of softmaxlab.widgets in the page, got {name or 'another widget'}.")
    traits = {
        k: v for k, v in figure["state"].items() if not LEFT_OUT.match(k) and k not in ("layout", "tooltip", "tabbable")
    }
    bytes_ = {buffer["path"][0]: buffer["data"] for buffer in figure.get("buffers", [])}
    links = [one["state"] for one in state.values() if one["model_name"] == "LinkModel"]
    targets = {link["source"][0]: link["target"][1] for link in links}
    sliders = [slider(model(state, child), targets[child]) for child in (children or [])[:-1]]
    return {"figure": name, "traits": traits, "bytes": bytes_, "sliders": sliders}


def slider(widget, trait):
    """A slider as the host draws it. Positions that are their own texts are only counted."""
    texts = list(widget["state"]["_options_labels"])
    counted = texts == [str(number) for number in range(len(texts))]
    return {"name": widget["state"]["description"], "options": len(texts) if counted else texts, "trait": trait}
