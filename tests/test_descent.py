"""The way down: what is written under it, the marks of the bounds, the chart and the numbers agree wherever the sliders
stand.
"""

import itertools
import json
from functools import partial

import numpy as np
import pytest
from conftest import LAID_OUT, SITE
from numpy.testing import assert_allclose
from padpage import records_of
from pictures import State, as_number, bounds_at, check, check_told, check_written, figures, on_map
from stage import every_figure, handles, patched, stand
from walks import runaway, thrown

from softmaxlab.scratch import descend
from softmaxlab.widgets import Descent, explore

FIGURES = [figure for figure in every_figure() if figure[2].kind == "Descent"]

# Of every position of every slider, as the picture says it: what is told, where the bounds and the rate are marked, the
# line in the chart, what is written of the step, and whether the walker is on the map. What depends on the step alone
# comes as a list over the steps.
ALL = """([counts, steps]) => {
  const el = document.getElementById("figure"), one = name => el.querySelector(name), found = [];
  const share = (e, name) => parseFloat(e.getAttribute(name)) / 100;
  const set = (trait, index) => { if (model.get(trait) !== index) model.set(trait, index); };
  const chart = one(".course-chart"), map = one(".course-map");
  const walk = position => {
    position.forEach((index, axis) => set(`index${axis}`, index));
    const each = [];
    for (let at = 0; at < steps; at++) {
      set("pointer_index", at);
      const dot = chart.querySelector(".course-dot.course-main");
      each.push({
        told: one(".course-news").textContent,
        written: [...el.querySelectorAll(".course-legend .course-entry output")].map(e => e.textContent),
        status: one(".course-status").textContent,
        height: share(dot, "cy"), across: share(dot, "cx"),
        onMap: !map.querySelector(".course-dot.course-main").classList.contains("course-off"),
        away: !map.querySelector(".course-away").classList.contains("course-off"),
      });
    }
    const line = chart.querySelector(".course-ahead.course-main").getAttribute("d");
    found.push({
      each,
      line: [...line.matchAll(/[ML](-?[\\d.]+),(-?[\\d.]+)/g)].map(([, x, y]) => [x / 1000, y / 1000]),
      cut: chart.querySelector(".course-cut").textContent,
      limits: ["start", "bottom"].map(place => one(`.course-limit-${place}.course-limit`)).map(
        mark => mark && (mark.classList.contains("course-off") ? null : share(mark, "x1"))),
      bounds: [...el.querySelectorAll(".course-bound output")].map(e => e.textContent),
      rate: one(".course-bounds .course-point") && share(one(".course-bounds .course-point"), "cx"),
    });
  };
  const onward = position => {
    if (position.length === counts.length) return walk(position);
    for (let index = 0; index < counts[position.length]; index++) onward([...position, index]);
  };
  onward([]);
  return JSON.stringify(found);
}"""


def everywhere(stage, state, script=None):
    """`{position without the step: what the picture says there}`."""
    stage.put(state, script=script)
    counts = [len(grid) for grid in state.grids]
    found = json.loads(stage.page.evaluate(ALL, [counts, state.pointed]))
    return dict(zip(itertools.product(*map(range, counts)), found, strict=True))


def check_everywhere(stage, state, script=None):
    """-> the number of positions"""
    seen = everywhere(stage, state, script)
    for position, said in seen.items():
        check_position(state, position, said)
    return sum(len(said["each"]) for said in seen.values())


