"""The pages by keyboard and by finger: the focus can be seen, stops are few, and what one presses is large enough."""

import pytest
from conftest import LAID_OUT, WITH_SLIDERS

# A page of each kind
KINDS = ["book/index.html", "book/softmax.html", "book/digits.html", "book/notation.html", "search.html"]

# What has the focus, and whether an outline shows it: its own, or that of what it lies in and cannot be seen itself
FOCUSED = """() => {
  const one = document.activeElement;
  if (one === document.body || one.dataset.stopped === "") return null; // the end, or round again
  one.dataset.stopped = "";
  for (const fade of one.getAnimations()) fade.finish();
  const outlined = el => {
    const { outlineStyle, outlineWidth } = getComputedStyle(el);
    return outlineStyle !== "none" && Number.parseFloat(outlineWidth) >= 2;
  };
  const holder = getComputedStyle(one).opacity === "0" ? one.parentElement : one;
  const name = `${one.tagName} ${one.className.baseVal ?? one.className}: ${one.ariaLabel ?? one.textContent.trim()}`;
  return [name.slice(0, 80), outlined(holder), one.matches(".copybtn")];
}"""


def stops(page):
    """What the Tab key leads to, from the top of the page to its end: `[(name, shown, copies)]`."""
    page.add_style_tag(content=LAID_OUT)
    page.evaluate(
        "() => { document.body.tabIndex = -1; document.body.focus(); document.body.removeAttribute('tabindex'); }"
    )
    found = []
    while True:
        page.keyboard.press("Tab")
        focused = page.evaluate(FOCUSED)
        if focused is None:
            return found
        found.append(focused)
        assert len(found) < 500, found[-5:]


@pytest.mark.parametrize("width", [360, 1440])
@pytest.mark.parametrize("page", KINDS)
def test_whatever_has_the_focus_shows_it(page, width, site, visit):
    found = stops(visit(f"{site}/{page}", width=width).page)
    assert len(found) >= 5
    assert [name for name, shown, _ in found if not shown] == []


def test_a_focus_that_cannot_be_seen_is_found(site, visit):
    page = visit(f"{site}/book/notation.html").page
    page.add_style_tag(content="a[href*=glossary]:focus-visible { outline: none !important }")
    page.evaluate("document.querySelectorAll('style').forEach(one => document.head.append(one))")
    page.add_style_tag(content="html body a[href*=glossary]:focus-visible { outline: none !important }")
    assert any(not shown for _, shown, _ in stops(page))


# Mark the buttons of the first part of the page that has two in sight
MARK_GROUP = """() => {
  const parts = new Map();
  for (const one of [...document.querySelectorAll(".copybtn")].filter(one => one.checkVisibility())) {
    const part = one.closest("details, .course-answer, section");
    parts.set(part, [...(parts.get(part) ?? []), one]);
  }
  for (const one of [...parts.values()].find(all => all.length > 1)) one.dataset.group = "";
}"""


def test_code_that_can_be_copied_is_one_stop_in_a_section_and_the_arrow_keys_lead_to_the_rest(site, visit):
    page = visit(f"{site}/book/softmax.html").page
    copies = [name for name, _, copies in stops(page) if copies]
    assert 0 < len(copies) <= page.locator("article section").count()
    page.evaluate(MARK_GROUP)
    buttons = page.locator("[data-group]")
    first, second = buttons.nth(0), buttons.nth(1)
    first.focus()
    has_focus = "one => one === document.activeElement"
    for key, one in [("ArrowDown", second), ("ArrowUp", first), ("ArrowUp", first)]:
        page.keyboard.press(key)
        assert one.evaluate(has_focus)


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_two_keys_lead_from_the_top_of_a_page_to_what_can_be_moved(page, site, visit):
    page = visit(f"{site}/{page}").page
    page.evaluate("document.activeElement.blur()")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent") == "Skip to main content"
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.locator(".course-view").first.evaluate("one => one.contains(document.activeElement)")


# Buttons and what is like them, lower or narrower than a finger; of those that lie in a label, the label. What a row of
# the machine or of a pad asks may be pressed anywhere in its row.
SMALL = """() => [...document.querySelectorAll("button, summary, input, select")]
  .filter(one => one.checkVisibility({ visibilityProperty: true, opacityProperty: true }))
  .filter(one => !one.matches(".course-machine-ask, .course-pad-ask"))
  .filter(one => !one.closest(".bd-sidebar-primary, .bd-sidebar-secondary, .prev-next-area"))
  .map(one => [one, (one.closest("label") ?? one).getBoundingClientRect()])
  .filter(([, { width, height }]) => width < 43.5 || height < 43.5)
  .map(([one, { width, height }]) => `${one.outerHTML.slice(0, 80)} ${Math.round(width)} x ${Math.round(height)}`)"""


@pytest.mark.parametrize("page", KINDS)
def test_what_one_presses_on_a_phone_is_44_pixels_high(page, site, visit):
    opened = visit(f"{site}/{page}", width=360, has_touch=True)
    opened.page.add_style_tag(content=LAID_OUT)
    assert opened.page.evaluate(SMALL) == []


def test_a_small_button_is_found(site, visit):
    page = visit(f"{site}/book/notation.html", width=360, has_touch=True).page
    page.add_style_tag(content=".bd-header-article button { min-height: 0 !important }")
    assert page.evaluate(SMALL) != []
