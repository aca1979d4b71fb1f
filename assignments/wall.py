"""Run a hand-in where it can do no harm: behind bubblewrap's wall, watched, and ended as a whole.

Behind the wall there are Python, the system's programs, the course, an empty folder in memory and nothing else: no
network, no home, no other process. Namespaces of the kernel see to that, of which root needs none for itself: as root,
a hand-in runs as nobody. A filter of system calls (seccomp) keeps it from memory that no process is seen to have, and
from new namespaces. With `trusted` there is no wall, and the watch alone.
"""

import contextlib
import errno
import mmap
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path
from typing import NamedTuple

import psutil
from exchange import Peer

import softmaxlab

HERE = Path(__file__).parent
PROCESSES = 64  # and threads of one hand-in, at once
DISK, SHARED = 2**28, 2**26  # bytes in memory for its files, and for /dev/shm
SYSTEM = "/usr /bin /sbin /lib /lib64 /nix/store /etc/alternatives /etc/fonts /etc/ld.so.cache /etc/localtime"
SYSTEM = [Path(path) for path in SYSTEM.split()]
REFUSED = (
    "memfd_create shmget unshare setns mount keyctl add_key request_key io_uring_setup bpf perf_event_open userfaultfd"
)


class Refused(Exception):
    """A file that cannot be graded, or a hand-in that has to be stopped: the reason in words."""


class Limits(NamedTuple):
    """`seconds` for a hand-in, `memory` in bytes; `shared`: a folder of what all of them use, or ""."""

    seconds: float
    memory: int
    trusted: bool
    shared: str = ""


def readable(shared=""):
    """The folders and files, beside the system's, that a hand-in may read."""
    course = Path(softmaxlab.__file__).parent
    pythons = {sys.prefix, sys.base_prefix, os.path.realpath(sys.base_prefix)}
    return sorted({*map(Path, pythons), course, HERE / "run_handin.py", HERE / "exchange.py", Path(shared or course)})


def wall(shared, filter_fd):
    """The command that runs another behind the wall."""
    options = "--unshare-ipc --unshare-pid --unshare-net --unshare-uts --unshare-cgroup-try --die-with-parent"
    options += f" --seccomp {filter_fd} --perms 1777 --size {DISK} --tmpfs /tmp"
    command = [shutil.which("bwrap"), *options.split()]
    for path in (*SYSTEM, *readable(shared)):
        for folder in [*reversed(path.parents)][1:]:
            command += ["--perms", "0755", "--dir", str(folder)]
        command += ["--ro-bind-try", str(path), str(path)]
    options = f"--proc /proc --dev /dev --ro-bind /dev/null /dev/zero --perms 1777 --size {SHARED} --tmpfs /dev/shm"
    command += f"{options} --remount-ro /dev --remount-ro / --chdir /tmp".split()
    if os.geteuid():
        return [*command, "--unshare-user"]
    nobody = 61200 + os.getpid() % 4000  # the limit of processes is one of each user
    user = f"setpriv --reuid {nobody} --regid {nobody} --clear-groups"
    return [*command, *f"--cap-add CAP_SETUID --cap-add CAP_SETGID {user}".split()]


def system_calls():
    """A file with the filter of system calls."""
    import pyseccomp as seccomp

    rules, no = seccomp.SyscallFilter(seccomp.ALLOW), seccomp.ERRNO(errno.EPERM)
    for name in REFUSED.split():
        rules.add_rule(no, name)
    rules.add_rule(no, "clone", seccomp.Arg(0, seccomp.MASKED_EQ, 0x10000000, 0x10000000))  # CLONE_NEWUSER
    rules.add_rule(no, "mmap", seccomp.Arg(3, seccomp.MASKED_EQ, *[mmap.MAP_SHARED | mmap.MAP_ANONYMOUS] * 2))
    rules.add_rule(seccomp.ERRNO(errno.ENOSYS), "clone3")  # hides its flags; clone serves as well
    rules.add_rule(no, "socket", seccomp.Arg(0, seccomp.GT, socket.AF_NETLINK))  # such as one to the host of a machine
    file = tempfile.TemporaryFile()
    rules.export_bpf(file)
    file.seek(0)
    return file


