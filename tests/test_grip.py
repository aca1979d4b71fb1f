"""Figures answer to a pointer as to their sliders, walk by themselves, go back, and stand as a link says."""

import random

import pytest
from conftest import LAID_OUT, SITE, WITH_SLIDERS, box_of
from pictures import figures
from stage import HANDLES, handles, stand

MOVES = 200  # presses and moves with the button down, on each page

# For each figure with sliders: where they stand and what the figure shows, after each thing that a pointer did
WATCH = (
    """figures => {
  HANDLES
  const shown = el => {
    const copy = el.querySelector(".course-figure").cloneNode(true);
    for (const unseen of copy.querySelectorAll(".course-off")) unseen.remove();
    return copy.innerHTML;
  };
  window.said = [];
  for (const el of figures) {
    const note = () => said.push({ el, at: handles(el).map(one => one.at), shows: shown(el) });
    for (const kind of ["pointerdown", "pointermove"]) el.addEventListener(kind, e => e.buttons && note());
  }
  const stand = (el, at) => handles(el).forEach((one, i) => one.to(at[i]));
  const alike = ({ el, at, shows }) => [el.dataset.view, at, shows].join();
  window.differs = () => [...new Map(said.map(one => [alike(one), one])).values()].filter(({ el, at, shows }) => {
    stand(el, handles(el).map(one => one.count - 1 - one.at));
    stand(el, at);
    return shown(el) !== shows;
  }).map(({ el, at }) => [el.dataset.view, at]);
}"""
).replace("HANDLES", HANDLES)


def inside(grip, share, box=None):
    box = box or box_of(grip)
    return [box[at] + part * box[size] for at, size, part in zip("xy", ("width", "height"), share)]


