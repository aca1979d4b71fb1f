"""A book to hold, as one PDF and one EPUB, from the built site; or one page of it: python print/make.py [softmax]

Every page is arranged for paper by the site's own script (`book/_site/paper.js`) and printed by its own style
(`book/_static/print.css`), so it looks as when a reader prints it. The files lie in _build/print; the whole book also
beside the site, whose first page then offers it.
"""

import os
import re
import shutil
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import epub
import pdf
from playwright.sync_api import Error, sync_playwright

ROOT = Path(__file__).parents[1]
sys.path[:0] = [str(ROOT / "tools"), str(ROOT / "book" / "_ext")]
import browser  # noqa: E402
import course  # noqa: E402
from copy_to_carry import NAME, offer  # noqa: E402

SITE, OUT = ROOT / "_build" / "html", ROOT / "_build" / "print"
FONTS = ROOT / ".venv-print" / "node_modules" / "@fontsource-variable"
WEB_FONTS = ROOT / ".cache" / "web" / "site" / "fonts"
HERE = Path(__file__).parent
TAKE = (HERE / "take.js").read_text(encoding="utf-8")
ARRANGES = "document.documentElement.classList.contains('course-prints')"


def cited(key):
    """What CITATION.cff says under `key`, one line."""
    text = (ROOT / "CITATION.cff").read_text(encoding="utf-8")
    return re.search(rf'^ *(?:- )?{key}: *"?(.*?)"?$', text, re.MULTILINE)[1]


def edition():
    """The version, and the day of the commit, or where there is no git the day of the version."""
    day = ["git", "-C", ROOT, "log", "-1", "--format=%cs"]
    try:
        said = subprocess.run(day, check=True, text=True, capture_output=True).stdout.strip()
    except (OSError, subprocess.CalledProcessError):
        said = cited("date-released")
    return f"Version {cited('version')}, {said}"


def choose(names, wanted):
    """The names of the pages to print; ends the program if there is no page `wanted`."""
    if not wanted:
        return names
    if wanted not in names:
        sys.exit(f"CHAPTER: expected the name of a page, got {wanted}. There are {', '.join(names)}.")
    return [wanted]


def take(tab, site, name, names, patience):
    """A page of the site, arranged for paper: what `take.js` says; ends the program if the page does not come."""
    page = site / "book" / f"{name}.html"
    try:
        tab.goto(page.as_uri())
        tab.wait_for_function(ARRANGES, timeout=1000 * patience)
    except Error as error:
        sys.exit(f"{page}: expected a page of this version of the book, whole. Run `make book`. ({error})")
    tab.evaluate("dispatchEvent(new Event('beforeprint'))")
    return tab.evaluate(TAKE, {"names": names, "address": course.site()})


def write_epub(path, pages, work, about, figures, draft):
    """The EPUB, with its `figures` from a PDF of them, and its cover from a `draft` of the book if there is one."""
    if figures.exists():
        epub.draw_figures(pages, figures, work)
    cover = work / "cover.png" if draft else None
    if draft:
        epub.draw_cover(draft, cover)
    epub.write(path, pages, work, about | {"description": pdf.SUBTITLE}, cover, sorted(WEB_FONTS.glob("*.woff2")))
    return path


def make(wanted="", site=SITE, out=OUT, say=print, patience=120):
    """Write the PDF and the EPUB. `patience`: seconds in which a page has to be there. -> their paths"""
    if not (site / "book" / "index.html").exists():
        sys.exit(f"`make print` prints the built site, and there is none in {site}: run `make book` first.")
    chromium = browser.find()
    if chromium is None:
        sys.exit("`make print` needs Chromium or Chrome, and found none that starts: `make browser` installs one.")
    names = choose([Path(page).name for page in course.pages()], wanted)
    chapters = {chapter.name for chapter in course.chapters()}
    work = out / "parts"
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    path = out / f"{wanted or NAME}.pdf"
    began = time.monotonic()

    def tell(what):
        say(f"{time.monotonic() - began:5.1f} s  {what}", flush=True)

    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=browser.ARGUMENTS)
        tab = launched.new_page(viewport={"width": 612, "height": 960}, color_scheme="light")
        pages = []
        for number, name in enumerate(names, 1):
            page = take(tab, site, name, names, patience)
            pages.append(page | {"is_chapter": name in chapters})
            tell(f"{number:2} of {len(names)}  {page['title']}")
        styles = [sheet.as_uri() for sheet in [*site.glob("_static/site-*.css"), *FONTS.glob("*/index.css")]]
        styles.append((HERE / "pdf.css").read_text(encoding="utf-8"))
        figures = work / "figures.pdf"
        if any(page["figures"] for page in pages):
            pdf.print_to(figures, tab, pdf.whole([pdf.figures(pages)], styles), work / "figures.html")
        front, said, file, draft = "", edition(), work / "book.html", None
        if not wanted:
            draft = work / "draft.pdf"
            cover = pdf.cover((site / "_static" / "mark.svg").as_uri(), said)
            pdf.print_to(draft, tab, pdf.whole(pages, styles, cover + pdf.contents(pages, {})), file, draft=True)
            front = cover + pdf.contents(pages, pdf.numbers_of(draft))
            tell("a draft, to see on which page everything is")
        title = pages[0]["title"] if wanted else pdf.TITLE
        about = {"title": title, "author": cited("name"), "date": said.split()[-1], "rights": pdf.LICENCE}
        # Pandoc works while Chromium prints
        with ThreadPoolExecutor(1) as beside:
            text = beside.submit(write_epub, path.with_suffix(".epub"), pages, work, about, figures, draft)
            pdf.print_to(path, tab, pdf.whole(pages, styles, front), file)
            tell("printed")
            launched.close()
            count = pdf.finish(path, title, cited("name"))
            tell(f"{os.path.relpath(path, ROOT)}: {count} pages, {size(path)}")
            text = text.result()
            tell(f"{os.path.relpath(text, ROOT)}: {size(text)}")
    if not wanted:
        offer(site, path, text, f"{count} pages, {size(path)}", size(text))
        tell("the first page of the site offers both")
    return path, text


def size(path):
    return f"{path.stat().st_size / 1e6:.1f} MB"


if __name__ == "__main__":
    make(*sys.argv[1:])
