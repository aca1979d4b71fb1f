"""Grade a folder of hand-ins on this machine: one row for each, whatever it does.

    python assignments/grade.py dist/instructor/softmax/autograder.zip hand-ins --out grades.csv --for canvas

Each hand-in runs behind a wall (`wall.py`), and the tests outside of it (`judge.py`). What is done stands in
`grades.jsonl`, beside the CSV, so a second run grades only what is missing. See `book/teaching.md`.
"""

import argparse
import collections
import contextlib
import fcntl
import hashlib
import json
import multiprocessing
import os
import subprocess
import sys
import tempfile
from concurrent.futures import as_completed
from pathlib import Path

import numpy as np
from gradebook import plain, read_marks, tame, who, write_table, write_words
from judge import end_with_grader, hidden, judge, read_tests
from pebble import ProcessPool
from tqdm import tqdm
from wall import Limits, Refused, obstacle

from softmaxlab.data import load_mnist


def grade_all(paths, autograder, limits, workers, note_down):
    """Grade hand-ins side by side and call `note_down(path, record)` for each as it comes."""
    context = multiprocessing.get_context("spawn")
    with ProcessPool(min(workers, len(paths)), initializer=end_with_grader, context=context) as pool:
        late = limits.seconds + 60  # tests that do not end
        jobs = {pool.schedule(judge, args=[autograder, path, limits], timeout=late): path for path in paths}
        try:
            for job in as_completed(jobs):
                try:
                    record = job.result()
                except Exception as error:
                    note = f"the process of its tests ended ({error!r:.100})"
                    record = {"points": {}, "hidden": 0.0, "note": note, "failed": [], "words": []}
                note_down(jobs[job], record)
        except BaseException:
            pool.stop()
            raise


def share(folder):
    """What every hand-in would make for itself, once for all: the digits unpacked, the list of fonts."""
    for name, parts in zip(("images", "labels"), zip(*load_mnist())):
        np.save(folder / f"{name}.npy", np.concatenate(parts))
    home = folder / "home"
    home.mkdir()
    environ = os.environ | {"HOME": str(home), "MPLBACKEND": "agg"}
    for elsewhere in ("MPLCONFIGDIR", "XDG_CACHE_HOME"):  # where the list would not be found behind the wall
        environ.pop(elsewhere, None)
    subprocess.run([sys.executable, "-c", "import matplotlib.font_manager"], env=environ, check=True)
    folder.chmod(0o755)
    return str(folder)


def find_handins(folder):
    """Every file or link below `folder` is a hand-in, but for hidden ones and what a Mac adds to a zip."""
    found = (path for path in folder.rglob("*") if path.is_file() or path.is_symlink())
    return sorted(path for path in found if not hidden(path.relative_to(folder)))


def digest(path):
    try:
        content = os.fsencode(os.readlink(path)) if path.is_symlink() else path.read_bytes()
    except OSError as error:
        return str(error.errno)
    return hashlib.sha256(content).hexdigest()[:16]


def open_record(path):
    """The record, to be added to by this run alone, and what earlier runs wrote, by (file, its digest, the tests')."""
    log, done = open(path, "a+", encoding="utf-8"), {}
    try:
        fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Refused(f"{path}: another run is writing it; wait, or give another --out") from None
    log.seek(0)
    line = "\n"
    for line in log:
        with contextlib.suppress(json.JSONDecodeError, KeyError):  # a line cut off half way
            record = json.loads(line)
            done[record["file"], record["digest"], record["autograder"]] = record
    if not line.endswith("\n"):
        log.write("\n")  # the last run was killed within a line
    return log, done


def options(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add("autograder", type=Path, help="dist/instructor/NAME/autograder.zip, as `make assignments` leaves it")
    add("folder", type=Path, help="the hand-ins, as downloaded: .ipynb or .zip, in folders or not")
    add("--out", type=Path, default=Path("grades.csv"), help="what to write (grades.csv)")
    add("--for", dest="layout", choices=["canvas", "moodle"], help="columns that it imports")
    add("--title", help="the assignment's name in the gradebook (the autograder's folder)")
    add("--workers", type=int, default=os.cpu_count(), help="hand-ins at once (one a core)")
    add("--seconds", type=float, default=120, help="for one hand-in (120), a cell: a quarter")
    add("--memory", type=int, default=640, help="MiB for one hand-in (640)")
    add("--trusted", action="store_true", help="run hand-ins as your own code: they may read and delete what you may")
    given = parser.parse_args(argv)
    for name in ("workers", "seconds", "memory"):
        if not getattr(given, name) > 0:
            parser.error(f"--{name}: expected a number above 0; came {getattr(given, name)}")
    return given


def main(argv=None):
    given = options(argv)
    tests = read_tests(given.autograder)
    if not given.folder.is_dir():
        raise Refused(f"{given.folder}: expected a folder of hand-ins; it is none")
    paths = find_handins(given.folder)
    if not paths:
        raise Refused(f"{given.folder}: expected hand-ins (.ipynb or .zip); found no file")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    marks = read_marks(given.out)
    log, done = open_record(given.out.with_suffix(".jsonl"))
    keys = {path: (str(path.relative_to(given.folder)), digest(path), tests.digest) for path in paths}
    jobs = [path for path, key in keys.items() if key not in done]
    if jobs and not given.trusted and (why := obstacle([given.autograder, given.folder, given.out])):
        raise Refused(f"{why}\n`make bubblewrap` builds it where it can be built. Or trust every hand-in: --trusted")
    print(f"{len(paths)} hand-ins, {len(jobs)} to grade")

    def note_down(path, record):
        done[keys[path]] = dict(zip(("file", "digest", "autograder"), keys[path])) | record
        log.write(json.dumps(done[keys[path]]) + "\n")
        log.flush()
        bar.update()

    with tempfile.TemporaryDirectory(prefix="grade-") as shared, tqdm(total=len(jobs), disable=not jobs) as bar:
        if jobs:
            limits = Limits(given.seconds, given.memory * 2**20, given.trusted, share(Path(shared)))
            grade_all(jobs, given.autograder, limits, given.workers, note_down)

    records = [done[key] for key in keys.values()]
    for record in records:
        points = [marks.get((tame(record["file"]), q), 0.0) for q in tests.words]
        record["total"] = sum(record["points"].values()) + sum(points)
    title = given.title or given.autograder.resolve().parent.name
    write_table(given.out, records, tests.possible, title, given.layout)
    write_words(given.out, records, tests.words, marks)
    students = collections.defaultdict(list)
    for record in records:
        students[who(record["file"])].append(plain(record["file"]))
        if record["note"]:
            print(plain(f"look at {record['file']}: {record['note']}"))
    for (name, number), files in students.items():
        if number and len(files) > 1:
            print(plain(f"{name} ({number}) has {len(files)} rows: {', '.join(files)}. Keep one."))
    print(f"{given.out}: {len(records)} rows, at most {tests.possible:g} points")


if __name__ == "__main__":
    try:
        main()
    except Refused as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("stopped; what is graded is kept, and the same command goes on from there")
