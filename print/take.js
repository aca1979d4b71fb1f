// Run in a page that `book/_site/paper.js` has arranged for paper: what of it goes into the book, whose pages are all in
// one file. `names` are those of the pages in it, `address` is where the site can be read, if anywhere.
//
// -> { name, title, parts, html, text, figures }: its headings of the second level, its HTML as it is printed, and as
// pandoc reads it, with TeX for formulas and `NAME-N.png` for the figure N, from 0; and the figures as they are printed.
({ names, address }) => {
  const all = (root, what) => [...root.querySelectorAll(what)];
  const named = (url) =>
    url.pathname
      .split("/")
      .pop()
      .replace(/\.html$/, "");
  const name = named(location);
  const article = document.querySelector(".course-paper").cloneNode(true);

  for (const one of all(article, "[id]")) one.id = `${name}--${one.id}`;
  article.id = name;
  for (const link of all(article, "a[href]")) {
    const url = new URL(link.getAttribute("href"), location.href);
    if (url.protocol !== location.protocol) continue;
    const page = named(url);
    if (names.includes(page)) link.href = url.hash ? `#${page}--${decodeURIComponent(url.hash.slice(1))}` : `#${page}`;
    else if (address) link.href = `${address}/book/${page}.html${url.hash}`;
    else link.replaceWith(...link.childNodes);
  }
  for (const picture of all(article, "img[src]"))
    picture.src = new URL(picture.getAttribute("src"), location.href).href;

  // What a figure shows, in the words in which it is announced
  const spoken = all(document, ".bd-article:not(.course-paper) .course-view").map((view) => {
    const labels = all(view, ".course-figure [aria-label]").map((one) => one.getAttribute("aria-label"));
    return view.querySelector(".course-status")?.textContent || labels.join(". ");
  });

  function text() {
    const copy = article.cloneNode(true);
    all(copy, ".course-view").forEach((view, n) => {
      const picture = document.createElement("img");
      picture.src = `${name}-${n}.png`;
      picture.alt = spoken[n];
      view.querySelector(".course-figure").replaceWith(picture);
    });
    for (const formula of all(copy, ".katex")) {
      const [, mark, tex] = formula.getAttribute("aria-label").match(/^(\$\$?)(.*)\1$/s);
      const [open, close] = mark === "$" ? ["\\(", "\\)"] : ["\\[", "\\]"];
      (formula.closest(".katex-display") ?? formula).replaceWith(open + tex + close);
    }
    for (const code of all(copy, "div.highlight > pre")) {
      const plain = document.createElement("pre");
      if (code.closest("[class*=python]")) plain.className = "python";
      plain.append(code.textContent);
      code.parentElement.replaceWith(plain);
    }
    // pandoc cuts the book at its headings, which it sees on the uppermost level alone
    for (const section of all(copy, "section").reverse()) {
      const heading = section.querySelector(":scope > :is(h1, h2, h3, h4)");
      if (section.id && heading) heading.id = section.id;
      section.replaceWith(...section.childNodes);
    }
    const title = copy.querySelector("h1");
    title.id = name;
    copy.prepend(title);
    for (const part of all(copy, "style, svg, wbr, .course-link-number, .course-links")) part.remove();
    for (const box of all(copy, "div.docutils, div[class*=highlight-], .course-view").reverse())
      if (!box.classList.contains("course-question")) box.replaceWith(...box.childNodes);
    return copy.innerHTML;
  }

  const title = (heading) => ({ id: heading.closest("section").id, text: heading.textContent.trim() });
  const [first, ...parts] = all(article, "h1, section:not(.course-links) > h2").map(title);
  const figures = all(article, ".course-view > .course-figure").map((one) => one.outerHTML);
  return { name, title: first.text, parts, html: article.outerHTML, text: text(), figures };
};
