"""Hand-ins that attack: the files of the one who grades, the record, the network, the machine. None succeeds.

Each is graded as root and as an ordinary user where root runs this, and as who you are where somebody else does.
"""

import inspect
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time

import attacks
import pytest
from classroom import CHEAT, FULL, GOOD, NONE, USERS, class_of
from wall import DISK, PROCESSES, SHARED, readable

ATTACKS = {name: function for name, function in vars(attacks).items() if inspect.isfunction(function)}
TELL = """
got, why = "", ""
try:
    got = {name}({known}) or ""
except OSError as error:
    why = f"{{type(error).__name__}}: {{error}}"
raise Warning(f"got {{str(got)[:80]!r}} {{why}}")
"""
# Those that every machine lets by where there is no wall, and that do no harm there
OTHERWISE = [
    "reads_the_autograder",
    "reads_another_hand_in",
    "looks_for_autograders_and_hand_ins",
    "reads_the_environment",
    "looks_for_the_grader",
    "reaches_a_server_of_this_machine",
    "reaches_a_socket_in_a_file",
    "reaches_a_socket_without_a_file",
    "forks_and_forks",
    "hides_memory_in_a_file_without_a_name",
    "hides_memory_that_it_shares_with_itself",
    "hides_memory_in_zeros",
]

FORKS = """
import os, time
for _ in range(20):
    if os.fork() == 0:
        {}
time.sleep(600)
"""
DAEMONS = """
import os, time
for _ in range(3):
    if os.fork() == 0:
        os.setsid()
        if os.fork() == 0:
            time.sleep(1000)
        os._exit(0)
"""
DEAF = """
import os, signal, time
for number in range(1, 64):
    try:
        signal.signal(number, signal.SIG_IGN)
    except (OSError, ValueError):
        pass
if os.fork() == 0:
    os.setsid()
while True:
    time.sleep(1)
"""
ENDS = {  # name: a cell after those that earn everything, points, words of the note
    "fills_memory": ("held = []\nwhile True: held.append(np.ones(2**22))", NONE, "limit of 300 MiB of memory"),
    "fills_memory_in_many_processes": (
        FORKS.format("held = np.ones(2**22); time.sleep(600)"),
        NONE,
        "limit of 300 MiB of memory",
    ),
    "outlives_itself": (DAEMONS, FULL, ""),
    "outlives_its_time": (DEAF, NONE, "stopped after 20 s, the time limit"),
}


class Server:
    """Greets whoever connects: a port of 127.0.0.1, a socket in a file, and one without."""

    def __init__(self, folder):
        self.unix = str(folder / "socket")
        self.sockets = [socket.socket(), socket.socket(socket.AF_UNIX), socket.socket(socket.AF_UNIX)]
        for listening, address in zip(self.sockets, (("127.0.0.1", 0), self.unix, "\0" + self.unix)):
            listening.bind(address)
            listening.listen()
            threading.Thread(target=self.greet, args=[listening], daemon=True).start()
        os.chmod(self.unix, 0o777)
        self.port = self.sockets[0].getsockname()[1]

    def greet(self, listening):
        while True:
            connection, _ = listening.accept()
            connection.sendall(b"welcome")
            connection.close()


def attacked(user, names, *options):
    """The records of these attacks, and of two who are in their way; the files that they left."""
    with class_of(user) as them:
        server = Server(them.folder)
        left = f"left-by-{them.folder.name}"
        known = {"autograder": str(them.autograder), "neighbour": str(them.handins / "neighbour.ipynb")}
        known |= {"record": str(them.record), "port": server.port, "unix": server.unix, "left": left}
        known |= {"processes": PROCESSES, "disk": DISK + SHARED, "top": str(them.folder) if options else "/"}
        for name in names:
            code = inspect.getsource(ATTACKS[name]) + TELL.format(name=name, known=known)
            them.add(**{name: [CHEAT, code]})
        them.add(neighbour=GOOD, blank=[])
        tests = them.autograder.read_bytes()
        records, _ = them.grade("--seconds", "600", *options, SECRET="swordfish")  # time to look at every file there is
        assert them.autograder.read_bytes() == tests
        assert them.left_running() == []
        return records, [folder for folder in ("/dev/shm", "/tmp", "/var/tmp") if os.path.exists(f"{folder}/{left}")]


@pytest.fixture(scope="module", params=USERS)
def behind_the_wall(request):
    return attacked(request.param, ATTACKS)


@pytest.mark.parametrize("name", ATTACKS)
def test_an_attack_gets_nothing(behind_the_wall, name):
    record = behind_the_wall[0][f"{name}.ipynb"]
    assert record["points"] == NONE
    assert "Warning: got ''" in record["note"], record