def check_position(state, position, said):
    frame, rates = state.frame(position), state.grids[0]
    least, most = state.heights
    # the chart: in its frame at every step, and the number of what is higher stands at its rim
    above = frame[:, 2] - state.lowest * state.log
    known = np.isfinite(above)
    height = np.clip(above, least, most)
    share = np.log(most / height) / np.log(most / least) if state.log else (most - height) / (most - least)
    line = np.array(said["line"])
    assert (line >= 0).all() and (line <= 1).all()
    assert_allclose(line[:, 1], share[known], atol=2e-4)
    top = np.where(known, above, np.inf).max()
    assert bool(said["cut"]) == (top > most)
    if top > most:
        check_written(said["cut"].removeprefix("▲ "), top, 2)
    for at, each in enumerate(said["each"]):
        check_told(each["told"], state, (*position, at))
        if known[at]:
            assert abs(each["height"] - share[at]) < 2e-4 and abs(each["across"] - at / (len(frame) - 1)) < 1e-4
        inside = on_map(frame[at], state)
        assert each["onMap"] == inside == (not each["away"]) == ("outside the map" not in each["status"])
        assert each["written"][0] == str(at)
        for text, number in zip(each["written"][1:4], frame[at], strict=True):
            check_written(text, number)
    assert bool(said["bounds"]) == bool(state.bounds)
    if not state.bounds:
        return
    # the marks: at their numbers on the scale of the rate
    both = bounds_at(state, position)
    assert_allclose([as_number(text) for text in said["bounds"]], both, atol=0.006)
    for mark, bound in zip(said["limits"], both):
        assert (mark is not None) == (rates[0] <= bound <= rates[-1])
        if mark is not None:
            assert np.interp(mark * (len(rates) - 1), range(len(rates)), rates) == pytest.approx(bound, abs=0.01)
    assert said["rate"] == pytest.approx(position[0] / (len(rates) - 1), abs=1e-4)
    # and true of the walk: above the bound at the bottom it has not come to rest there, below it has come nearer
    rate, end = rates[position[0]], frame[-1, 2] - state.lowest
    assert not end < 1e-3 if rate > both[1] else frame[-1, 2] < frame[0, 2]


@pytest.mark.parametrize("figure", FIGURES, ids=lambda figure: f"{figure[0]}-{figure[1]}")
def test_words_marks_chart_and_numbers_agree_wherever_the_sliders_stand(figure, stage):
    state = figure[2]
    assert check_everywhere(stage, state) == np.prod(state.counts)


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("(1 + ${share}) · 2/λ", "2/λ"),
        ("grids[0][position[0]] > bound", "grids[0][position[0]] > bounds[0][1]"),
        ("bounds[number(position.slice(1), counts.slice(1))]", "bounds[0]"),
        ("const heights = points.map", "const heights = points.slice(0, 9).map"),
        ("kept(drop(shown(loss)))", "drop(shown(loss) / 2)"),
        ("risen ? `The loss rises", "risen > 1 ? `The loss rises"),
        ("inMap(points.at(-1)).every(within)", "true"),
    ],
)
def test_words_marks_or_a_chart_that_disagree_are_found(old, new, stage):
    states = [State(records_of(one)[0]) for one in (runaway(), thrown())]
    states += [figure[2] for figure in FIGURES if figure[2].bounds]
    for state in sorted(states, key=lambda one: np.prod(one.counts)):
        try:
            check_everywhere(stage, state, script=patched(state.script, old, new))
        except AssertionError:
            return
    pytest.fail("no figure shows the fault")


@pytest.mark.parametrize("figure", [runaway, thrown])
def test_a_walk_that_runs_away_stays_in_its_chart_and_is_told_of(figure, stage):
    state = State(records_of(figure())[0])
    check_everywhere(stage, state)
    assert np.isinf(state.array).any() or state.array.max() > 1e30
    for position in itertools.product(range(6), range(2), (0, 1, 30, 60)):
        stage.move(position)
        check(stage.figure, state, position)


def test_bounds_and_factors_are_those_of_the_curvature():
    view = runaway().view
    assert_allclose(view.bounds[:2], [[0.25, 0.25], [1.9 * 0.25, 1.9 * 0.25]], rtol=1e-4)
    assert_allclose(view.bottom, [0, 0], atol=1e-6)
    lengths = np.linalg.norm(view.directions, axis=1)
    assert_allclose(np.abs(view.directions), [[1, 0], [0, 0.5]], atol=1e-4)
    assert_allclose(lengths, [1, 0.5], atol=1e-4)
    # with momentum each direction goes with the larger root of r² − (1 + m − rate · curvature) r + m
    factors = np.array(view.factors).reshape(6, 3, 2, 2)
    for i, rate in enumerate([0.05, 0.1, 0.2, 0.3, 0.4, 40.0]):
        assert_allclose(factors[i, 0], [[1 - 2 * rate, 0], [1 - 8 * rate, 0]], atol=1e-4)
        for direction, curvature in enumerate([2, 8] if rate < 1 else []):
            factor, swings = factors[i, 1, direction]
            path = descend(partial(np.multiply, curvature), [1.0], rate, 400, 0.9)[:, 0]
            grows = np.abs(path[-41:]).max() / np.abs(path[-81:-40]).max()
            assert grows == pytest.approx(abs(factor) ** 40, rel=0.2)
            assert swings == ((1.9 - rate * curvature) ** 2 < 3.6)