def gripped(opened, moves, seed=0):
    """Press, drag and let go at random places of every picture that can be gripped. -> how much was seen to happen"""
    page, rng = opened.page, random.Random(seed)
    page.add_style_tag(content=LAID_OUT)
    page.locator(".course-view:has(.course-sliders)").evaluate_all(WATCH)
    grips = [grip for grip in page.locator(".course-grip").all() if grip.is_visible()]
    for grip in grips:
        grip.scroll_into_view_if_needed()
        box = box_of(grip)
        page.mouse.move(*inside(grip, (rng.random(), rng.random()), box))
        page.mouse.down()
        for _ in range(-(-moves // len(grips))):
            page.mouse.move(*inside(grip, (rng.random(), rng.random()), box))
        page.mouse.up()
    return page.evaluate("said.length")


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_a_pointer_in_a_picture_does_what_its_sliders_do(page, site, visit):
    opened = visit(f"{site}/{page}")
    assert gripped(opened, MOVES) >= MOVES
    places = opened.page.evaluate("said.map(({ el, at }) => [Number(el.dataset.view), String(at)])")
    for view in opened.explorables():
        number = int(view.get_attribute("data-view"))
        assert len({at for one, at in places if one == number}) > 1, f"view {number} does not answer to a pointer"
    assert opened.page.evaluate("differs()") == []
    assert opened.errors == []


def test_a_picture_that_shows_something_else_than_its_sliders_is_found(site, visit):
    opened = visit(f"{site}/book/one-hot.html")
    gripped(opened, MOVES)
    opened.page.evaluate("said[0].at = said[0].at.map(() => 1)")
    assert len(opened.page.evaluate("differs()")) == 1


def first(page, kind):
    """The first figure of this kind in a page, and its record."""
    number, state = next((n, s) for n, s in enumerate(figures(SITE / f"book/{page}.html")) if s.kind == kind)
    return number, state


def standing(figure):
    return [one["at"] for one in stand(figure)]


def test_the_point_of_the_triangle_goes_where_one_presses(site, visit):
    opened = visit(f"{site}/book/one-hot.html")
    figure = opened.explorables()[0]
    svg, corner = figure.locator("svg.course-simplex"), figure.locator(".course-corner").nth(1)
    svg.scroll_into_view_if_needed()
    box = box_of(corner)
    opened.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    values = [float(text) for text in figure.locator("svg .course-value").all_text_contents()]
    assert values == [0, 1, 0]


def test_a_pixel_is_chosen_in_the_picture_and_in_the_strip(site, visit):
    opened = visit(f"{site}/book/images.html")
    number, state = first("images", "Pixels")
    figure = opened.explorables()[number]
    for part, share, pixel in [("image", (15.5 / 28, 3.5 / 28), 3 * 28 + 15), ("strip", (0.5, 0.5), 392)]:
        box = figure.locator(f".course-{part}")
        box.scroll_into_view_if_needed()
        opened.page.mouse.click(*inside(box, share))
        assert standing(figure)[-1] == pytest.approx(pixel, abs=0 if part == "image" else 2)
    assert state.pointer_places == 784


def test_only_the_first_button_of_a_mouse_moves_what_it_presses(site, visit):
    opened = visit(f"{site}/book/images.html")
    figure = opened.explorables()[first("images", "Pixels")[0]]
    image, began = figure.locator(".course-image"), standing(figure)
    image.scroll_into_view_if_needed()
    for button in ("right", "middle", "left"):
        opened.page.mouse.click(*inside(image, (0.1, 0.1)), button=button)
        assert (standing(figure) == began) == (button != "left")


def test_a_picture_is_chosen_by_a_press_on_its_small_one(site, visit):
    opened = visit(f"{site}/book/images.html")
    figure = opened.explorables()[first("images", "Pixels")[0]]
    thumb = figure.locator(".course-thumb").nth(7)
    thumb.click()
    assert standing(figure)[0] == 7 and thumb.get_attribute("aria-pressed") == "true"
    assert thumb.get_attribute("tabindex") == "-1"  # the slider is the way of the keyboard


def test_a_digit_is_dragged_over_its_template_by_mouse_and_finger(site, visit):
    number, state = next(
        (n, s) for n, s in enumerate(figures(SITE / "book/linear-model.html")) if s.kind == "Templates"
    )
    ways = [(0, 0), (0, -3), (2, 1), (-9, 9)]  # down and right, in pixels of the picture
    for touch in (False, True):
        opened = visit(f"{site}/book/linear-model.html", width=360 if touch else 1440, has_touch=touch)
        figure, began = opened.explorables()[number], state.start
        frame = figure.locator(".course-frame.course-grip")
        frame.scroll_into_view_if_needed()
        session = opened.context.new_cdp_session(opened.page)
        for down, right in ways:
            figure.locator("button.course-reset").click()
            frame.scroll_into_view_if_needed()
            box = box_of(frame)
            pixel = box["width"] / 28
            x, y = inside(frame, (0.5, 0.5))
            to = x + right * pixel, y + down * pixel
            if touch:
                for kind, at in [("touchStart", (x, y)), ("touchMove", to), ("touchEnd", None)]:
                    points = [{"x": at[0], "y": at[1]}] if at else []
                    session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": points})
            else:
                opened.page.mouse.move(x, y)
                opened.page.mouse.down()
                opened.page.mouse.move(*to)
                opened.page.mouse.up()
            expected = [min(8, max(0, start + move)) for start, move in zip(began, (down, right))]
            assert standing(figure) == expected


def test_the_line_of_a_readout_is_a_slider_too(site, visit):
    opened = visit(f"{site}/book/digits.html")
    number, state = first("digits", "Templates")
    figure = opened.explorables()[number]
    chart = figure.locator(".course-trace .course-axes")
    chart.scroll_into_view_if_needed()
    opened.page.mouse.click(*inside(chart, (2 / (state.counts[0] - 1), 0.5)))
    assert standing(figure) == [2]


def test_a_press_on_a_field_of_the_confusion_matrix_shows_its_pictures_as_the_keys_do(site, visit):
    opened = visit(f"{site}/book/digits.html")
    number, state = first("digits", "Confusion")
    figure = opened.explorables()[number]
    svg = figure.locator("svg.course-times")
    svg.scroll_into_view_if_needed()
    fields, words = figure.locator(".course-tally"), figure.locator(".course-behind-words")
    opened.page.mouse.click(*middle(fields.nth(4 * 10 + 9)))
    assert standing(figure) == [4, 9]
    pressed = words.text_content()
    assert pressed.startswith(f"digit 4, read as 9: {state.table[4][9]}")
    figure.locator("button.course-reset").click()
    assert words.text_content() != pressed
    for handle, index in zip(handles(figure), (4, 9), strict=True):
        handle.to_end(False)
        for _ in range(index):
            handle.place.press("ArrowRight")
    assert standing(figure) == [4, 9] and words.text_content() == pressed
    # beside the fields nothing is chosen
    opened.page.mouse.click(*inside(svg, (0.02, 0.02)))
    assert standing(figure) == [4, 9]


def test_a_bar_is_drawn_to_a_height_by_its_own_slider(site, visit):
    opened = visit(f"{site}/book/softmax.html")
    number, _ = first("softmax", "Bars")
    figure = opened.explorables()[number]
    svg = figure.locator(".course-panels svg").first
    svg.scroll_into_view_if_needed()
    began = standing(figure)
    opened.page.mouse.click(*inside(svg, (0.5, 0.2)))
    now = standing(figure)
    assert now[1] > began[1] and (now[0], now[2]) == (began[0], began[2])


def middle(place):
    box = box_of(place)
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2


def test_a_bar_is_chosen_by_a_press_and_drawn_as_far_as_one_drags(site, visit):
    opened = visit(f"{site}/book/linear-model.html")
    opened.page.add_style_tag(content=LAID_OUT)
    figure = opened.explorables()[first("linear-model", "Bars")[0]]
    figure.locator("svg.course-bars").scroll_into_view_if_needed()
    bars = figure.locator(".course-part:not(.course-patch *)")
    began = standing(figure)
    opened.page.mouse.click(*middle(bars.nth(4)))
    assert standing(figure) == [4, began[1]]
    assert figure.locator(".course-chosen-name").text_content() == "digit 4:"
    top = box_of(figure.locator(".course-whole:not(.course-patch *)").nth(4))
    opened.page.mouse.move(top["x"] + top["width"] / 2, top["y"])
    opened.page.mouse.down()
    opened.page.mouse.move(top["x"] + top["width"] / 2, top["y"] - 60, steps=5)
    opened.page.mouse.up()
    now = box_of(figure.locator(".course-whole:not(.course-patch *)").nth(4))
    assert standing(figure)[1] > began[1] and abs(now["y"] - (top["y"] - 60)) < 30


def test_a_finger_draws_a_bar_up_by_its_end_and_the_page_stays(site, visit):
    opened = visit(f"{site}/book/softmax.html", width=360, has_touch=True)
    figure = opened.explorables()[first("softmax", "Bars")[0]]
    figure.scroll_into_view_if_needed()
    began, scrolled = standing(figure), opened.page.evaluate("scrollY")
    x, y = middle(figure.locator("svg.course-bars .course-handle").nth(1))
    session = opened.context.new_cdp_session(opened.page)
    for kind, up in [("touchStart", 0), *[("touchMove", 8 * n) for n in range(1, 6)]]:
        session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y - up}]})
    session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
    now = standing(figure)
    assert now[1] > began[1] and (now[0], now[2]) == (began[0], began[2])
    assert opened.page.evaluate("scrollY") == scrolled


