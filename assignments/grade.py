"""Grade a folder of hand-ins, trusted ones, on this machine: one row for each, whatever it does.

    python assignments/grade.py dist/instructor/softmax/autograder.zip hand-ins --out grades.csv --for canvas

Each hand-in runs in a process of its own (`handin.py`), and the tests in another; between them only data pass. It is
held to a
time, a memory and a number of processes, and nothing of it is left running. What is done stands in `grades.jsonl`,
beside the
CSV, so a second run grades only what is missing. This keeps mistakes and tricks from doing harm, not attacks: a
hand-in runs as you and may read and delete what you may. For strangers' work see `book/teaching.md`.
"""

import argparse
import collections
import contextlib
import csv
import ctypes
import fcntl
import hashlib
import json
import os
import queue
import re
import secrets
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import threading
import time
import zipfile
from pathlib import Path

import numpy as np
import psutil
from handin import Peer
from otter.test_files.exception_test import ExceptionTestFile
from tqdm import tqdm

LARGEST = 50 * 2**20  # bytes of a hand-in
PROCESSES = 32  # at once, of one hand-in
SPARE = 500  # processes and threads, beyond those there are, until the system itself says no; root is never told
MODULES = {"np": np}  # names that a test may ask for and that no hand-in provides


class Refused(Exception):
    """A file that cannot be graded, or a hand-in that has to be stopped: the reason in words."""


def descendants():
    """All processes below this one, those too that were left by their parents (see `adopt`)."""
    return psutil.Process().children(recursive=True)


def end():
    """Kill all descendants, until there are none."""
    while found := [process for process in descendants() if alive(process)]:
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(found, timeout=0.05)
    reap()


def alive(process):
    try:
        return process.status() != psutil.STATUS_ZOMBIE
    except psutil.Error:
        return False


def unpack_mnist(folder):
    """The digits as files that every hand-in can share, in place of unpacking them itself; the folder."""
    from softmaxlab.data import load_mnist

    for name, digits in zip(("train", "valid", "test"), load_mnist()):
        np.save(Path(folder, f"{name}-images.npy"), digits.images)
        np.save(Path(folder, f"{name}-labels.npy"), digits.labels)
    return str(folder)


def tasks():
    """How many processes and threads this user has: what the system holds its limit of processes to."""
    mine, count = os.getuid(), 0
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.uids().real == mine:
                count += process.num_threads()
    return count


def reap():
    """Let the dead go."""
    with contextlib.suppress(ChildProcessError):
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass


def adopt():
    """Become the parent of every process below that loses its own, so that none escapes, and close memory and files
    of this one to them. Linux only; root looks into everything."""
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(36, 1)  # PR_SET_CHILD_SUBREAPER
        ctypes.CDLL(None).prctl(4, 0)  # PR_SET_DUMPABLE


