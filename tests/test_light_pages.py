"""A page has what it uses and nothing else, does not wait for a script, and keeps a place for each picture. What
it asks for when somebody opens it: test_site.py.
"""

import re
import shutil
import sys

import pytest
from conftest import LAID_OUT, PAGES, SITE
from course import ROOT
from sphinx.errors import ExtensionError

sys.path.insert(0, str(ROOT / "book" / "_ext"))

import light_pages
import one_stylesheet

# The entrance at the top leads on, and has nothing of the theme
FULL = [page for page in PAGES if page != "index.html"]


def html_of(page):
    return (SITE / page).read_text(encoding="utf-8")


# Styles


def test_a_rule_is_left_out_when_no_page_has_its_name_and_own_rules_stay(tmp_path):
    css = ".used{color:red}.unused{color:red}.used .unused{color:red}"
    purged = one_stylesheet.purge(css, ".drawn-by-a-script{color:red}", ["used"], kept=tmp_path)
    assert "unused" not in purged
    assert ".used" in purged
    assert ".drawn-by-a-script" in purged


def test_words_that_use_a_style_stand_in_tags_and_scripts_and_not_in_prose():
    page = '<p class="lead">A table of <b>contents</b></p><script>add("open")</script>'
    assert {"lead", "open"} <= one_stylesheet.names(page)
    assert not {"table", "contents"} & one_stylesheet.names(page)


def test_a_file_that_a_style_names_is_named_from_where_the_one_stylesheet_is():
    css = 'a{background:url("../img/a.svg")}b{background:url(data:image/png;base64,A)}c{src:url(x.woff2)}'
    assert one_stylesheet.rebased(css, "vendor/katex") == (
        "a{background:url(vendor/img/a.svg)}b{background:url(data:image/png;base64,A)}c{src:url(vendor/katex/x.woff2)}"
    )


@pytest.fixture
def icon_fonts():
    import pydata_sphinx_theme

    theme = one_stylesheet.Path(pydata_sphinx_theme.__file__).parent / "theme" / "pydata_sphinx_theme"
    return theme / "static" / one_stylesheet.ICONS


@pytest.mark.parametrize("written", ['"\\f0c9"', '"\uf0c9"', "var(--pst-icon-bars)"])
def test_an_icon_becomes_a_drawing_however_the_theme_writes_it(written, icon_fonts):
    css = f':root{{--pst-icon-bars:var(--pst-icon-menu);--pst-icon-menu:"\\f0c9"}}.fa-bars:before{{content:{written}}}'
    drawn = one_stylesheet.draw_icons(css, icon_fonts)
    assert re.search(r'\.fa-bars:before\{content:"";[^}]*mask:url\("data:image/svg\+xml,', drawn)
    assert "f0c9" not in drawn


def test_an_icon_that_no_font_has_stops_the_build(icon_fonts):
    with pytest.raises(ExtensionError, match="efff"):
        one_stylesheet.draw_icons('.fa-none:before{content:"\\efff"}', icon_fonts)


@pytest.mark.parametrize("page", FULL)
def test_a_page_has_one_stylesheet_and_the_fonts_of_its_text_are_in_it(page):
    (address,) = re.findall(r'<link[^>]*rel="stylesheet"[^>]*href="([^"]+)"', html_of(page))
    css = (SITE / page).parent.joinpath(address).read_text(encoding="utf-8")
    fonts = [rule for rule in re.findall(r"@font-face\{([^}]*)\}", css) if "url(data:font/" in rule]
    families = sorted(re.search(r"font-family:\s*[\"']?([\w ]+)", rule)[1] for rule in fonts)
    assert families == ["Atkinson Hyperlegible Mono"] + ["Atkinson Hyperlegible Next"] * 2 + [
        "KaTeX_Main",
        "KaTeX_Math",
    ]


# Scripts


def waited_for(html):
    """The scripts that a browser fetches and runs before it goes on with the page."""
    return [tag for tag in re.findall(r"<script\b[^>]*\bsrc=[^>]*>", html) if not re.search(r"\b(defer|async)\b", tag)]


@pytest.mark.parametrize("page", [page for page in FULL if page != "search.html"])
def test_a_page_waits_for_no_script(page):
    assert waited_for(html_of(page)) == []


def test_a_script_that_a_page_waits_for_is_found():
    tags = ['<script src="a.js"></script>', '<script defer src="b.js"></script>', "<script>1</script>"]
    assert waited_for("".join(tags)) == ['<script src="a.js">']


