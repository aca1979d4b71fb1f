"""Python in the page: a chapter's cells and exercises, changed and run where they stand, in Chromium and in Firefox.

Every cell of every chapter: `make test-live`. Every exercise: nbval (tools/answers.py).
"""

import json

import browser
import pytest
from axe import violations
from bs4 import BeautifulSoup
from conftest import CHAPTERS, PATIENCE, SITE, Strict, box_of, serve, words_of
from firefox import Firefox

PAGE = "book/softmax.html"
LIVE = SITE / "_static" / "live"
# What a server of a strict school may send: no eval, and no other host
POLICY = (
    "default-src 'self'; script-src 'self' 'unsafe-inline' blob: 'wasm-unsafe-eval'; style-src 'self' 'unsafe-inline'; "
)
POLICY += "img-src 'self' data:; font-src 'self' data:"

PRESS = """(async () => {
  document.getElementById("course-run").click();
  const wait = ms => new Promise(done => setTimeout(done, ms));
  let here = false;
  const starts = async () => {
    while (!globalThis.coursePage?.python.ready) await wait(20);
    await coursePage.python.ready;
    here = true;
  };
  await Promise.race([starts(), wait(120_000)]);
  if (!here) throw new Error(globalThis.coursePage?.status.textContent ?? "live.js did not come");
  return here;
})()"""
# Run the cell whose code has these words in it -> what it shows
RUN = """(async () => {
  const cell = coursePage.cells.find(one => one.key && one.text.includes(%s));
  await coursePage.run(cell.key);
  return cell.output.textContent.trim();
})()"""
EDIT = """(async () => {
  const cell = coursePage.cells.find(one => one.key && one.published.includes(%s));
  await cell.edit();
  cell.editor.replace(%s);
  return cell.key;
})()"""
EXERCISE = """(async () => {
  const one = coursePage.exercises[%d];
  if (%s !== null) one.editor.replace(%s);
  await one.check();
  return one.output.textContent;
})()"""
# The words of a button that stand in it unclipped, and are within its box
WORD = """button => {
  const text = button.firstChild, range = document.createRange();
  range.selectNode(text);
  const word = range.getBoundingClientRect(), box = button.getBoundingClientRect();
  return text.nodeType === 3 && word.left >= box.left && word.right <= box.right ? text.textContent.trim() : "";
}"""
NAIVE = "print(np.round(naive_softmax(scores), 3))"
SHOWN = "[0.836 0.113 0.051]"


def js(value):
    return json.dumps(value)


class School(Strict):
    policy = POLICY


@pytest.fixture(scope="module")
def strict():
    server = serve(SITE, School)
    yield f"http://127.0.0.1:{server.server_port}/course"
    server.shutdown()


class Opened:
    """A chapter whose Python has started, in Chromium."""

    def __init__(self, chromium, address, page=PAGE):
        self.context = chromium.new_context(viewport={"width": 1440, "height": 900})
        self.context.set_default_timeout(PATIENCE)
        self.page = self.context.new_page()
        self.requests, self.errors = [], []
        self.page.on("request", lambda request: self.requests.append(request.url))
        self.page.on("pageerror", lambda error: self.errors.append(str(error)))
        self.page.on("console", lambda m: m.type == "error" and self.errors.append(m.text))
        self.page.goto(f"{address}/{page}", wait_until="networkidle")
        self.before = list(self.requests)

    def evaluate(self, script):
        return self.page.evaluate(script)

    def run(self, words):
        return self.page.evaluate(RUN % js(words))

    def edit(self, words, text):
        return self.page.evaluate(EDIT % (js(words), js(text)))

    def exercise(self, place, text=None):
        return self.page.evaluate(EXERCISE % (place, js(text), js(text)))

    def status(self):
        return self.page.locator(".live-status").inner_text()


@pytest.fixture(scope="module")
def opened(chromium, strict):
    """One page with one worker for all tests that leave it as it was."""
    assert LIVE.is_dir(), "no Python in this book: run `make book` with a connection"
    one = Opened(chromium, strict)
    one.evaluate(PRESS)
    yield one
    one.context.close()


# Before the button


# That nothing of it is fetched: test_site.py, of every page
def test_every_chapter_has_the_button():
    for page in CHAPTERS:
        assert 'id="course-run"' in (SITE / page).read_text(encoding="utf-8")


