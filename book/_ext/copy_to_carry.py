"""Sphinx extension: the whole book in one file, which the site offers for download and which opens without the
internet.

Unpacked, it is laid out as the repository is, with the site beside: what README.md says of running a chapter is true
there, and what it links to is there.
"""

import re
import zipfile
from pathlib import Path

NAME = "from-pixels-to-probabilities"
ROOT = Path(__file__).parents[2]
PARTS = [
    "README.md",
    "LICENSE",
    "CITATION.cff",
    "CONTRIBUTING.md",
    ".github/book.png",
    "hub/README.md",
    "pyproject.toml",
    "requirements.txt",
    "_toc.yml",
    "book/*.ipynb",
    "book/*.md",
    "src/softmaxlab/**/*",
]
# The digits are in it once, beside the package: the pages fetch them there, when Python runs in them
DIGITS = ("_static/live/mnist.xz", "../src/softmaxlab/mnist.xz")
PACKED = {".zip", ".xz", ".woff2", ".png"}  # deflating them once more takes time and gains nothing
OFFER = re.compile(r'<li><p>(?:(?!</p>).)*<a class="course-carry".*?</p>\s*</li>', re.DOTALL)


def pack(site, root=ROOT):
    """Write the copy of `site` into it. The offer to download is not in the copy, where it would lead nowhere."""
    packed = site / f"{NAME}.zip"
    packed.unlink(missing_ok=True)
    files = [(file, Path("site", file.relative_to(site))) for file in site.rglob("*")]
    for part in PARTS:
        files += [(file, file.relative_to(root)) for file in root.glob(part)]
    with zipfile.ZipFile(packed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(
            f"{NAME}/index.html",
            entrance((site / "index.html").read_text("utf-8")),
        )
        for file, place in sorted(files):
            if file.is_file() and "__pycache__" not in file.parts and file not in (packed, site / DIGITS[0]):
                content = file.read_bytes()
                if file.suffix == ".html":
                    content = OFFER.sub("", content.decode()).replace(*DIGITS).encode()
                kind = zipfile.ZIP_STORED if file.suffix in PACKED else zipfile.ZIP_DEFLATED
                level = 1 if file.suffix == ".wasm" else None  # half a second less, for half a megabyte more
                archive.writestr(f"{NAME}/{place.as_posix()}", content, kind, level)


def entrance(page):
    """The site's entrance, as it is beside the site."""
    return re.sub(r'(url=|href=")(?!data:)', r"\1site/", page)


def pack_after_build(app, exception):
    if app.builder.format == "html" and not exception:
        pack(Path(app.outdir))


def setup(app):
    app.connect("build-finished", pack_after_build, priority=950)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
