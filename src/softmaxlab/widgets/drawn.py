"""The base of all that the browser draws: its script and style, and a PNG where no widgets are known."""

import base64
import inspect
import io
import re
from pathlib import Path

import anywidget
import matplotlib.figure

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
        style = script.with_suffix(".css")
        styles = [HERE.parent / "palette.css", HERE / "figure.css", style]
        cls._css = "".join(path.read_text("utf-8") for path in styles if path.exists())

    def plot(self, figure):
        """Draw what is shown on a matplotlib `figure`: the picture for hosts that know no widgets."""
        raise TypeError(f"{type(self).__name__} has no picture of its own: it lacks `plot`.")

    def png(self):
        """What is shown, as the bytes of a PNG."""
        figure = matplotlib.figure.Figure(figsize=(7, 3), dpi=110, layout="constrained")
        self.plot(figure)
        file = io.BytesIO()
        figure.savefig(file, format="png")
        return file.getvalue()

    def __repr__(self):
        return f"<{type(self).__name__}>"


def joined(script):
    """The module `script` and all that it imports from beside it, as one module: what is imported becomes a closure."""
    parts = {}
    body = _with_closures(script, parts)
    return "\n".join([*parts.values(), body])


def _with_closures(script, parts):
    """The text of `script`, whose imports are taken from the closures that `parts` collects, `{name: text}`."""
    text = script.read_text(encoding="utf-8")
    for _, name in IMPORT.findall(text):
        if name not in parts:
            inner = _with_closures(script.with_name(f"{name}.js"), parts)
            names = ", ".join(EXPORT.findall(inner))
            inner = re.sub(r"^export ", "", inner, flags=re.MULTILINE)
            parts[name] = f"const from_{name} = (() => {{\n{inner}\nreturn {{ {names} }};\n}})();\n"
    return IMPORT.sub(r"const {\1} = from_\2;\n", text)
