// A page on paper: while the browser prints, a copy of the article stands before it, arranged for paper, and is printed
// instead (`book/_static/print.css`). `make print` takes the same copies and makes a book of them.
//
// In the copy figures are still and say where they stand and where they move, choices are a list of a, b, c, what they
// open has moved to the end of the page, and the links that lead out are listed there.
import { tag } from "../../src/softmaxlab/widgets/drawn.js";

const REPLIES = { prediction: "Predictions", question: "Check yourself", exercise: "Exercises" };
// What answers to a hand, and what only a screen says
const HANDS =
  "button, input, select, textarea, form, template, script, style, [role=status], .live-tools, .headerlink, .course-column";
const OF_PREDICTIONS = ".course-pointing, .course-cross, .course-welcome";
const OF_FIGURES =
  ".course-pad-shelf, .course-machine-shelf, .course-pad-hint, .course-pad-cursor, .course-thumbs, .course-hint, " +
  ".course-machine-ink small";
const OF_QUESTIONS =
  ".course-choices, .course-feedback, .course-closed, .course-said, .course-done, .course-start, li:has(.course-carry)";
// How high a figure may be, how wide it is tried, and how much smaller its words may get, in pixels of CSS: a sheet has
// some 610 of them by 960
const HIGHEST = 370;
const SMALLEST = 0.75;
const WIDTHS = [560, 510, 460, 410];
// How wide a picture may be, how high one that a cell draws, and how high another: one with panels below each other more
const WIDEST = 610;
const HEIGHTS = { drawn: 272, wide: 330, tall: 450 };
// Lines of code, with what they print, that stay together
const TOGETHER = 24;
const LOCAL = /^(localhost|127\.|\[::1\])/;

const SETTLED = "course-prints";

const all = (root, what) => [...root.querySelectorAll(what)];

function words(element) {
  const copy = element.cloneNode(true);
  for (const link of all(copy, ".headerlink")) link.remove();
  return copy.textContent.trim();
}

// Where this page can be read: in full where others can reach it, else its file
function whereabouts() {
  const known = document.querySelector("link[rel=canonical]")?.href;
  if (known) return known;
  const { protocol, hostname, origin, pathname } = location;
  if (protocol.startsWith("http") && !LOCAL.test(hostname)) return origin + pathname;
  return pathname.split("/").pop();
}

// A copy has no ink on its sheets
function paint(article, copy) {
  const sheets = all(article, "canvas");
  all(copy, "canvas").forEach((canvas, n) => {
    const picture = tag("img", canvas.className, canvas.parentElement);
    picture.src = sheets[n].toDataURL();
    picture.alt = canvas.getAttribute("aria-label") ?? "";
    picture.width = canvas.width;
    picture.height = canvas.height;
    canvas.replaceWith(picture);
  });
}

// A formula is a picture whose text is its TeX; what holds a place in it is no letter to copy.
function nameFormulas(copy) {
  for (const formula of all(copy, ".katex")) {
    const mark = formula.closest(".katex-display") ? "$$" : "$";
    formula.setAttribute("role", "img");
    formula.setAttribute("aria-label", mark + formula.querySelector("annotation").textContent.trim() + mark);
    formula.querySelector(".katex-mathml").remove();
    formula.querySelector(".katex-html").removeAttribute("aria-hidden");
    for (const one of all(formula, ".vlist-s")) one.textContent = "";
  }
}

// An editor shows the lines that are near the window: on paper stands all that is in it.
function typeset(article, copy) {
  const editors = all(article, ".live-editor");
  all(copy, ".live-editor").forEach((editor, n) => {
    const text = editors[n].dataset.text;
    const lines = all(editor, ".cm-line");
    const code = tag("pre", "", document.createDocumentFragment());
    if (lines.map((line) => line.textContent).join("\n") !== text) code.textContent = text;
    else lines.forEach((line, n) => code.append(n ? "\n" : "", ...line.childNodes));
    editor.previousElementSibling.remove(); // the code as it was
    editor.replaceChildren(code);
    editor.classList.add("highlight");
  });
}

