"""`explore`: like `ipywidgets.interact`, but alive where no kernel runs."""

import inspect
import itertools
import math
import re

import ipywidgets
import numpy as np

from softmaxlab.checks import refuse, shown
from softmaxlab.widgets.drawn import Hosted
from softmaxlab.widgets.figure import MOST_BYTES, Figure


def explore(function, *, view, **grids):
    """Draw `function` for every combination of the values in `grids`, and join a slider for each grid to `view`.

    `grids`: up to three, each named like a parameter of `function`, finite numbers (n,) or words (n,). A slider starts
    at the parameter's default, else at the first value. `function` returns an array of the same shape each time.
    A figure with a pointer, such as `Pixels`, has one slider more, which says where in the frame it points.
    Errors: a grid or a frame that does not fit is a `ValueError` that names the argument.
    """
    if not isinstance(view, Figure):
        refuse("view", "a figure such as Bars(...)", shown(view))
    grids = {name: _grid(name, values, function) for name, values in grids.items()}
    if not 1 <= len(grids) <= 3:
        refuse("grids", "one to three", f"{len(grids)}, {', '.join(grids) or 'none'}")
    view.show(_frames(function, grids), grids)
    sliders, links = [], []
    for axis, (name, values) in enumerate(grids.items()):
        slider = _slider(name, values, _start(function, name, values))
        setattr(view, f"index{axis}", slider.index)
        links.append(ipywidgets.jslink((slider, "index"), (view, f"index{axis}")))
        sliders.append(slider)
    if view.pointer:
        places = np.arange(view.pointer_count(view.shape[len(grids) :]))
        slider = _slider(view.pointer, places, view.pointer_index)
        links.append(ipywidgets.jslink((slider, "index"), (view, "pointer_index")))
        sliders.append(slider)
    longest = max(len(slider.description) for slider in sliders)
    for slider in sliders:
        slider.style.description_width = f"{longest + 1}ch"
    return Explorable(sliders, view, links)


class Explorable(Hosted, ipywidgets.VBox):
    """Sliders above their figure."""

    def __init__(self, sliders, view, links):
        super().__init__([*sliders, view])
        self.add_class("course-explore")
        self.sliders, self.view, self.links = sliders, view, links

    def png(self):
        return self.view.png()

    def __repr__(self):
        return f"<explore {', '.join(self.view.names)}: {self.view!r}>"


def _grid(name, values, function):
    parameters = inspect.signature(function).parameters
    if name not in parameters:
        refuse(name, f"a parameter of the function, {', '.join(parameters)}", name)
    try:
        found = np.asarray(values)
    except (TypeError, ValueError):
        refuse(name, "a row of numbers", shown(values))
    words = found.dtype.kind == "U" and all(isinstance(value, str) for value in values)
    if found.size and found.dtype.kind not in "iuf" and not words:
        refuse(name, "numbers, or words", shown(values))
    if found.ndim != 1 or found.size == 0:
        refuse(name, "a row of one or more numbers or words", f"shape {found.shape}")
    if not words and not np.isfinite(found).all():
        refuse(name, "finite numbers", found[~np.isfinite(found)][0])
    different, counts = np.unique(found, return_counts=True)
    if counts.max() > 1:
        refuse(name, "different values", f"{different[counts.argmax()]} twice")
    return found


def _frames(function, grids):
    lengths = [len(values) for values in grids.values()]
    frames = []
    for point in itertools.product(*(grid.tolist() for grid in grids.values())):
        result = function(**dict(zip(grids, point)))
        try:
            frame = np.asarray(result)
        except (TypeError, ValueError):
            frame = np.asarray(None)
        if frame.dtype.kind not in "biuf":
            refuse("function", "an array of numbers", shown(result))
        with np.errstate(over="ignore"):
            frames.append(frame.astype("<f4"))
        if frame.shape != frames[0].shape:
            refuse("function", "frames of one shape", f"{frames[0].shape} and {frame.shape}")
        needed = frames[0].nbytes * math.prod(lengths)
        if needed > MOST_BYTES:
            expected = f"at most {MOST_BYTES:,} bytes of frames, with fewer values in a grid"
            refuse(" × ".join(grids), expected, f"{needed:,}")
    return np.array(frames).reshape(*lengths, *frames[0].shape)


def _start(function, name, values):
    default = inspect.signature(function).parameters[name].default
    if values.dtype.kind == "U":
        return values.tolist().index(default) if default in values.tolist() else 0
    return int(np.argmin(np.abs(values - default))) if isinstance(default, (int, float)) else 0


def _slider(name, values, start):
    return ipywidgets.SelectionSlider(
        options=[(label, index) for index, label in enumerate(_texts(values))],
        index=start,
        description=name.replace("_", " "),
        layout={"width": "100%", "max_width": "36rem"},
    )


def _texts(values):
    """The values as text, with as many digits as it takes to tell them apart; counts in full; words as they are."""
    if isinstance(values[0], str):
        return values.tolist()
    if all(float(value).is_integer() and abs(value) < 1e6 for value in values):
        return [f"{value:.0f}".replace("-", "−") for value in values]
    for digits in range(3, 18):
        texts = [_text(value, digits) for value in values]
        if len(set(texts)) == len(set(values)):
            return texts
    return texts


RAISED = str.maketrans("0123456789-", "⁰¹²³⁴⁵⁶⁷⁸⁹⁻")


def _text(value, digits):
    """A number as one writes it by hand: −0.5, 10⁻⁷, 1.72·10¹⁰."""
    count = float(value).is_integer() and abs(value) < 1e5
    text, _, power = (f"{value:.0f}" if count else f"{value:.{digits}g}").partition("e")
    if power:
        text = re.sub("^(-?)1·", r"\1", f"{text}·10{str(int(power)).translate(RAISED)}")
    return text.replace("-", "−")