def test_every_cell_of_a_page_is_one_that_its_file_has():
    for page in CHAPTERS:
        html = (SITE / page).read_text(encoding="utf-8")
        data = json.loads((LIVE / page.replace("book/", "").replace(".html", ".json")).read_text(encoding="utf-8"))
        keys = [cell["key"] for cell in data["cells"] if "key" in cell]
        assert len(set(keys)) == len(keys) == html.count('id="code-')
        for key in keys:
            assert f'id="{key}"' in html
        for one in data["exercises"]:
            assert f'id="{one["id"]}"' in html


def test_an_exercise_says_where_one_types_before_python_runs():
    for page in CHAPTERS:
        html = BeautifulSoup((SITE / page).read_text(encoding="utf-8"), "html.parser")
        data = json.loads((LIVE / page.replace("book/", "").replace(".html", ".json")).read_text(encoding="utf-8"))
        places = [box["id"] for box in html.select(".course-exercise") if box.select_one(".course-type button")]
        assert places == [one["id"] for one in data["exercises"]]
        for place in html.select(".course-type"):
            assert place.find_next_sibling("details").summary.text == "Hint"


def test_what_is_fetched_is_small(opened):
    data = json.loads((LIVE / "softmax.json").read_text(encoding="utf-8"))
    travels = {name: packed for name, (_, packed) in data["sizes"].items()}
    plots = travels.pop("plots.zip")
    assert sum(travels.values()) <= 10e6
    assert sum(travels.values()) + plots <= 20e6
    opened.run(NAIVE)
    asked = [url.rpartition("/")[2].partition("?")[0] for url in opened.requests]
    assert set(data["sizes"]) - {"pyodide.mjs"} <= set(asked)
    # the digits, which this chapter reads, set out when Python is ready
    assert asked.index("mnist.xz") > max(asked.index(name) for name in data["sizes"] if name in asked)


# Running


def test_it_runs_below_a_folder_without_eval_and_asks_no_other_host(opened, strict):
    assert opened.run(NAIVE).startswith(SHOWN)
    home = strict.removesuffix("/course")
    assert [url for url in opened.requests if not url.startswith((home, "data:", "blob:"))] == []
    assert [url for url in opened.before if "/live/" in url or "/python-" in url] == []
    assert opened.errors == []


def test_the_policy_of_these_tests_forbids_eval_in_the_worker(opened):
    key = opened.edit(NAIVE, "import js\njs.eval('1')")
    assert "EvalError" in opened.run("js.eval")
    opened.evaluate(f"coursePage.cells.find(one => one.key === {js(key)}).reset()")
    opened.errors.clear()  # the browser says that it was blocked


def test_the_cells_above_run_first_and_hidden_ones_with_them(opened):
    opened.run(NAIVE)
    done = opened.evaluate("coursePage.cells.map(one => one.done)")
    at = done.index(False) if False in done else len(done)
    assert at > 2
    assert not any(done[at:])


def test_a_cell_that_runs_again_shows_what_the_book_shows(opened):
    opened.evaluate("coursePage.runAll()")
    found = opened.evaluate("""coursePage.cells.filter(one => one.key && one.result === "ok").map(one => {
      const text = nodes => nodes.map(node => [...(node.querySelectorAll?.(".stream pre, .text_plain pre") ?? [])]
        .map(pre => pre.textContent).join("")).join("").trim();
      return [text(one.built), text([...one.output.childNodes])];
    })""")
    assert len(found) > 20
    for built, shown in found:
        assert shown == built
    assert opened.status() == "All cells have run."


def test_pictures_have_the_words_that_the_book_has_for_them(opened):
    opened.evaluate("coursePage.runAll()")
    found = opened.evaluate("""coursePage.cells.filter(one => one.key).map(one => {
      const box = document.createElement("div");
      const words = nodes => (box.replaceChildren(...nodes.map(node => node.cloneNode(true))),
        [...box.querySelectorAll("img")].map(image => image.alt));
      return [words(one.built), words([...one.output.childNodes])];
    })""")
    assert sum(len(words) for words, _ in found) >= 3
    for words, again in found:
        assert again == words


def test_sliders_of_a_cell_that_ran_again_move_their_picture(opened):
    opened.evaluate("coursePage.runAll()")
    view = opened.page.locator(".course-opener .course-view")
    slider = view.locator("input[type=range]").first
    before = view.locator(".course-status").text_content()
    slider.focus()
    opened.page.keyboard.press("ArrowRight")
    assert view.locator(".course-status").text_content() != before
    opened.page.keyboard.press("ArrowLeft")
    assert view.locator(".course-status").text_content() == before


