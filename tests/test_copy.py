"""The copy to carry: the book in one file, opened by double-click, with no network. Its sliders:
tests/test_sliders.py. Beside it the site offers what was printed: print/test_print.py.
"""

import re
import shutil
import sys
from urllib.parse import unquote, urlsplit

from chapters import PATHS
from conftest import PAGES, SITE
from course import ROOT

sys.path.insert(0, str(ROOT / "book" / "_ext"))

from copy_to_carry import BOUND, NAME, OFFER, offer, pack, withdraw


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


def test_it_has_what_its_readme_links_to(tmp_path):
    site = tmp_path / "html"
    site.mkdir()
    (site / "index.html").write_text("")
    pack(site)
    shutil.unpack_archive(site / f"{NAME}.zip", tmp_path)
    readme = (tmp_path / NAME / "README.md").read_text(encoding="utf-8")
    links = [urlsplit(link) for link in re.findall(r"\]\((\S+)\)", readme)]
    files = {link.path for link in links if not link.scheme}
    assert "LICENSE" in files
    assert [file for file in files if not (tmp_path / NAME / file).exists()] == []


def dead_links(folder):
    """`[(page, link)]` of the links to files that are not there, or to a place that a page lacks."""
    folder = folder.resolve()
    texts = {page: page.read_text(encoding="utf-8") for page in pages(folder)}
    places = {page: set(re.findall(r"\bid=\"([^\"]+)\"", text)) for page, text in texts.items()}
    found = []
    for page, text in texts.items():
        for link in re.findall(r"\b(?:href|src)=\"([^\"]+)\"", text):
            scheme, host, path, _, place = urlsplit(link)
            file = (page.parent / unquote(path)).resolve() if path else page
            missing = place and file in places and unquote(place) not in places[file]
            if not scheme and not host and (missing or not file.exists()):
                found.append((page.relative_to(folder).as_posix(), link))
    return found


def test_no_link_in_it_is_dead(copy):
    assert dead_links(copy) == []


def test_a_dead_link_is_found(tmp_path):
    alive = ["page.html", "#there", "page.html#there", "../top.html#p%20q", "#", "https://gone"]
    dead = ["gone.html", "#here", "page.html#here", "../top.html#there", "gone.html#there"]
    folder = tmp_path / "book"
    folder.mkdir()
    (tmp_path / "top.html").write_text('<p id="p q">')
    page = "".join(f'<a href="{link}">' for link in [*alive, *dead])
    (folder / "page.html").write_text(f'<h2 id="there">{page}')
    assert dead_links(tmp_path) == [("book/page.html", link) for link in dead]


def test_the_first_page_offers_what_was_printed_until_the_site_is_built_anew(tmp_path):
    page = tmp_path / "book" / "index.html"
    page.parent.mkdir()
    page.write_text('<li><p>Carry.<span class="course-bound"></span></p></li>')
    for name in ("a.pdf", "a.epub"):
        (tmp_path / name).write_text(name)
    offer(tmp_path, tmp_path / "a.pdf", tmp_path / "a.epub", "230 pages, 4.0 MB", "2.0 MB")
    links = re.findall(r'href="([^"]+)"', page.read_text())
    assert len(links) == 2
    assert all((page.parent / link).exists() for link in links)
    assert "230 pages, 4.0 MB" in page.read_text()
    withdraw(tmp_path)
    assert "href" not in page.read_text()
    assert not any((page.parent / link).exists() for link in links)


def test_the_first_page_has_a_place_for_that_offer_which_the_copy_has_not():
    page = (SITE / "book/index.html").read_text(encoding="utf-8")
    assert len(BOUND.findall(page)) == 1
    assert not BOUND.search(OFFER.sub("", page))
