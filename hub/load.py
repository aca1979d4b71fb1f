"""A class at a hub: so many students sign in at once, pull the notebooks, and run a chapter. `make hub-load
STUDENTS=20`

It starts a JupyterHub on this machine, publishes the notebooks of the last commit to a branch beside it, does what a
browser would for each student, and prints how long they waited and what memory they took. Nothing leaves the machine.
"""

import argparse
import asyncio
import datetime
import json
import os
import platform
import signal
import statistics
import subprocess
import sys
import tempfile
import time
import uuid
from pathlib import Path

import aiohttp
import jupyterhub
import psutil
from yarl import URL

ROOT = Path(__file__).parents[1]
RESULTS = Path(__file__).with_name("results.json")
MEGABYTE = 2**20


class Student:
    def __init__(self, name, hub, course):
        self.name, self.hub, self.course = name, hub, course
        self.server = f"{hub}/user/{name}"
        self.retries = 0
        self.error = None
        self.seconds = {}  # what was waited for: how long

    def headers(self, base):
        """What a page sends along, to show that it is a page of this server."""
        cookie = self.web.cookie_jar.filter_cookies(URL(f"{base}/")).get("_xsrf")
        return {"X-XSRFToken": cookie.value} if cookie else {}

    async def get(self, url, **params):
        async with self.web.get(url, params=params) as reply:
            reply.raise_for_status()
            return await reply.text()

    async def sign_in(self):
        await self.get(f"{self.hub}/hub/login")
        form = {"username": self.name, "password": "course"}
        form["_xsrf"] = self.headers(f"{self.hub}/hub")["X-XSRFToken"]
        async with self.web.post(f"{self.hub}/hub/login", data=form, allow_redirects=False) as reply:
            assert reply.status == 302, f"no entry: {reply.status}"

    async def start_server(self):
        """Ask for a server, again and again while the hub says 429, and wait until it is there."""
        user = f"{self.hub}/hub/api/users/{self.name}"
        while True:
            headers = self.headers(f"{self.hub}/hub")
            async with self.web.post(f"{user}/server", headers=headers, json={}) as reply:
                if reply.status != 429:
                    reply.raise_for_status()
                    break
                self.retries += 1
                await asyncio.sleep(int(reply.headers.get("Retry-After", 5)))
        while not json.loads(await self.get(user))["servers"].get("", {}).get("ready"):
            await asyncio.sleep(0.5)
        await self.get(f"{self.server}/lab")  # signs in there too

    async def pull(self):
        """What a link of nbgitpuller does."""
        there = {"repo": self.course, "branch": "notebooks", "targetpath": "course"}
        log = await self.get(f"{self.server}/git-pull/api", **there)
        assert '"phase": "finished"' in log, log[-500:]

    async def start_kernel(self):
        kernels, headers = f"{self.server}/api/kernels", self.headers(self.server)
        async with self.web.post(kernels, headers=headers, json={"name": "python3"}) as reply:
            reply.raise_for_status()
            kernel = (await reply.json())["id"]
        self.channel = await self.web.ws_connect(f"{kernels}/{kernel}/channels", max_msg_size=0)
        await self.execute("1")

    async def execute(self, code):
        """Run `code` in the kernel, until it is idle again."""
        ask = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "session": "load"}
        ask |= {"username": self.name, "version": "5.3"}
        content = {"code": code, "silent": False, "store_history": True, "allow_stdin": False}
        message = {"header": ask, "parent_header": {}, "metadata": {}, "content": content}
        await self.channel.send_json(message | {"channel": "shell", "buffers": []})
        status, idle = None, False
        while not (status and idle):
            came = await self.channel.receive()
            if came.type == aiohttp.WSMsgType.BINARY:
                continue  # a widget's frames
            assert came.type == aiohttp.WSMsgType.TEXT, f"the kernel is gone: {came.type}"
            answer = json.loads(came.data)
            if answer["parent_header"].get("msg_id") != ask["msg_id"]:
                continue
            if answer["msg_type"] == "execute_reply":
                status = answer["content"]["status"]
                assert status == "ok", f"{answer['content'].get('evalue')} in: {code[:80]}"
            idle = idle or answer["content"].get("execution_state") == "idle"

    async def run_chapter(self, chapter):
        path = f"{self.server}/api/contents/course/book/{chapter}.ipynb"
        notebook = json.loads(await self.get(path))["content"]
        for cell in notebook["cells"]:
            if cell["cell_type"] == "code":
                await self.execute(cell["source"])

    async def attend(self, chapter):
        """The whole lesson; an error is kept, not raised."""
        start = time.monotonic()
        jar = aiohttp.CookieJar(unsafe=True)  # cookies of 127.0.0.1, which has no name
        timeout = aiohttp.ClientTimeout(total=None, sock_read=None)
        try:
            async with aiohttp.ClientSession(cookie_jar=jar, timeout=timeout) as self.web:
                await self.sign_in()
                await self.start_server()
                self.seconds["a server of one's own"] = time.monotonic() - start
                await self.pull()
                await self.start_kernel()
                self.seconds["a ready kernel"] = time.monotonic() - start
                began = time.monotonic()
                await self.run_chapter(chapter)
                self.seconds["the chapter, run all"] = time.monotonic() - began
                self.seconds["done"] = time.monotonic() - start
        except (AssertionError, KeyError, OSError, aiohttp.ClientError) as error:
            self.error = f"{self.name}: {type(error).__name__}: {error}"


