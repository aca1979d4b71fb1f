"""Take the scripts and the fonts of the site from npm, once. Run by `make`; the site asks nobody.

`npm ci` installs what `tools/web/package-lock.json` names into .cache/npm, holds each package to the integrity written
there, and runs none of its scripts. What lies in .cache/web/site becomes part of the site, what lies beside it is for
the tests. The tools in package.json stay in .cache/npm: the linters, and what the build of the book calls in node.
"""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

LOCK = Path(__file__).parent / "web"
CACHE = Path(__file__).parents[1] / ".cache"
NPM = CACHE / "npm"
WEB = CACHE / "web"

NEXT, MONO = "atkinson-hyperlegible-next", "atkinson-hyperlegible-mono"

# package: {file or folder in it: path below WEB}
FILES = {
    # It typesets when the book is built; the site has its style and its fonts. Only its command line needs commander,
    # which wants node 22 and was cut out of package-lock.json by hand.
    "katex": {
        "LICENSE": "site/katex/LICENSE",
        "dist/katex-swap.min.css": "site/katex/katex.css",
        "dist/fonts": "site/katex/fonts",
    },
    f"@fontsource/{NEXT}": {
        "LICENSE": "site/fonts/LICENSE.next",
        f"files/{NEXT}-latin-400-normal.woff2": "site/fonts/next-400-normal.woff2",
        f"files/{NEXT}-latin-400-italic.woff2": "site/fonts/next-400-italic.woff2",
        f"files/{NEXT}-latin-700-normal.woff2": "site/fonts/next-700-normal.woff2",
    },
    f"@fontsource/{MONO}": {
        "LICENSE": "site/fonts/LICENSE.mono",
        f"files/{MONO}-latin-400-normal.woff2": "site/fonts/mono-400-normal.woff2",
    },
    "minisearch": {"LICENSE.txt": "site/LICENSE.minisearch"},
    "axe-core": {"axe.min.js": "axe.min.js"},
}


def npm():
    """The path of npm: the system's, or one from a Python package, installed beside this Python if it must be."""
    beside = Path(sys.executable).parent
    if found := shutil.which("npm") or shutil.which("npm", path=beside):
        return found
    pip = [sys.executable, "-m", "pip", "install", "--quiet", "--require-hashes"]
    subprocess.run([*pip, "-r", LOCK / "requirements.txt"], check=True)
    return beside / "npm"


def node():
    """The path of node, which comes with npm."""
    beside = Path(sys.executable).parent
    if found := shutil.which("node") or shutil.which("node", path=beside):
        return found
    raise FileNotFoundError("node: expected it on the PATH or beside this Python, found none. Run `make .cache/web`.")


def call_node(script, message, packages=NPM / "node_modules"):
    """What `script` prints, read as JSON. It finds `message` as JSON on its standard input, and `packages` by name.

    `CalledProcessError` if it fails; why, it has said on standard error.
    """
    run = subprocess.run(
        [node(), script],
        input=json.dumps(message).encode(),
        stdout=subprocess.PIPE,
        env=os.environ | {"NODE_PATH": str(packages)},
        check=True,
    )
    return json.loads(run.stdout)


def keep(path, text):
    """Write `text` to the file at `path`, which is whole or as it was, whatever breaks this off."""
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(path.name + ".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)


def install(lock=LOCK, folder=NPM):
    """Install the packages that are locked in the folder `lock` into `folder`; ends the program if npm cannot."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(lock / name, folder)
    command = [npm(), "ci", "--include=dev", "--ignore-scripts", "--no-audit", "--no-fund"]
    if subprocess.run(command, cwd=folder, check=False).returncode:
        sys.exit(
            "npm could not install what the site needs; it says why above. With EINTEGRITY a package is not the one "
            "that was locked: do not use it. Otherwise see to the cause, often the connection; then `make book` again."
        )


def lay_out(files=FILES, packages=NPM / "node_modules", web=WEB):
    """Copy `files` of the installed `packages` to `web`, which is whole or not there.

    `FileNotFoundError` if one is missing.
    """
    part = web.with_name(web.name + ".part")
    shutil.rmtree(part, ignore_errors=True)
    for package, wanted in files.items():
        for name, target in wanted.items():
            source = packages / package / name
            if not source.exists():
                raise FileNotFoundError(f"expected {name} in the npm package {package}, found none")
            (part / target).parent.mkdir(parents=True, exist_ok=True)
            copy = shutil.copytree if source.is_dir() else shutil.copy
            copy(source, part / target)
    shutil.rmtree(web, ignore_errors=True)
    part.rename(web)


if __name__ == "__main__":
    install()
    lay_out()