def test_the_lowest_place_of_a_curved_valley_is_found_and_its_bound():
    def banana(point):
        return float(np.log1p((1 - point[0]) ** 2 + 3 * (point[1] - point[0] ** 2) ** 2))

    view = Descent(banana, x=(-2, 2), y=(-1, 3), bound=True)
    explore(lambda rate=0.1: [[0, 0], [0.1, 0]], rate=[0.1, 0.2], view=view)
    assert_allclose(view.bottom, [1, 1], atol=1e-5)
    assert_allclose(view.lowest, 0, atol=1e-9)
    bends = np.array([[2 + 24, -12], [-12, 6]])
    assert_allclose(view.bounds[0][1], 2 / np.linalg.eigvalsh(bends)[-1], rtol=1e-3)


CHAPTER = "book/gradient-descent.html"


def with_marks(opened):
    """The figures of the chapter whose first slider has the bounds marked, each with its record."""
    opened.page.add_style_tag(content=LAID_OUT)
    for figure, state in zip(opened.explorables(), figures(SITE / CHAPTER), strict=True):
        if state.bounds:
            yield figure, state


# Where the middle of the handle of a slider is, and of the two marks
STAND = """figure => {
  const range = figure.querySelector("input[type=range]"), box = range.getBoundingClientRect();
  const middle = e => { const { left, right } = e.getBoundingClientRect(); return (left + right) / 2; };
  const handle = box.left + 12 + (box.width - 24) * range.value / range.max;
  const marks = ["start", "bottom"].map(place => figure.querySelector(`.course-limit-${place}.course-limit`));
  return [handle, ...marks.map(middle)];
}"""


@pytest.mark.parametrize("width", [1440, 768, 360])
def test_the_bounds_are_marked_on_the_track_of_the_slider(width, site, visit):
    """The handle passes a mark between the two rates that the bound lies between."""
    for figure, state in with_marks(visit(f"{site}/{CHAPTER}", width=width)):
        handle = handles(figure)[0]
        bounds = bounds_at(state, state.start[:-1])
        for index, rate in enumerate(state.grids[0]):
            handle.to(index)
            at, *marks = figure.evaluate(STAND)
            for mark, bound in zip(marks, bounds, strict=True):
                if bound <= state.grids[0][-1]:
                    assert (at > mark) == (rate > bound)


def test_on_a_phone_the_rate_and_the_loss_are_on_one_screen(site, visit):
    for figure, _ in with_marks(visit(f"{site}/{CHAPTER}", width=360)):
        top = handles(figure)[0].row.bounding_box()["y"]
        chart, plan = (figure.locator(f".course-{name}").bounding_box() for name in ("chart", "map"))
        assert chart["y"] + chart["height"] - top < 640 and chart["y"] < plan["y"]


def test_another_shuffle_is_a_button_that_goes_round(site, visit):
    opened = visit(f"{site}/{CHAPTER}", width=360, has_touch=True)
    number, state = next((n, s) for n, s in enumerate(figures(SITE / CHAPTER)) if s.again)
    figure = opened.explorables()[number]
    axis = state.names.index(state.again)
    button = handles(figure)[axis]
    assert button.is_button and button.place.bounding_box()["height"] >= 44
    seen = [stand(figure)[axis]["at"]]
    for _ in range(state.counts[axis]):
        button.place.tap()
        seen.append(stand(figure)[axis]["at"])
    assert sorted(seen[1:]) == list(range(state.counts[axis])) and seen[0] == seen[-1]
