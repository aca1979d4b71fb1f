"""The base of all that the browser draws: its script and style, and a PNG where no widgets are known."""

import base64
import inspect
import io
import re
from pathlib import Path

import anywidget
import matplotlib.figure

from softmaxlab import plots

HERE = Path(__file__).parent
IMPORT = re.compile(r'^import \{([^}]+)\} from "\./(\w+)\.js";\n', re.MULTILINE)
EXPORT = re.compile(r"^export (?:const|function) (\w+)", re.MULTILINE)


class Hosted:
    """What a notebook shows: a widget, or where none is known (PDF, GitHub) the bytes of `png()`."""

    # ipywidgets 7 would use it in place of the bundle below.
    _ipython_display_ = None

    def _repr_mimebundle_(self, include=None, exclude=None):
        return {
            "text/plain": repr(self),
            "image/png": base64.b64encode(self.png()).decode(),
            "application/vnd.jupyter.widget-view+json": {
                "version_major": 2,
                "version_minor": 0,
                "model_id": self.model_id,
            },
        }


class Drawn(anywidget.AnyWidget):
    """A widget whose script and style stand beside its class: `Bars` is drawn by `bars.js`, and by what that
    imports.
    """

    def __init_subclass__(cls, **kwargs):
        super().__init_subclass__(**kwargs)
        # anywidget makes copies of a class to add its traits
        if "_esm" in cls.__dict__:
            return
        script = Path(inspect.getfile(cls)).with_suffix(".js")
        if script.exists():
            cls._esm = joined(script)
        styles = [HERE.parent / "palette.css", HERE / "figure.css"]
        styles += [path.with_suffix(".css") for path in modules(script)] if script.exists() else []
        cls._css = "".join(path.read_text("utf-8") for path in dict.fromkeys(styles) if path.exists())

    def plot(self, figure):
        """Draw what is shown on a matplotlib `figure`: the picture for hosts that know no widgets."""
        raise TypeError(f"{type(self).__name__} has no picture of its own: it lacks `plot`.")

    def png(self):
        """What is shown, in the style of the course, as the bytes of a PNG."""
        file = io.BytesIO()
        with matplotlib.rc_context(plots.style()):
            figure = matplotlib.figure.Figure(figsize=(7, 3), dpi=110, layout="constrained")
            self.plot(figure)
            figure.savefig(file, format="png")
        return file.getvalue()

    def __repr__(self):
        return f"<{type(self).__name__}>"


def modules(script):
    """The module `script` after all that it imports from beside it, each once, in an order in which they can be run."""
    found = []
    for _, name in IMPORT.findall(script.read_text(encoding="utf-8")):
        found += modules(script.with_name(f"{name}.js"))
    return [*dict.fromkeys(found), script]


def joined(script):
    """The module `script` and its imports as one module, in which every import is a closure."""
    parts = []
    for path in modules(script):
        text = IMPORT.sub(r"const {\1} = from_\2;\n", path.read_text(encoding="utf-8"))
        if path != script:
            names = ", ".join(EXPORT.findall(text))
            text = re.sub(r"^export ", "", text, flags=re.MULTILINE)
            text = f"const from_{path.stem} = (() => {{\n{text}\nreturn {{ {names} }};\n}})();\n"
        parts.append(text)
    return "\n".join(parts)
