"""How fast it is: the programs that measure, and that page, record, pictures and the committed run say the same.

No clock is judged.
"""

import html
import json
import re
import sys
from pathlib import Path

import numpy as np
import pytest
from course import ROOT

sys.path.insert(0, str(ROOT / "benchmarks"))

import engines
import growth
import page as program
import quiet
import sharing
from worker import ENGINES

from softmaxlab.results import load_sharing

RESULTS = json.loads(engines.RESULTS.read_text(encoding="utf-8"))
PAGE, RECORD = (path.read_text(encoding="utf-8") for path in (program.PAGE, program.RECORD))
PROSE = re.sub(r"<!-- [a-z ]+ -->\n.*?<!-- end -->", "", PAGE + RECORD, flags=re.DOTALL)


# The programs


@pytest.fixture(scope="module")
def tiny():
    """A run of what this environment has, on few images."""
    pythons = dict.fromkeys(ENGINES, sys.executable) | {"scikit-learn": "nowhere/python"}
    return engines.measure(pythons, images=640, rounds=1, models=["784-128-10"], threads=[1])


def test_a_small_run_has_the_rows_of_a_large_one(tiny):
    assert tiny.keys() == RESULTS.keys()
    for kind in ("seconds", "products", "memory", "growth"):
        assert tiny[kind] and {frozenset(row) for row in tiny[kind]} == {frozenset(RESULTS[kind][0])}
    found = {(row["engine"], row["work"]) for row in tiny["seconds"]}
    there = [engine for engine in ENGINES if engine not in engines.OTHERS]
    assert found == {(engine, work) for engine in there for work in engines.WORK}
    assert program.text(tiny)


def test_what_is_not_installed_is_left_out_and_named(tiny):
    assert tiny["missing"].keys() == {"PyTorch", "scikit-learn"}
    assert "ModuleNotFoundError" in tiny["missing"]["PyTorch"]
    assert "nowhere/python" in tiny["missing"]["scikit-learn"]
    for name, why in tiny["missing"].items():
        assert f"| {name}: {why} |" in program.machine(tiny)


def test_an_engine_that_fails_is_named():
    task = engines.MODELS["softmax regression"] | {"threads": 1, "images": 640}
    tasks = [task | {"engine": "scratch", "rate": "fast", "hidden": 8}]
    with pytest.raises(RuntimeError, match="^scratch: ValueError: learning_rate"):
        engines.start({"scratch": sys.executable}, tasks)


class Learned:
    """Stands for a worker: what it has learned, and how often it is right."""

    def __init__(self, name, weights, right=0.9):
        self.name, self.weights, self.right = name, weights, right

    def ask(self, order):
        path = Path(order.split()[1])
        path.unlink(missing_ok=True)
        if self.weights is not None:
            np.savez(path, np.full((784, 10), self.weights))
        return self.right


def test_engines_that_learn_alike_pass_and_others_are_named(tmp_path):
    ours = Learned("scratch", 1.0)
    engines.agree([ours, Learned("near", 1.001), Learned("own start", None, 0.89)], tmp_path)
    with pytest.raises(RuntimeError, match="far"):
        engines.agree([ours, Learned("far", 1.1)], tmp_path)
    with pytest.raises(RuntimeError, match="own start"):
        engines.agree([ours, Learned("own start", None, 0.5)], tmp_path)


def test_operations_are_those_of_the_products_counted_one_by_one():
    def flops(*shapes):
        return sum(2 * n * d * k for n, d, k in shapes)

    flat = flops((64, 784, 10), (784, 64, 10))
    deep = [(64, 784, 128), (64, 128, 10), (128, 64, 10), (64, 10, 128), (784, 64, 128)]
    assert growth.operations(64, 0, 64) == flat == 2_007_040
    assert growth.operations(200, 128, 64) == 3 * flops(*deep)