// Pictures that wait until they are near come now, and are as large as a sheet allows.
function place(copy) {
  for (const picture of all(copy, "img[loading]")) {
    picture.removeAttribute("loading");
    const [width, height] = ["width", "height"].map((side) => Number(picture.getAttribute(side)));
    const kind = picture.closest(".cell_output") ? "drawn" : width > height ? "wide" : "tall";
    const share = Math.min(1, WIDEST / width, HEIGHTS[kind] / height);
    picture.width = share * width;
    picture.height = share * height;
    picture.style.width = ""; // what the page may ask is for a screen
  }
}

// Where the sliders of a figure stand, in words
function stands(view) {
  return all(view, ".course-slider").map((row) => {
    const name = row.querySelector(".course-slider-name") ?? row.querySelector("button");
    const value = row.querySelector(".course-slider-value, .course-chip:has([checked])");
    return `${name.textContent.replace(/^Another /, "")} ${value.textContent}`;
  });
}

function settle(view, page) {
  const positions = stands(view);
  const here = positions.length ? `Here ${positions.join(", ")}. ` : "";
  const note = tag("p", "course-whereabouts", view, `${here}Try it: `);
  const place = view.dataset.view ? `figure=${Number(view.dataset.view) + 1}` : view.id;
  const address = place ? `${page}#${place}` : page;
  const link = tag(page.includes(":") ? "a" : "span", "", note, address.replace(/^https?:\/\//, ""));
  if (page.includes(":")) link.href = address;
  for (const part of all(view, ".course-sliders, .course-tools")) part.remove();
  // in a table it is the name of a row
  for (const button of all(view, "th button")) button.replaceWith(...button.childNodes);
}

// Code that is longer than a page can wait for may break; what a cell prints stays with it if both are short.
function tie(copy) {
  const lines = (part) => all(part, "pre").reduce((sum, one) => sum + one.textContent.trim().split("\n").length, 0);
  for (const code of all(copy, "div.highlight")) code.classList.toggle("course-long", lines(code) > TOGETHER);
  for (const cell of all(copy, "div.cell:not(:has(img, .course-view))")) {
    cell.classList.toggle("course-together", lines(cell) <= TOGETHER);
  }
}

// A picture gets narrower while that makes its figure less high, and if it has to, all in it smaller: no page is left
// half empty before a figure.
function fit(copy) {
  copy.classList.add("course-fitting");
  for (const view of all(copy, ".course-view")) {
    const picture = view.querySelector(".course-picture");
    if (!picture) continue;
    let [width, height] = [picture.offsetWidth, view.offsetHeight];
    for (const next of WIDTHS.filter((one) => one < width)) {
      if (height <= HIGHEST) break;
      picture.style.width = `${next}px`;
      if (view.offsetHeight >= height) break;
      [width, height] = [next, view.offsetHeight];
    }
    picture.style.width = `${width}px`;
    const share = 1 - (height - HIGHEST) / picture.offsetHeight;
    if (share < 1) picture.style.zoom = Math.max(share, SMALLEST);
  }
  copy.classList.remove("course-fitting");
}

// Folded code is plumbing, and left out, unless a reader has opened an editor in it; and no section is left with nothing
// in it.
function unfold(copy) {
  for (const fold of all(copy, "details.hide")) {
    const section = fold.closest("section");
    const code = fold.querySelector(".cell_input");
    const cell = fold.parentElement;
    fold.remove();
    const typed = code.querySelector(".live-editor");
    if (typed || all(section, ":scope > :not(:is(h1, h2, h3, h4))").every((one) => !one.textContent.trim())) {
      cell.prepend(code);
    }
  }
  for (const fold of all(copy, ".bd-article details:not(.course-question > details)")) {
    const title = document.createElement("p");
    const summary = fold.querySelector("summary");
    tag("strong", "", title).append(...summary.childNodes);
    summary.replaceWith(title);
    fold.replaceWith(...fold.childNodes);
  }
}

// What a box asks is called by its number; a prediction has none, and is called by the heading that it stands under.
function name(box) {
  const number = box.querySelector("p > strong")?.textContent.match(/^\d+/);
  if (number) return number[0];
  const heading = box.closest("section").querySelector("h1, h2, h3, h4");
  return heading.matches("h1") ? "At the top" : words(heading).replace(/:.*/, "");
}

function reply(box, details, letter) {
  const said = document.createElement("div");
  said.className = "course-reply";
  const label = letter ? `${name(box)} ${letter}. ` : `${name(box)} ${words(details.querySelector("summary"))}. `;
  details.querySelector("summary").remove();
  said.append(...details.childNodes);
  for (const line of all(said, ".course-said")) line.remove();
  const first = said.firstElementChild?.matches("p") ? said.firstElementChild : tag("p", "", said);
  if (first !== said.firstElementChild) said.prepend(first);
  const link = document.createElement("a");
  link.href = `#${box.id}`;
  link.append(label);
  const strong = document.createElement("strong");
  strong.append(link);
  first.prepend(strong);
  return said;
}

// Choices become a list; what they, hints and answers open moves into a section of its own.
function answers(copy) {
  const section = document.createElement("section");
  section.id = "answers";
  tag("h2", "", section, "Answers");
  const parts = {};
  for (const box of all(copy, ".course-question")) {
    const details = all(box, ":scope > details");
    if (!details.length) continue;
    const kind = box.id.replace(/-\d+$/, "");
    if (!parts[kind]) {
      parts[kind] = tag("section", "", section);
      parts[kind].id = `answers-${kind}`;
      tag("h3", "", parts[kind], REPLIES[kind]);
    }
    const list = document.createElement("ol");
    const choices = box.classList.contains("course-has-choices");
    if (choices) {
      list.type = "a";
      list.className = "course-listed";
      details[0].before(list);
    }
    details.forEach((one, n) => {
      if (choices) tag("li", "", list).append(...one.querySelector("summary").cloneNode(true).childNodes);
      parts[kind].append(reply(box, one, choices && "abcdefgh"[n]));
      one.remove();
    });
  }
  if (section.querySelector("section")) copy.querySelector("section").append(section);
}

// Links that lead out get a number, and their addresses stand at the end.
function listLinks(copy) {
  const found = [];
  for (const link of all(copy, "a[href^=http]")) {
    if (link.origin === location.origin || link.closest(".course-whereabouts")) continue;
    if (!found.includes(link.href)) found.push(link.href);
    tag("sup", "course-link-number", link, found.indexOf(link.href) + 1);
  }
  if (!found.length) return;
  const section = tag("section", "course-links", copy.querySelector("section"));
  section.id = "links";
  tag("h2", "", section, "Links");
  const list = tag("ol", "", section);
  for (const address of found) {
    const link = tag("a", "", tag("li", "", list), address.replace(/^https?:\/\//, ""));
    link.href = address;
  }
}

// The page has its name at the head of each sheet.
function head(copy, page) {
  const file = page.replace(/\.html$/, "").replace(/.*\//, "");
  const title = words(copy.querySelector("h1")).replace(/:.*/, "");
  copy.style.page = `page-${file}`;
  const style = document.createElement("style");
  style.textContent = `@page page-${file} { @top-right { content: ${JSON.stringify(title)} } }`;
  copy.prepend(style);
}

function arrange(article) {
  const page = whereabouts();
  const copy = article.cloneNode(true);
  copy.classList.add("course-paper");
  paint(article, copy);
  place(copy);
  for (const view of all(copy, ".course-view")) settle(view, page);
  typeset(article, copy);
  nameFormulas(copy);
  unfold(copy);
  tie(copy);
  for (const part of all(copy, `${HANDS}, ${OF_PREDICTIONS}, ${OF_FIGURES}, ${OF_QUESTIONS}`)) part.remove();
  answers(copy);
  listLinks(copy);
  head(copy, page);
  return copy;
}

function printOnPaper() {
  const { documentElement: root } = document;
  let copy = null;
  let theme;
  addEventListener("beforeprint", () => {
    const article = document.querySelector(".bd-article");
    if (copy || !article) return;
    copy = arrange(article);
    article.before(copy);
    fit(copy);
    theme = root.dataset.theme;
    root.dataset.theme = "light";
  });
  addEventListener("afterprint", () => {
    if (!copy) return;
    copy.remove();
    copy = null;
    root.dataset.theme = theme;
  });
  root.classList.add(SETTLED);
}

printOnPaper();
