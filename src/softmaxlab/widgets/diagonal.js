import { path, percent, plot, ticks } from "./axes.js";
import { shape, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip, nearest } from "./grip.js";

const TALL = 0.22; // of the plot's height: the bar of a dot that has all the share

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    means = model.get("means"),
    ends = model.get("ends"),
    decimals = model.get("decimals"),
    band = model.get("band"),
    span = model.get("span"),
    chooses = model.get("pointer_name"),
    xlabel = model.get("xlabel"),
    ylabel = model.get("ylabel"),
    grids = model.get("grids");
  const [rows, columns] = model.get("shape").slice(-2),
    count = columns - (means.length ? 1 : 0);
  const named = labels.length > 0;
  const numbers = (frame, i) => Array.from({ length: rows }, (_, row) => frame[row * columns + i]);
  // in shares of the plot
  const x = (value) => (value - ends[0]) / (ends[1] - ends[0]),
    y = (value) => 1 - x(value);

  const legend = tag("div", "course-legend", el);
  const title = chooses ? tag("strong", "", legend) : null;
  const entry = (name, mark) => {
    const one = tag("span", "course-entry", legend);
    if (mark) mark(shape("svg", { viewBox: "0 0 14 14", "aria-hidden": "true", class: "course-patch" }, one));
    one.append(` ${name} `);
    return tag("output", "", one);
  };
  // as in the plot: the dot of both, and what it is on each axis
  const told = means.map((name, i) =>
    entry(name, (swatch) => {
      const [x, y, width, height] = i ? [0, 5, 3, 9] : [0, 11, 9, 3];
      shape("rect", { x, y, width, height, class: "course-gauge" }, swatch);
      shape("circle", { cx: 9, cy: 5, r: 3.5, class: "course-mean" }, swatch);
    }),
  );
  if (chooses) told.push(...[xlabel, ylabel, ...(span ? [span] : [])].map((name) => entry(name)));
  if (!named) {
    const one = tag("span", "course-entry", legend);
    const swatch = shape("svg", { viewBox: "0 0 14 14", "aria-hidden": "true", class: "course-patch" }, one);
    shape("rect", { x: 1, y: 1, width: 12, height: 12, class: "course-share" }, swatch);
    one.append(" share of the answers, in %");
  }

  const marks = ticks(ends, ends[1] - ends[0] > 5 ? 10 : 5);
  const { svg, inner, share } = plot(
    {
      label: `${ylabel} against ${xlabel}, and the diagonal on which both are equal`,
      x,
      y,
      xticks: marks,
      yticks: marks,
      xlabel,
      ylabel,
      className: "course-diagonal",
    },
    el,
  );
  const [from, to] = ends;
  if (band) {
    const corners = [
      [from, from - band],
      [from, from + band],
      [to, to + band],
      [to, to - band],
    ];
    const d = `${path(corners.map(([across, up]) => [x(across), y(up)]))}Z`;
    shape("path", { d, class: "course-diagonal-band" }, inner);
  }
  shape(
    "path",
    {
      d: path([
        [0, 1],
        [1, 0],
      ]),
      class: "course-even",
    },
    inner,
  );
  const before = shape("path", { class: "course-before" }, inner),
    bend = shape("path", { class: "course-bend" }, inner);
  const lead = shape("path", { class: "course-lead" }, inner);
  const set = (element, attributes) => {
    for (const [name, value] of Object.entries(attributes)) element.setAttribute(name, value);
  };
  const dots = Array.from({ length: count }, (_, i) => ({
    // how far the numbers of a dot reach, or how far it is from the diagonal
    bar: shape("line", { class: named ? "course-span" : "course-miss" }, svg),
    part: named
      ? null
      : shape("rect", { width: "6%", x: percent((i + 0.5) / count - 0.03), class: "course-share" }, svg),
    dot: shape("circle", { r: named ? 11 : 6, class: "course-dot" }, svg),
    name: shape("text", { class: named ? "course-inside" : "course-value", dy: named ? "0.35em" : -4 }, svg),
  }));
  // the two means, along their axes and where they meet
  const gauges = means.map(() => shape("rect", { class: "course-gauge" }, svg));
  const handle = means.length ? shape("circle", { r: 24, class: "course-handle" }, svg) : null;
  const mean = means.length ? shape("circle", { r: 8, class: "course-mean" }, svg) : null;

  const here = () => grids.map((_, axis) => model.get(`index${axis}`));
  const played = model.get("names").indexOf(model.get("play"));
  const walked = played < 0 ? grids.length - 1 : played;
  grip(svg, model, (point) => {
    const [across, down] = share(point);
    if (chooses) {
      const frame = frameAt(here());
      return {
        pointer_index: nearest(
          labels.map((_, i) => x(frame[i])),
          across,
        ),
      };
    }
    if (!mean) return null;
    const far = Array.from({ length: grids[walked].length }, (_, i) => {
      const [a, b] = numbers(frameAt(here().with(walked, i)), count);
      return Math.hypot(x(a) - across, y(b) - down);
    });
    return { [`index${walked}`]: nearest(far, 0) };
  });

  let began = !model.get("marks");
  return (position, pointed) => {
    const frame = frameAt(position);
    const bent = [];
    dots.forEach(({ bar, part, dot, name }, i) => {
      const [a, b, of, low, high] = numbers(frame, i);
      const known = Number.isFinite(a) && Number.isFinite(b);
      for (const one of [bar, part, dot, name]) one?.classList.toggle("course-off", !known);
      if (!known) return;
      const place = percent(x(a));
      set(dot, { cx: place, cy: percent(y(b)) });
      set(bar, { x1: place, x2: place, y1: percent(y(named ? low : b)), y2: percent(y(named ? high : a)) });
      if (named) {
        for (const one of [bar, dot]) one.classList.toggle("course-chosen", Boolean(chooses) && i === pointed);
        name.textContent = labels[i];
        set(name, { x: place, y: percent(y(b)) });
      } else {
        bent.push([x(a), y(b)]);
        set(dot, { r: 3 + 5 * Math.sqrt(of) }); // what few answers say weighs less
        set(part, { y: percent(1 - TALL * of), height: percent(TALL * of) });
        name.textContent = written(100 * of, of < 0.0095 ? 1 : 0);
        set(name, { x: percent((i + 0.5) / count), y: percent(1 - TALL * of) });
      }
    });
    bend.setAttribute("d", path(bent));
    if (!began) before.setAttribute("d", path(bent));
    began = true;
    if (mean) {
      const [a, b] = numbers(frame, count);
      for (const one of [mean, handle]) set(one, { cx: percent(x(a)), cy: percent(y(b)) });
      lead.setAttribute(
        "d",
        path([
          [0, y(b)],
          [x(a), y(b)],
          [x(a), 1],
        ]),
      );
      set(gauges[0], { x: 0, y: "100%", width: percent(x(a)), height: 6 });
      set(gauges[1], { x: -6, y: percent(y(b)), width: 6, height: percent(1 - y(b)) });
      [a, b].forEach((value, i) => {
        told[i].textContent = written(value, decimals);
      });
      return means.map((name, i) => `${name} ${told[i].textContent}`).join(", ");
    }
    if (!chooses) return "";
    const [a, b, , low, high] = numbers(frame, pointed).map((value, i) =>
      written(value, i < 2 && Number.isInteger(value) ? 0 : decimals),
    );
    title.textContent = `${chooses} ${labels[pointed]}:`;
    [a, b, `${low} to ${high}`].slice(0, told.length).forEach((words, i) => {
      told[i].textContent = words;
    });
    return `${title.textContent} ${told.map((one) => one.parentElement.textContent.trim()).join(", ")}`;
  };
}

export default figure(build);
