"""The base of all that the browser draws: its script and style, and a PNG where no widgets are known."""

import inspect
import io
from pathlib import Path

import anywidget
import matplotlib.figure

HERE = Path(__file__).parent


class Drawn(anywidget.AnyWidget):
    """A widget whose script stands beside its class, after those of the classes that it derives from.

    So `Bars`, a `Figure`, is drawn by `drawn.js`, `figure.js` and `bars.js`, in this order, as one module.
    """

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        if "_esm" in cls.__dict__:  # a copy that anywidget makes of the class to add its traits
            return
        own = [c for c in reversed(cls.__mro__) if issubclass(c, Drawn)]
        cls._esm = _texts(*(_beside(c, ".js") for c in own))
        cls._css = _texts(HERE.parent / "palette.css", HERE / "figure.css", _beside(cls, ".css"))

    def plot(self, figure):
        """Draw what is shown on a matplotlib `figure`: the picture for hosts that know no widgets."""
        raise NotImplementedError(f"{type(self).__name__} has no plot")

    def png(self):
        """What is shown, as the bytes of a PNG."""
        figure = matplotlib.figure.Figure(figsize=(7, 3), dpi=110, layout="constrained")
        self.plot(figure)
        file = io.BytesIO()
        figure.savefig(file, format="png")
        return file.getvalue()

    def __repr__(self):
        return f"<{type(self).__name__}>"


def _beside(cls, suffix):
    return Path(inspect.getfile(cls)).with_suffix(suffix)


def _texts(*paths):
    """The files, one after another; a class need not have one."""
    paths = dict.fromkeys(paths)  # each once
    return "".join(path.read_text(encoding="utf-8") for path in paths if path.exists())