def test_the_mean_of_a_reliability_diagram_is_drawn_along(site, visit):
    opened = visit(f"{site}/book/digits.html")
    opened.page.add_style_tag(content=LAID_OUT)
    number, state = first("digits", "Diagonal")
    figure = opened.explorables()[number]
    svg = figure.locator("svg.course-axes")
    svg.scroll_into_view_if_needed()
    x, y = middle(figure.locator("svg.course-axes .course-mean"))
    opened.page.mouse.move(x, y)
    opened.page.mouse.down()
    opened.page.mouse.move(box_of(svg)["x"], y, steps=4)
    opened.page.mouse.up()
    confidences = state.array[:, 0, -1]
    assert standing(figure) == [confidences.argmin()] != [state.start[0]]


def test_of_dots_with_names_the_nearest_is_told(site, visit):
    opened = visit(f"{site}/book/one-hot.html")
    opened.page.add_style_tag(content=LAID_OUT)
    figure = opened.explorables()[first("one-hot", "Diagonal")[0]]
    figure.locator("svg.course-axes").scroll_into_view_if_needed()
    opened.page.mouse.click(*middle(figure.locator(".course-inside", has_text="7")))
    assert standing(figure)[-1] == 7
    assert "digit 7:" in figure.locator(".course-legend").text_content()


def test_one_points_at_a_step_in_the_chart_and_at_a_start_on_the_map(site, visit):
    opened = visit(f"{site}/book/gradient-descent.html")
    opened.page.add_style_tag(content=LAID_OUT)
    figure = next(one for one in opened.explorables() if one.locator("svg.course-ruler").count())
    chart = figure.locator(".course-chart > svg")
    chart.scroll_into_view_if_needed()
    opened.page.mouse.click(*inside(chart, (0.5, 0.3)))
    assert standing(figure)[-1] == (stand(figure)[-1]["count"] - 1) / 2
    began, ring = standing(figure), figure.locator(".course-start").nth(2)
    opened.page.mouse.click(*inside(ring, (0.5, 0.5)))
    assert standing(figure) == [began[0], 2, began[2]]