def test_what_needs_tensorflow_keeps_the_output_of_the_book_and_says_where_it_runs(opened):
    opened.evaluate("coursePage.data.elsewhere = { Colab: 'https://colab.example.org/', Binder: '#' }")
    opened.evaluate("coursePage.forget()")
    opened.evaluate("coursePage.runAll()")
    cells = opened.evaluate("""coursePage.cells.filter(one => one.result === "elsewhere" && one.built.length).map(one =>
      [one.built.every(node => node.isConnected), one.output.querySelector(".live-elsewhere").textContent])""")
    assert cells
    for kept, note in cells:
        assert kept
        assert note.startswith("This needs TensorFlow")
        assert note.endswith("It runs in Colab or Binder.")


SAID = """(async () => {
  const cell = coursePage.cells.find(one => one.key && one.published.includes(%s)), said = [], say = coursePage.say;
  cell.seconds = 42;
  coursePage.say = words => { said.push(words); say.call(coursePage, words); };
  await coursePage.run(cell.key);
  coursePage.say = say;
  cell.seconds = 0;
  return said;
})()"""


def test_a_cell_that_takes_long_says_how_long_before_it_starts(opened):
    said = opened.evaluate(SAID % js(NAIVE))
    assert [words for words in said if "It takes about 40 s" in words]
    assert said.index("Running … It takes about 40 s.") < said.index("Done. Python is ready.")


# Changing


def test_a_change_runs_and_is_kept_and_reset_takes_it_back(opened):
    key = opened.edit(NAIVE, "print(naive_softmax(scores + 1).sum(), 1 + 1)")
    assert opened.run("1 + 1").endswith("2")
    assert opened.evaluate("JSON.parse(localStorage.getItem('from-pixels-to-probabilities')).pages.softmax.code")[key]
    opened.evaluate(f"coursePage.cells.find(one => one.key === {js(key)}).reset()")
    assert key not in opened.evaluate(
        "JSON.parse(localStorage.getItem('from-pixels-to-probabilities')).pages.softmax.code"
    )
    assert opened.run(NAIVE).startswith(SHOWN)


def test_an_error_names_the_line_of_the_reader_and_marks_it(opened):
    key = opened.edit(NAIVE, "a = 1\nb = a / 0\nprint(a)")
    assert "Line 2: ZeroDivisionError" in opened.run("a / 0")
    assert words_of(opened.page.locator(f"#{key} .live-wrong")) == "b = a / 0"
    opened.evaluate(EDIT % (js(NAIVE), js("print((1)\nx")))
    assert "SyntaxError" in opened.run("print((1)")
    opened.evaluate(f"coursePage.cells.find(one => one.key === {js(key)}).reset()")


def test_the_editor_is_left_by_tab_and_by_escape_and_runs_by_keys(opened):
    key = opened.edit(NAIVE, "print('by keys')")
    page = opened.page
    editor = page.locator(f"#{key} .cm-content")
    editor.click()
    page.keyboard.press("Tab")
    assert not page.evaluate("document.activeElement.matches('.cm-content')")
    editor.click()
    page.keyboard.press("Escape")
    assert page.evaluate("document.activeElement.textContent") == "Run"
    editor.click()
    page.keyboard.press("Control+Enter")
    page.locator(f"#{key.replace('code-', 'output-')} pre:has-text('by keys')").wait_for()
    page.keyboard.press("Control+z")  # takes back what replaced the code
    assert "by keys" not in editor.text_content()
    opened.evaluate(f"coursePage.cells.find(one => one.key === {js(key)}).reset()")


# Exercises


def test_a_check_says_right_and_what_does_not_hold_and_what_is_lacking(opened):
    assert "Your code has to bind first_scale" in opened.exercise(2)
    assert "first_scale is 2.0, too small" in opened.exercise(2, "first_scale = 2.0")
    right = "grid = np.linspace(0, 10, 101)\ncat = softmax(grid[:, None] * scores)[:, 0]\n"
    assert "✓ Right" in opened.exercise(2, f"{right}first_scale = grid[np.argmax(cat >= 0.99)]")


def test_the_code_with_the_bug_does_not_pass_and_the_mended_one_does(opened):
    assert "Not yet" in opened.exercise(6)
    mended = "def softmax(z):\n    e = np.exp(z - np.max(z, axis=-1, keepdims=True))\n"
    assert "✓ Right" in opened.exercise(6, f"{mended}    return e / e.sum(axis=-1, keepdims=True)")


def test_axe_finds_nothing_with_cells_open(opened):
    opened.edit(NAIVE, "print(1 / 0)")
    opened.run("1 / 0")
    opened.exercise(4, "def with_temperature(logits, temperature):\n    return 1")
    opened.page.evaluate("for (const one of document.querySelectorAll('main details')) one.open = true")
    assert violations(opened.page) == []