def start(program, limits, stdin=subprocess.DEVNULL, pass_fds=(), folder="/tmp", **options):
    """Start a command, behind the wall unless it is trusted."""
    settings = {"PATH": f"{sys.prefix}/bin:/usr/local/bin:/usr/bin:/bin", "HOME": f"{folder}/home", "TMPDIR": folder}
    settings |= {"MPLBACKEND": "module://matplotlib_inline.backend_inline", "USER": "student", "PIP_NO_INDEX": "1"}
    settings |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "PIP_DISABLE_PIP_VERSION_CHECK": "1"}
    settings |= {name: os.environ[name] for name in ("LANG", "TZ") if name in os.environ}
    with contextlib.ExitStack() as stack:
        if not limits.trusted:
            calls = stack.enter_context(system_calls())
            program, pass_fds = [*wall(limits.shared, calls.fileno()), *program], (*pass_fds, calls.fileno())
        options = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL} | options
        return subprocess.Popen(
            program, stdin=stdin, pass_fds=pass_fds, cwd=folder, env=settings, start_new_session=True, **options
        )


def obstacle(secrets):
    """What keeps the wall from standing here, in words, or None. It must not have any of `secrets` inside."""
    for secret in map(os.path.realpath, secrets):
        for path in map(os.path.realpath, (*readable(), *SYSTEM)):
            if Path(secret).is_relative_to(path):
                return f"{secret} is in {path}, which hand-ins can read. Move it."
    python = [sys.executable, "-I", "-c", "import numpy, softmaxlab, IPython"]
    try:
        trial = start(python, Limits(0, 0, False), stderr=subprocess.PIPE)
        said = trial.communicate()[1].decode(errors="replace").strip()
        if not trial.returncode:
            return None
    except Exception as error:
        said = str(error) if shutil.which("bwrap") else "bubblewrap is not installed"
    apparmor = Path("/proc/sys/kernel/apparmor_restrict_unprivileged_userns")
    if apparmor.exists() and apparmor.read_text().strip() == "1":
        said += f". AppArmor may forbid it; until the next start, this allows it: sudo sysctl kernel.{apparmor.name}=0"
    return f"there is no wall to keep hand-ins from your files and the network: {said}"


class Running(Peer):
    """A hand-in at work, and the watch over it."""

    def __init__(self, notebook, limits):
        self.limits, self.reason = limits, ""
        here, there = socket.socketpair()
        super().__init__(here)
        self.folder = tempfile.TemporaryDirectory(prefix="hand-in-", ignore_cleanup_errors=True)
        processes = 0 if limits.trusted else PROCESSES
        program = [sys.executable, "-I", str(HERE / "run_handin.py"), str(there.fileno())]
        program += [str(limits.memory), str(processes), limits.shared]
        folder = self.folder.name if limits.trusted else "/tmp"
        with here, there:
            self.process = start(program, limits, notebook, (there.fileno(),), folder)
        threading.Thread(target=self.watch, daemon=True).start()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.end()
        with contextlib.suppress(OSError):
            self.stream.close()
        self.folder.cleanup()

    def watch(self):
        """Hold the hand-in to its limits."""
        deadline = time.monotonic() + self.limits.seconds
        while self.process.poll() is None:
            if time.monotonic() > deadline:
                self.reason = f"stopped after {self.limits.seconds:g} s, the time limit"
            else:
                self.reason = self.too_much()
            if self.reason:
                self.end()
            time.sleep(0.3)

    def too_much(self):
        """Why the hand-in has to be stopped, or "": memory that several processes share counts once."""
        held = 0
        for process in self.running():
            with contextlib.suppress(psutil.Error):
                info = process.memory_full_info()
                held += getattr(info, "pss", info.rss)
        most = self.limits.memory
        return f"stopped at its limit of {most >> 20} MiB of memory" if held > most else ""

    def running(self):
        """The process that was started, and all that are below it."""
        with contextlib.suppress(psutil.Error):
            first = psutil.Process(self.process.pid)
            return [first, *first.children(recursive=True)]
        return []

    def end(self):
        """End the hand-in and all that it started, and wait until nothing of it is there."""
        found = self.running()
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        for process in found:
            with contextlib.suppress(psutil.Error):
                process.kill()
        psutil.wait_procs(found, timeout=5)
        self.process.wait()

    def ask(self, **message):
        try:
            return super().ask(**message)
        except (EOFError, OSError):
            raise Refused(self.reason or f"ended the process that ran it{self.how()}") from None
        except Exception as error:
            raise Refused(f"answered nonsense ({error!r:.100}): did it patch Python?") from None

    def how(self):
        with contextlib.suppress(subprocess.TimeoutExpired):
            code = self.process.wait(0.5)
            number = code - 128 if code > 128 else -code
            if number > 0:
                return f", by signal {number} ({signal.Signals(number).name})"
            return f", with exit code {code}"
        return ""
