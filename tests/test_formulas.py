"""Formulas are typeset when the book is built: no page needs a script for them, and none is left as it was written."""

import json
import re
import subprocess
import sys

import pytest
import web_assets
from chapters import Chapter
from conftest import CUT, PAGES, SITE
from course import ROOT

EXTENSIONS = ROOT / "book" / "_ext"
sys.path.insert(0, str(EXTENSIONS))

import typeset_formulas  # noqa: E402

SOFTMAX = (r"p_i = \frac{e^{z_i}}{\sum_j e^{z_j}}", True)
BROKEN = (r"\frac{1", False)


@pytest.fixture
def typesetter(tmp_path):
    made = typeset_formulas.Typesetter(kept=tmp_path / "formulas.json")
    made.remember()
    return made


@pytest.fixture
def calls(monkeypatch):
    """The formulas of each call of node."""
    seen = []

    def call(script, formulas, packages):
        seen.append(list(formulas))
        return web_assets.call_node(script, formulas, packages)

    monkeypatch.setattr(typeset_formulas, "call_node", call)
    return seen


def test_a_formula_becomes_html_for_the_eye_and_mathml_for_a_screen_reader(typesetter):
    typesetter.typeset([SOFTMAX, ("x", False)])
    html = typesetter.html[SOFTMAX]
    assert "<mfrac>" in html
    assert 'class="katex-display"' in html
    assert re.search(r'class="katex-html" aria-hidden="true"', html)
    assert 'class="katex-display"' not in typesetter.html["x", False]


def test_node_is_called_once_for_all_that_is_new_and_not_for_what_is_kept(typesetter, calls):
    typesetter.typeset([SOFTMAX, ("x", False), ("x", False), ("x", True)])
    typesetter.typeset([SOFTMAX])
    again = typeset_formulas.Typesetter(kept=typesetter.kept)
    again.remember()
    again.typeset([("x", True), SOFTMAX, ("y", False)])
    assert calls == [[SOFTMAX, ("x", False), ("x", True)], [("y", False)]]
    assert again.html[SOFTMAX] == typesetter.html[SOFTMAX]


def test_what_another_katex_has_set_is_set_anew(typesetter, calls):
    typesetter.typeset([SOFTMAX])
    kept = json.loads(typesetter.kept.read_text())
    typesetter.kept.write_text(json.dumps(kept | {"made by": "KaTeX 0.1.0"}))
    again = typeset_formulas.Typesetter(kept=typesetter.kept)
    again.remember()
    again.typeset([SOFTMAX])
    assert calls == [[SOFTMAX], [SOFTMAX]]


def test_what_is_kept_and_damaged_is_set_anew(typesetter, calls):
    typesetter.typeset([SOFTMAX])
    typesetter.kept.write_text(typesetter.kept.read_text()[:50])
    again = typeset_formulas.Typesetter(kept=typesetter.kept)
    again.remember()
    again.typeset([SOFTMAX])
    assert calls == [[SOFTMAX], [SOFTMAX]]


def test_what_cannot_be_set_is_an_error_and_the_others_are_set(typesetter):
    typesetter.typeset([BROKEN, SOFTMAX, (r"\softmaxx", False)])
    assert set(typesetter.errors) == {BROKEN, (r"\softmaxx", False)}
    assert set(typesetter.html) == {SOFTMAX}


PAGE = r"""
# The bias $b$

A table of contents.

```{contents}
```

## Where $W x$ stands

| symbol | name |
|---|---|
| $\ell$ | lead |

<details>
<summary>

How large is $k$?

</summary>

1. In a list: $k = 10$

$$
z = W x + b
$$ (scores)

</details>

Equation {eq}`scores` has all.
"""


def build(folder, page):
    """Sphinx on a book of one page: how it ended, what it said, the page."""
    settings = f"""
import sys
sys.path.insert(0, {str(EXTENSIONS)!r})
extensions = ["myst_parser", "typeset_formulas"]
myst_enable_extensions = ["dollarmath"]
html_math_renderer = "katex"
"""
    (folder / "conf.py").write_text(settings)
    (folder / "index.md").write_text(page)
    command = [sys.executable, "-m", "sphinx", "-W", "--keep-going", "-b", "html", folder, folder / "html"]
    run = subprocess.run(command, capture_output=True, text=True, check=False)
    return run.returncode, run.stderr, (folder / "html" / "index.html").read_text(encoding="utf-8")


