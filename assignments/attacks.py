"""What hostile hand-ins try. Each function returns what it got hold of, and nothing or an OSError if that is nothing.

The tests hand in the source of each with what it has to know: where things are, and a port of this machine.
"""


def reads_the_autograder(known):
    return open(known["autograder"], "rb").read()


def writes_over_the_autograder(known):
    with open(known["autograder"], "r+b") as file:
        file.truncate()
    return "an autograder without tests"


def reads_another_hand_in(known):
    return open(known["neighbour"]).read()


def looks_for_autograders_and_hand_ins(known):
    import os

    ends = ("autograder.zip", "neighbour.ipynb", "solution.ipynb", "grades.jsonl", "softmax.md")
    return [name for _, _, names in os.walk(known["top"]) for name in names if name.endswith(ends)]


def writes_to_the_record(known):
    with open(known["record"], "a") as file:
        file.write("{}")
    return "the record"


def reads_the_environment(known):
    import glob
    import os

    texts = [str(dict(os.environ))]
    for path in glob.glob("/proc/*/environ"):
        try:
            texts.append(open(path).read())
        except OSError:
            pass
    return "swordfish" in "".join(texts)


def looks_for_the_grader(known):
    import glob

    lines = []
    for path in glob.glob("/proc/*/cmdline"):
        try:
            lines.append(open(path).read())
        except OSError:
            pass
    return [line for line in lines if "grade.py" in line or "pytest" in line]


def opens_what_others_have_open(known):
    import glob
    import os

    mine = {os.path.realpath(path) for path in glob.glob("/proc/self/fd/*")}
    others = {os.path.realpath(path) for path in glob.glob("/proc/*/fd/*")} - mine
    return [path for path in others if os.path.exists(path) and not path.startswith(("/dev/", "/proc/"))]


def reaches_a_server_of_this_machine(known):
    import socket

    return socket.create_connection(("127.0.0.1", known["port"]), 5).recv(99)


def reaches_a_socket_in_a_file(known):
    import socket

    connection = socket.socket(socket.AF_UNIX)
    connection.connect(known["unix"])
    return connection.recv(99)


def reaches_a_socket_without_a_file(known):
    import socket

    connection = socket.socket(socket.AF_UNIX)
    connection.connect("\0" + known["unix"])
    return connection.recv(99)


def finds_a_way_to_the_network(known):
    import socket

    names = [name for _, name in socket.if_nameindex() if name != "lo"]
    probe = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    probe.connect(("192.0.2.1", 9))  # sends nothing, and that address is nobody's
    return names or probe.getsockname()


def calls_the_host_of_a_virtual_machine(known):
    import socket

    return socket.socket(socket.AF_VSOCK, socket.SOCK_STREAM)


def forks_and_forks(known):
    import os
    import time

    for _ in range(known["processes"] + 40):
        if os.fork() == 0:
            time.sleep(600)
    return "as many as it likes"


def fills_the_disk(known):
    import os

    size = 0
    for number, folder in enumerate(["/tmp", "/dev/shm", "/var/tmp", os.path.expanduser("~"), "."] * 8):
        try:
            with open(f"{folder}/much{number}", "wb", 0) as file:
                while size < 2**30:
                    size += file.write(bytes(2**24))
        except OSError:
            pass
    return size > known["disk"]


def writes_anywhere_else(known):
    import os

    allowed = ("/tmp", "/dev/shm", "/dev/pts", "/proc")
    return [folder for folder, _, _ in os.walk("/") if os.access(folder, os.W_OK) and not folder.startswith(allowed)]


def leaves_files_behind(known):
    for folder in ("/dev/shm", "/tmp", "/var/tmp"):
        try:
            open(f"{folder}/{known['left']}", "w").write("here")
        except OSError:
            pass


def hides_memory_in_a_file_without_a_name(known):
    import os

    return os.write(os.memfd_create("much"), bytes(2**24))


def hides_memory_that_it_shares_with_itself(known):
    import mmap

    return mmap.mmap(-1, 2**24).write(bytes(2**24))


def hides_memory_in_zeros(known):
    import mmap

    with open("/dev/zero", "r+b") as zeros:
        return mmap.mmap(zeros.fileno(), 2**24).write(bytes(2**24))


def hides_memory_in_a_segment(known):
    import ctypes

    return ctypes.CDLL(None).shmget(0, 2**20, 0o1600) >= 0


def builds_a_world_of_its_own(known):
    import ctypes

    return ctypes.CDLL(None).unshare(0x10000000) == 0  # CLONE_NEWUSER


def clones_into_a_world_of_its_own(known):
    import ctypes
    import os
    import signal

    clone = {"x86_64": 56, "aarch64": 220}[os.uname().machine]
    number = ctypes.CDLL(None).syscall(clone, 0x10000000 | signal.SIGCHLD, 0, 0, 0, 0)
    if number == 0:
        os._exit(0)
    return number > 0


def becomes_root(known):
    import os

    os.setuid(0)
    return open("/etc/shadow").read()


def reads_the_disk_itself(known):
    import glob
    import os
    import stat

    devices = [path for path in glob.glob("/dev/*") if stat.S_ISBLK(os.lstat(path).st_mode)]
    os.mknod("/tmp/disk", 0o600 | stat.S_IFBLK, os.makedev(254, 0))
    return devices or open("/tmp/disk", "rb").read(9)


def types_into_the_terminal(known):
    return open("/dev/tty", "w").write("ls")


def takes_keys(known):
    import ctypes
    import os

    keyctl = {"x86_64": 250, "aarch64": 219}[os.uname().machine]
    return ctypes.CDLL(None).syscall(keyctl, 0, -3, 0) >= 0  # KEYCTL_GET_KEYRING_ID of the session


def kills_what_it_sees(known):
    import os
    import signal

    for number in (os.getppid(), 1):
        try:
            os.kill(number, signal.SIGKILL)
        except OSError:
            pass
    os.kill(-1, signal.SIGTERM)
