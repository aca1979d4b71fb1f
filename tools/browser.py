"""Find a Chromium or Chrome for the tests, or install one. `python tools/browser.py` does it and prints its path."""

import os
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
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip


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
                sys.exit(
                    f"CHROME is set to {wanted}, which does not start. Correct it, or unset it."
                )
            return wanted
        candidates = [*map(shutil.which, NAMES), *PLACES, playwright.chromium.executable_path]
        found = (path for path in candidates if path and Path(path).exists())
        return next((path for path in found if launches(playwright, path)), None)


def install():
    """Try Playwright's download, then Debian's package."""
    commands = [[sys.executable, "-m", "playwright", "install", "chromium"]]
    if shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo", "--non-interactive"]
        commands += [
            [*root, "apt-get", "update"],
            [*root, "apt-get", "install", "--yes", "chromium"],
        ]
    for command in commands:
        print("No browser yet:", *command, flush=True)
        try:
            subprocess.run(command, check=False, timeout=600)
        except (OSError, subprocess.TimeoutExpired) as error:
            print(error)
        if path := find():
            return path


def main():
    path = find() or install()
    if path is None:
        sys.exit(
            "The tests need Chromium or Chrome, found none, and could not install one. "
            "Install it and run `make test` again, or set CHROME to its path."
        )
    print("The tests use", path)


if __name__ == "__main__":
    main()
