"""The code of the chapters beside Keras, TensorFlow, PyTorch and scikit-learn: seconds, memory, matrix products.

Every engine has a process of its own (`worker.py`); they take turns, so that a busy minute hits all alike. Writes
`benchmarks/results.json`, from which `page.py` makes a page of the book. What an engine needs may be missing: then its
rows are left out, and the output says so. An engine that fails, or learns other weights than ours, ends the run by its
name. A busy machine is refused.
"""

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

import numpy as np
from growth import operations
from quiet import machine, settled
from worker import ENGINES

HERE = Path(__file__).parent
RESULTS = HERE / "results.json"
MODELS = {
    "softmax regression": {"hidden": 0, "optimizer": "SGD", "rate": 0.5, "batch": 64},
    "784-128-10": {"hidden": 128, "optimizer": "Adam", "rate": 0.001, "batch": 64},
    "784-800-10": {"hidden": 800, "optimizer": "SGD", "rate": 0.1, "momentum": 0.9, "batch": 128},
}
WORK = {
    "training": "train",
    "answers, 64 at a time": "predict 64",
    "answers, all at once": "predict 10000",
}
OTHERS = ("PyTorch", "scikit-learn")  # these run in .venv-bench


class Missing(Exception):
    pass


class Worker:
    """A process that is one engine; `ask` gives it an order and waits for the answer."""

    def __init__(self, python, task):
        self.name = task["engine"]
        self.errors = tempfile.TemporaryFile("w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [python, HERE / "worker.py", json.dumps(task)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            env=surroundings(task["threads"]),
        )

    def answer(self):
        line = self.process.stdout.readline()
        if line:
            return json.loads(line)
        self.process.wait()
        self.errors.seek(0)
        last = (self.errors.read().strip() or "ended without a word").splitlines()[-1]
        kind = Missing if last.startswith("ModuleNotFoundError") else RuntimeError
        raise kind(f"{self.name}: {last}")

    def ask(self, order):
        try:
            print(order, file=self.process.stdin, flush=True)
        except BrokenPipeError:
            pass  # the answer says why
        return self.answer()

    def end(self):
        self.process.kill()
        self.process.communicate()
        self.errors.close()


def surroundings(threads):
    """The variables of this process, but with so many threads, our package within reach of any Python, and TensorFlow
    as it comes.
    """
    names = ["OPENBLAS_NUM_THREADS", "OMP_NUM_THREADS", "MKL_NUM_THREADS", "VECLIB_MAXIMUM_THREADS"]
    quiet = {"TF_CPP_MIN_LOG_LEVEL": "2", "TF_ENABLE_ONEDNN_OPTS": "1"}
    source = {"PYTHONPATH": str(HERE.parent / "src")}
    return os.environ | dict.fromkeys(names, str(threads)) | quiet | source


def start(pythons, tasks):
    """A ready worker for each of `tasks` whose engine is there, its versions, and why the others are not."""
    workers, versions, missing = [], {}, {}
    for task in tasks:
        if Path(pythons[task["engine"]]).exists():
            workers.append(Worker(pythons[task["engine"]], task))
        else:
            missing[task["engine"]] = f"no {pythons[task['engine']]}"
    for worker in workers.copy():
        try:
            versions[worker.name] = worker.answer()
        except Missing as problem:
            missing[worker.name] = str(problem)
            workers.remove(worker)
            worker.end()
    return workers, versions, missing


def agree(workers, folder):
    """End the run unless all that began alike have learned alike: weights on average, and all by their accuracy."""
    ours = None
    for number, worker in enumerate(workers):
        path = folder / f"{number}.npz"
        right = worker.ask(f"weights {path}")
        theirs = list(np.load(path).values()) if path.exists() else None
        if ours is None:
            ours, expected = theirs, right
        # Rounding grows in a thousand steps, and with Adam in single weights; not on average
        if theirs and max(np.abs(a - b).mean() for a, b in zip(ours, theirs)) > 0.01:
            raise RuntimeError(f"{worker.name}: other weights than {workers[0].name}")
        if abs(right - expected) > 0.05:
            raise RuntimeError(f"{worker.name}: accuracy {right}, not {expected}")