def with_load(load):
    return {"load_before": load, "cores": 2, "date": "2026-01-02"}


def test_a_run_waits_until_what_ran_before_has_faded_and_not_for_ever(monkeypatch):
    loads = [2.0, 1.0, 0.5]
    monkeypatch.setattr(quiet, "machine", lambda: with_load(loads.pop(0) if len(loads) > 1 else loads[0]))
    monkeypatch.setattr(quiet.time, "sleep", lambda _: None)
    assert quiet.settled() == with_load(0.5)
    loads = [2.0]
    with pytest.raises(SystemExit, match="2.0"):
        quiet.settled()


def test_a_run_on_a_busy_machine_is_refused_before_it_begins_and_on_its_way_to_the_page(monkeypatch, tmp_path):
    assert quiet.refuse_busy(with_load(0.6)) == with_load(0.6)
    with pytest.raises(SystemExit, match="0.6 on these 2 cores; it was 0.61 on 2026-01-02"):
        quiet.refuse_busy(with_load(0.61))
    monkeypatch.setattr(quiet, "machine", lambda: with_load(9))
    monkeypatch.setattr(quiet.time, "sleep", lambda _: None)
    for started in (engines, sharing):
        monkeypatch.setattr(sys, "argv", [started.__name__])
        with pytest.raises(SystemExit, match="it was 9"):
            started.main()
    busy = tmp_path / "results.json"
    busy.write_text(json.dumps(RESULTS | {"machine": RESULTS["machine"] | with_load(9)}), encoding="utf-8")
    monkeypatch.setattr(program, "RESULTS", busy)
    before = program.PAGE.read_text(encoding="utf-8")
    with pytest.raises(SystemExit, match="it was 9"):
        program.main()
    assert program.PAGE.read_text(encoding="utf-8") == before


def test_the_page_says_so_where_its_run_was_on_a_busy_machine():
    busy, still = (program.where({"machine": RESULTS["machine"] | {"load_before": load}}) for load in (0.9, 0.1))
    assert "Other programs were running" in busy and "Other" not in still
    assert ("Other programs were running" in PAGE) == quiet.is_busy(RESULTS["machine"])


# The committed run


def check_complete(results):
    threads = sorted({1, results["machine"]["cores"]})
    places = [(model, count) for model in engines.MODELS for count in threads]
    promised = [(*p, e, w) for p in places for e in ENGINES for w in engines.WORK]
    found = [(r["model"], r["threads"], r["engine"], r["work"]) for r in results["seconds"]]
    assert sorted(found) == sorted(promised)
    assert all(0 < r["least"] <= r["median"] <= r["most"] for r in results["seconds"])
    found = [(r["model"], r["threads"], r["engine"]) for r in results["memory"]]
    assert sorted(found) == sorted((*p, e) for p in places for e in ENGINES)
    assert [(r["model"], r["threads"]) for r in results["products"]] == places
    grown = [(r["axis"], r["images"], r["hidden"], r["batch"]) for r in results["growth"]]
    assert grown == list(growth.points(60_000))
    assert results["settings"]["images"] == 60_000 and results["settings"]["rounds"] >= 5
    assert results["models"] == engines.MODELS and not results["missing"]
    assert results["versions"].keys() == ENGINES.keys()


def test_the_committed_run_has_every_row_promised():
    check_complete(RESULTS)


def test_a_run_that_lacks_a_row_is_found():
    with pytest.raises(AssertionError):
        check_complete(RESULTS | {"seconds": RESULTS["seconds"][1:]})


def test_the_committed_steps_that_workers_share_are_of_one_run_and_have_every_row_promised():
    steps = load_sharing()
    tried = [(0, sharing.SIZES), *sharing.TRIED.items()]
    promised = [(units, workers, size) for units in sharing.TRIES for workers, sizes in tried for size in sizes]
    assert [step[:3] for step in steps] == promised
    assert len({(step.date, step.machine) for step in steps}) == 1
    assert all(step.milliseconds > 0 and step.tries >= 5 for step in steps)