def test_nobody_gains_or_loses_by_the_attacks_of_others(behind_the_wall):
    records, left = behind_the_wall
    assert records["neighbour.ipynb"]["points"] == FULL and records["blank.ipynb"]["points"] == NONE
    assert left == []


def test_without_the_wall_the_same_attacks_get_what_they_want():
    records, _ = attacked(USERS[0], OTHERWISE, "--trusted")
    assert [name for name in OTHERWISE if "Warning: got ''" in records[f"{name}.ipynb"]["note"]] == []


@pytest.fixture(scope="module", params=USERS)
def ended(request):
    with class_of(request.param) as them:
        them.add(**{name: [*GOOD, code] for name, (code, _, _) in ENDS.items()})
        return them.grade("--seconds", "20", "--memory", "300")[0], them.left_running()


@pytest.mark.parametrize("name", ENDS)
def test_what_takes_too_much_is_ended_whole(ended, name):
    record = ended[0][f"{name}.ipynb"]
    assert record["points"] == ENDS[name][1] and ENDS[name][2] in record["note"], record


def test_nothing_is_left_running(ended):
    assert ended[1] == []


def test_what_is_left_running_would_be_seen():
    with class_of() as them, class_of() as others:
        sleeper = subprocess.Popen(["sleep", "60"], env=them.environment | {"USER": "student"})
        try:
            assert [process.pid for process in them.left_running()] == [sleeper.pid]
            assert others.left_running() == []
        finally:
            sleeper.kill()
            sleeper.wait()


@pytest.mark.parametrize("user", USERS)
def test_no_hand_in_outlives_a_grader_that_is_killed(user):
    with class_of(user) as them:
        stay = "import os, time\nif os.fork() == 0: os.setsid()\ntime.sleep(600)"
        them.add(a=[stay], b=[stay])
        grader = them.start()
        wait_until(lambda: len(them.left_running()) > 3)
        grader.send_signal(signal.SIGKILL)
        grader.communicate()
        wait_until(lambda: them.left_running() == [])


def wait_until(true, seconds=60):
    deadline = time.monotonic() + seconds
    while not true():
        assert time.monotonic() < deadline
        time.sleep(0.1)


def test_a_hand_in_sees_the_system_python_and_the_course_alone():
    code = "import os\nraise Warning(sorted(os.listdir('/')), os.listdir(os.path.expanduser('~')))"
    with class_of() as them:
        note = them.add(a=[code]).grade()[0]["a.ipynb"]["note"]
    listed = note.partition("(")[2]
    system = {"bin", "dev", "etc", "lib", "lib32", "lib64", "libx32", "nix", "proc", "sbin", "tmp", "usr"}
    tops = {path.parts[1] for path in readable()}
    seen = {name.strip(" '") for name in listed.partition("[")[2].partition("]")[0].split(",")}
    assert seen <= system | tops and not seen & ({"home", "root", "var", "srv", "mnt"} - tops), note


def fake(folder, text):
    """A folder that goes before others in PATH, with a bubblewrap that fails as it does where it may not run."""
    program = folder / "bwrap"
    program.write_text(f"#!/bin/sh\necho '{text}' >&2\nexit 1\n")
    program.chmod(0o755)
    return f"{folder}:{os.environ['PATH']}"


@pytest.mark.parametrize("missing", [True, False], ids=["not installed", "not allowed"])
def test_without_bubblewrap_it_says_so_and_asks_for_trust(tmp_path, missing):
    said = "bwrap: No permissions to create new namespace"
    path = str(tmp_path) if missing else fake(tmp_path, said)
    with class_of() as them:
        them.add(a=GOOD)
        run = them.run(PATH=path)
        assert run.returncode == 1 and not them.out.exists()
        assert ("bubblewrap is not installed" if missing else said) in run.stderr
        assert "make bubblewrap" in run.stderr and "--trusted" in run.stderr and "Traceback" not in run.stderr
        assert them.grade("--trusted", PATH=path)[1][0]["total"] == "7"


def test_it_does_not_grade_where_hand_ins_could_read_the_autograder():
    with class_of() as them, tempfile.TemporaryDirectory(dir=sys.prefix) as inside:
        them.add(a=GOOD)
        shutil.copy(them.autograder, inside)
        command = [part.replace(str(them.autograder), f"{inside}/autograder.zip") for part in them.command()]
        run = subprocess.run(command, capture_output=True, text=True)
        assert run.returncode == 1 and "which hand-ins can read. Move it." in run.stderr