# Among predictions and figures


@pytest.fixture(scope="module")
def pointing(chromium, site):
    """A chapter with a picture that one points at."""
    one = Opened(chromium, site, "book/cross-entropy.html")
    one.evaluate(PRESS)
    yield one
    one.context.close()


@pytest.fixture
def guessing(pointing):
    """The same, whose cells need none that stand above."""
    pointing.evaluate("for (const cell of coursePage.cells) cell.done = true")
    return pointing


DRAWS = "import matplotlib.pyplot as plt\nplt.plot([1, 2]);"
FIELD = "loss_over_scale();"
TRUTH = "loss_over_scale().plot(scales, losses);"


def test_a_picture_that_one_points_at_can_be_drawn_anew(guessing):
    key = guessing.edit(FIELD, DRAWS)
    guessing.run("plt.plot([1, 2]);")
    field = guessing.page.locator(f"#{key.replace('code-', 'output-')} .course-field")
    assert field.locator("img").get_attribute("alt").startswith("The picture that code cell")
    field.scroll_into_view_if_needed()
    box = box_of(field)
    guessing.page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    spot = guessing.page.locator(".course-points .course-spot").first
    assert spot.text_content() == "Your place: 50 % from the left, 50 % from the top."
    guessing.evaluate(f"coursePage.cells.find(one => one.key === {js(key)}).reset()")
    assert "The picture that" not in field.locator("img").get_attribute("alt")
    assert field.locator(".course-pointing").count() == 1


def test_what_answers_a_prediction_stays_closed_and_what_a_reader_made_of_it_does_not(guessing):
    key = guessing.evaluate(f"coursePage.cells.find(one => one.key && one.published.includes({js(TRUTH)})).key")
    guessing.evaluate(
        f"""(() => {{
          const cell = coursePage.cells.find(one => one.key === {js(key)});
          cell.text = cell.published = {js(DRAWS)};
          return coursePage.run(cell.key);
        }})()"""
    )
    output, note = guessing.page.locator(f"#{key.replace('code-', 'output-')}"), f"#{key} .live-note"
    picture = output.locator("img")
    assert not picture.evaluate("one => one.checkVisibility({ contentVisibilityAuto: false })")
    assert "opens with your prediction" in guessing.page.locator(note).text_content()
    assert output.locator(".course-truth img").count() == 1
    guessing.evaluate(EDIT % (js(DRAWS), js("print('mine')")))
    guessing.run("'mine'")
    assert output.locator("pre").evaluate("one => one.checkVisibility()")
    guessing.evaluate(f"coursePage.cells.find(one => one.key === {js(key)}).reset()")


TWO = """from softmaxlab.widgets import Bars, explore

for _ in range(2):
    display(explore(lambda a: [a, 1 - a], view=Bars(["x", "y"]), a=[0.2, 0.7]))"""


def test_chips_of_two_figures_that_a_cell_draws_move_only_their_own(guessing):
    key = guessing.edit(FIELD, TWO)
    guessing.run("for _ in range(2)")
    views = guessing.page.locator(f"#{key.replace('code-', 'output-')} .course-view")
    assert views.count() == 2
    views.nth(0).locator(".course-chip").nth(1).click()
    checked = [views.nth(n).locator(".course-chip input:checked").count() for n in range(2)]
    assert checked == [1, 1]
    assert views.nth(1).locator(".course-chip input").nth(0).is_checked()
    guessing.evaluate(f"coursePage.cells.find(one => one.key === {js(key)}).reset()")


# What goes wrong


@pytest.fixture(scope="module")
def alone(chromium, site):
    """A page for what ends its Python, which the next test starts again."""
    one = Opened(chromium, site)
    one.evaluate(PRESS)
    yield one
    one.context.close()


def test_an_endless_loop_is_stopped_and_nothing_typed_is_lost(alone):
    key = alone.edit(NAIVE, "while True:\n    pass")
    alone.page.evaluate(f"void coursePage.run({js(key)})")
    alone.page.locator(f"#{key} .live-running").wait_for()
    took = alone.page.evaluate("""() => {
      const began = performance.now();
      coursePage.stop();
      return coursePage.running.then(() => performance.now() - began);
    }""")
    assert took < 1000  # what the page itself waits for, and no work of Python's
    assert alone.status().startswith("Stopped.")
    assert alone.page.locator(f"#{key} .cm-content").text_content().startswith("while True:")
    alone.edit(NAIVE, "print('after', 1)")
    assert alone.run("after") == "after 1"