def memory():
    """`{student: (own, resident)}` in MB now: memory shared among processes split among them, and counted for each."""
    found = {}
    for process in psutil.process_iter():
        try:
            name = process.environ().get("JUPYTERHUB_USER")
            if name:
                info = process.memory_full_info()
                pss, rss = found.get(name, (0, 0))
                found[name] = (pss + info.pss / MEGABYTE, rss + info.rss / MEGABYTE)
        except psutil.Error:
            pass
    return found


async def watch(most):
    """Keep in `most` the largest memory of each student, and of all together."""
    while True:
        now = await asyncio.to_thread(memory)
        for name, values in now.items():
            most[name] = tuple(map(max, values, most.get(name, (0, 0))))
        total = sum(pss for pss, _ in now.values())
        most["all"] = max(total, most.get("all", 0))
        await asyncio.sleep(2)


async def until_up(hub, server):
    async with aiohttp.ClientSession() as web:
        for _ in range(600):
            assert server.poll() is None, "the hub did not start"
            try:
                async with web.get(f"{hub}/hub/api/") as reply:
                    if reply.status == 200:
                        return
            except aiohttp.ClientError:
                pass
            await asyncio.sleep(0.2)
    raise TimeoutError("the hub did not answer in two minutes")


def measured(students, most, before):
    """What the run came to: seconds and MB as [median, most] over the students."""
    found = {}
    for what in ("a server of one's own", "a ready kernel", "the chapter, run all", "done"):
        seconds = [student.seconds[what] for student in students if what in student.seconds]
        found[f"{what}, s"] = spread(seconds)
    everybody = most.pop("all", 0)
    for what, values in zip(("of their own", "resident"), zip(*most.values())):
        found[f"a student, {what}, MB"] = spread(values)
    return found | {
        "all students, GB": round(everybody / 1024, 1),
        "told to come again, HTTP 429": sum(student.retries for student in students),
        "finished": sum(not student.error for student in students),
        "students": len(students),
        "cores": os.cpu_count(),
        "memory, GB": round(psutil.virtual_memory().total / 2**30),
        "load before": round(before, 1),
        "python": platform.python_version(),
        "jupyterhub": jupyterhub.__version__,
        "date": datetime.date.today().isoformat(),
    }


def spread(values):
    return [round(statistics.median(values)), round(max(values))] if values else []


async def lesson(hub, course, server, arguments):
    await until_up(hub, server)
    students = [Student(f"student{n:02}", hub, course) for n in range(1, arguments.students + 1)]
    before, most = os.getloadavg()[0], {}
    watching = asyncio.create_task(watch(most))
    async with asyncio.timeout(arguments.minutes * 60):
        await asyncio.gather(*(student.attend(arguments.chapter) for student in students))
    watching.cancel()
    found = measured(students, most, before)
    for what, value in found.items():
        print(f"{what:30} {value}")
    if arguments.keep:
        kept = json.loads(RESULTS.read_text()) if RESULTS.exists() else {}
        kept[arguments.chapter] = found
        RESULTS.write_text(json.dumps(kept, indent=1) + "\n")
    return [student.error for student in students if student.error]


def main():
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("students", type=int, nargs="?", default=20)
    parser.add_argument("--chapter", default="softmax")
    parser.add_argument("--keep", action="store_true", help="write what was measured into hub/results.json")
    parser.add_argument("--minutes", type=float, default=30, help="give up after so many")
    parser.add_argument("--port", type=int, default=8000, help="and the two above it")
    arguments = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        course = f"file://{folder}/course.git"
        subprocess.run(["git", "init", "--quiet", "--bare", f"{folder}/course.git"], check=True)
        here = os.environ | {"COURSE_REPO_URL": ROOT.as_uri()}
        subprocess.run([sys.executable, ROOT / "tools/publish.py", course], env=here, check=True)
        hub = [
            Path(sys.executable).with_name("jupyterhub"),
            "-f",
            ROOT / "hub/jupyterhub_config.py",
        ]
        where = os.environ | {"HUB_FOLDER": folder, "HUB_PORT": str(arguments.port)}
        with open(f"{folder}/hub.log", "w") as log:
            server = subprocess.Popen(hub, cwd=folder, env=where, stdout=log, stderr=log)
        try:
            address = f"http://127.0.0.1:{arguments.port}"
            errors = asyncio.run(lesson(address, course, server, arguments))
            if errors:
                print(*errors, Path(folder, "hub.log").read_text()[-3000:], sep="\n")
        finally:
            server.send_signal(signal.SIGTERM)  # it stops the students' servers and the proxy too
            server.wait(60)
    sys.exit(bool(errors))


if __name__ == "__main__":
    main()
