import { tag, written } from "./drawn.js";
import { images, scores, softmax, unpack } from "./models.js";
import { button, pad } from "./pad.js";
import { paint, sheet } from "./paint.js";

// A heading, linked to the chapter about it where there is one
function heading(title, note, link, parent) {
  const head = tag("p", "course-machine-head", parent);
  const place = link ? tag("a", "", head) : head;
  if (link) place.href = link;
  tag("b", "", place, title);
  tag("small", "", head, note);
}

// Ten rows: a digit, a bar, a number. -> [{ row, head, bar, value }]
function rows(title, parent) {
  const grid = tag("table", "course-machine-rows", parent);
  grid.setAttribute("aria-label", title);
  const body = tag("tbody", "", grid);
  return Array.from({ length: 10 }, () => {
    const row = tag("tr", "", body);
    const head = tag("th", "", row);
    head.scope = "row";
    const bar = tag("div", "course-machine-bar", tag("td", "course-machine-track", row));
    return { row, head, bar, value: tag("td", "course-machine-value", row) };
  });
}

function surely(prob) {
  if (prob > 0.995) return "nearly certain";
  if (prob > 0.8) return "rather sure";
  return prob > 0.5 ? "leaning to it" : "torn";
}

function render({ model, el }) {
  const [layers] = unpack(model);
  const { weights, bias } = layers[0];
  const stops = model.get("colours");
  const links = model.get("links");
  const asked = model.get("probabilities");

  el.classList.add("course-figure", "course-machine");
  el.classList.toggle("course-machine-whole", asked);
  el.setAttribute("data-lm-suppress-shortcuts", "true");
  const all = tag("div", "course-machine-all", el);
  const part = (name) => tag("div", `course-machine-${name}`, all);

  const inkPart = part("ink");
  heading("draw here", "or take a picture below", "", inkPart);
  const tools = document.createElement("div");
  const seenPart = part("seen");
  heading("784 numbers · x", "28 × 28, all that the model gets", links[0], seenPart);
  const why = part("why");
  const question = tag("p", "course-machine-head", why);
  const which = tag("b", "", question);
  const legend = tag("small", "", question);
  legend.append("ink × weight of each pixel: ");
  tag("span", "course-for", legend, "blue");
  legend.append(" speaks for it, ");
  tag("span", "course-against", legend, "red");
  legend.append(" against");
  const evidence = sheet("course-machine-evidence", 28, why);
  evidence.setAttribute("role", "img");
  const parts = tag("p", "course-machine-sum", why);

  const scorePart = part("scores");
  heading("ten scores · xW + b", "sums of ink × weight, plus b; choose a row to ask why", links[1], scorePart);
  const scored = rows("Ten scores", scorePart);
  const probPart = asked && part("probs");
  if (asked) heading("ten probabilities · softmax", "scores made into shares of 1", links[2], probPart);
  const answer = tag("p", "course-machine-answer", asked ? probPart : scorePart);
  if (!asked) scorePart.insertBefore(answer, scorePart.children[1]);
  const digit = tag("b", "", answer);
  const sure = tag("span", "", answer);
  const shared = asked ? rows("Ten probabilities", probPart) : [];

  const shelfPart = tag("div", "course-machine-shelf", el);
  tag("p", "course-pad-note", shelfPart, model.get("note"));
  const shelf = tag("div", "course-pad-samples", shelfPart);
  const status = tag("p", "course-status", el);
  status.setAttribute("role", "status");
  const say = (words) => {
    status.textContent = words;
  };

  let picked = -1; // the row that is asked about, -1 for the favourite
  let drawn = null;
  const read = (picture) => {
    const values = picture ? scores(layers, picture) : null;
    const probs = values && softmax(values);
    const best = values ? values.indexOf(Math.max(...values)) : -1;
    const row = picked < 0 ? best : picked;
    const most = values ? Math.max(4, ...values.map(Math.abs)) : 1;
    scored.forEach(({ row: line, bar, value }, n) => {
      const width = values ? (50 * Math.abs(values[n])) / most : 0;
      bar.style.left = `${values && values[n] < 0 ? 50 - width : 50}%`;
      bar.style.width = `${width}%`;
      bar.classList.toggle("course-against", Boolean(values && values[n] < 0));
      value.textContent = values ? written(values[n], 1) : "";
      line.classList.toggle("course-machine-top", n === best);
      line.classList.toggle("course-machine-asked", n === row);
    });
    shared.forEach(({ row: line, bar, value }, n) => {
      bar.style.width = `${probs ? 100 * probs[n] : 0}%`;
      value.textContent = probs ? written(probs[n], 3) : "";
      line.classList.toggle("course-machine-top", n === best);
      line.classList.toggle("course-machine-asked", n === row);
    });
    for (const one of [...scored, ...shared]) one.ask?.setAttribute("aria-pressed", one.digit === row);
    digit.textContent = values ? best : "?";
    sure.textContent = !values ? "" : asked ? surely(probs[best]) : "has the highest score";
    which.textContent = row < 0 ? "why?" : `why ${row}?`;
    const products = Array.from({ length: 784 }, (_, i) => (values ? picture[i] * weights[i][row] : 0));
    const limit = values
      ? Math.max(...Array.from({ length: 784 }, (_, i) => picture[i] * Math.max(...weights[i].map(Math.abs))), 1e-9)
      : 1;
    paint(
      evidence,
      products.map((product) => 0.5 + product / (2 * limit)),
      stops,
    );
    const total = (sign) => products.reduce((sum, one) => sum + (one * sign > 0 ? one : 0), 0);
    const sums = values ? [total(1), total(-1), bias[row]].map((sum) => written(sum, 2)) : [];
    const said = values
      ? `Ink times weight of the ${row}: ${sums[0]} for it, ${sums[1]} against it, ` +
        `and ${sums[2]} whatever is drawn: its score is ${written(values[row], 1)}`
      : "Nothing is drawn";
    parts.textContent = values ? `${sums[0]} for, ${sums[1]} against, ${sums[2]} from b` : "";
    evidence.setAttribute("aria-label", said);
    if (!values) return "";
    const certain = asked ? `, probability ${written(probs[best], 3)}` : `, score ${written(values[best], 1)}`;
    return `It reads ${best}${certain}. ${said}`;
  };

  const choose = (n) => {
    picked = picked === n ? -1 : n;
    drawn.again();
    say(drawn.words());
  };
  for (const list of [scored, shared]) {
    list.forEach((one, n) => {
      one.digit = n;
      if (list === scored) {
        one.ask = button("course-machine-ask", n, one.head, (event) => {
          event.stopPropagation();
          choose(n);
        });
        one.ask.setAttribute("aria-label", `${n}, why?`);
      } else one.head.textContent = n;
      one.row.addEventListener("click", () => choose(n));
    });
  }
  drawn = pad({
    draws: inkPart,
    side: seenPart,
    shelf,
    samples: images(model.get("images")),
    read: (picture) => {
      if (!picture) picked = -1;
      return read(picture);
    },
    say,
  });
  tools.className = "course-machine-tools";
  inkPart.append(tools);
  button("course-pad-button", "Clear", tools, () => {
    picked = -1;
    drawn.clear();
  });
  button("course-pad-button", "Another", tools, () => {
    picked = -1;
    drawn.another();
  });
}

export default { render };
