"""Python in the page: every chapter run to its end in a browser, and how long that takes.

    python benchmarks/live.py [chapter ...]      which cells ran, need another place, or show something else; exercises
    python benchmarks/live.py --start            from the button to the first result
    python benchmarks/live.py --note [chapter ...]   what each chapter takes of the processor, in node, and what differs

The last writes down in `book/_live/seconds.csv` which cells take long, and the page says so before they run.
"""

import argparse
import csv
import functools
import hashlib
import http.server
import json
import os
import re
import subprocess
import sys
import threading
import time
from pathlib import Path

from bs4 import BeautifulSoup
from playwright.sync_api import sync_playwright

ROOT = Path(__file__).parents[1]
sys.path.insert(0, str(ROOT / "tools"))
import browser  # noqa: E402
import course  # noqa: E402
import web_assets  # noqa: E402

SITE = ROOT / "_build" / "html"
SECONDS = ROOT / "book" / "_live" / "seconds.csv"
LONG = 8  # seconds from which on a cell is written down

OPEN = """() => {
  document.getElementById("course-run").click();
  return new Promise(done => {
    const look = () => globalThis.coursePage?.python.ready ? coursePage.python.ready.then(done) : setTimeout(look, 50);
    look();
  }).then(() => null);
}"""
# Run one cell after the other: what became of each, whether its text is the book's, how long it took
CELL = """async at => {
  const cell = coursePage.cells[at];
  const text = nodes => nodes.map(node => [...(node.querySelectorAll?.(".stream pre, .text_plain pre") ?? [])]
    .map(pre => pre.textContent).join("")).join("").trim();
  if (cell.key) await coursePage.run(cell.key);
  else await coursePage.alone(() => cell.execute());
  const shown = cell.output ? text([...cell.output.childNodes]) : "";
  const checked = cell.input?.closest(".cell").classList.contains("tag_nbval-check-output") ?? false;
  const error = cell.output?.querySelector(".live-error")?.textContent ?? "";
  const said = coursePage.status.textContent;
  // a figure that nobody has woken has pictures of its own
  const picture = "img:not(.course-view img), .course-view";
  const kinds = nodes => nodes.map(node => (node.matches?.(picture) ? 1 : 0) +
    [...(node.querySelectorAll?.(picture) ?? [])].length).reduce((a, b) => a + b, 0);
  return {
    key: cell.key ?? "hidden", result: cell.result, seconds: cell.took ?? 0, error, said, checked, source: cell.source,
    built: cell.built ? text(cell.built) : "", shown,
    pictures: cell.built ? [kinds(cell.built), kinds([...cell.output.childNodes])] : [0, 0],
  };
}"""


# What the check of an exercise says of what its cell begins with, and of the published answer
EXERCISE = """async at => {
  const one = coursePage.exercises[at];
  if (!one.asked.length) return null;
  const verdict = async text => {
    one.editor.replace(text);
    await one.check();
    return one.output.querySelector(".live-right") ? "right" : one.output.textContent;
  };
  while (!one.editor) await new Promise(done => setTimeout(done, 50));
  const blank = await verdict(one.published), right = await verdict(one.answer);
  return { number: one.number, blank, right, seconds: one.took, source: one.answer };
}"""


class Quiet(http.server.SimpleHTTPRequestHandler):
    def log_message(self, *_):
        pass


def serve():
    handler = functools.partial(Quiet, directory=SITE)
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    return f"http://127.0.0.1:{server.server_port}"


def run_chapter(page, name):
    """What became of all cells and exercises of a chapter, as `CELL` and `EXERCISE` say, and Python's megabytes.

    Exercises come first, for then only those cells have run that they are known to need, and again when all have.
    """
    page.evaluate(OPEN)
    many = page.evaluate("coursePage.exercises.length")
    exercises = [page.evaluate(EXERCISE, at) for at in range(many)]
    cells = [page.evaluate(CELL, at) for at in range(page.evaluate("coursePage.cells.length"))]
    exercises += [page.evaluate(EXERCISE, at) for at in range(many)]
    return cells, [one for one in exercises if one], page.evaluate(HEAP) / 1e6


# From the button to a number that NumPy has computed, in seconds, and to a plot
START = """async () => {
  const began = performance.now(), took = () => (performance.now() - began) / 1000;
  document.getElementById("course-run").click();
  while (!globalThis.coursePage?.python.ready) await new Promise(done => setTimeout(done, 10));
  const ask = code => coursePage.python.ask("run", [code, "cell 0", false], message => heard.push(message));
  const heard = [];
  await ask("import numpy as np\\nprint(np.arange(4).sum())");
  const numpy = took();
  await ask("import matplotlib.pyplot as plt\\nplt.plot([1, 2]);");
  return { numpy, plot: took(), shown: heard.length };
}"""
HEAP = 'coursePage.python.ask("run", ["import pyodide_js; print(pyodide_js._module.HEAP8.length)", "cell 0", false],'
HEAP += " message => { globalThis.heap = Number(message.text) || globalThis.heap; }).then(() => heap)"


def starts(chromium, address):
    """Print how long the first result takes, with an empty cache and with one that has all of it."""
    context = chromium.new_context()
    for cache in ("cold", "warm", "warm"):
        page = context.new_page()
        page.goto(f"{address}/book/softmax.html", wait_until="networkidle")
        took = page.evaluate(START)
        print(
            f"{cache}: {took['numpy']:.1f} s to the first NumPy result, {took['plot']:.1f} s to the first plot, load "
            f"{os.getloadavg()[0]:.1f}",
            flush=True,
        )
        page.close()
    context.close()


