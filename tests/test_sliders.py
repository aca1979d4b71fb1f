"""The sliders of the built site in a real browser: without a kernel, each moves its picture. What it shows:
test_pictures.py.
"""

import shutil
from pathlib import Path

import pytest
from bs4 import BeautifulSoup
from conftest import LAID_OUT, SITE, WITH_SLIDERS, box_of, serve
from pictures import as_number, check, figures, is_number
from stage import handles, stand


def states(page):
    return figures(SITE / page)


def position(figure, state):
    """Where the sliders stand: the index of each, whose announced value is that of the grid, rounded."""
    at = []
    names = [*state.names, *([state.pointer_name] if state.pointed else [])]
    for axis, (one, name) in enumerate(zip(stand(figure), names, strict=True)):
        assert one["name"] == name
        index = one["at"]
        options = state.sliders[axis]["options"]
        assert one["text"] == (str(index) if isinstance(options, int) else options[index])
        if is_number(one["text"]):
            value = state.grids[axis][index] if axis < len(state.grids) else index
            assert as_number(one["text"]) == pytest.approx(value, rel=5e-3)  # three digits
        at.append(index)
    return tuple(at)


def check_figure(figure, state, move, shares=(0, 0.5, 1)):
    """Move every slider to its least, middle and most with `move`; the picture follows each time."""
    check(figure, state, position(figure, state))
    for axis, handle in enumerate(handles(figure)):
        for share in shares:
            move(figure.page, handle, share)
            at = position(figure, state)
            assert abs(at[axis] - share * (state.counts[axis] - 1)) <= max(0.5, 0.1 * (state.counts[axis] - 1))
            check(figure, state, at)


def by_keyboard(page, handle, share):
    """To an end: a slider with one key, chips with one for each."""
    handle.to_end(share)


def by_mouse(page, handle, share):
    """A chip is pressed. A slider is dragged to its end; elsewhere it is set, and says so, as one that is dragged."""
    count = stand(handle.figure)[handle.number]["count"]
    index = round(share * (count - 1))
    if handle.is_chips:
        handle.row.locator(".course-chip").nth(index).click()
        return
    if share < 1 or handle.is_button:
        handle.to(index)
        return
    handle.place.scroll_into_view_if_needed()
    box, at = box_of(handle.place), handle.place.evaluate("e => e.value / e.max")
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
    opened.page.add_style_tag(content=LAID_OUT)
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


SIZES = "all => all.map(one => one.getBoundingClientRect()).map(({ width, height }) => [width, height])"


def test_few_positions_are_chips_with_one_stop_for_the_keyboard_and_room_for_a_finger(site, visit):
    opened = visit(f"{site}/book/many-machines.html", width=360, has_touch=True)
    figure, state = opened.explorables()[0], states("book/many-machines.html")[0]
    assert [one.is_chips for one in handles(figure)] == [count <= 6 for count in state.counts] == [False, True]
    chips = handles(figure)[1]
    radios = chips.row.locator("[type=radio]")
    assert min(map(min, chips.row.locator(".course-chip").evaluate_all(SIZES))) >= 44
    opened.page.locator("button.course-play").first.focus()
    opened.page.keyboard.press("Shift+Tab")
    at = stand(figure)[1]["at"]
    assert radios.nth(at).evaluate("one => one === document.activeElement")
    opened.page.keyboard.press("ArrowRight")
    assert stand(figure)[1]["at"] == at + 1 and radios.nth(at + 1).is_checked()
    opened.page.keyboard.press("Shift+Tab")
    assert handles(figure)[0].place.evaluate("one => one === document.activeElement")
    chips.row.locator(".course-chip").first.tap()
    assert stand(figure)[1]["at"] == 0
    check(figure, state, position(figure, state))


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_each_row_of_chips_is_a_group_of_its_own_whether_a_script_has_run_or_not(page, site, visit):
    groups = "rows => rows.map(row => row.querySelector('input').name)"
    live = visit(f"{site}/{page}").page.locator(".course-choice").evaluate_all(groups)
    still = BeautifulSoup((SITE / page).read_text(encoding="utf-8"), "html.parser").select(".course-choice")
    assert [row.input["name"] for row in still] == live
    assert len(set(live)) == len(live)


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