class Running(Peer):
    """A hand-in at work, and the watch over it."""

    def __init__(self, seconds, memory):
        here, there = os.pipe(), os.pipe()
        super().__init__(there[0], here[1])
        self.deadline, self.seconds = time.monotonic() + seconds, seconds
        self.memory, self.next_look = memory, 0
        self.folder = tempfile.mkdtemp(prefix="hand-in-")
        kept = {name: os.environ[name] for name in ("PATH", "LANG", "TZ") if name in os.environ}
        settings = {
            "HOME": self.folder,
            "TMPDIR": self.folder,
            "MPLBACKEND": "Agg",
            "MPLCONFIGDIR": os.environ.get("MPLCONFIGDIR", self.folder),
            "OMP_NUM_THREADS": "1",
            "OPENBLAS_NUM_THREADS": "1",
            "MNIST_UNPACKED": os.environ.get("MNIST_UNPACKED", ""),
        }
        program = [sys.executable, "-I", str(Path(__file__).with_name("handin.py"))]
        self.process = subprocess.Popen(
            [*program, str(here[0]), str(there[1]), str(memory), str(tasks() + SPARE)],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            pass_fds=(here[0], there[1]),
            start_new_session=True,
            cwd=self.folder,
            env=kept | settings,
        )
        os.close(here[0])
        os.close(there[1])
        os.set_blocking(self.writing, False)

    def close(self):
        """End the hand-in and all that it started; how many processes outlived it."""
        os.close(self.reading)
        os.close(self.writing)
        left = 0
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(1)
            left = sum(map(alive, descendants()))
        if left or self.process.returncode is None:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)  # all at once, before they fork again
        end()
        self.process.wait()
        shutil.rmtree(self.folder, ignore_errors=True)
        return left

    def write(self, data):
        while data:
            self.wait([], [self.writing])
            try:
                data = data[os.write(self.writing, data[: 2**16]) :]
            except BrokenPipeError:
                raise EOFError from None

    def read(self, length):
        data = bytearray()
        while len(data) < length:
            self.wait([self.reading], [])
            came = os.read(self.reading, min(length - len(data), 2**20))
            if not came:
                raise EOFError
            data += came
        return bytes(data)

    def wait(self, reading, writing):
        """Until something can be read or written; `Refused` if a limit is broken first."""
        while True:
            if time.monotonic() > self.next_look:
                began = time.process_time()
                self.look()
                took = time.process_time() - began
                # The watch costs about a twentieth, and a half second is the longest it looks away.
                self.next_look = time.monotonic() + min(max(0.2, 20 * took), 0.5)
            if any(select.select(reading, writing, [], 0.1)):
                return

    def look(self):
        """Hold the hand-in to its limits."""
        reap_adopted(self.process.pid)
        if time.monotonic() > self.deadline:
            raise Refused(f"stopped after {self.seconds:g} s, the time limit")
        found = descendants()
        if len(found) > PROCESSES:
            raise Refused(f"stopped at {len(found)} processes, the limit being {PROCESSES}")
        if weigh(found, "rss") > self.memory and weigh(found, "pss") > self.memory:
            raise Refused(f"stopped at its limit of {self.memory >> 20} MiB of memory")

    def ask(self, **message):
        try:
            return super().ask(**message)
        except EOFError:
            raise Refused(f"ended the process that ran it{self.how()}") from None
        except (
            ValueError,
            TypeError,
            KeyError,
            IndexError,
            AttributeError,
            RecursionError,
        ) as error:
            raise Refused(f"answered nonsense ({error!r:.100}): did it patch Python?") from None

    def how(self):
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self.process.wait(0.5)
            if code < 0:
                return f", by signal {-code} ({signal.Signals(-code).name})"
            return f", with exit code {code}"
        return ""

    def get(self, name, default=None):
        """The value of a name in the hand-in, as the tests ask for it."""
        if name in MODULES:
            return MODULES[name]
        answer = self.ask(name=name)
        return default if "missing" in answer else self.result(answer)


def reap_adopted(mine):
    """Let adopted children go that have ended; not the one that we wait for ourselves."""
    for child in psutil.Process().children():
        with contextlib.suppress(psutil.Error, ChildProcessError):
            if child.pid != mine and child.status() == psutil.STATUS_ZOMBIE:
                os.waitpid(child.pid, os.WNOHANG)


def weigh(processes, kind):
    """Bytes of memory of all `processes`; "pss" counts shared pages once, and takes longer."""
    total = 0
    for process in processes:
        with contextlib.suppress(psutil.Error):
            info = process.memory_info() if kind == "rss" else process.memory_full_info()
            total += getattr(info, kind, 0)
    return total


Tests = collections.namedtuple("Tests", "files words possible digest")


