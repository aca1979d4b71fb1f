"""Sphinx extension: the whole book in one file, which the site offers for download and which opens without the
internet.

Unpacked, it is laid out as the repository is, with the site beside: what README.md says of running a chapter is true
there, and what it links to is there.

Beside it the site offers the book as a PDF and an EPUB, when `make print` has made them from it. A build withdraws what
was made from the one before.
"""

import re
import shutil
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

# Where the first page offers what was printed
PRINTED = [f"{NAME}.pdf", f"{NAME}.epub"]
BOUND = re.compile(r'(<span class="course-bound">).*?(</span>)', re.DOTALL)


def offer(site, pdf, epub, about_pdf, about_epub):
    """Put the printed book into the `site`, and say so on its first page, with what there is to say of each file."""
    for file, name in zip((pdf, epub), PRINTED):
        shutil.copy(file, site / name)
    words = (
        f' To print or to write on: <a href="../{PRINTED[0]}" download>the book as a PDF</a> ({about_pdf}). '
        f'For an e-reader: <a href="../{PRINTED[1]}" download>as an EPUB</a> ({about_epub}).'
    )
    say(site, words)


def withdraw(site):
    """The `site` has no printed book, and its first page does not offer one."""
    for name in PRINTED:
        (site / name).unlink(missing_ok=True)
    say(site, "")


def say(site, words):
    """`ValueError` if the first page has no place to say it, and there is something to say."""
    page = site / "book" / "index.html"
    before = page.read_text(encoding="utf-8")
    html, places = BOUND.subn(rf"\1{words}\2", before)
    if words and not places:
        raise ValueError(f'{page}: expected <span class="course-bound"></span>, where the printed book is offered')
    if html != before:
        page.write_text(html, encoding="utf-8")


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
        withdraw(Path(app.outdir))
        pack(Path(app.outdir))


def setup(app):
    app.connect("build-finished", pack_after_build, priority=950)
    return {
        "version": "1",
        "parallel_read_safe": True,
        "parallel_write_safe": True,
    }
