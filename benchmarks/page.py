"""The run in `results.json` as text, on a page of the book, `book/benchmarks.md`, and in the record, `README.md` here.

What stands in either between `<!-- NAME -->` and `<!-- end -->` is written anew, and the pictures are drawn; the
sentences around them are not. A run on a busy machine is refused.
"""

import json
import re
from pathlib import Path

import matplotlib

matplotlib.use("agg")
import matplotlib.pyplot as plt
import numpy as np
from engines import OTHERS, RESULTS, WORK
from quiet import is_busy, refuse_busy
from worker import ENGINES

from softmaxlab import plots

HERE = Path(__file__).parent
PAGE = HERE.parent / "book" / "benchmarks.md"
RECORD = HERE / "README.md"
# The one picture of the page; the others are the record's
FOR_READERS = "race-training"
AXES = {
    "images": "images in the pass",
    "hidden": "hidden units",
    "batch": "images in a batch",
}


def table(head, rows):
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(map(str, line))} |" for line in lines)


def rows_of(results, kind, **place):
    """The rows of `results[kind]` that lie at `place`, e.g. `work="training"`."""
    return [row for row in results[kind] if place.items() <= row.items()]


def number(value):
    """Three digits that count: 0.0842, 1.48, 12.3."""
    return f"{value:#.3g}".rstrip(".")


def seconds(results, work):
    """A column for each number of threads: the median, and from the least to the most."""
    threads, rows = results["settings"]["threads"], {}
    for row in rows_of(results, "seconds", work=work):
        median, least, most = (number(row[name]) for name in ("median", "least", "most"))
        line = rows.setdefault((row["model"], row["engine"]), [row["model"], row["engine"]])
        line.append(f"{median} ({least} to {most})")
    heads = [f"{count} thread{'s' * (count > 1)}, s" for count in threads]
    return table(["model", "engine", *heads], rows.values())


def ratio(results, model, threads, engine, work="training"):
    """Median seconds of `scratch` as a share of those of `engine`; None if that was left out."""
    place = {"model": model, "threads": threads, "work": work}
    ours = rows_of(results, "seconds", engine="scratch", **place)
    theirs = rows_of(results, "seconds", engine=engine, **place)
    return ours[0]["median"] / theirs[0]["median"] if theirs else None


def ratios(results):
    others = [engine for engine in ENGINES if engine != "scratch"]
    rows = []
    for model in results["models"]:
        for threads in results["settings"]["threads"]:
            found = [ratio(results, model, threads, engine) for engine in others]
            rows.append([model, threads, *("–" if r is None else f"{r:.2f}" for r in found)])
    return table(["model", "threads", *others], rows)


def memory(results):
    threads = results["settings"]["threads"][0]
    rows = []
    for engine in ENGINES:
        found = rows_of(results, "memory", engine=engine, threads=threads)
        if found:
            rows.append([engine, *(f"{row['mib']:,.0f}" for row in found)])
    return table(["engine", *(f"{model}, MiB" for model in results["models"])], rows)


def limit(results, threads):
    """The fastest matrix product that the machine showed on so many threads, in GFLOP/s."""
    return max(row["limit"] for row in rows_of(results, "products", threads=threads))


def products(results):
    rows = [
        [row["model"], row["threads"], f"{100 * row['share']:.0f} %"]
        + [f"{row['gflops']:.0f}", f"{limit(results, row['threads']):.0f}"]
        for row in results["products"]
    ]
    return table(["model", "threads", "share of the pass", "GFLOP/s", "limit, GFLOP/s"], rows)


def growth(results):
    names = ("images", "hidden", "batch")
    rows = [
        [*(f"{row[name]:,}" for name in names), number(row["seconds"])] + [number(row["operations"] / 1e9)]
        for axis in AXES
        for row in rows_of(results, "growth", axis=axis)
    ]
    return table(["images", "hidden units", "batch", "seconds", "billion operations"], rows)