def summary(seconds):
    return {
        "median": statistics.median(seconds),
        "least": min(seconds),
        "most": max(seconds),
        "rounds": len(seconds),
    }


def rounds_of(rounds, task):
    """Three times `rounds` where a pass is short."""
    return rounds if task["hidden"] > 256 else 3 * rounds


def compare(name, threads, images, rounds, pythons):
    """All engines on one model with so many threads: rows for the results, versions, and what is missing."""
    task = MODELS[name] | {"threads": threads, "images": images}
    rounds = rounds_of(rounds, task)
    place = {"model": name, "threads": threads}
    workers, versions, missing = start(pythons, [task | {"engine": e} for e in ENGINES])
    try:
        for worker in workers:
            worker.ask("train")  # the first time does not count
        with tempfile.TemporaryDirectory() as folder:
            agree(workers, Path(folder))
        for order in list(WORK.values())[1:]:
            for worker in workers:
                worker.ask(order)
        orders = {(w, what): order for what, order in WORK.items() for w in workers}
        if scratch := next((w for w in workers if w.name == "scratch"), None):
            orders |= {(scratch, order): order for order in ("products", "limit")}
        seconds = {key: [] for key in orders}
        for _ in range(rounds):
            for (worker, what), order in orders.items():
                seconds[worker, what].append(worker.ask(order))
        memory = {worker.name: worker.ask("memory") for worker in workers}
    finally:
        for worker in workers:
            worker.end()
    rows = [
        place | {"engine": worker.name, "work": what} | summary(found)
        for (worker, what), found in seconds.items()
        if what in WORK
    ]
    products = []
    if scratch:
        whole, alone, large = (min(seconds[scratch, what]) for what in ("training", "products", "limit"))
        flops = operations(images, task["hidden"], task["batch"])
        rates = {"gflops": flops / alone / 1e9, "limit": 2 * 2048**3 / large / 1e9}
        products.append(place | {"share": alone / whole} | rates)
    held = [place | {"engine": engine, "mib": mib} for engine, mib in memory.items()]
    return {"seconds": rows, "products": products, "memory": held}, versions, missing


def grow(images, rounds):
    """The rows of `growth.py`, on one thread."""
    command = [sys.executable, HERE / "growth.py", str(images), str(rounds)]
    done = subprocess.run(command, stdout=subprocess.PIPE, check=True, env=surroundings(1))
    return json.loads(done.stdout)


def measure(pythons, images=60_000, rounds=5, models=MODELS, threads=None, say=print):
    """Everything, as one dictionary."""
    threads = threads or sorted({1, os.cpu_count()})
    results = {
        "machine": machine(),
        "versions": {},
        "missing": {},
        "settings": {"images": images, "rounds": rounds, "threads": threads},
        "models": {name: MODELS[name] for name in models},
        "seconds": [],
        "products": [],
        "memory": [],
    }
    for name in models:
        for count in threads:
            say(f"{name}, threads: {count}")
            found, versions, missing = compare(name, count, images, rounds, pythons)
            for kind, rows in found.items():
                results[kind] += rows
            results["versions"] |= versions
            results["missing"] |= missing
    say("growth")
    results["growth"] = grow(images, rounds)
    for name, why in results["missing"].items():
        say(f"left out: {name} ({why})")
    return results


def main():
    command = argparse.ArgumentParser(description=__doc__)
    command.add_argument("--others", default=sys.executable, help="the Python of PyTorch and scikit-learn")
    command.add_argument("--images", type=int, default=60_000)
    command.add_argument("--rounds", type=int, default=5)
    command.add_argument("--out", type=Path, default=RESULTS)
    given = command.parse_args()
    settled()
    pythons = {e: given.others if e in OTHERS else sys.executable for e in ENGINES}
    results = measure(pythons, given.images, given.rounds, say=lambda line: print(line, flush=True))
    given.out.write_text(json.dumps(results, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