def read_tests(path):
    """The tests of an autograder, as otter reads them, and the points of the questions answered in words."""
    try:
        with zipfile.ZipFile(path) as archive:
            names = sorted(n for n in archive.namelist() if re.fullmatch(r"tests/\w+\.py", n))
            files = [ExceptionTestFile.from_string(archive.read(n).decode(), n) for n in names]
            words = {}
            if "words.json" in archive.namelist():
                words = json.loads(archive.read("words.json"))
    except (OSError, zipfile.BadZipFile) as error:
        raise Refused(f"{path}: expected an autograder.zip; {error}. Try: make assignments") from None
    if not files:
        raise Refused(f"{path}: expected tests/*.py in it; found none. Try: make assignments")
    possible = sum(case.points for file in files for case in file.test_cases) + sum(words.values())
    text = json.dumps([words, *(file.source for file in files)])
    return Tests(files, words, possible, hashlib.sha256(text.encode()).hexdigest()[:16])


def read_handin(path):
    """The text of a notebook, or of the one notebook in a zip."""
    if path.is_symlink():
        raise Refused("a link to another file, and not a file")
    if path.stat().st_size > LARGEST:
        raise Refused(f"{path.stat().st_size >> 20} MiB; expected at most {LARGEST >> 20}")
    if path.suffix.lower() == ".ipynb":
        return path.read_bytes().decode("utf-8-sig", errors="replace")
    if path.suffix.lower() != ".zip":
        raise Refused(f"not a notebook: expected .ipynb or .zip, came {path.suffix or 'no ending'}")
    try:
        with zipfile.ZipFile(path) as archive:
            inside = [
                info
                for info in archive.infolist()
                if info.filename.lower().endswith(".ipynb") and "__MACOSX" not in info.filename
            ]
            if len(inside) != 1:
                raise Refused(f"expected one notebook in the zip; came {len(inside)}")
            with archive.open(inside[0]) as file:
                text = file.read(LARGEST + 1)
    except (OSError, RuntimeError, zipfile.BadZipFile, NotImplementedError) as error:
        raise Refused(f"not a zip that can be read: {error}") from None
    if len(text) > LARGEST:
        raise Refused(f"the notebook in it is larger than {LARGEST >> 20} MiB")
    return text.decode("utf-8-sig", errors="replace")


def judge(tests, path, seconds, memory):
    """What one hand-in earned: points by question, of them hidden ones, and a note on what went wrong."""
    began = time.monotonic()
    points = {file.name: 0.0 for file in tests.files}
    record = {"points": points, "hidden": 0.0, "note": "", "failed": [], "words": []}
    running = None
    try:
        try:
            text = read_handin(path)
        except OSError as error:
            raise Refused(f"cannot be read: {error.strerror}") from None
        running = Running(seconds, memory)
        ran = running.ask(run=text, patience=seconds / 4)
        running.look()
        if "refused" in ran:
            raise Refused(str(ran["refused"])[:300])
        record["note"] = str(ran.get("note", ""))[:300]
        record["words"] = [str(answer) for answer in ran.get("words", [])][: len(tests.words)]
        for file in tests.files:
            for case in file.test_cases:
                if passes(case, running):
                    points[file.name] += case.points
                    record["hidden"] += case.points if case.hidden else 0
                else:
                    record["failed"].append(case.name)
    except Refused as error:
        record["note"] = str(error)
    except Exception as error:  # whatever a hand-in may think of, there is a row
        record["note"] = f"could not be graded: {error!r:.200}"
    finally:
        left = running.close() if running else 0
    if left:
        record["note"] = "; ".join(filter(None, [record["note"], f"left {left} running: ended"]))
    return record | {"seconds": round(time.monotonic() - began, 1)}


def passes(case, running):
    try:
        case.body.call_func(running)
    except Refused:
        raise
    except Exception:
        return False
    return True