def faults(cells, exercises):
    """What is wrong with them, in words."""
    for one in exercises:
        if one["blank"] == "right":
            yield f"exercise {one['number']}: the empty cell passes"
        elsewhere = "does not exist for the browser" in one["right"] and re.search(r"\b(tf|keras)\.", one["source"])
        if one["right"] != "right" and not elsewhere:
            yield f"exercise {one['number']}: the published answer does not pass: {one['right']}"
    for cell in cells:
        if cell["result"] not in ("ok", "elsewhere"):
            yield f"{cell['key']}: {cell['error'] or cell['said']}\n{cell['source']}"
        elif cell["result"] == "ok" and cell["checked"] and cell["shown"] != cell["built"]:
            yield f"{cell['key']} shows\n{cell['shown']}\nand the book\n{cell['built']}"
        elif cell["result"] == "ok" and cell["pictures"][0] != cell["pictures"][1]:
            yield f"{cell['key']} shows {cell['pictures'][1]} pictures, and the book {cell['pictures'][0]}"


def processor(name):
    """The seconds of the processor that every cell and every answer of a chapter takes, as `live.mjs` measures them."""
    command = [web_assets.node(), Path(__file__).with_suffix(".mjs"), SITE, name]
    lines = subprocess.run(command, check=True, text=True, stdout=subprocess.PIPE).stdout.splitlines()
    return [json.loads(line) for line in lines]


def note(chapters):
    """Write down which cells and answers of `chapters` take long, and print what each chapter takes.

    What was known of the cells of other chapters stays.
    """
    there = {digest(source) for chapter in course.chapters() for source in sources(chapter.name)}
    with SECONDS.open(encoding="utf-8", newline="") as file:
        known = {row["digest"]: int(row["seconds"]) for row in csv.DictReader(file) if row["digest"] in there}
    for name in chapters:
        known = {one: took for one, took in known.items() if one not in map(digest, sources(name))}
        measured = processor(name)
        start, *cells, end = measured
        for one in cells:
            if one["seconds"] >= LONG:
                known[digest(one["source"])] = round(one["seconds"])
        print(
            f"{name}: NumPy after {start['numpy']:.1f} s, ready after {start['ready']:.1f} s, then "
            f"{sum(one['seconds'] for one in cells[: len(page_data(name)['cells'])]):.0f} s for all cells, "
            f"{end['read']:.0f} MB, {end['answered']:.0f} MB with all answers",
            flush=True,
        )
        built = checked_texts(name)
        for one in cells:
            shown = one.get("shown", "").strip()
            text = built.get(one.get("key"), shown)
            if one["result"] not in ("ok", "elsewhere", "right"):
                print(f"    {one['result']}: {one['source']}", flush=True)
            elif one["result"] == "ok" and shown != text:
                print(f"    {one['key']} shows\n{shown}\nand the book\n{text}", flush=True)
        write(known)


def checked_texts(name):
    """`{key: text}` of the cells of a chapter whose output is compared, as the book shows it."""
    page = BeautifulSoup((SITE / "book" / f"{name}.html").read_text(encoding="utf-8"), "html.parser")
    cells = page.select(".tag_nbval-check-output:has([id^=code-]):has([id^=output-])")
    texts = {}
    for cell in cells:
        shown = cell.select(".stream pre, .text_plain pre")
        texts[cell.select_one("[id^=code-]")["id"]] = "".join(pre.get_text() for pre in shown).strip()
    return texts


def write(known):
    with SECONDS.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["digest", "seconds"])
        writer.writerows(sorted(known.items()))


def digest(source):
    return hashlib.sha256(source.strip().encode()).hexdigest()[:8]


def sources(name):
    """The code of all cells of a chapter, and of its answers."""
    data = page_data(name)
    return [cell["source"] for cell in data["cells"]] + [one["answer"] for one in data["exercises"]]


def page_data(name):
    return json.loads((SITE / "_static" / "live" / f"{name}.json").read_text(encoding="utf-8"))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("chapters", nargs="*", help="all of them, if none is named")
    parser.add_argument("--start", action="store_true", help="measure the start alone")
    parser.add_argument("--note", action="store_true", help="write what takes long into book/_live/seconds.csv")
    wanted = parser.parse_args()
    chapters = wanted.chapters or [chapter.name for chapter in course.chapters()]
    if wanted.note:
        return note(chapters)
    bad, path = 0, browser.find()
    with sync_playwright() as playwright:
        chromium = playwright.chromium.launch(executable_path=path, args=browser.ARGUMENTS)
        address = serve()
        if wanted.start:
            return starts(chromium, address)
        for name in chapters:
            page = chromium.new_context().new_page()
            page.goto(f"{address}/book/{name}.html")
            began = time.perf_counter()
            cells, exercises, megabytes = run_chapter(page, name)
            page.context.close()
            seen = [cell for cell in cells if cell["key"] != "hidden"]
            ran = sum(cell["result"] == "ok" for cell in seen)
            away = sum(cell["result"] == "elsewhere" for cell in seen)
            took = time.perf_counter() - began
            right = sum(one["right"] == "right" for one in exercises)
            alone = sum(cell["seconds"] for cell in cells)
            print(
                f"{name}: {len(seen)} cells, {ran} ran, {away} need another place, in {alone:.0f} s; {len(exercises)} "
                f"exercises with a check, {right} right; all of it {took:.0f} s, {megabytes:.0f} MB, "
                f"load {os.getloadavg()[0]:.1f}",
                flush=True,
            )
            for cell in sorted(cells, key=lambda cell: -cell["seconds"])[:4]:
                print(f"    {cell['seconds']:5.1f} s  {cell['key']}: {cell['source'].splitlines()[0][:60]}")
            for fault in faults(cells, exercises):
                bad += 1
                print("    " + fault.replace("\n", "\n    "), flush=True)
        chromium.close()
    sys.exit(1 if bad else 0)


if __name__ == "__main__":
    main()
