"""A link that is shared shows what is on the page: its title, one sentence, and a picture of its own."""

import html
import re
import struct
import sys

import course
import matplotlib.colors
import numpy as np
import pytest
from conftest import PAGES, SITE
from course import ROOT
from fork import ADDRESS
from matplotlib.image import imread

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from shared_links import HEIGHT, WIDTH, can_write, card, tags

from softmaxlab.plots import COLOURS


def said(page):
    """`{name: content}` of what the HTML of a page says in its head, with its `title`; no name may be there twice."""
    head = page.partition("</head>")[0]
    found = [("title", re.search(r"<title>(.*?)</title>", head)[1])]
    found += re.findall(r'<meta (?:name|property)="([\w:]+)" content="(.*?)">', head)
    names = [name for name, _ in found]
    assert len(names) == len(set(names)), names
    assert head.count('name="description"') == 1
    return {name: html.unescape(text) for name, text in found}


def of_site(site):
    return {name: said((site / name).read_text(encoding="utf-8")) for name in PAGES}


def repeats(pages, what):
    """The pages that say of themselves what another page says of itself. The entrance stands for the first page."""
    own = [page[what] for name, page in pages.items() if name != "index.html"]
    return [name for name, page in pages.items() if own.count(page[what]) > 1]


# Every page


@pytest.mark.parametrize("what", ["title", "description", "og:title", "og:description"])
def test_each_page_has_its_own(what):
    pages = of_site(SITE)
    assert len(pages) == len(course.pages()) + 2
    assert all(page[what] for page in pages.values())
    assert repeats(pages, what) == []


def test_a_page_that_says_what_another_says_is_found():
    pages = {"a.html": {"title": "One"}, "b.html": {"title": "Two"}, "c.html": {"title": "One"}}
    assert repeats(pages, "title") == ["a.html", "c.html"]


def test_a_chapter_is_described_by_its_question_and_another_page_by_its_first_sentence():
    pages = of_site(SITE)
    for chapter in course.chapters():
        page = pages[f"book/{chapter.name}.html"]
        assert page["og:title"] == chapter.title
        assert page["description"] == page["og:description"]
        assert page["description"].replace("\N{NO-BREAK SPACE}", " ") == chapter.question
    notation = (ROOT / "book" / "notation.md").read_text(encoding="utf-8").splitlines()[2]
    assert notation.startswith(pages["book/notation.html"]["description"])
    assert re.fullmatch(r"[^.]+\.", pages["book/notation.html"]["description"])


def test_what_stands_in_a_tag_cannot_end_it():
    lines = tags('"Quoted" <b>', "a & b", "Name", "article")
    assert said(f"<head><title>t</title>{lines}</head>")["og:title"] == '"Quoted" <b>'
    assert "<b>" not in lines


# Addresses


@pytest.mark.parametrize(
    ("environ", "url"),
    [
        ({}, None),
        ({"COURSE_SITE_URL": " "}, None),
        ({"GITHUB_REPOSITORY": "someone/fork"}, None),
        ({"COURSE_SITE_URL": f" {ADDRESS}/\n"}, ADDRESS),
    ],
)
def test_only_the_environment_says_where_the_site_is(environ, url):
    assert course.site(environ) == url


def test_without_an_address_there_is_none_in_the_head():
    lines = tags("Title", "A sentence.", "Name", "article", None, "book/a.html", "a.png")
    assert "http" not in lines and "a.png" not in lines and "og:url" not in lines


def test_each_page_says_its_address_and_that_of_its_picture(forked_site):
    pictures = {}
    for name, page in of_site(forked_site).items():
        shown = f"{course.pages()[0]}.html" if name == "index.html" else name
        assert page["og:url"] == f"{ADDRESS}/{shown}"
        if name == "search.html":
            continue
        pictures[name] = page["og:image"].removeprefix(f"{ADDRESS}/")
        assert page["twitter:card"] == "summary_large_image"
        assert (forked_site / pictures[name]).is_file()
    assert pictures.pop("index.html") == pictures[f"{course.pages()[0]}.html"]
    assert len(set(pictures.values())) == len(pictures)


def test_no_page_loads_a_picture_that_is_only_for_others(forked_site):
    for name in PAGES:
        body = (forked_site / name).read_text(encoding="utf-8").partition("</head>")[2]
        assert "shared/" not in body


# The pictures


def size(png):
    return struct.unpack(">II", png.read_bytes()[16:24])


def chapter_pictures(site):
    return {chapter.name: site / "_static" / "shared" / "book" / f"{chapter.name}.png" for chapter in course.chapters()}


def test_each_picture_has_the_size_that_the_page_says(forked_site):
    for path in (forked_site / "_static" / "shared").rglob("*.png"):
        assert size(path) == (WIDTH, HEIGHT) == (1200, 630)


def ink(pixels, rows, columns):
    """How much of a part of a picture is not paper, from 0 to 1."""
    paper = matplotlib.colors.to_rgb(COLOURS["paper"])
    return float((np.abs(pixels[rows, columns, :3] - paper).max(axis=2) > 0.1).mean())


def edge(pixels):
    """How much ink there is at the edge, where words would be cut off."""
    border = np.ones(pixels.shape[:2], bool)
    border[24:-24, 24:-24] = False
    return ink(np.where(border[..., None], pixels, 1), slice(None), slice(None))


def test_each_chapter_shows_its_words_and_its_figure_and_nothing_is_cut_off(forked_site):
    for path in chapter_pictures(forked_site).values():
        pixels = imread(path)
        assert ink(pixels, slice(120, 260), slice(50, 1150)) > 0.02
        assert ink(pixels, slice(300, 610), slice(400, 1160)) > 0.02
        assert edge(pixels) == 0


def drawn(tmp_path, *words, **options):
    card(*words, **options).savefig(tmp_path / "card.png")
    return imread(tmp_path / "card.png")


def test_words_that_are_cut_off_are_found(tmp_path):
    assert edge(drawn(tmp_path, "A title", "A sentence.", "Name")) == 0
    assert edge(drawn(tmp_path, "A title " * 20, "A sentence.", "Name")) > 0
    assert edge(drawn(tmp_path, "A title", "A sentence. " * 99, "Name")) > 0


def test_a_picture_has_the_colours_of_the_palette(tmp_path):
    pixels = drawn(tmp_path, "A title", "A sentence.", "Name").reshape(-1, 4)[:, :3]
    found = {matplotlib.colors.to_hex(colour) for colour in np.unique(pixels, axis=0)}
    assert {COLOURS[name] for name in ("paper", "ink", "link", "class-0", "class-1", "class-2")} <= found


def test_a_sentence_is_left_out_that_the_typeface_cannot_write(tmp_path):
    assert can_write("How sure is it? 70 %, says p.")
    assert not can_write("中文")
    without = drawn(tmp_path, "A title", "", "Name")
    assert np.array_equal(drawn(tmp_path, "A title", "In 中文.", "Name"), without)
