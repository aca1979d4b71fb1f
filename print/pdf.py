"""The pages of the book as one PDF: Chromium prints it, pikepdf finishes it."""

from html import escape

import pikepdf

TITLE = "From Pixels to Probabilities"
SUBTITLE = "Softmax classification from scratch, in NumPy and TensorFlow"
LICENCE = "Text and figures: CC BY 4.0. Code: BSD 3-Clause."
OPTIONS = {"prefer_css_page_size": True, "print_background": True}


def article(kind, html):
    """A part of the book that is no page of the site, dressed as one."""
    return f'<article class="bd-article course-paper {kind}">{html}</article>'


def cover(mark, edition):
    lines = f'<p class="bound-title">{TITLE}</p><p class="bound-subtitle">{SUBTITLE}</p>'
    foot = f'<p class="bound-foot">{edition}<br>{LICENCE}</p>'
    return article("bound-cover", f'<img src="{mark}" alt="">{lines}{foot}')


def contents(pages, numbers):
    """The table of contents; `numbers` says for the name of a place on which page of the PDF it is."""

    def line(place, text, kind=""):
        return f'<li{kind}><a href="#{place}"><span>{escape(text)}</span><b>{numbers.get(place, "")}</b></a></li>'

    lines = []
    for page in pages:
        lines.append(line(page["name"], page["title"], ' class="bound-chapter"'))
        if page["is_chapter"]:
            lines += [line(part["id"], part["text"]) for part in page["parts"]]
    return article("bound-contents", f"<h1>Contents</h1><ol>{''.join(lines)}</ol>")


def whole(pages, styles, front=""):
    """One page of HTML: what stands in `front`, and all `pages`, dressed by `styles`, addresses or CSS."""
    dressed = "".join(
        f"<style>{style}</style>" if "{" in style else f'<link rel="stylesheet" href="{style}">' for style in styles
    )
    title = TITLE if front else f"{pages[0]['title']} · {TITLE}"
    body = front + "".join(page["html"] for page in pages)
    return (
        f'<!DOCTYPE html><html lang="en" data-theme="light" data-mode="light"><head><meta charset="utf-8">'
        f"<title>{escape(title)}</title>{dressed}</head><body>{body}</body></html>"
    )


def figures(pages):
    """The articles of a PDF which has each figure on a page of its own."""
    boxes = "".join(f'<div class="bound-figure">{figure}</div>' for page in pages for figure in page["figures"])
    return {"title": "Figures", "html": article("bound-figures", boxes)}


def numbers_of(path):
    """`{name of a place: number of its page}` of the places in a PDF that something leads to."""
    with pikepdf.open(path) as pdf:
        numbers = {page.objgen: number for number, page in enumerate(pdf.pages, 1)}
        places = pdf.Root.get("/Dests", {})
        return {name.removeprefix("/"): numbers[place[0].objgen] for name, place in places.items()}


def print_to(path, tab, html, file, draft=False):
    """Print `html`, by way of `file`; a draft has no tags and bookmarks."""
    file.write_text(html, encoding="utf-8")
    tab.goto(file.as_uri())
    tab.evaluate("document.fonts.ready")
    tab.pdf(path=path, outline=not draft, tagged=not draft, **OPTIONS)


def finish(path, title, author):
    """Say what it is, call formulas formulas, and pack it tightly. -> how many pages it has"""
    with pikepdf.open(path, allow_overwriting_input=True) as pdf:
        for one in pdf.objects:
            # Chromium knows no tag for a formula: it is a figure, whose text is TeX
            is_figure = isinstance(one, pikepdf.Dictionary) and one.get("/S") == "/Figure"
            if is_figure and str(one.get("/Alt", "")).startswith("$"):
                one.S = pikepdf.Name.Formula
        del pdf.docinfo
        with pdf.open_metadata() as about:
            about["dc:title"] = title
            about["dc:creator"] = [author]
            about["dc:language"] = ["en"]
            about["dc:rights"] = LICENCE
            about["dc:description"] = SUBTITLE
        pdf.save(path, object_stream_mode=pikepdf.ObjectStreamMode.generate, recompress_flate=True)
        return len(pdf.pages)
