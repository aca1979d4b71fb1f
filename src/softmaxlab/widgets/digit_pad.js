import { tag, written } from "./drawn.js";
import { evidence, images, passed, softmax, unpack } from "./models.js";
import { button, pad, rove } from "./pad.js";
import { paint, sheet } from "./paint.js";

const best = (values) => values.indexOf(Math.max(...values));

// The models' favourites, beside what they see. -> tell(probabilities of each, or null), which returns it in words
function verdict(names, parent) {
  const parts = names.map((name, i) => {
    const part = tag("div", "course-pad-model", parent);
    part.style.setProperty("--mark", `var(--course-class-${i})`);
    tag("div", "course-title", part, name);
    return { part, answer: tag("div", "course-pad-answer", part), sure: tag("div", "course-pad-sure", part) };
  });
  const line = tag("p", "course-pad-verdict", parent);
  return (probs) => {
    const found = probs?.map(best);
    parts.forEach(({ part, answer, sure }, i) => {
      part.classList.toggle("course-pad-blank", !probs);
      answer.textContent = probs ? found[i] : "?";
      sure.textContent = probs ? written(probs[i][found[i]], 3) : "";
    });
    if (!probs) {
      line.textContent = "";
      return "";
    }
    const words = names.map((name, i) => `${name}: ${found[i]}, probability ${written(probs[i][found[i]], 3)}`);
    const differ = new Set(found).size > 1;
    line.classList.toggle("course-pad-differ", differ);
    if (names.length > 1) line.textContent = differ ? "they differ" : `both read ${found[0]}`;
    return [...words, ...(differ ? ["they differ"] : [])].join("; ");
  };
}

// Ten rows: a digit, which asks why, and for each model a bar and a number. -> { rows, tell }
function table(names, parent, ask) {
  const grid = tag("table", "course-pad-table", parent);
  grid.setAttribute("aria-label", `Probabilities by ${names.join(" and ")}`);
  const head = tag("tr", "", tag("thead", "", grid));
  tag("td", "", head);
  names.forEach((name, i) => {
    const cell = tag("th", "course-pad-of", head, names.length > 1 ? name : "probability");
    cell.scope = "col";
    cell.colSpan = 2;
    cell.style.setProperty("--mark", `var(--course-class-${i})`);
  });
  const body = tag("tbody", "", grid);
  const rows = Array.from({ length: 10 }, (_, digit) => {
    const row = tag("tr", "", body),
      head = tag("th", "", row);
    head.scope = "row";
    row.addEventListener("click", () => ask(digit));
    const question = button("course-pad-ask", digit, head, (event) => {
      event.stopPropagation();
      ask(digit);
    });
    question.setAttribute("aria-label", `${digit}, why?`);
    const cells = names.map((_, i) => {
      const track = tag("td", "course-pad-track", row);
      track.style.setProperty("--mark", `var(--course-class-${i})`);
      return { track, bar: tag("div", "course-pad-bar", track), value: tag("td", "course-pad-value", row) };
    });
    return { question, cells };
  });
  rove(
    body,
    rows.map(({ question }) => question),
  );
  return (probs, asked) => {
    rows.forEach(({ question, cells }, digit) => {
      question.setAttribute("aria-pressed", asked.includes(digit));
      cells.forEach(({ track, bar, value }, i) => {
        const top = probs && digit === best(probs[i]);
        for (const cell of [track, value]) cell.classList.toggle("course-pad-top", Boolean(top));
        bar.style.width = `${probs ? 100 * probs[i][digit] : 0}%`;
        value.textContent = probs ? written(probs[i][digit], 3) : "";
      });
    });
  };
}

// A picture of ink × weight. -> draw(title, evidence, limit, stops)
function map(parent) {
  const part = tag("div", "course-pad-map", parent);
  const title = tag("div", "course-title", part);
  const canvas = sheet("course-pad-evidence", 28, part);
  canvas.setAttribute("role", "img");
  const sums = tag("p", "course-pad-sum", part);
  return (words, found, limit, stops) => {
    title.textContent = words;
    const { products, rest } = found ?? { products: new Float64Array(784), rest: 0 };
    const shares = Array.from(products, (product) => 0.5 + product / (2 * limit));
    paint(canvas, shares, stops);
    const total = (sign) => products.reduce((sum, one) => sum + (one * sign > 0 ? one : 0), 0);
    const [pro, con, always, score] = [total(1), total(-1), rest, total(1) + total(-1) + rest].map((sum) =>
      written(sum, 1),
    );
    const said = `${pro} for it, ${con} against, ${always} whatever is drawn: score ${score}`;
    sums.textContent = found ? said : "";
    canvas.setAttribute("aria-label", found ? `${words} Ink times weight: ${said}` : "Nothing is drawn");
  };
}