MOVED = f"([view, number, at]) => {{ {HANDLES} return handles(view)[number].at !== at; }}"


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_every_figure_walks_the_slider_it_names_or_its_last_and_goes_back(page, site, visit):
    opened = visit(f"{site}/{page}")
    for figure, state in zip(opened.explorables(), figures(SITE / page), strict=True):
        began = standing(figure)
        assert began == list(state.start)
        names = state.names + [state.pointer_name] * bool(state.pointed)
        walked = names.index(state.play or names[-1])
        play = figure.locator("button.course-play")
        assert play.text_content() == f"Play: {names[walked]}"
        play.click()
        opened.page.wait_for_function(MOVED, arg=[figure.element_handle(), walked, began[walked]])
        figure.locator("button.course-reset").click()
        assert standing(figure) == began


def test_space_on_a_slider_starts_and_stops_the_walk(site, visit):
    opened = visit(f"{site}/book/images.html")
    figure = opened.explorables()[first("images", "Pixels")[0]]
    play, pixel = figure.locator("button.course-play"), handles(figure)[-1].place
    pixel.press("Home")  # a long way to walk
    pixel.press(" ")
    assert play.text_content() == "Stop"
    pixel.press(" ")
    assert "Play" in play.text_content()


def test_without_motion_there_is_nothing_to_play(site, visit):
    opened = visit(f"{site}/book/softmax.html", reduced_motion="reduce")
    assert not any(one.is_visible() for one in opened.page.locator(".course-play").all())
    assert all(one.is_visible() for one in opened.page.locator(".course-reset").all())


IN_SIGHT = """el => {
  const { top, bottom } = el.getBoundingClientRect();
  return top < innerHeight / 2 && bottom > innerHeight / 2;
}"""


def test_a_link_leads_to_a_figure_as_somebody_left_it(site, visit):
    opened = visit(f"{site}/book/softmax.html")
    figure = opened.explorables()[1]
    handles(figure)[0].to_end(True)
    opened.page.wait_for_url("**#figure=*")
    left, address = standing(figure), opened.page.url
    assert left != list(figures(SITE / "book/softmax.html")[1].start)
    again = visit(address)
    again.page.wait_for_function(IN_SIGHT, arg=again.explorables()[1].element_handle())
    assert standing(again.explorables()[1]) == left
    assert standing(again.explorables()[0]) == list(figures(SITE / "book/softmax.html")[0].start)
    again.explorables()[1].locator("button.course-reset").click()
    assert standing(again.explorables()[1]) == list(figures(SITE / "book/softmax.html")[1].start)


@pytest.mark.parametrize("page", ["digits", "hidden-layer"])
def test_a_link_leads_to_the_pad_of_a_page(page, site, visit):
    opened = visit(f"{site}/book/{page}.html#pad")
    pad = opened.page.locator("#pad")
    opened.page.wait_for_function(IN_SIGHT, arg=pad.element_handle())
    assert pad.get_attribute("data-figure") == "DigitPad"


@pytest.mark.parametrize("state", ["figure=99&cat=3", "figure=1&cat=purple", "figure=one", "figure=1&wolf=3", "="])
def test_a_link_that_makes_no_sense_changes_nothing(state, site, visit):
    opened = visit(f"{site}/book/softmax.html#{state}")
    assert standing(opened.explorables()[0]) == list(figures(SITE / "book/softmax.html")[0].start)
    assert opened.errors == []


def test_a_finger_that_scrolls_over_a_picture_or_a_slider_changes_nothing(site, visit):
    opened = visit(f"{site}/book/softmax.html", width=360, has_touch=True)
    page = opened.page
    session = opened.context.new_cdp_session(page)
    for target in (".course-curves svg.course-axes", "input[type=range]"):
        figure = next(one for one in opened.explorables() if one.locator(target).count())
        place = figure.locator(target).first
        place.scroll_into_view_if_needed()
        began, scrolled = standing(figure), page.evaluate("scrollY")
        x, y = inside(place, (0.8, 0.5))
        ways = [("touchStart", 0), *[("touchMove", 20 * n) for n in range(1, 11)]]
        for kind, up in ways:
            session.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y - up}]})
        session.send("Input.dispatchTouchEvent", {"type": "touchEnd", "touchPoints": []})
        page.wait_for_function("before => scrollY > before + 100", arg=scrolled)
        assert standing(figure) == began
