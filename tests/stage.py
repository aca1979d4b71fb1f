"""A bare page on which a figure is drawn by its own script, without widgets: its position is set, not dragged."""

import base64
import re

from conftest import SITE

PAGE = """<!DOCTYPE html>
<html lang="en" data-theme="light"><head><meta charset="utf-8"><title>A stage</title><link rel="icon" href="data:,">
<style id="style"></style></head><body><main style="max-width: 44rem"><div id="figure"></div></main></body></html>"""

PUT = """async ({ script, style, traits, bytes }) => {
  const { default: widget } = await import(URL.createObjectURL(new Blob([script], { type: "text/javascript" })));
  const listeners = {};
  for (const [name, text] of Object.entries(bytes)) {
    traits[name] = new DataView(Uint8Array.from(atob(text), c => c.charCodeAt(0)).buffer);
  }
  const model = {
    get: name => traits[name],
    set: (name, value) => { traits[name] = value; (listeners[`change:${name}`] ?? []).forEach(act => act()); },
    on: (name, act) => { (listeners[name] ??= []).push(act); },
    off: () => {}, save_changes: () => {},
  };
  document.getElementById("style").textContent = style;
  const el = document.getElementById("figure");
  el.replaceChildren();
  el.className = "";
  widget.render({ model, el });
  window.model = model;
}"""


# What moves a figure on the site, each a slider, a row of chips or a button for the next: its name, where it stands,
# the text of that, how many positions it has, and a way to one of them. It defines `handles(view)` in a script.
HANDLES = """const handles = view => [...view.querySelectorAll(".course-slider")].map(row => {
  const radios = [...row.querySelectorAll("[type=radio]")], range = row.querySelector("[type=range]");
  if (range) return {
    name: range.ariaLabel, at: range.valueAsNumber, text: range.ariaValueText, count: Number(range.max) + 1,
    to: index => {
      range.value = index;
      range.dispatchEvent(new Event("input", { bubbles: true }));
    },
  };
  const next = row.querySelector("button");
  if (next) {
    const [text, count] = row.querySelector("output").textContent.split(" of "), at = () => Number(row.dataset.at);
    const to = index => { while (at() !== index) next.click(); };
    return { name: next.textContent.replace("Another ", ""), at: at(), text, count: Number(count), to };
  }
  const at = radios.findIndex(radio => radio.checked);
  return {
    name: row.ariaLabel, at, text: radios[at]?.labels[0].textContent, count: radios.length,
    to: index => radios[index].click(),
  };
});"""


class Handle:
    """A slider, a row of chips or a button for the next, of a figure on the site; the last has the number -1."""

    def __init__(self, figure, number):
        self.figure, self.number = figure, number
        self.row = figure.locator(".course-slider").nth(number)
        self.is_chips = self.row.locator("[type=radio]").count() > 0
        self.is_button = self.row.locator("button").count() > 0

    @property
    def place(self):
        """What the keyboard reaches: the slider, the button, or of the chips the one that is chosen."""
        return self.row.locator("button" if self.is_button else ":checked" if self.is_chips else "[type=range]")

    def to(self, index):
        """As one that is dragged or pressed does."""
        self.figure.evaluate(f"(view, [n, to]) => {{ {HANDLES} handles(view).at(n).to(to); }}", [self.number, index])

    def to_end(self, last):
        """By keyboard, to the first or last position."""
        if self.is_button:
            now = stand(self.figure)[self.number]
            for _ in range((now["count"] * last - last - now["at"]) % now["count"]):
                self.place.press("Enter")
            return
        if not self.is_chips:
            self.place.press("End" if last else "Home")
            return
        count, at = self.row.locator("[type=radio]").count(), stand(self.figure)[self.number]["at"]
        for _ in range(count - 1 - at if last else at):
            self.place.press("ArrowRight" if last else "ArrowLeft")


def stand(figure):
    """Of each slider and row of chips: `{name, at, text, count}`."""
    return figure.evaluate(f"view => {{ {HANDLES} return handles(view).map(({{ to, ...rest }}) => rest); }}")


def handles(figure):
    return [Handle(figure, number) for number in range(figure.locator(".course-slider").count())]


class Stage:
    """A page that shows one figure at a time."""

    def __init__(self, page):
        self.page = page
        page.set_content(PAGE)
        self.figure = page.locator("#figure")

    def put(self, state, script=None, style=None):
        """Draw a figure as `state` has it, by its own script and style if no other is given."""
        traits = {k: v for k, v in state.traits.items() if not isinstance(v, bytes)}
        buffers = {k: v for k, v in state.traits.items() if isinstance(v, bytes)}
        self.state = state
        self.page.evaluate(
            PUT,
            {
                "script": state.script if script is None else script,
                "style": state.style if style is None else style,
                "traits": traits,
                "bytes": {k: base64.b64encode(v).decode() for k, v in buffers.items()},
            },
        )

    def move(self, position):
        """Set every slider: one index each, that of a pointer last."""
        names = [f"index{axis}" for axis in range(len(self.state.grids))]
        names += ["pointer_index"] * bool(self.state.pointed)
        moves = dict(zip(names, map(int, position), strict=True))
        self.page.evaluate("moves => Object.entries(moves).forEach(m => model.set(...m))", moves)


def patched(script, old, new):
    """`script` with a fault; spaces and line ends may differ."""
    pattern = r"\s*".join(re.escape(part) for part in re.findall(r"\w+|[^\w\s]", old))
    found = re.sub(pattern, lambda _: new, script)
    assert found != script, f"nothing to patch: {old}"
    return found


def every_figure():
    """`[(page, number on it, State)]` of every figure with sliders in the book."""
    from pictures import figures

    return [
        (page.stem, number, state)
        for page in sorted(SITE.glob("book/*.html"))
        for number, state in enumerate(figures(page))
    ]
