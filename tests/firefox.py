"""A Firefox for a test, spoken to in its own protocol, WebDriver BiDi, which needs no driver beside it."""

import itertools
import json
import re
import subprocess
import tempfile
import threading
from pathlib import Path

from websocket import create_connection

# It asks nobody for news of itself
SETTINGS = {
    "app.normandy.enabled": False,
    "app.update.enabled": False,
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "services.settings.server": "data:,",
}
LOADED = """(async () => {
  if (document.readyState !== "complete") await new Promise(done => addEventListener("load", done));
})()"""
LISTENS = re.compile(r"WebDriver BiDi listening on (ws://\S+)")


class Firefox:
    """One window. `visit(address)` opens a page, `evaluate(script)` gives what a script, or its promise, comes to."""

    def __init__(self, path, private=False):
        self.folder = tempfile.TemporaryDirectory()
        settings = SETTINGS | {"browser.privatebrowsing.autostart": private}
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});\n" for name, value in settings.items()]
        Path(self.folder.name, "user.js").write_text("".join(lines), encoding="utf-8")
        command = [path, "--headless", "--no-remote", "--profile", self.folder.name, "--remote-debugging-port", "0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
        found = next(filter(None, map(LISTENS.search, self.process.stderr)))
        threading.Thread(target=self.process.stderr.read, daemon=True).start()  # or a full pipe would hold it
        self.socket = create_connection(f"{found[1]}/session", timeout=120, suppress_origin=True)
        self.numbers, self.requests, self.errors = itertools.count(1), [], []
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["network.beforeRequestSent", "log.entryAdded"])
        self.window = self.ask("browsingContext.getTree")["contexts"][0]["context"]

    def ask(self, method, **params):
        number = next(self.numbers)
        self.socket.send(json.dumps({"id": number, "method": method, "params": params}))
        while True:
            message = json.loads(self.socket.recv())
            if message["type"] == "event":
                self.note(message)
            elif message["id"] == number:
                assert message["type"] == "success", message
                return message["result"]

    def note(self, message):
        params = message["params"]
        if message["method"] == "network.beforeRequestSent":
            self.requests.append(params["request"]["url"])
        elif params["level"] == "error":
            self.errors.append(params["text"])

    def visit(self, address):
        self.ask("browsingContext.navigate", context=self.window, url=address, wait="complete")
        self.evaluate(LOADED)  # its own "complete" may come while scripts still load

    def evaluate(self, script):
        """What the expression `script` comes to, as JSON has it."""
        whole = f"(async () => JSON.stringify(await ({script})) ?? null)()"
        target = {"context": self.window}
        answer = self.ask("script.evaluate", expression=whole, target=target, awaitPromise=True, userActivation=True)
        assert answer["type"] == "success", answer["exceptionDetails"]["text"]
        return json.loads(answer["result"].get("value", "null"))

    def close(self):
        self.socket.close()
        self.process.terminate()
        self.process.wait()
        self.folder.cleanup()
