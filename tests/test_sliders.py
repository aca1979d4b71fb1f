"""The sliders of the built site in a real browser: without a kernel, each moves its picture to the numbers of NumPy."""

import importlib
import json
import re
from pathlib import Path

import numpy as np
import pytest
from chapters import CHAPTERS
from conftest import SITE, WITH_SLIDERS, serve
from expected import ch02, ch06
from pictures import as_number, check_marks, check_picture, shown

# tests/expected/ch03.py says what the figures of book/softmax ought to show
MODULES = {path.stem[2:]: path.stem for path in Path(__file__).parent.glob("expected/ch*.py")}
EXPECTED = {
    f"book/{path.stem}.html": importlib.import_module(f"expected.{MODULES[path.stem[:2]]}").FIGURES
    for path in CHAPTERS
    if path.stem[:2] in MODULES
}


def handles(figure):
    return figure.locator("[role=slider]").all()


def position(figure, grids):
    """Where the sliders stand, read from what they announce; the announced values are those of the grids, rounded."""
    at = []
    for handle, (name, values) in zip(handles(figure), grids.items()):
        assert handle.get_attribute("aria-label") == name
        index = round(float(handle.get_attribute("aria-valuenow")))
        announced = as_number(handle.get_attribute("aria-valuetext"))
        np.testing.assert_allclose(announced, values[index], rtol=5e-3)  # three digits
        at.append(values[index])
    return at


def check_here(figure, expected):
    """The picture, and the numbers below it, are those of where the sliders stand."""
    at = position(figure, expected.grids)
    picture = check_picture(figure, expected.function(*at))
    if expected.began is not None:
        check_marks(picture, expected.function(*at), expected.function(*expected.began))
    if expected.readouts:
        readouts = [as_number(text) for text in shown(figure)["readouts"]]
        np.testing.assert_allclose(readouts, expected.readouts(*at), atol=5.001e-4)
    return at, picture


def check_figure(figure, expected, move):
    """Move every slider to its least, middle and most with `move`; the picture follows each time."""
    assert len(handles(figure)) == len(expected.grids)
    check_here(figure, expected)
    for axis, handle in enumerate(handles(figure)):
        seen = set()
        for share in (0, 0.5, 1):
            move(figure.page, handle, share)
            at, picture = check_here(figure, expected)
            values = list(expected.grids.values())[axis]
            assert abs(list(values).index(at[axis]) / (len(values) - 1) - share) < 0.1
            seen.add(json.dumps([picture["written"], picture.get("images")]))
        assert len(seen) > 1, "the picture is the same at both ends"


def by_keyboard(page, handle, share):
    handle.focus()
    page.keyboard.press("Home" if share < 1 else "End")
    if share == 0.5:
        pages, steps = divmod(round(float(handle.get_attribute("aria-valuemax")) / 2), 5)
        for key in pages * ["PageUp"] + steps * ["ArrowRight"]:
            page.keyboard.press(key)


def by_mouse(page, handle, share):
    track = handle.locator("xpath=ancestor::*[contains(@class, 'noUi-target')]")
    track.scroll_into_view_if_needed()
    start, box = handle.bounding_box(), track.bounding_box()
    page.mouse.move(start["x"] + start["width"] / 2, start["y"] + start["height"] / 2)
    page.mouse.down()
    page.mouse.move(box["x"] + share * box["width"], box["y"] + box["height"] / 2, steps=4)
    page.mouse.up()


# Held together


def test_every_page_with_sliders_has_its_expected_pictures():
    assert sorted(EXPECTED) == WITH_SLIDERS


def check_page(opened, page, move):
    figures = opened.explorables()
    assert len(figures) == len(EXPECTED[page])
    for figure, expected in zip(figures, EXPECTED[page]):
        check_figure(figure, expected, move)


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_each_slider_moves_its_picture_to_the_numbers_of_numpy(page, site, visit):
    opened = visit(f"{site}/{page}")
    check_page(opened, page, by_mouse)
    assert opened.errors == []


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_sliders_work_by_keyboard_on_a_phone_in_the_dark_without_motion(page, site, visit):
    opened = visit(
        f"{site}/{page}",
        width=360,
        color_scheme="dark",
        reduced_motion="reduce",
        has_touch=True,
    )
    assert opened.page.locator("html").get_attribute("data-theme") == "dark"
    check_page(opened, page, by_keyboard)


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_sliders_work_in_the_copy_to_carry_with_no_network(page, copy, visit):
    opened = visit((copy / "site" / page).as_uri(), offline=True)
    check_page(opened, page, by_keyboard)
    assert [url for url in opened.requests if not url.startswith(("file:", "data:", "blob:"))] == []


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_positions_all_along_each_slider_show_the_numbers_of_numpy(page, site, visit):
    """Every position; of a slider with many, one in so many that about thirty are seen."""
    opened = visit(f"{site}/{page}")
    for figure, expected in zip(opened.explorables(), EXPECTED[page]):
        for handle in handles(figure):
            by_keyboard(opened.page, handle, 0)
        for axis, (handle, values) in enumerate(zip(handles(figure), expected.grids.values())):
            handle.focus()
            stride = 1 + len(values) // 31
            for value in values[::stride]:
                at, _ = check_here(figure, expected)
                assert at[axis] == value
                for _ in range(stride):
                    opened.page.keyboard.press("ArrowRight")


def test_an_image_that_stands_still_is_found(site, visit):
    """The check of images can fail: the picture at one strength is not that at another."""
    figure = visit(f"{site}/book/linear-model.html").explorables()[1]
    check_picture(figure, ch02.NEAREST.fade(11, 11, 0))
    with pytest.raises(AssertionError):
        check_picture(figure, ch02.NEAREST.fade(11, 11, 0.5))


def test_a_path_that_stands_still_is_found(site, visit):
    """The check of paths can fail: the picture at one rate is not that at another, nor one step the next."""
    figure = visit(f"{site}/book/gradient-descent.html").explorables()[0]
    check_picture(figure, ch06.walk(1, 0, 0))
    for other in (ch06.walk(2, 0, 0), ch06.walk(1, 1, 0), ch06.walk(1, 0, 1)):
        with pytest.raises(AssertionError):
            check_picture(figure, other)


def test_a_mark_in_the_wrong_place_and_panels_of_two_scales_are_found():
    right = {"bars": [[80, 20], [60, 40]], "axes": [100, 100], "marks": ["M0,90H9", "M0,70H9"]}
    check_marks(right, [[2], [4]], [[1], [3]])
    for wrong in ({"marks": ["M0,91H9", "M0,70H9"]}, {"bars": [[60, 40], [60, 40]]}):
        with pytest.raises(AssertionError):
            check_marks(right | wrong, [[2], [4]], [[1], [3]])


def test_a_broken_link_of_a_slider_is_found(tmp_path, visit):
    """The check above can fail: here the first slider is joined to a number that draws nothing."""
    for part in ("_static", "book"):
        (tmp_path / part).symlink_to(SITE / part)
    (tmp_path / "book").unlink()
    (tmp_path / "book").mkdir()
    page = "book/softmax.html"
    html = (SITE / page).read_text(encoding="utf-8")
    broken = re.sub(r'"at0"\s*\]', '"at2"]', html)
    assert broken != html
    (tmp_path / page).write_text(broken)
    server = serve(tmp_path)
    opened = visit(f"http://127.0.0.1:{server.server_port}/{page}")
    with pytest.raises(AssertionError):
        check_page(opened, page, by_keyboard)
    server.shutdown()
