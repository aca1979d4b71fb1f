// What a cell shows, as the book shows it.
import { tag } from "../../src/softmaxlab/widgets/drawn.js";
import { figures } from "../_site/figures.js";
import { draw } from "../_site/host.js";

function pre(kind, parent) {
  const output = tag("div", `output ${kind} highlight-myst-ansi notranslate`, parent);
  return tag("pre", "", tag("div", "highlight", output));
}

// Put one `message` of live.py into `box`, for `cell`
export function show(message, box, cell) {
  if (message.clear) box.replaceChildren();
  else if (message.stream) stream(message, box);
  else if (message.elsewhere) elsewhere(message.elsewhere, box, cell);
  else if (message.error) error(message.error, box, cell);
  else if (message.shown) value(message.shown, box, cell);
}

function stream({ stream, text }, box) {
  const kind = stream === "stderr" ? "stderr" : "stream";
  const last = box.lastElementChild;
  const place = last?.classList.contains(kind) ? last.querySelector("pre") : pre(kind, box);
  place.append(text);
}

function value(shown, box, cell) {
  const [[mime, content]] = Object.entries(shown);
  if (mime === "text/plain") pre("text_plain", box).textContent = content;
  else if (mime === "text/html") tag("div", "output text_html", box).innerHTML = content;
  else if (mime.startsWith("image/")) picture(mime, content, box, cell);
  else {
    const before = within(cell.built ?? [], VIEW)[box.querySelectorAll(VIEW).length];
    const view = tag("div", "course-view", box);
    view.dataset.figure = content.figure;
    if (before?.id) view.id = before.id; // links lead to it
    drawn += 1;
    draw({ ...content, number: `live-${drawn}` }, view, figures);
  }
}

const VIEW = ".course-view";
let drawn = 0;

// What of some nodes, or in them, is a `kind`
export function within(nodes, kind) {
  return nodes.flatMap((node) => (node.matches?.(kind) ? [node] : [...(node.querySelectorAll?.(kind) ?? [])]));
}

function picture(mime, content, box, cell) {
  const image = document.createElement("img");
  const before = within(cell.built ?? [], "img")[box.querySelectorAll("img").length];
  image.alt = before && !cell.changed ? before.alt : `The picture that ${cell.label} draws`;
  if (before) image.width = before.getAttribute("width"); // the book may show it larger than it is
  if (before && !cell.changed) image.height = before.getAttribute("height");
  image.src = mime === "image/png" ? `data:${mime};base64,${content}` : `data:${mime},${encodeURIComponent(content)}`;
  tag("div", "output image_svg", box).append(image);
}

function elsewhere(what, box, cell) {
  const note = tag("p", "live-elsewhere", box, `This needs ${what}, which does not exist for the browser.`);
  if (cell.built?.length && !cell.changed) note.append(" Above is what it showed when the book was built.");
  const places = Object.entries(cell.page.data.elsewhere);
  if (places.length) note.append(" It runs in ");
  places.forEach(([name, address], n) => {
    if (n) note.append(n === places.length - 1 ? " or " : ", ");
    const link = tag("a", "", note, name);
    link.href = address;
  });
  if (places.length) note.append(".");
}

function error({ summary, text, line }, box, cell) {
  const fault = tag("div", "output live-error", box);
  tag("p", "", fault, line ? `Line ${line}: ${summary}` : summary);
  if (text && text !== summary) {
    const more = tag("details", "", fault);
    tag("summary", "", more, "Where it happened");
    tag("pre", "", more, text);
  }
  cell.editor?.wrong(line);
}
