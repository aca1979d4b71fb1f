"""Find a Chromium or Chrome for the tests, and a Firefox for those of Python in the page, and say what installs them.
`--install` runs that, as `make browser` does.
"""

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


FIREFOX = ["firefox-esr", "firefox"]
FIREFOX_PLACES = [
    "/Applications/Firefox.app/Contents/MacOS/firefox",
    r"C:\Program Files\Mozilla Firefox\firefox.exe",
]


def find_firefox():
    """The path of a Firefox that says its version: $FIREFOX, or the system's; None if there is none."""
    candidates = [os.environ.get("FIREFOX"), *map(shutil.which, FIREFOX), *FIREFOX_PLACES]
    for path in candidates:
        if path and Path(path).exists():
            said = subprocess.run([path, "--version"], check=False, capture_output=True)
            if said.returncode == 0:
                return path
    return None


def command(firefox=False):
    """The one command that installs a browser on this system; `firefox`: that one. None if it has no such command."""
    if shutil.which("apt-get"):
        root = [] if os.geteuid() == 0 else ["sudo"]
        packages = ["firefox-esr", "firefox"] if firefox else ["chromium"]
        installs = " || ".join(f"apt-get install --yes {package}" for package in packages)
        return [*root, "sh", "-c", f"apt-get update && ({installs})"]
    if firefox:
        return ["brew", "install", "--cask", "firefox"] if shutil.which("brew") else None
    return [sys.executable, "-m", "playwright", "install", "chromium"]


def main(install=False):
    for name, look, setting in (("Chromium or Chrome", find, "CHROME"), ("Firefox", find_firefox, "FIREFOX")):
        path, installs = look(), command(firefox=look is find_firefox)
        if path is None and install and installs:
            subprocess.run(installs, check=True)
            path = look()
        if path is None:
            how = f"To install one:\n\n    {shlex.join(installs)}\n" if installs else "Install it from its own site.\n"
            sys.exit(
                f"The tests need {name}, and found none that starts. {how}\n"
                f"Then run `make test` again, or set {setting} to the path of yours."
            )
        print("The tests use", path)


if __name__ == "__main__":
    main("--install" in sys.argv[1:])
