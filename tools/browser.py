"""Find a Chromium or Chrome for the tests, and say what installs one. `--install` runs that, as `make browser` does."""

import os
import shlex
import shutil
import subprocess
import sys
from pathlib import Path

from playwright.sync_api import Error, sync_playwright

NAMES = [
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "msedge",
]
PLACES = [
    "/usr/bin/chromium",
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
    r"C:\Program Files\Google\Chrome\Application\chrome.exe",
    r"C:\Program Files (x86)\Microsoft\Edge\Application\msedge.exe",
]
# Without these Chromium calls home, and as root it will not start.
ARGUMENTS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


def launches(playwright, path):
    try:
        playwright.chromium.launch(executable_path=path, args=ARGUMENTS).close()
    except Error:
        return False
    return True


def find():
    """The path of a browser that starts: $CHROME, the system's, or Playwright's own; None if there is none."""
    with sync_playwright() as playwright:
        if wanted := os.environ.get("CHROME"):
            if not launches(playwright, wanted):
                sys.exit(f"CHROME is set to {wanted}, which does not start. Correct it, or unset it.")
            return wanted
        candidates = [*map(shutil.which, NAMES), *PLACES, playwright.chromium.executable_path]
        found = (path for path in candidates if path and Path(path).exists())
        return next((path for path in found if launches(playwright, path)), None)


def command():
    """The one command that installs a browser on this system."""
    if shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo"]
        return [*root, "sh", "-c", "apt-get update && apt-get install --yes chromium"]
    return [sys.executable, "-m", "playwright", "install", "chromium"]


def main(install=False):
    path = find()
    if path is None and install:
        subprocess.run(command(), check=True)
        path = find()
    if path is None:
        sys.exit(
            "The tests need Chromium or Chrome, and found none that starts. To install one:\n\n"
            f"    {shlex.join(command())}\n\nThen run `make test` again, or set CHROME to the path of yours."
        )
    print("The tests use", path)


if __name__ == "__main__":
    main("--install" in sys.argv[1:])
