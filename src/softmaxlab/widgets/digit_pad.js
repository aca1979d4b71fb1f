import { tag, written } from "./drawn.js";
import { images, scores, softmax, unpack } from "./models.js";
import { button, pad } from "./pad.js";

function table(name, number, parent) {
  const part = tag("div", "course-pad-model", parent);
  part.style.setProperty("--mark", `var(--course-class-${number})`);
  tag("div", "course-title", part, name);
  const answer = tag("div", "course-pad-answer", part);
  const grid = tag("table", "", part);
  grid.setAttribute("aria-label", `Probabilities by ${name}`);
  const body = tag("tbody", "", grid);
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const row = tag("tr", "", body),
      head = tag("th", "", row, digit);
    head.scope = "row";
    const bar = tag("div", "course-pad-bar", tag("td", "course-pad-track", row));
    return { row, bar, value: tag("td", "course-pad-value", row) };
  });
  // -> what it says, in words
  return (probs) => {
    const best = probs ? probs.indexOf(Math.max(...probs)) : -1;
    answer.textContent = probs ? best : "?";
    part.classList.toggle("course-pad-blank", !probs);
    rows.forEach(({ row, bar, value }, digit) => {
      row.classList.toggle("course-pad-top", digit === best);
      bar.style.width = `${probs ? 100 * probs[digit] : 0}%`;
      value.textContent = probs ? written(probs[digit], 3) : "";
    });
    return probs ? `${name}: ${best}, probability ${written(probs[best], 3)}` : "";
  };
}

function render({ model, el }) {
  const names = model.get("names");
  const models = unpack(model);
  el.classList.add("course-figure", "course-pad");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab: the arrow keys are ours
  const all = tag("div", "course-pad-all", el);
  const draws = tag("div", "course-pad-draw", all);
  const side = document.createElement("div");
  const tables = tag("div", "course-pad-models", all);
  const tell = names.map((name, i) => table(name, i, tables));
  tag("p", "course-pad-note course-pad-or", el, "or take one of these test images:");
  const shelf = tag("div", "course-pad-samples", el);
  const status = tag("p", "course-status", el);
  status.setAttribute("role", "status");

  side.className = "course-pad-side";
  const drawn = pad({
    draws,
    side,
    shelf,
    samples: images(model.get("images")),
    read: (picture) => tell.map((one, i) => one(picture && softmax(scores(models[i], picture)))).join("; "),
    say: (words) => {
      status.textContent = words;
    },
  });
  draws.append(side);
  tag("p", "course-pad-note", side, "what the models see");
  button("course-pad-button course-pad-clear", "Clear", side, drawn.clear);
}

export default { render };