def test_formulas_are_set_in_titles_headings_contents_tables_lists_and_details(tmp_path):
    code, said, html = build(tmp_path, PAGE)
    assert (code, said) == (0, "")
    assert re.search(r"<title>The bias b\b", html)
    body = html.partition("<body>")[2]
    for element in ("h1", "h2", "li", "td", "summary", "div"):
        assert re.search(rf'<{element}\b[^>]*>(?:(?!</{element}>).)*class="katex"', body, re.DOTALL), element
    # In the contents of the page, and in those beside it
    assert len(re.findall(r'<a [^>]*href="#[^"]*"[^>]*>Where <span class="math', body)) >= 2
    assert 'class="eqno">(1)' in body


def test_a_formula_that_cannot_be_set_stops_the_build_and_is_named_with_its_page(tmp_path):
    code, said, html = build(tmp_path, "# A page\n\nHere it breaks: $\\frac{1$.\n")
    assert code != 0
    assert re.search(r"index\.md.*\$\\frac\{1\$", said)
    assert r"\frac{1" in html


# The built site


def left(html):
    """The formulas in a page that nobody has set: in their place, and in HTML of a notebook, where nobody looks."""
    formulas = re.findall(r'class="math notranslate nohighlight">(?:<span class="eqno">.*?</span>)?(.{20})', html)
    unset = [one for one in formulas if not one.startswith('<span class="katex')]
    return unset + re.findall(r"<summary>[^<]*\$[^<$]+\$", html)


@pytest.mark.parametrize("page", PAGES)
def test_no_formula_is_left_as_it_was_written(page):
    assert left((SITE / page).read_text(encoding="utf-8")) == []


def test_a_formula_that_is_left_as_it_was_written_is_found():
    inside = '<span class="math notranslate nohighlight"><code>x + y + z + 1</code></span>'
    assert len(left(f"<p>{inside}</p><summary>How large is $k$?</summary><summary>It costs 3 $.</summary>")) == 2


def test_there_are_formulas_and_none_needs_a_script(site, tabs):
    with tabs(java_script_enabled=False) as tab:
        tab.page.goto(f"{site}/book/softmax.html")
        shown = tab.page.locator("main .katex-html")
        assert shown.count() > 40
        assert shown.first.bounding_box()["width"] > 5
        fonts = shown.first.evaluate("() => [...document.fonts].map(f => [f.family, f.status])")
        assert ["KaTeX_Main", "loaded"] in fonts


def test_formulas_are_as_large_as_the_words_around_them(site, visit):
    page = visit(f"{site}/book/cheatsheet.html").page
    sizes = page.locator("main .katex").evaluate_all(
        "all => all.map(e => parseFloat(getComputedStyle(e).fontSize) /"
        " parseFloat(getComputedStyle(e.closest('p, li, td, h1, h2, h3, summary')).fontSize))"
    )
    assert sizes
    assert all(1.05 <= size <= 1.12 for size in sizes)


WIDE = r"""where => {
  const formula = [...document.querySelectorAll("main " + where)].find(one => one.offsetParent);
  const part = formula.querySelector(".katex-base");
  for (let more = 0; more < 400; more++) part.append("m");
}"""


@pytest.mark.parametrize("page", PAGES)
def test_on_a_small_phone_no_formula_is_cut_off(page, seen):
    assert seen(page).cut == []


def test_a_wide_formula_moves_in_its_own_box(site, visit):
    opened = visit(f"{site}/book/softmax.html", width=320).page
    opened.evaluate(WIDE, ".katex-display")
    box = opened.locator("main .katex-display").first
    assert box.evaluate("e => e.scrollWidth") > 1000
    assert box.bounding_box()["width"] < 320
    assert opened.evaluate("document.documentElement.scrollWidth") <= 320


def test_a_formula_that_is_cut_off_is_found(site, visit):
    opened = visit(f"{site}/book/softmax.html", width=320).open_all()
    opened.evaluate(WIDE, "section > p > .math")
    assert len(opened.evaluate(CUT)) == 1


def test_a_copied_formula_is_its_tex(site, visit):
    opened = visit(f"{site}/book/softmax.html").page
    copied = opened.evaluate("""() => [...document.querySelectorAll("main div.math")].map(box => {
      getSelection().selectAllChildren(box);
      const event = new ClipboardEvent("copy", {clipboardData: new DataTransfer(), bubbles: true});
      box.dispatchEvent(event);
      return event.clipboardData.getData("text/plain");
    })""")
    written = re.findall(r"\$\$.+?\$\$", Chapter(ROOT / "book" / "softmax.ipynb").prose(), re.DOTALL)
    assert written
    assert [one.split() for one in copied] == [one.split() for one in written]
