"""The copy to carry: the book in one file, opened by double-click, with no network. Its sliders: tests/test_sliders.py."""

import re
from urllib.parse import unquote, urlsplit

from chapters import PATHS
from conftest import PAGES, SITE
from course import ROOT


def test_the_site_offers_the_copy_and_it_is_small_enough_for_a_mail():
    (packed,) = SITE.glob("*.zip")
    assert f'href="../{packed.name}"' in (SITE / "book/index.html").read_text(encoding="utf-8")
    assert packed.stat().st_size <= 40e6


def test_its_first_page_leads_to_the_book(copy, visit):
    page = visit((copy / "index.html").as_uri(), offline=True).page
    assert page.url == (copy / "site/book/index.html").as_uri()


def pages(folder):
    return [path for path in folder.rglob("*.html") if "_static" not in path.parts]


def test_it_has_every_page_and_what_it_takes_to_run_every_chapter(copy):
    site = copy / "site"
    assert {path.relative_to(site).as_posix() for path in pages(site)} == set(PAGES)
    for path in [*PATHS, ROOT / "requirements.txt", ROOT / "pyproject.toml"]:
        assert (copy / path.relative_to(ROOT)).read_bytes() == path.read_bytes()
    assert (copy / "src/softmaxlab/mnist.xz").exists()


def dead_links(folder):
    """`[(page, link)]` of the links to files that are not there."""
    return [
        (page.relative_to(folder).as_posix(), link)
        for page in pages(folder)
        for link in re.findall(r"(?:href|src)=\"([^\"]+)\"", page.read_text(encoding="utf-8"))
        if not urlsplit(link).scheme and not urlsplit(link).netloc
        if not (page.parent / unquote(urlsplit(link).path)).exists()
    ]


def test_no_link_in_it_is_dead(copy):
    assert dead_links(copy) == []


def test_a_dead_link_is_found(tmp_path):
    (tmp_path / "page.html").write_text('<a href="page.html#here"> <a href="gone.html">')
    assert dead_links(tmp_path) == [("page.html", "gone.html")]


def test_search_finds_pages_in_it(copy, visit):
    """Without excerpts: from a file the browser refuses to read the pages found."""
    opened = visit((copy / "site/search.html").as_uri() + "?q=temperature", offline=True)
    opened.page.locator("#search-results a", has_text="Softmax").first.click()
    opened.page.wait_for_url("**/site/book/*.html*")
    assert [url for url in opened.requests if not url.startswith(("file:", "data:", "blob:"))] == []