# The page


def parts(page):
    """`{name: text}` of what stands in the page between `<!-- NAME -->` and `<!-- end -->`."""
    part = r"<!-- ([a-z ]+) -->\n(.*?)<!-- end -->"
    return {name: text.strip() for name, text in re.findall(part, page, re.DOTALL)}


def check_parts(both, results):
    """Each table of page and record, and what each picture there says, is that of the run."""
    assert parts(both).keys() == program.PARTS.keys()
    for name, text in parts(both).items():
        assert text == program.PARTS[name](results), f"{name}: run benchmarks/page.py"


def test_the_tables_of_page_and_record_are_those_of_the_run():
    check_parts(PAGE + RECORD, RESULTS)
    assert parts(PAGE).keys() == {"picture training", "fit", "where"}
    assert not parts(PAGE).keys() & parts(RECORD).keys()
    for page in (PAGE, RECORD):
        assert program.filled(page, RESULTS) == page


def test_the_page_for_readers_is_one_picture_and_few_words():
    assert PAGE.count("```{image}") == 1
    words = re.sub(r"```.*?```|<!--.*?-->", "", PAGE, flags=re.DOTALL).split()
    assert len(words) < 300


@pytest.mark.parametrize("name", program.PARTS)
def test_a_number_of_another_run_and_a_part_that_is_missing_are_found(name):
    both = PAGE + RECORD
    text = parts(both)[name]
    number = re.search(r"\d", text)[0]
    other = text.replace(number, str((int(number) + 1) % 10), 1)
    for page in (both.replace(text, other), both.replace(f"<!-- {name} -->", "")):
        with pytest.raises(AssertionError):
            check_parts(page, RESULTS)
    assert program.filled(both.replace(text, other), RESULTS) == both


def check_pictures(pictures, record):
    found = [(pictures / name, said) for name, said in re.findall(r"```\{image\} _static/(.+?)\n:alt: (.+)\n", PAGE)]
    found += [(record / name, said) for said, name in re.findall(r"!\[(.+?)\]\((.+?\.svg)\)", RECORD)]
    assert len(found) == sum("picture" in name for name in program.PARTS)
    for path, said in found:
        picture = path.read_text(encoding="utf-8")
        description = re.search(r"<dc:description>(.*?)</dc:description>", picture, re.DOTALL)[1]
        assert html.unescape(description) == said and len(said.split()) >= 12


def test_the_pictures_are_drawn_from_the_run_and_say_what_they_show():
    check_pictures(program.PAGE.parent / "_static", program.HERE)


def test_a_picture_of_another_run_is_found(tmp_path):
    other = [row | {"seconds": 2 * row["seconds"]} for row in RESULTS["growth"]]
    program.draw(RESULTS | {"growth": other}, tmp_path, tmp_path)
    with pytest.raises(AssertionError):
        check_pictures(tmp_path, tmp_path)


