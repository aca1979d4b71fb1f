// The search of the site, in the dialog of every page and on the search page. It comes, with its index, when somebody
// goes to a search field. `courseIndex` is a file of its own, which search_index.py writes.
import MiniSearch from "minisearch";
import STYLE from "./search.css";

const MOST = 20,
  MOST_OF_A_PAGE = 3,
  EXCERPT = 180;
// What the glossary and the chapters say of a section goes before what stands in it, most of all if it is all that is
// asked for.
const BOOST = { terms: 20, taught: 20, heading: 4, page: 2, text: 1, code: 0.5 };
const BOOST_OF_ALL = { ...BOOST, terms: 500, taught: 300 };
const BOOST_OF_PART = 10;
const FAR_EASTERN = "[\\p{Script=Han}\\p{Script=Hiragana}\\p{Script=Katakana}ー]";
// Of Chinese and Japanese, each character is a word.
const WORD = new RegExp(`${FAR_EASTERN}|(?:(?!${FAR_EASTERN})[\\p{L}\\p{N}])+`, "gu");
// Words that a hyphen or a dot ties together, such as cross-entropy and np.exp
const TIED = /[\p{L}\p{N}]+(?:[-_.'’–][\p{L}\p{N}]+)+/gu;
// Words of a question that no section is about
const COMMON = new Set(
  "a an and are as at be by can do does for from how i in is it of on or that the this to what when which why with".split(
    " ",
  ),
);

const root = document.documentElement.dataset.content_root;

function words(text) {
  return text.normalize("NFKC").toLowerCase().match(WORD) ?? [];
}

// cross-entropy, cross entropy and cross_entropy: all are crossentropy
function joined(text) {
  return words(text).join("");
}

// A term is one word; so is what stands before and in its brackets.
function tokens(text, field) {
  if (field === "terms" || field === "taught")
    return [...new Set([...text.split("\n"), ...text.split(/[\n()（）]/)].map(joined))].filter(Boolean);
  return [...words(text), ...(text.match(TIED) ?? []).map(joined)];
}

const glossary = courseIndex.terms.map(([en, zh, ja, sentence]) => ({ names: { en, zh, ja }, sentence }));
const sections = courseIndex.sections.map(([page, anchor, heading, text, code, taught, terms, row], id) => {
  const [url, title, number] = courseIndex.pages[page];
  const term = glossary[row];
  return {
    id,
    url,
    link: `${root}${url}${anchor && "#"}${anchor}`,
    page: number ? `${number} · ${title}` : title,
    heading,
    text: term ? `${Object.values(term.names).join(" · ")}\n${term.sentence}` : text,
    code,
    taught: taught.join("\n"),
    terms: terms.flatMap((one) => Object.values(glossary[one].names)).join("\n"),
    explained: terms.map((one) => glossary[one]),
    term,
  };
});
const index = new MiniSearch({
  fields: Object.keys(BOOST),
  tokenize: tokens,
  processTerm: (word) => word,
});
const explaining = new Map(sections.flatMap(({ id, terms }) => tokens(terms, "terms").map((term) => [term, id])));
const ready = index.addAllAsync(sections, { chunkSize: 16 });

// Looking for words

// A word and what its plural may be the plural of
function forms(word) {
  const found = [];
  if (/[^s]s$/.test(word)) found.push(word.slice(0, -1));
  if (/(?:s|x|z|ch|sh)es$/.test(word)) found.push(word.slice(0, -2));
  if (/ies$/.test(word)) found.push(`${word.slice(0, -3)}y`);
  if (/ices$/.test(word)) found.push(`${word.slice(0, -3)}x`);
  return found.filter((form) => form.length > 2);
}

function any(word) {
  return { combineWith: "OR", queries: [word, { queries: forms(word), prefix: false, fuzzy: false }] };
}

// What is typed as one word: itself, or all its parts
function chunk(text) {
  const parts = words(text);
  if (parts.length === 1) return any(parts[0]);
  return { combineWith: "OR", queries: [any(joined(text)), { combineWith: "AND", queries: parts.map(any) }] };
}

// The sections that explain a term that is part of what is typed
function explainingPart(typed) {
  const parts = words(typed);
  const runs = parts.flatMap((_, start) => [1, 2, 3, 4].map((count) => parts.slice(start, start + count).join("")));
  return new Set(runs.map((run) => explaining.get(run)));
}

function look(typed, combineWith, fuzzy) {
  const chunks = typed.split(/\s+/).filter((part) => words(part).length);
  const telling = chunks.filter((part) => !COMMON.has(part.toLowerCase()));
  const all = { ...any(joined(typed)), boost: BOOST_OF_ALL };
  const query = {
    combineWith: "OR",
    queries: [all, { combineWith, queries: (telling.length ? telling : chunks).map(chunk) }],
  };
  const explainers = explainingPart(typed);
  return index.search(query, {
    boost: BOOST,
    boostDocument: (id) => (explainers.has(id) ? BOOST_OF_PART : 1),
    bm25: { k: 1.2, b: 0, d: 0.5 },
    tokenize: (word) => [word],
    prefix: (word) => word.length > 1,
    fuzzy: fuzzy && ((word) => word.length > 2 && (word.length > 4 ? 2 : 1)),
  });
}

// All words as they are typed; else with other letters; else some of the words
function find(typed) {
  const ways = [
    ["", () => look(typed, "AND", false)],
    [" with similar words", () => look(typed, "AND", true)],
    [" with some of the words", () => look(typed, "OR", true)],
  ];
  for (const [how, way] of ways) {
    const hits = way();
    if (hits.length) return { hits, how };
  }
  return { hits: [], how: "" };
}

function best(hits) {
  if (hits.length <= MOST) return hits;
  const shown = new Map();
  const fits = ({ id }) => {
    const { url } = sections[id];
    shown.set(url, (shown.get(url) ?? 0) + 1);
    return shown.get(url) <= MOST_OF_A_PAGE;
  };
  return hits.filter(fits).slice(0, MOST);
}

// What is shown

function tag(name, className, parent, text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.append(text);
  parent.append(element);
  return element;
}

// Where the found words stand in a line: [[start, end]]; neighbours are one place.
function places(line, found) {
  // A word of several Chinese or Japanese characters stands in the line as it is.
  const runs = [...found.keys()].filter((word) => word.length > 1 && words(word).length === word.length);
  const inRuns = runs.flatMap((word) => [...line.matchAll(word)]);
  const all = [...line.matchAll(WORD), ...line.matchAll(TIED)]
    .filter(([text]) => found.has(joined(text)))
    .concat(inRuns)
    .map((match) => [match.index, match.index + match[0].length])
    .sort(([a], [b]) => a - b);
  const apart = [];
  for (const [start, end] of all) {
    const last = apart.at(-1);
    if (last && start - last[1] <= 1) last[1] = Math.max(last[1], end);
    else apart.push([start, end]);
  }
  return apart;
}

function write(parent, line, found) {
  let done = 0;
  for (const [start, end] of places(line, found)) {
    parent.append(line.slice(done, start));
    tag("mark", "", parent, line.slice(start, end));
    done = end;
  }
  parent.append(line.slice(done));
}

// What the found words of a text are worth together
function worth(text, found) {
  return [...new Set(tokens(text))].reduce((sum, word) => sum + (found.get(word) ?? 0), 0);
}

// The line with most of the words, and of a long one the stretch with most of them
function excerpt(text, found) {
  const lines = text.split("\n").map((line) => [worth(line, found), line]);
  const [most, line] = lines.reduce((top, one) => (one[0] > top[0] ? one : top), [0, ""]);
  if (!most || line.length <= EXCERPT) return line;
  const starts = places(line, found).map(([start]) => Math.max(0, line.lastIndexOf(" ", start - 40) + 1));
  const stretches = starts.map((start) => line.slice(start, start + EXCERPT));
  const values = stretches.map((stretch) => worth(stretch, found));
  const start = starts[values.indexOf(Math.max(...values))];
  const end = line.length - start > EXCERPT ? line.lastIndexOf(" ", start + EXCERPT) : line.length;
  return `${start ? "… " : ""}${line.slice(start, end)}${end < line.length ? " …" : ""}`;
}

// A term in three languages, and what it means
function meaning({ names, sentence }, found, parent) {
  for (const [language, name] of Object.entries(names)) {
    const part = tag("span", "", parent);
    part.lang = language;
    write(part, name, found);
    parent.append(language === "ja" ? ": " : " · ");
  }
  write(parent, sentence, found);
}

// A line of the text that has every word; else what the glossary says; else a line of the text or of the code
function quote({ text, code, explained, term }, typed, found, parent) {
  const isFound = ({ names }) => tokens(Object.values(names).join("\n"), "terms").some((name) => found.has(name));
  const line = excerpt(text, found),
    coded = excerpt(code, found);
  const hasAll = words(typed).every((word) => words(line).some((one) => one.startsWith(word)));
  const defined = term ?? (!hasAll && explained.find(isFound));
  if (defined) meaning(defined, found, parent);
  else if (worth(coded, found) > worth(line, found)) write(tag("code", "", parent), coded.trim(), found);
  else write(parent, line || text.slice(0, EXCERPT), found);
}

function show({ id, terms }, typed, list) {
  const section = sections[id];
  // The words as they were typed are worth more than those that were found for them.
  const asked = new Set([...tokens(typed), joined(typed)]);
  const found = new Map(terms.map((word) => [word, asked.has(word) ? 3 : 1]));
  const item = tag("li", "", list);
  const link = tag("a", "", item);
  link.href = section.link;
  write(tag("span", "course-page", link), section.page, found);
  if (section.heading) {
    link.append(" › ");
    write(link, section.heading, found);
  }
  quote(section, typed, found, tag("p", "", item));
}

function summary(count, shown, how) {
  const what = `${count} ${count === 1 ? "section" : "sections"}${how}`;
  return shown < count ? `${what}, the best ${shown} shown` : what;
}

function nothing(typed, parent) {
  const page = courseIndex.pages.find(([url]) => url.endsWith("glossary.html"));
  parent.replaceChildren(`Nothing found for “${typed}”.`);
  if (!page) return;
  parent.append(" Every term of the course is in the ");
  tag("a", "", parent, page[1].toLowerCase()).href = root + page[0];
  parent.append(".");
}

function setUp(form) {
  const dialog = form.closest("dialog"),
    input = form.querySelector("input");
  const box = tag("div", "course-found", form.parentElement);
  const top = tag("div", "course-top", box);
  const status = tag("p", "", top);
  status.setAttribute("role", "status");
  if (dialog) tag("button", "btn btn-sm", top, "Close").addEventListener("click", () => dialog.close());
  const list = tag("ol", "", box);
  let done = false,
    waiting;
  const links = () => [...list.querySelectorAll("a")];

  const search = () => {
    if (!dialog) history.replaceState(null, "", `?${new URLSearchParams({ q: input.value })}`);
    const typed = input.value.trim();
    const { hits, how } = find(typed);
    const shown = best(hits);
    list.replaceChildren();
    for (const hit of shown) show(hit, typed, list);
    box.scrollTop = 0;
    // A screen reader is told when the typing rests.
    clearTimeout(waiting);
    waiting = setTimeout(() => {
      if (!typed) status.textContent = "";
      else if (!hits.length) nothing(typed, status);
      else status.textContent = summary(hits.length, shown.length, how);
    }, 200);
  };

  form.addEventListener("submit", (event) => {
    if (!done) return;
    event.preventDefault();
    search();
    links()[0]?.click();
  });
  box.parentElement.addEventListener("keydown", (event) => {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (!step || event.isComposing) return;
    event.preventDefault();
    const all = links(),
      to = all.indexOf(document.activeElement) + step;
    if (to < 0) input.focus();
    else all[Math.min(to, all.length - 1)]?.focus();
  });
  // A result may be on this very page.
  box.addEventListener("click", (event) => {
    if (event.target.closest("a")) dialog?.close();
  });

  if (!dialog) input.value = new URLSearchParams(location.search).get("q") ?? input.value;
  status.textContent = "The index is being read.";
  ready.then(() => {
    done = true;
    input.addEventListener("input", search);
    search();
  });
}

tag("style", "", document.head, STYLE);
document.querySelectorAll("form.bd-search").forEach(setUp);