def machine(results):
    found = results["machine"]
    rows = [
        ["processor", f"{found['processor']}, {found['cores']} cores"],
        ["memory", f"{found['memory_gib']} GiB"],
        ["system", found["system"]],
        ["load before the run", found["load_before"]],
        ["date", found["date"]],
    ]
    versions = {k: v for found in results["versions"].values() for k, v in found.items()}
    for engine, found in results["versions"].items():
        if engine not in OTHERS:
            versions |= found
    rows += [[name, version] for name, version in versions.items()]
    rows += [["left out", f"{name}: {why}"] for name, why in results["missing"].items()]
    return table(["what", "this run"], rows)


def picture(name, said):
    if name == FOR_READERS:
        return f"```{{image}} _static/{name}.svg\n:alt: {said}\n:class: plot\n:width: 480px\n```"
    return f"![{said}]({name}.svg)"


def fit(results):
    """The ratios to Keras's `fit` on one thread, as a sentence."""
    one = results["settings"]["threads"][0]
    shares = [f"{ratio(results, model, one, 'Keras fit'):.2f}" for model in results["models"]]
    units = [f"{task['hidden'] or 'no'} hidden units" for task in results["models"].values()]
    said = ", ".join(f"{share} with {count}" for share, count in zip(shares, units))
    return f"Our time as a share of that of `fit`, on one thread: {said}."


def where(results):
    """What the page says of the machine."""
    found = results["machine"]
    said = f"Measured on {found['date']} on {found['processor']}, {found['cores']} cores."
    if is_busy(found):
        said += f" Other programs were running then (a load of {found['load_before']}), so the seconds are rough."
    return said


def race(results, work):
    """What a picture of `work` shows, with the medians on one thread."""
    one = results["settings"]["threads"][0]
    parts = []
    for model in results["models"]:
        found = rows_of(results, "seconds", model=model, threads=one, work=work)
        times = ", ".join(f"{row['engine']} {number(row['median'])}" for row in found)
        parts.append(f"{model}: {times}")
    said = "Seconds of each engine as dots on a logarithmic scale, a panel for each model"
    return f"{said}; on one thread: {'; '.join(parts)}."


def curve(results, axis):
    """What a picture of the growth along `axis` shows, with both ends of each line."""
    found = rows_of(results, "growth", axis=axis)
    parts = []
    for hidden in curves_of(found, axis):
        line = hidden if axis != "hidden" else found
        first, last = line[0], line[-1]
        parts.append(
            f"{title(first, axis)}, from {number(first['seconds'])} s at {first[axis]:,} "
            f"to {number(last['seconds'])} s at {last[axis]:,}"
        )
    said = f"Seconds of a pass against {AXES[axis]}, both axes logarithmic"
    return f"{said}: {'; '.join(parts)}. Dashed below, what its operations would take."


def curves_of(rows, axis):
    """The rows of each curve: of one model, or all if it is the model that grows."""
    if axis == "hidden":
        return [rows]
    models = sorted({row["hidden"] for row in rows})
    return [[row for row in rows if row["hidden"] == hidden] for hidden in models]


def title(row, axis):
    if axis == "hidden":
        return "one hidden layer"
    return f"784-{row['hidden']}-10" if row["hidden"] else "softmax regression"


PARTS = {
    "training": lambda results: seconds(results, "training"),
    "ratios": ratios,
    "answers": lambda results: "\n\n".join(
        f"**{work[0].upper()}{work[1:]}**\n\n{seconds(results, work)}" for work in list(WORK)[1:]
    ),
    "memory": memory,
    "products": products,
    "growth": growth,
    "machine": machine,
    "fit": fit,
    "where": where,
    "picture training": lambda results: picture("race-training", race(results, "training")),
    "picture answers": lambda results: picture("race-answers", race(results, list(WORK)[1])),
    "picture images": lambda results: picture("growth-images", curve(results, "images")),
    "picture hidden": lambda results: picture("growth-hidden", curve(results, "hidden")),
    "picture batch": lambda results: picture("growth-batch", curve(results, "batch")),
}