def strange_numbers(prose):
    """Numbers of 10 or more, or with a decimal point, that no program of `benchmarks` has."""
    known = {
        784,
        10,
        64,
        100,
        128,
        800,
        60_000,
        10_000,
        0.5,
        0.1,
        0.9,
        0.001,
        quiet.MOST,
    }  # the models, a quiet machine
    known |= {growth.operations(64, 0, 64), 2_048, 256, 16, 4_096, 4_096 / 16, 32}
    known |= {engines.rounds_of(5, model) for model in engines.MODELS.values()}
    known |= {784 * 800 + 800 + 800 * 10 + 10, 60_000 * 784 * 4 // 2**20}
    prose = re.sub(r"\]\([^)]*\)|`[^`]*`", "]", prose)
    numbers = [float(n.replace(",", "")) for n in re.findall(r"\d[\d,]*(?:\.\d+)?(?<!,)", prose)]
    return [n for n in numbers if (n >= 10 or n % 1) and n not in known]


def test_sentences_hold_no_measured_number():
    assert strange_numbers(PROSE) == []
    assert strange_numbers("It takes 0.084 seconds, and 17 more.") == [0.084, 17]


def test_settings_in_the_prose_are_those_of_the_programs():
    for model, task in engines.MODELS.items():
        row = next(line for line in PROSE.splitlines() if line.startswith(f"| {model}"))
        assert row.endswith(f"| {task['batch']} |")
        rate = task.get("momentum", task["rate"])
        assert f"{rate}" in row and f"{task['rate']}" in row


def to(engine, model, work="training"):
    return program.ratio(RESULTS, model, 1, engine, work)


def share(model):
    return program.rows_of(RESULTS, "products", model=model, threads=1)[0]["share"]


def grown(axis, hidden, first, last):
    """How much longer a pass takes with `last` than with `first`."""
    rows = program.rows_of(RESULTS, "growth", axis=axis)
    rows = [row for row in rows if axis == "hidden" or row["hidden"] == hidden]
    found = {row[axis]: row["seconds"] for row in rows}
    return found[last] / found[first]


def memory(engine):
    rows = program.rows_of(RESULTS, "memory", engine=engine, threads=1)
    return max(row["mib"] for row in rows)


FLAT, DEEP, WIDE = engines.MODELS
SAID = {
    "5 rounds for the wide model and 15 for the others": lambda: all(
        row["rounds"] == (5 if row["model"] == WIDE else 15) for row in RESULTS["seconds"]
    ),
    "A loop in Python beats Keras's `fit` by a wide margin": lambda: to("Keras fit", FLAT) < 0.3,
    "TensorFlow is as fast as our loop, or faster": lambda: to("tf.function", FLAT) > 0.95,
    "so the advantage melts": lambda: to("Keras fit", FLAT) < to("Keras fit", DEEP) < to("Keras fit", WIDE),
    "In softmax regression the products are the smaller part": lambda: share(FLAT) < 0.5,
    "The share grows with the network": lambda: share(FLAT) < share(DEEP) < share(WIDE),
    "In the wide network they are most of it": lambda: share(WIDE) > 0.5,
    "Twice the images, twice the steps, twice the time": lambda: (
        1.6 < grown("images", 0, 10_000, 20_000) < 2.5 and 1.6 < grown("images", 128, 10_000, 20_000) < 2.5
    ),
    "The time does not, at first": lambda: grown("hidden", None, 32, 64) < 1.8,
    "twice the units, about twice the time": lambda: 1.6 < grown("hidden", None, 1_024, 2_048) < 2.6,
    "falls by more than half, and from there it has little left": lambda: (
        grown("batch", 0, 16, 256) < 0.5 < grown("batch", 0, 256, 4_096) + 0.2
    ),
    "pays the same price at each batch": lambda: to("Keras fit", FLAT, list(engines.WORK)[1]) < 0.3,
    "TensorFlow takes more memory than the data": lambda: memory("tf.function") - memory("scratch") > 179,
}


@pytest.mark.parametrize("sentence", SAID)
def test_the_run_bears_out_what_the_page_says(sentence):
    assert sentence in PROSE
    assert SAID[sentence](), f"mend the sentence: {sentence}"


def test_a_run_in_which_all_take_as_long_bears_out_little_of_it(monkeypatch):
    alike = {"median": 1.0, "seconds": 1.0, "share": 0.6, "mib": 100.0}
    flat = {
        kind: [row | {name: alike[name] for name in row.keys() & alike.keys()} for row in rows]
        for kind, rows in RESULTS.items()
        if isinstance(rows, list)
    }
    monkeypatch.setattr(sys.modules[__name__], "RESULTS", RESULTS | flat)
    assert sum(claim() for claim in SAID.values()) < len(SAID) / 3