// What each hidden unit looks for, and how much of it it finds. -> tell(what comes out of the units, or null)
function units({ weights, bias }, parent, stops) {
  const part = tag("div", "course-pad-units", parent);
  const line = tag("p", "course-pad-note", part);
  const grid = tag("div", "course-pad-grid", part);
  grid.setAttribute("role", "img");
  grid.dataset.needs = "script"; // a page that has none yet would be heavy with these pictures
  const tiles = Array.from(bias, () => {
    const tile = tag("div", "course-pad-unit", grid);
    return { tile, canvas: sheet("course-pad-weights", 28, tile), bar: tag("div", "course-pad-bar", tile) };
  });
  const limit = weights.reduce((most, row) => row.reduce((a, b) => Math.max(a, Math.abs(b)), most), 0) || 1;
  tiles.forEach(({ canvas }, j) => {
    const shares = Array.from(weights, (row) => 0.5 + row[j] / (2 * limit));
    paint(canvas, shares, stops);
  });
  return (values) => {
    const most = values ? Math.max(...values, 1e-9) : 1;
    tiles.forEach(({ tile, bar }, j) => {
      tile.classList.toggle("course-pad-on", Boolean(values?.[j]));
      bar.style.width = `${values ? (100 * values[j]) / most : 0}%`;
    });
    const on = values ? values.filter((value) => value > 0).length : 0;
    line.textContent = `The weights of the ${tiles.length} hidden units. On for this drawing: ${on}.`;
    grid.setAttribute("aria-label", line.textContent);
  };
}

function render({ model, el }) {
  const names = model.get("names");
  const models = unpack(model);
  const stops = model.get("colours");
  const alone = names.length === 1;
  el.classList.add("course-figure", "course-pad");
  el.setAttribute("data-lm-suppress-shortcuts", "true"); // JupyterLab: the arrow keys are ours
  const all = tag("div", "course-pad-all", el);
  const draws = tag("div", "course-pad-draw", all);
  const side = tag("div", "course-pad-side", all);
  const seen = tag("div", "course-pad-sees", side);
  const answer = verdict(names, side);
  const shelfPart = tag("div", "course-pad-shelf", all);
  tag("p", "course-pad-note", shelfPart, "or take a test picture:");
  const shelf = tag("div", "course-pad-samples", shelfPart);
  const why = tag("div", "course-pad-why", all);
  const legend = tag("p", "course-pad-note course-pad-legend", why, "ink × weight of each pixel: ");
  tag("span", "course-for", legend, "blue");
  legend.append(" speaks for the digit, ");
  tag("span", "course-against", legend, "red");
  legend.append(" against it. Choose a row to ask about another.");
  const maps = [0, 1].map(() => map(why));

  let picked = -1; // the digit that is asked about, -1 for what each model would say first
  let drawn = null;
  const ask = (digit) => {
    picked = picked === digit ? -1 : digit;
    drawn.again();
    say(drawn.words());
  };
  const tell = table(names, all, ask);
  const hidden = model.get("units") ? models.findLastIndex((layers) => layers.length > 1) : -1;
  const light = hidden >= 0 ? units(models[hidden][0], el, stops) : null;
  const status = tag("p", "course-status", el);
  status.setAttribute("role", "status");
  const say = (words) => {
    status.textContent = words;
  };

  // Of one model the favourite, and the digit that is asked about or comes next; of two models, one digit each
  const questions = (probs) => {
    if (!alone) return probs.map((one, i) => [i, picked < 0 ? best(one) : picked]);
    const first = best(probs[0]);
    const next = best(probs[0].map((prob, digit) => (digit === first ? -1 : prob)));
    return [first, picked < 0 || picked === first ? next : picked].map((digit) => [0, digit]);
  };
  const read = (picture) => {
    if (!picture) picked = -1;
    const inputs = picture && models.map((layers) => passed(layers, picture));
    const probs = inputs?.map((values) => softmax(values.at(-1)));
    const asked = probs ? questions(probs) : [];
    const found = asked.map(([i, digit]) => evidence(models[i], picture, digit));
    const limit = found.reduce((most, { products }) => products.reduce((a, b) => Math.max(a, Math.abs(b)), most), 1e-9);
    maps.forEach((draw, n) => {
      const [i, digit] = asked[n] ?? [];
      const title = alone ? `why ${n ? "not " : ""}${digit}?` : `${names[i]}: why ${digit}?`;
      draw(asked.length ? title : "why?", found[n], limit, stops);
    });
    tell(
      probs,
      asked.map(([, digit]) => digit),
    );
    light?.(inputs?.[hidden][1]);
    return answer(probs);
  };
  drawn = pad({ draws, side: seen, shelf, samples: images(model.get("images")), read, say });
  tag("p", "course-pad-note", seen, "what the models see");
  const tools = tag("div", "course-pad-tools", draws);
  button("course-pad-button", "Clear", tools, drawn.clear);
  button("course-pad-button", "Another", tools, drawn.another);
}

export default { render };