def filled(page, results):
    """`page` with every part written anew."""

    def part(found):
        return f"<!-- {found[1]} -->\n\n{PARTS[found[1]](results)}\n\n<!-- end -->"

    return re.sub(r"<!-- ([a-z ]+) -->\n.*?<!-- end -->", part, page, flags=re.DOTALL)


def draw_race(results, work, path):
    models, threads = list(results["models"]), results["settings"]["threads"]
    fig, axes = plt.subplots(len(models), 1, figsize=(4.6, 6.4), sharex=True, squeeze=False)
    engines = [engine for engine in ENGINES if engine in results["versions"]][::-1]
    for ax, model in zip(axes[:, 0], models):
        for number, count in enumerate(threads):
            rows = rows_of(results, "seconds", model=model, threads=count, work=work)
            places = [engines.index(row["engine"]) - 0.25 * number for row in rows]
            least, most = ([row[name] for row in rows] for name in ("least", "most"))
            ax.hlines(places, least, most, color=f"C{number}")
            label = f"{count} thread" + "s" * (count > 1)
            medians = [row["median"] for row in rows]
            ax.plot(medians, places, "os"[number], color=f"C{number}", label=label)
        ax.set_yticks(range(len(engines)), engines)
        ax.set(title=model, xscale="log", ylim=(-0.6, len(engines) - 0.6))
        ax.grid(axis="x")
    rows = rows_of(results, "seconds", work=work)
    least, most = min(row["least"] for row in rows), max(row["most"] for row in rows)
    powers = np.arange(np.floor(np.log10(least)), np.ceil(np.log10(most)) + 1)  # of ten: lines at both ends
    axes[-1, 0].set(xlabel="seconds, logarithmic", xlim=10 ** powers[[0, -1]])
    axes[-1, 0].set_xticks(10**powers, [f"{10**power:g}" for power in powers])
    axes[-1, 0].xaxis.set_minor_formatter("")
    fig.legend(*axes[0, 0].get_legend_handles_labels(), loc="outside upper right", ncols=2)
    fig.savefig(path, metadata={"Date": None, "Description": race(results, work)})
    plt.close(fig)


def draw_growth(results, axis, path):
    most = limit(results, results["settings"]["threads"][0])
    fig, ax = plt.subplots(figsize=(4.6, 4))
    for number, rows in enumerate(curves_of(rows_of(results, "growth", axis=axis), axis)):
        along = [row[axis] for row in rows]
        look = {"color": f"C{number}", "marker": "os"[number]}
        ax.plot(along, [r["seconds"] for r in rows], "-", label=title(rows[0], axis), **look)
        least = [row["operations"] / most / 1e9 for row in rows]
        ax.plot(along, least, "--", color=f"C{number}", label="its operations")
    ax.set(xscale="log", yscale="log", xlabel=AXES[axis], ylabel="seconds of a pass")
    ax.grid()
    ax.minorticks_off()
    ax.set_xticks(along[::2], [f"{n:,}" for n in along[::2]])
    ax.yaxis.set_major_formatter("{x:g}")
    fig.legend(loc="outside upper center", ncols=2)
    fig.savefig(path, metadata={"Date": None, "Description": curve(results, axis)})
    plt.close(fig)


def draw(results, pictures, record):
    """The picture of the page into one folder, those of the record into another."""
    plots.use_style()
    draw_race(results, "training", pictures / f"{FOR_READERS}.svg")
    draw_race(results, list(WORK)[1], record / "race-answers.svg")
    for axis in AXES:
        draw_growth(results, axis, record / f"growth-{axis}.svg")


def text(results):
    """All tables, for a terminal."""
    return "\n\n".join(f"{n}\n\n{p(results)}" for n, p in PARTS.items() if "picture" not in n)


def main():
    results = json.loads(RESULTS.read_text(encoding="utf-8"))
    refuse_busy(results["machine"])
    for page in (PAGE, RECORD):
        page.write_text(filled(page.read_text(encoding="utf-8"), results), encoding="utf-8")
    draw(results, PAGE.parent / "_static", HERE)
    print(text(results))


if __name__ == "__main__":
    main()