def test_a_worker_that_was_ended_is_noticed_and_started_anew(alone):
    alone.edit(NAIVE, "print('anew')")
    alone.page.evaluate("coursePage.python.worker.terminate()")
    assert alone.run("anew") == "anew"


def test_a_cell_that_takes_all_memory_says_so_and_the_page_lives_on(alone):
    key = alone.edit(NAIVE, "rows = []\nwhile True:\n    rows.append(np.ones((2000, 2000)))")
    alone.page.evaluate(f"coursePage.run({js(key)})")
    alone.page.wait_for_function(
        "where => [...document.querySelectorAll(where)].some(one => one.textContent.includes('emory'))",
        arg=f".live-status, #{key.replace('code-', 'output-')}",
    )
    alone.edit(NAIVE, "print('after', 2)")
    assert alone.run("after") == "after 2"


def test_what_was_changed_is_there_when_the_page_is_opened_again(alone):
    key = alone.edit(NAIVE, "print('kept')")
    alone.page.reload()
    assert alone.page.locator(f"#{key}.course-changed").count() == 1
    alone.evaluate(PRESS)
    assert alone.page.locator(f"#{key} .cm-content").text_content() == "print('kept')"
    assert alone.run("'kept'") == "kept"


def test_fetching_can_be_cancelled(chromium, site):
    one = Opened(chromium, site)
    held = []
    one.page.route("**/plots.zip", lambda route: held.append(route))
    one.page.locator("#course-run").click()
    one.page.locator(".live-bar button:has-text('Cancel')").click()
    assert one.status().startswith("Cancelled.")
    one.context.close()


def test_from_a_file_the_button_says_what_to_do(visit, copy):
    for folder in (SITE, copy / "site"):
        page = visit((folder / PAGE).as_uri()).page
        page.locator("#course-run").click()
        assert "python -m http.server" in words_of(page.locator(".course-run-sorry"))


def test_python_runs_in_the_copy_to_carry_when_it_is_served(chromium, copy):
    server = serve(copy)
    one = Opened(chromium, f"http://127.0.0.1:{server.server_port}/site")
    try:
        one.evaluate(PRESS)
        assert one.run("import numpy") is not None
        data = one.page.locator("#course-run").get_attribute("data-mnist")
        assert (copy / "site" / "book" / data).resolve() == (copy / "src" / "softmaxlab" / "mnist.xz").resolve()
        assert (copy / "src" / "softmaxlab" / "mnist.xz").exists()
    finally:
        one.context.close()
        server.shutdown()


@pytest.mark.parametrize("width", [360, 1440])
def test_the_button_of_an_exercise_starts_python_and_opens_its_editor(width, chromium, site):
    one = Opened(chromium, site)
    page = one.page
    page.set_viewport_size({"width": width, "height": 800})
    assert page.locator("#course-run").evaluate(WORD) == "Run"  # seen also where there is no room for more
    page.locator("#exercise-3 .course-type button").click()
    page.locator("#exercise-3 .cm-editor.cm-focused").wait_for()
    page.keyboard.type("first_scale = 2.0")
    assert "first_scale = 2.0" in page.locator("#exercise-3 .cm-content").text_content()
    assert page.locator(".course-type").count() == 0
    assert one.status().startswith(("Starting Python", "Fetching Python", "Python is ready"))
    one.context.close()


# Firefox


def test_firefox_runs_cells_and_exercises_in_a_private_window_and_asks_no_other_host(strict):
    path = browser.find_firefox()
    assert path, "no Firefox: run `make browser`"
    firefox = Firefox(path, private=True)
    try:
        firefox.visit(f"{strict}/{PAGE}")
        assert firefox.evaluate(PRESS)
        assert firefox.evaluate(RUN % js(NAIVE)).startswith(SHOWN)
        key = firefox.evaluate(EDIT % (js(NAIVE), js("print(1 / 0)")))
        assert "ZeroDivisionError" in firefox.evaluate(RUN % js("1 / 0"))
        firefox.evaluate(f"coursePage.cells.find(one => one.key === {js(key)}).reset()")
        assert "✓ Right" in firefox.evaluate(
            EXERCISE % (0, js("far, near = 0.836, 0.455"), js("far, near = 0.836, 0.455"))
        )
        home = strict.removesuffix("/course")
        asked = [url for url in firefox.requests if url.startswith("http")]
        assert [url for url in asked if not url.startswith(home)] == []
        assert any("plots.zip" in url for url in asked)
    finally:
        firefox.close()
