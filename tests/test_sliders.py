"""The sliders of the built site in a real browser: without a kernel, each moves its picture. What it shows:
test_pictures.py.
"""

import shutil
from pathlib import Path

import pytest
from conftest import SITE, WITH_SLIDERS, serve
from pictures import as_number, check, figures


def states(page):
    return figures(SITE / page)


HANDLES = "input[type=range]"
# Of each handle: its name, where it stands, and what is announced
STAND = "all => all.map(e => [e.ariaLabel, e.valueAsNumber, e.ariaValueText])"


def position(figure, state):
    """Where the sliders stand: the index of each, whose announced value is that of the grid, rounded."""
    at = []
    names = [*state.names, *([state.pointer_name] if state.pointed else [])]
    stand = figure.locator(HANDLES).evaluate_all(STAND)
    for axis, ((label, index, announced), name) in enumerate(zip(stand, names, strict=True)):
        assert label == name
        value = state.grids[axis][index] if axis < len(state.grids) else index
        assert as_number(announced) == pytest.approx(value, rel=5e-3)  # three digits
        at.append(index)
    return tuple(at)


def check_figure(figure, state, move, shares=(0, 0.5, 1)):
    """Move every slider to its least, middle and most with `move`; the picture follows each time."""
    check(figure, state, position(figure, state))
    for axis, handle in enumerate(figure.locator(HANDLES).all()):
        for share in shares:
            move(figure.page, handle, share)
            at = position(figure, state)
            assert abs(at[axis] / (state.counts[axis] - 1) - share) < 0.1
            check(figure, state, at)


# A handle that is set to a share of its way
MOVED = """(handle, share) => {
  handle.value = Math.round(share * handle.max);
  handle.dispatchEvent(new Event("input", { bubbles: true }));
}"""


def by_keyboard(page, handle, share):
    """To an end, with one key."""
    handle.press("End" if share else "Home")


def by_mouse(page, handle, share):
    """To its end the mouse drags it; elsewhere it is set, and says so, as one that is dragged does."""
    if share < 1:
        handle.evaluate(MOVED, share)
        return
    handle.scroll_into_view_if_needed()
    box, at = handle.bounding_box(), handle.evaluate("e => e.value / e.max")
    thumb = 24
    along = [box["x"] + thumb / 2 + part * (box["width"] - thumb) for part in (at, share)]
    middle = box["y"] + box["height"] / 2
    page.mouse.move(along[0], middle)
    page.mouse.down()
    page.mouse.move(along[1], middle, steps=4)
    page.mouse.up()


def check_page(opened, page, move, **options):
    shown = opened.explorables()
    assert len(shown) == len(states(page))
    for figure, state in zip(shown, states(page)):
        check_figure(figure, state, move, **options)


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_each_slider_moves_its_picture(page, site, visit):
    opened = visit(f"{site}/{page}")
    check_page(opened, page, by_mouse)
    assert opened.errors == []


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_sliders_work_by_keyboard_on_a_phone_in_the_dark_without_motion(page, site, visit):
    phone = {"width": 360, "has_touch": True}
    opened = visit(f"{site}/{page}", color_scheme="dark", reduced_motion="reduce", **phone)
    assert opened.page.locator("html").get_attribute("data-theme") == "dark"
    check_page(opened, page, by_keyboard, shares=(0, 1))


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_sliders_work_in_the_copy_to_carry_with_no_network(page, copy, visit):
    opened = visit((copy / "site" / page).as_uri(), offline=True)
    check_page(opened, page, by_keyboard, shares=(1,))
    assert [url for url in opened.requests if not url.startswith(("file:", "data:", "blob:"))] == []


def test_a_broken_link_of_a_slider_is_found(tmp_path, visit):
    """The checks above can fail: here the first slider is joined to a number that draws nothing."""
    page = WITH_SLIDERS[0]
    shutil.copytree(SITE / "_static", tmp_path / "_static")
    (tmp_path / "book").mkdir()
    shutil.copy(SITE / page, tmp_path / page)
    records = tmp_path / "_static" / "views" / f"{Path(page).stem}.js"
    whole = records.read_text(encoding="utf-8")
    assert '"trait":"index0"' in whole
    records.write_text(whole.replace('"trait":"index0"', '"trait":"index2"'), encoding="utf-8")
    server = serve(tmp_path)
    opened = visit(f"http://127.0.0.1:{server.server_port}/{page}")
    with pytest.raises(AssertionError):
        check_page(opened, page, by_keyboard, shares=(0, 1))
    server.shutdown()
