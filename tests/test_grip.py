"""Figures answer to a pointer as to their sliders, walk by themselves, go back, and stand as a link says."""

import random

import pytest
from conftest import LAID_OUT, SITE, WITH_SLIDERS
from pictures import figures
from stage import HANDLES, handles, stand

MOVES = 40  # presses and moves with the button down, on each page

# For each figure with sliders: where they stand and what the figure shows, after each thing that a pointer did
WATCH = (
    """figures => {
  HANDLES
  const shown = el => el.querySelector(".course-figure").innerHTML;
  window.said = [];
  for (const el of figures) {
    const note = () => said.push({ el, at: handles(el).map(one => one.at), shows: shown(el) });
    for (const kind of ["pointerdown", "pointermove"]) el.addEventListener(kind, e => e.buttons && note());
  }
  const stand = (el, at) => handles(el).forEach((one, i) => one.to(at[i]));
  window.differs = () => said.filter(({ el, at, shows }) => {
    stand(el, handles(el).map(one => one.count - 1 - one.at));
    stand(el, at);
    return shown(el) !== shows;
  }).map(({ el, at }) => [el.dataset.view, at]);
}"""
).replace("HANDLES", HANDLES)


def inside(grip, share):
    box = grip.bounding_box()
    return [box[at] + part * box[size] for at, size, part in zip("xy", ("width", "height"), share)]


def gripped(opened, moves, seed=0):
    """Press, drag and let go at random places of every picture that can be gripped. -> how much was seen to happen"""
    page, rng = opened.page, random.Random(seed)
    page.add_style_tag(content=LAID_OUT)
    page.locator(".course-view:has(.course-sliders)").evaluate_all(WATCH)
    grips = [grip for grip in page.locator(".course-grip").all() if grip.is_visible()]
    for grip in grips:
        grip.scroll_into_view_if_needed()
        page.mouse.move(*inside(grip, (rng.random(), rng.random())))
        page.mouse.down()
        for _ in range(-(-moves // len(grips))):
            page.mouse.move(*inside(grip, (rng.random(), rng.random())))
        page.mouse.up()
    return page.evaluate("said.length")


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_a_pointer_in_a_picture_does_what_its_sliders_do(page, site, visit):
    opened = visit(f"{site}/{page}")
    assert gripped(opened, MOVES) >= MOVES
    assert len({str(one) for one in opened.page.evaluate("said.map(one => one.at)")}) > 1
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
    box = corner.bounding_box()
    opened.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    values = [float(text) for text in figure.locator("svg .course-value").all_text_contents()]
    assert values == [0, 1, 0]


def test_a_pixel_is_chosen_in_the_picture_and_in_the_strip(site, visit):
    opened = visit(f"{site}/book/images.html")
    number, state = first("images", "Pixels")
    figure = opened.explorables()[number]
    for part, share, pixel in [("image", (16 / 29, 4 / 29), 3 * 28 + 15), ("strip", (0.5, 0.5), 392)]:
        svg = figure.locator(f"svg.course-{part}")
        svg.scroll_into_view_if_needed()
        opened.page.mouse.click(*inside(svg, share))
        assert standing(figure)[-1] == pytest.approx(pixel, abs=0 if part == "image" else 2)
    assert state.pointer_places == 784


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


def test_one_points_at_a_step_in_the_chart_and_at_a_rate_on_the_scale(site, visit):
    opened = visit(f"{site}/book/gradient-descent.html")
    opened.page.add_style_tag(content=LAID_OUT)
    figure = next(one for one in opened.explorables() if one.locator("svg.course-ruler").count())
    chart = figure.locator(".course-panels > svg[aria-label^='The loss at each']")
    chart.scroll_into_view_if_needed()
    opened.page.mouse.click(*inside(chart, ((60 + 272 / 2) / 340, 0.3)))
    assert standing(figure)[-1] == (stand(figure)[-1]["count"] - 1) / 2
    ruler = figure.locator("svg.course-ruler")
    opened.page.mouse.click(*inside(ruler, ((12 + 316) / 340, 0.5)))
    assert standing(figure)[0] == stand(figure)[0]["count"] - 1


MOVED = f"([view, at]) => {{ {HANDLES} return handles(view).at(-1).at !== at; }}"


@pytest.mark.parametrize("page", WITH_SLIDERS)
def test_every_figure_walks_its_last_slider_and_goes_back(page, site, visit):
    opened = visit(f"{site}/{page}")
    for figure, state in zip(opened.explorables(), figures(SITE / page), strict=True):
        began = standing(figure)
        assert began == list(state.start)
        play = figure.locator("button.course-play")
        assert (state.names + [state.pointer_name])[-1 if state.pointed else -2] in play.text_content()
        play.click()
        opened.page.wait_for_function(MOVED, arg=[figure.element_handle(), began[-1]])
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


@pytest.mark.parametrize("state", ["figure=99&cat=3", "figure=1&cat=purple", "figure=one", "figure=1&wolf=3", "="])
def test_a_link_that_makes_no_sense_changes_nothing(state, site, visit):
    opened = visit(f"{site}/book/softmax.html#{state}")
    assert standing(opened.explorables()[0]) == list(figures(SITE / "book/softmax.html")[0].start)
    assert opened.errors == []


def test_a_finger_that_scrolls_over_a_picture_or_a_slider_changes_nothing(site, visit):
    opened = visit(f"{site}/book/softmax.html", width=360, has_touch=True)
    page = opened.page
    session = opened.context.new_cdp_session(page)
    for target in ("svg.course-curves", "input[type=range]"):
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
