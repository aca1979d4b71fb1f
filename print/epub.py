"""The pages of the book as one EPUB: pandoc writes it, with MathML, code in colour, and a picture of each figure."""

import json
import subprocess
import sys
import uuid
from pathlib import Path

import pypandoc
import pypdfium2 as pdfium
from PIL import Image, ImageChops

SCALE = 150 / 72  # of what is printed, to pixels
COLOURS = 128  # as many as a picture of a figure needs
ACCESSIBLE = {
    "accessModes": ["textual", "visual"],
    "accessModeSufficient": ["textual"],
    "accessibilityFeatures": ["alternativeText", "MathML", "readingOrder", "structuralNavigation", "tableOfContents"],
    "accessibilityHazards": ["none"],
    "accessibilitySummary": "Pictures have texts, formulas are MathML, headings are headings.",
}


def draw(path, picture):
    """Keep a picture of a page, cut to what is on it, with few colours: a file of a third of the size."""
    blank = ImageChops.difference(picture, Image.new("RGB", picture.size, "white")).getbbox()
    picture.crop(blank).quantize(COLOURS).save(path, optimize=True)


def draw_figures(pages, printed, folder):
    """Pictures of the figures of all `pages`, named as `take.js` does, from a PDF with a page for each."""
    names = [f"{page['name']}-{number}.png" for page in pages for number, _ in enumerate(page["figures"])]
    with pdfium.PdfDocument(printed) as document:
        if len(document) != len(names):
            raise ValueError(f"{printed}: expected {len(names)} pages, one for a figure, got {len(document)}.")
        for name, page in zip(names, document):
            draw(folder / name, page.render(scale=SCALE).to_pil().convert("RGB"))


def draw_cover(printed, path):
    """A picture of the first page of the book."""
    with pdfium.PdfDocument(printed) as document:
        document[0].render(scale=SCALE).to_pil().convert("RGB").quantize(COLOURS).save(path, optimize=True)


def write(path, pages, folder, about, cover=None, fonts=()):
    """Write the EPUB from what `take.js` has made of the `pages`; `about` is its metadata.

    Ends the program if pandoc cannot, or warns: of a formula that it cannot set, or a picture that is not there.
    """
    identifier = f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, about['title'])}"
    about = {"lang": "en", "identifier": identifier} | about | ACCESSIBLE
    (folder / "about.json").write_text(json.dumps(about), encoding="utf-8")
    html = "\n".join(page["text"] for page in pages).replace('src="file://', 'src="')
    (folder / "book-text.html").write_text(f"<!DOCTYPE html><html><body>{html}</body></html>", encoding="utf-8")
    command = [pypandoc.get_pandoc_path(), "--from=html+tex_math_single_backslash", "--to=epub3", "--mathml"]
    command += ["--fail-if-warnings", "--toc", "--toc-depth=2", "--split-level=1", f"--resource-path={folder}"]
    command += [f"--metadata-file={folder / 'about.json'}", f"--css={Path(__file__).with_name('epub.css')}"]
    command += [f"--epub-embed-font={font}" for font in fonts]
    command += [f"--epub-cover-image={cover}"] if cover else []
    done = subprocess.run([*command, f"--output={path}", folder / "book-text.html"], check=False)
    if done.returncode:
        sys.exit(f"pandoc did not make {path.name}, and says why above. What it read is {folder / 'book-text.html'}.")