def work():
    """Grade what is asked for on the standard input, a line of JSON for each; answer in the same way."""
    adopt()
    if sys.platform == "linux":
        ctypes.CDLL(None).prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG: when the main process dies
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, lambda *_: (end(), os._exit(1)))
    answers, sys.stdout = sys.stdout, open(os.devnull, "w")
    tests = None
    for line in sys.stdin:
        job = json.loads(line)
        tests = tests or read_tests(job["autograder"])
        record = judge(tests, Path(job["path"]), job["seconds"], job["memory"])
        print(json.dumps(record | {"token": job["token"]}), file=answers, flush=True)


class Worker:
    """A process that grades one hand-in after the other, and is replaced when one of them brings it down."""

    def __init__(self):
        self.process = None

    def grade(self, job):
        """The record of one hand-in. What goes wrong counts against it only in a process that no other has touched."""
        fresh = False
        while not fresh:
            fresh = self.process is None or self.process.poll() is not None
            if fresh:
                self.process = subprocess.Popen(
                    [sys.executable, __file__, "--work"],
                    stdin=subprocess.PIPE,
                    stdout=subprocess.PIPE,
                    text=True,
                )
            token = secrets.token_hex()  # only the worker is told it, so nobody else speaks for it
            too_late = threading.Timer(job["seconds"] + 60, self.process.kill)
            too_late.start()
            try:
                print(json.dumps(job | {"token": token}), file=self.process.stdin, flush=True)
                record = json.loads(self.process.stdout.readline(2**24))
                if record.pop("token", "") == token:
                    return record
                note = "wrote an answer in the grader's name"
            except (OSError, ValueError, TypeError, AttributeError):
                note = "brought the grader down"
            finally:
                too_late.cancel()
            self.process.kill()
            self.process.wait()
        return {"points": {}, "hidden": 0.0, "note": note, "words": []}

    def close(self):
        """End the process: at the end of its input, or, in the middle of a hand-in, by a signal."""
        if self.process:
            # A signal that comes just before the process waits for input is not seen while it waits
            with contextlib.suppress(OSError):
                self.process.stdin.close()
            self.process.terminate()
            self.process.wait()


def grade_all(jobs, workers, done):
    """Grade `jobs` side by side and call `done(job, record)` for each as it comes."""
    waiting = queue.SimpleQueue()
    for job in jobs:
        waiting.put(job)
    lock, pool = threading.Lock(), [Worker() for _ in range(min(workers, len(jobs)))]

    def serve(worker):
        while True:
            try:
                job = waiting.get_nowait()
            except queue.Empty:
                return
            record = worker.grade(job)
            with lock:
                done(job, record)

    threads = [threading.Thread(target=serve, args=(w,), daemon=True) for w in pool]
    for thread in threads:
        thread.start()
    try:
        for thread in threads:
            thread.join()
    finally:
        for worker in pool:
            worker.close()
        end()


