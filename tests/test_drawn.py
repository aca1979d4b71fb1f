"""Numbers, ticks and names in figures, as the browser makes them."""

import re

import numpy as np
import pytest
from conftest import ROOT
from pictures import figures
from stage import SITE

from softmaxlab.widgets.drawn import joined

WIDGETS = ROOT / "src" / "softmaxlab" / "widgets"


@pytest.fixture(scope="module")
def call(chromium):
    """`call("axes.js", "ticks", ...)`: what a function of a module answers."""
    context = chromium.new_context()
    page = context.new_page()

    def ask(module, function, *arguments):
        script = joined(WIDGETS / module)
        found = page.evaluate(
            """async ([script, name, given]) => {
              const url = URL.createObjectURL(new Blob([script], { type: "text/javascript" }));
              const module = await import(url);
              return given.map(one => module[name](...one));
            }""",
            [script, function, [list(one) for one in arguments]],
        )
        return found

    yield ask
    context.close()


def as_python_writes(value, decimals):
    if np.isnan(value):
        return "nan"
    if np.isinf(value):
        return "∞" if value > 0 else "−∞"
    if abs(value) >= 1e6:
        digits, power = f"{value:.2e}".replace("-", "−").split("e+")
        return f"{digits}·10{str(int(power)).translate(str.maketrans('0123456789', '⁰¹²³⁴⁵⁶⁷⁸⁹'))}"
    text = f"{value:.{decimals}f}"
    return (text[1:] if re.fullmatch(r"-0\.?0*", text) else text).replace("-", "−")


def test_a_number_is_written_as_python_writes_it_and_never_as_minus_zero(call):
    rng = np.random.default_rng(0)
    values = [*(10.0 ** rng.uniform(-7, 7, 300) * rng.choice([-1, 1], 300)), 0.0, -0.0, -4e-4, 4e-4, -6e-4]
    cases = [(value, decimals) for value in values for decimals in (0, 1, 2, 3)]
    # halves are rounded to the even digit there and away from zero here
    cases = [(v, d) for v, d in cases if abs(v) * 10**d % 1 != 0.5]
    assert call("drawn.js", "written", *cases) == [as_python_writes(*case) for case in cases]


@pytest.mark.parametrize("step", [0.1, 0.2, 0.5, 1, 2, 0.001, 5, 20, 300, 0.07])
@pytest.mark.parametrize("count", [3, 4, 5, 6, 7])
def test_ticks_are_round_inside_and_reach_both_ends_where_these_are_round(step, count, call):
    for first in (-3, 0, 2):
        ends = [round(first * step, 9), round((first + count) * step, 9)]
        (ticks,) = call("axes.js", "ticks", (ends, count))
        gaps = np.diff(ticks)
        assert ends[0] - 1e-9 * step <= ticks[0] and ticks[-1] <= ends[1] * (1 + 1e-9) + 1e-9 * step
        assert np.allclose(gaps, gaps[0])
        assert float(f"{gaps[0]:e}".split("e")[0]) in (1, 2, 5)
        assert len(ticks) >= 2
        if np.isclose(gaps[0], step):
            assert np.allclose(ticks, np.arange(first, first + count + 1) * step)


def test_a_slider_of_a_notebook_says_its_name_and_value_and_cannot_be_typed_into(stage):
    state = next(s for page in sorted(SITE.glob("book/*.html")) for s in figures(page) if s.kind == "Curves")
    page = stage.page
    page.evaluate("""() => {
      const box = document.querySelector("main");
      box.className = "course-explore";
      box.insertAdjacentHTML("afterbegin", `<div class="widget-slider"><label class="widget-label" title="null">scale
        </label><div role="slider" aria-valuetext="7"></div><div class="widget-readout" contenteditable="true">0.5</div>
        </div>`);
    }""")
    stage.put(state)
    page.wait_for_function("document.querySelector('[role=slider]').getAttribute('aria-valuetext') === '0.5'")
    handle = page.locator("[role=slider]")
    assert handle.get_attribute("aria-label").strip() == "scale"
    assert page.locator(".widget-readout").get_attribute("contenteditable") == "false"
    assert page.locator(".widget-label").get_attribute("title") is None