@pytest.mark.parametrize("page", FULL)
def test_a_page_asks_for_the_script_of_the_figures_where_it_has_some(page):
    html = html_of(page)
    assert ("_static/widgets.js" in html) == ("data-view=" in html)


def test_the_landing_page_alone_has_the_machine_in_it():
    assert [page for page in FULL if 'id="course-machine-record"' in html_of(page)] == ["book/index.html"]


def test_the_theme_asks_no_box_for_its_size(tmp_path):
    class App:
        class builder:
            format = "html"

        outdir = tmp_path

    script = tmp_path / "_static" / light_pages.THEME_SCRIPT
    script.parent.mkdir(parents=True)
    shutil.copy(SITE / "_static" / light_pages.THEME_SCRIPT, script)
    assert not light_pages.STOPS.search(script.read_text(encoding="utf-8"))
    script.write_text("another theme", encoding="utf-8")
    with pytest.raises(ExtensionError, match=light_pages.THEME_SCRIPT):
        light_pages.leave_stops(App, None)


def test_what_moves_in_its_own_box_is_a_stop_for_the_tab_key_and_nothing_else_is(site, visit):
    page = visit(f"{site}/book/softmax.html", width=360).open_all()
    page.add_style_tag(content=LAID_OUT)
    page.wait_for_function("""() => [...document.querySelectorAll("main pre")].every(
      box => (box.tabIndex === 0) === (box.scrollWidth > box.clientWidth)
    )""")
    assert {box.evaluate("box => box.tabIndex") for box in page.locator("main pre").all()} == {0, -1}


@pytest.mark.parametrize("width", [360, 1440])
def test_a_link_into_a_page_leads_to_its_place_though_what_is_far_is_not_laid_out(width, site, visit):
    page = visit(f"{site}/book/softmax.html", width=width).page
    sections = page.locator(".bd-article > section > section").evaluate_all("all => all.map(one => one.id)")
    there = "id => Math.abs(document.getElementById(id).getBoundingClientRect().top) < 100 || innerHeight + scrollY + 1"
    there += " > document.documentElement.scrollHeight"
    for name in (sections[-1], sections[1], sections[len(sections) // 2]):
        page.evaluate("id => { location.hash = id }", name)
        page.wait_for_function(there, arg=name)
        page.goto("about:blank")
        page.goto(f"{site}/book/softmax.html#{name}")
        page.wait_for_function(there, arg=name)


# Pictures


def without_a_place(html):
    """The pictures that do not say how large they are."""
    tags = re.findall(r"<img\b[^>]*>", html)
    return [tag for tag in tags if not (re.search(r'\bwidth="\d', tag) and re.search(r'\bheight="\d', tag))]


def early(html):
    """The pictures of a page's text that do not wait until they are near, but for those that the page itself holds."""
    tags = [tag for tag in re.findall(r"<img\b[^>]*>", html.partition("<article")[2]) if 'src="data:' not in tag]
    return [tag for tag in tags if 'loading="lazy"' not in tag]


@pytest.mark.parametrize("page", PAGES)
def test_every_picture_says_how_large_it_is_and_comes_when_it_is_near(page):
    assert without_a_place(html_of(page)) == []
    assert early(html_of(page)) == []


def test_a_picture_without_a_place_or_too_early_is_found():
    placed, early_one = '<img src="a.svg" width="3" height="4" loading="lazy">', '<img src="b.svg" width="30%">'
    assert without_a_place(placed + early_one) == [early_one]
    assert early(f"<article>{placed}{early_one}</article>") == [early_one]


# Files


def not_asked_for(folder):
    """The files in `folder` that only developers use, or that belong to what pages do without."""
    unused = re.compile(r"\.(map|ttf|woff|otf|eot)$|fontawesome|mathjax|require\.js|thebe")
    return sorted(path.name for path in folder.rglob("*") if unused.search(path.name.lower()))


def test_the_site_has_no_file_that_nothing_asks_for():
    assert not_asked_for(SITE) == []
    assert [path.name for path in (SITE / "_static").glob("*.css")] == [path.name for path in SITE.rglob("*.css")]


def test_a_file_that_nothing_asks_for_is_found(tmp_path):
    for name in ("a.js", "a.js.map", "font.ttf", "font.woff2"):
        (tmp_path / name).touch()
    assert not_asked_for(tmp_path) == ["a.js.map", "font.ttf"]