def digest(path):
    try:
        if path.is_symlink():
            return hashlib.sha256(os.fsencode(os.readlink(path))).hexdigest()[:16]
        with open(path, "rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()[:16]
    except OSError as error:
        return str(error.errno)


def find_handins(folder):
    """Every file or link below `folder` is a hand-in, but for hidden ones and what a Mac adds to a zip."""
    return sorted(
        path
        for path in folder.rglob("*")
        if (path.is_file() or path.is_symlink())
        and not any(p.startswith((".", "__MACOSX")) for p in path.relative_to(folder).parts)
    )


def holds(path, content):
    """Whether nobody but us has written to the record."""
    try:
        return not path.is_symlink() and path.is_file() and path.read_bytes() == content
    except OSError:
        return False


def restore(path, content):
    """The record as it was, in a new file, locked and open."""
    shutil.rmtree(path) if path.is_dir() and not path.is_symlink() else path.unlink(missing_ok=True)
    log = open(path, "a", encoding="utf-8")
    fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
    log.write(content.decode())
    log.flush()
    return log


def read_done(path):
    """The records of earlier runs by (file, digest of the file, digest of the tests)."""
    done = {}
    if path.exists():
        for line in path.read_text(encoding="utf-8").splitlines():
            with contextlib.suppress(json.JSONDecodeError, KeyError):  # a line cut off half way
                record = json.loads(line)
                done[record["file"], record["digest"], record["autograder"]] = record
    return done


def who(file):
    """Name and number of the student in a file name as Canvas or Moodle gives it: "name_LATE_123_456_x",
    "Name_123_assignsubmission_...".
    """
    canvas = re.match(r"([^_/]+)_(?:LATE_)?(\d+)_\d+_", Path(file).name)
    moodle = re.match(r"([^/]+?)_(\d+)_assignsubmission", file)
    found = canvas or moodle
    return found.groups() if found else (Path(file).stem, "")


def write_table(path, records, tests, title, layout):
    """The CSV: everything, or the columns that a gradebook wants."""
    rows = []
    for record in records:
        name, number = who(record["file"])
        total = f"{record['total']:g}"
        if layout == "canvas":
            row = {"Student": name, "ID": number, "SIS User ID": "", "SIS Login ID": ""}
            row |= {"Section": "", title: total}
        elif layout == "moodle":
            row = {"Identifier": f"Participant {number}", "Full name": name, "Grade": total}
            row |= {"Maximum Grade": f"{tests.possible:g}", "Last modified (grade)": ""}
            row |= {"Feedback comments": record["note"]}
        else:
            row = {"file": record["file"], "student": name, "total": total}
            row |= {"possible": f"{tests.possible:g}"}
            row |= {q: f"{p:g}" for q, p in sorted(record["points"].items())}
            row |= {"note": record["note"], "seconds": record.get("seconds", "")}
        rows.append(row)
    if layout == "canvas":
        most = dict.fromkeys(rows[0], "") | {"Student": "    Points Possible"}
        rows.insert(0, most | {title: f"{tests.possible:g}"})
    write_csv(path, rows)


def write_csv(path, rows):
    """All at once, so that a run that is killed leaves the old file."""
    columns = list(dict.fromkeys(name for row in rows for name in row))
    new = path.with_name(path.name + ".new")
    with open(new, "w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, columns)
        writer.writeheader()
        writer.writerows({name: tame(value) for name, value in row.items()} for row in rows)
    new.replace(path)


def plain(value):
    """Text that can be written and printed, whatever a file or a hand-in calls itself."""
    return str(value).encode(errors="backslashreplace").decode()


def tame(value):
    """The same, and what a spreadsheet would take for a formula is preceded by an apostrophe."""
    text = plain(value)
    number = re.fullmatch(r"[-+]?[\d.]+(e[-+]?\d+)?", text)
    formula = text.startswith(("\t", "\r")) or text.lstrip().startswith(tuple("=+-@"))
    return "'" + text if formula and not number else text


def words_path(out):
    return out.with_name(f"{out.stem}-words.csv")


def read_marks(out):
    """Points given by hand for the answers in words, by (file, question)."""
    path, marks = words_path(out), {}
    if not path.exists():
        return marks
    with open(path, newline="", encoding="utf-8-sig") as file:
        for row in csv.DictReader(file):
            try:
                if row["points"]:
                    marks[row["file"], row["question"]] = float(row["points"])
            except (KeyError, ValueError) as error:
                raise Refused(
                    f"{path}: expected columns file, question and points, points empty or a number; "
                    f"came {error}. Mend that row, or delete the file."
                ) from None
    return marks


def write_words(out, records, tests, marks):
    """The answers in words, with room for the points; what was given stays."""
    rows = []
    for record in records:
        answers = dict(zip(tests.words, record["words"]))
        for question, most in tests.words.items():
            mark = marks.get((tame(record["file"]), question))
            row = {"file": record["file"], "question": question}
            row |= {"points": "" if mark is None else f"{mark:g}", "of": f"{most:g}"}
            rows.append(row | {"answer": answers.get(question, "")})
    if rows:
        write_csv(words_path(out), rows)


def options(argv):
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    add = parser.add_argument
    add(
        "autograder",
        type=Path,
        help="dist/instructor/NAME/autograder.zip, as `make assignments` leaves it",
    )
    add("folder", type=Path, help="the hand-ins, as downloaded: .ipynb or .zip, in folders or not")
    add("--out", type=Path, default=Path("grades.csv"), help="what to write (grades.csv)")
    add("--for", dest="layout", choices=["canvas", "moodle"], help="columns that it imports")
    add("--title", help="the assignment's name in the gradebook (the autograder's folder)")
    add("--workers", type=int, default=os.cpu_count(), help="hand-ins at once (one a core)")
    add("--seconds", type=float, default=120, help="for one hand-in (120), a cell: a quarter")
    add("--memory", type=int, default=640, help="MiB for one hand-in (640)")
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
    record_path = given.out.with_suffix(".jsonl")
    given.out.parent.mkdir(parents=True, exist_ok=True)
    marks = read_marks(given.out)
    log = open(record_path, "a", encoding="utf-8")
    try:
        fcntl.flock(log, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise Refused(f"{record_path}: another run is writing it; wait, or give another --out") from None
    if log.tell() and not record_path.read_bytes().endswith(b"\n"):
        log.write("\n")  # the last run was killed within a line
        log.flush()
    done, written = read_done(record_path), bytearray(record_path.read_bytes())
    jobs, keys = [], []
    for path in paths:
        key = (str(path.relative_to(given.folder)), digest(path), tests.digest)
        keys.append(key)
        if key not in done:
            job = {"autograder": str(given.autograder), "path": str(path), "key": key}
            jobs.append(job | {"seconds": given.seconds, "memory": given.memory * 2**20})
    print(f"{len(paths)} hand-ins, {len(jobs)} to grade")

    def note_down(job, record):
        nonlocal log
        record = dict(zip(("file", "digest", "autograder"), job["key"])) | record
        if not holds(record_path, written):
            changed = f"{record_path.name} was changed while this ran: restored"
            record["note"] = "; ".join(filter(None, [record["note"], changed]))
            log = restore(record_path, written)
        done[job["key"]] = record
        line = json.dumps(record) + "\n"
        log.write(line)
        log.flush()
        written.extend(line.encode())
        bar.update()

    adopt()
    with tempfile.TemporaryDirectory(prefix="grade-") as settings:
        os.environ["MPLCONFIGDIR"] = settings  # one list of fonts for all
        os.environ["MNIST_UNPACKED"] = unpack_mnist(settings) if jobs else ""
        with tqdm(total=len(jobs), unit="hand-in", disable=not jobs) as bar:
            grade_all(jobs, given.workers, note_down)

    records = [done[key] for key in keys]
    for record in records:
        points = [marks.get((tame(record["file"]), q), 0.0) for q in tests.words]
        record["total"] = sum(record["points"].values()) + sum(points)
    title = given.title or given.autograder.resolve().parent.name
    write_table(given.out, records, tests, title, given.layout)
    write_words(given.out, records, tests, marks)
    for record in records:
        if record["note"]:
            print(plain(f"look at {record['file']}: {record['note']}"))
    students = collections.defaultdict(list)
    for record in records:
        students[who(record["file"])].append(plain(record["file"]))
    for (name, number), files in students.items():
        if number and len(files) > 1:
            print(plain(f"{name} ({number}) has {len(files)} rows: {', '.join(files)}. Keep one."))
    print(f"{given.out}: {len(records)} rows, at most {tests.possible:g} points")


if __name__ == "__main__":
    if sys.argv[1:] == ["--work"]:
        sys.exit(work())
    try:
        main()
    except Refused as error:
        sys.exit(str(error))
    except KeyboardInterrupt:
        sys.exit("stopped; what is graded is kept, and the same command goes on from there")
