"""`explore`: like `ipywidgets.interact`, but alive where no kernel runs."""

import base64
import inspect
import itertools
import math

import ipywidgets
import numpy as np

from softmaxlab.widgets.figure import MOST_BYTES, Figure


def explore(function, *, view, **grids):
    """Draw `function` for every combination of the values in `grids`, and join a slider for each grid to `view`.

    `grids`: up to three, each named like a parameter of `function`, finite numbers (n,). A slider starts at the
    parameter's default, else at the first value. `function` returns an array of the same shape each time.
    A figure with a pointer, such as `Pixels`, has one slider more, which says where in the frame it points.
    Errors: a grid or a frame that does not fit is a `ValueError` that names the argument.
    """
    if not isinstance(view, Figure):
        raise ValueError(f"view: expected a figure such as Bars(...), came {view!r}.")
    grids = {name: _grid(name, values, function) for name, values in grids.items()}
    if not 1 <= len(grids) <= 3:
        raise ValueError(
            f"grids: expected one to three, came {len(grids)} ({', '.join(grids) or 'none'})."
        )
    view.show(_frames(function, grids), grids)
    sliders, links = [], []
    for axis, (name, values) in enumerate(grids.items()):
        slider = _slider(name, values, _start(function, name, values))
        setattr(view, f"at{axis}", slider.index)
        links.append(ipywidgets.jslink((slider, "index"), (view, f"at{axis}")))
        sliders.append(slider)
    if view.pointer:
        slider = _slider(view.pointer, np.arange(view.stops(view.shape[len(grids) :])), view.at)
        links.append(ipywidgets.jslink((slider, "index"), (view, "at")))
        sliders.append(slider)
    longest = max(len(slider.description) for slider in sliders)
    for slider in sliders:
        slider.style.description_width = f"{longest + 1}ch"
    return Explorable(sliders, view, links)


class Explorable(ipywidgets.VBox):
    """Sliders above their figure. Where widgets are not known (PDF, GitHub) it is the figure as a PNG."""

    # ipywidgets 7 would use it in place of the bundle below.
    _ipython_display_ = None

    def __init__(self, sliders, view, links):
        super().__init__([*sliders, view])
        self.add_class("course-explore")
        self.sliders, self.view, self.links = sliders, view, links

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "text/plain": repr(self),
            "image/png": base64.b64encode(self.view.png()).decode(),
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
        }

    def __repr__(self):
        return f"<explore {', '.join(self.view.names)}: {self.view!r}>"


def _grid(name, values, function):
    parameters = inspect.signature(function).parameters
    if name not in parameters:
        known = ", ".join(parameters)
        raise ValueError(f"{name}: expected a parameter of the function ({known}), came {name}.")
    came, values = values, np.asarray(values)
    if values.size and values.dtype.kind not in "iuf":
        raise ValueError(f"{name}: expected numbers, came {came!r}.")
    if values.ndim != 1 or values.size == 0:
        raise ValueError(
            f"{name}: expected a row of one or more numbers, came shape {values.shape}."
        )
    if not np.isfinite(values).all():
        odd = values[~np.isfinite(values)][0]
        raise ValueError(f"{name}: expected finite numbers, came {odd}.")
    numbers, counts = np.unique(values, return_counts=True)
    if counts.max() > 1:
        twice = numbers[counts.argmax()]
        raise ValueError(f"{name}: expected different numbers, came {twice} twice.")
    return values


def _frames(function, grids):
    lengths = [len(values) for values in grids.values()]
    frames = []
    for point in itertools.product(*(grid.tolist() for grid in grids.values())):
        came = function(**dict(zip(grids, point)))
        frame = np.asarray(came)
        if frame.dtype.kind not in "biuf":
            raise ValueError(f"function: expected an array of numbers, came {came!r}.")
        frames.append(frame.astype("<f4"))
        if frame.shape != frames[0].shape:
            shapes = f"{frames[0].shape} and {frame.shape}"
            raise ValueError(f"function: expected frames of one shape, came {shapes}.")
        needed = frames[0].nbytes * math.prod(lengths)
        if needed > MOST_BYTES:
            raise ValueError(
                f"{' × '.join(grids)}: expected at most {MOST_BYTES:,} bytes of frames, "
                f"came {needed:,}. Use fewer values in a grid."
            )
    return np.array(frames).reshape(*lengths, *frames[0].shape)


def _start(function, name, values):
    default = inspect.signature(function).parameters[name].default
    return int(np.argmin(np.abs(values - default))) if isinstance(default, (int, float)) else 0


def _slider(name, values, start):
    return ipywidgets.SelectionSlider(
        options=[(label, index) for index, label in enumerate(_texts(values))],
        index=start,
        description=name.replace("_", " "),
        layout={"width": "100%", "max_width": "36rem"},
    )


def _texts(values):
    """The values as text, with as many digits as it takes to tell them apart; counts in full."""
    if all(float(value).is_integer() and abs(value) < 1e6 for value in values):
        return [f"{value:.0f}".replace("-", "−") for value in values]
    for digits in range(3, 18):
        texts = [f"{value:.{digits}g}".replace("-", "−") for value in values]
        if len(set(texts)) == len(set(values)):
            return texts
    return texts
