import { caption, DASHES, logTicks, path, percent, plot, short, ticks } from "./axes.js";
import { floats, shape, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip, nearest } from "./grip.js";

const SAME = 0.004; // shares of the height by which two curves may differ and be seen as one

// The texts of an axis of whole numbers: round ones, and both ends
function counted(values) {
  const ends = [values[0], values.at(-1)];
  if (values.length <= 13) return values;
  const apart = (ends[1] - ends[0]) / 10;
  const between = ticks(ends, 4).filter((value) => ends.every((end) => Math.abs(value - end) > apart));
  return [ends[0], ...between, ends[1]];
}

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    decimals = model.get("decimals"),
    grids = model.get("grids"),
    xlabel = model.get("xlabel"),
    ylabel = model.get("ylabel"),
    points = model.get("points"),
    guides = model.get("guides"),
    best = model.get("best"),
    gap = model.get("gap"),
    reveal = model.get("reveal");
  const k = labels.length,
    axis = grids[0];
  // Curves that stand still, over places of their own, on which the dots move; or none, and they follow the first slider
  const over = model.get("over"),
    ground = floats(model.get("ground")),
    moves = over.length > 0;
  const places = moves ? over : axis;
  const rise = model.get("log") ? Math.log10 : (value) => value,
    reach = model.get("log_x") ? Math.log10 : (value) => value;

  const frames = [...floats(model.get("frames"))].filter((_, i) => !moves || i % 2);
  const heights = [...frames, ...ground, ...points.map((point) => point[2])].filter(Number.isFinite).map(rise);
  const foot = model.get("log") ? heights[0] : 0;
  const most = heights.reduce((a, b) => Math.max(a, b), foot),
    bottom = heights.reduce((a, b) => Math.min(a, b), foot);
  // the handle of the slider stands on the axis: on a logarithmic one, where nothing is 0, the curves stay clear of it
  const least = model.get("log") ? bottom - 0.08 * (most - bottom) : bottom;
  const ends = [reach(places[0]), reach(places.at(-1))];
  const x = (value) => (reach(value) - ends[0]) / (ends[1] - ends[0] || 1);
  const y = (value) => (most - rise(value)) / (most - least || 1);
  const whole = places.every(
    (value, i) => Number.isInteger(value) && value - places[0] === i * (places[1] - places[0]),
  );
  const fewest = whole && Math.abs(places.at(-1)) < 100;

  const legend = tag("div", "course-legend", el);
  const { svg, inner, share } = plot(
    {
      label: `Curves: ${ylabel} of ${labels.join(", ")} against ${xlabel}`,
      x,
      y,
      xticks: model.get("log_x") ? logTicks(ends) : fewest ? counted(places) : ticks([places[0], places.at(-1)], 5),
      yticks: model.get("log") ? logTicks([least, most]) : ticks([least, most], 4),
      xlabel,
      ylabel,
      className: "course-curves",
    },
    el,
  );
  inner.setAttribute("overflow", "visible"); // nothing leaves, and a line along the foot is drawn whole

  const style = (i) => `--mark: var(--course-class-${i % 4})`;
  const entry = (label, draw) => {
    const one = tag("span", "course-entry", legend);
    draw(shape("svg", { viewBox: "0 0 30 10", "aria-hidden": "true", class: "course-swatch" }, one));
    one.append(` ${label} `);
    return tag("output", "", one);
  };
  const area = gap ? shape("path", { class: "course-gap" }, inner) : null;
  const lines = guides.map(() => shape("line", { y1: 0, y2: "100%", class: "course-guide" }, svg));
  const marker = shape("line", { y1: 0, y2: "100%", class: "course-marker" }, svg);
  const parts = labels.map((label, i) => {
    const look = { class: "course-curve", style: style(i), "stroke-dasharray": DASHES[i % 4] };
    return {
      label,
      value: entry(label, (swatch) => shape("path", { d: "M1,5H29", ...look }, swatch)),
      later: shape("path", { ...look, class: "course-curve course-later" }, inner),
      curve: shape("path", look, inner),
      ring: best.includes(i) ? shape("circle", { r: 9, class: "course-ring", style: style(i) }, svg) : null,
      trail: shape("g", {}, svg),
      dot: shape("circle", { r: 6, class: "course-dot", style: style(i) }, svg),
      // Where a curve is infinite it runs along the upper edge, and says so where it is read.
      rim: shape("path", { class: "course-rim", style: style(i) }, inner),
      sign: shape("text", { y: 0, dx: 8, dy: 20, class: "course-endless", style: style(i) }, svg),
    };
  });
  const between = gap
    ? entry(gap, (swatch) => shape("path", { d: "M1,0H29V10H1Z", class: "course-gap" }, swatch))
    : null;
  const along = guides.map(({ name }) =>
    entry(name, (swatch) => shape("path", { d: "M1,5H29", class: "course-guide" }, swatch)),
  );
  const marks = shape("g", {}, svg);
  const handle = shape("circle", { cy: "100%", r: 22, class: "course-handle", fill: "transparent" }, svg);
  const knob = shape("circle", { cy: "100%", r: 9, class: "course-knob" }, svg);
  const move = (element, across, down) => {
    const seen = Number.isFinite(across) && Number.isFinite(down);
    element.classList.toggle("course-off", !seen);
    element.setAttribute("cx", seen ? percent(across) : 0);
    element.setAttribute("cy", seen ? percent(down) : 0);
  };

  const now = () => grids.slice(1).map((_, n) => model.get(`index${n + 1}`));
  grip(svg, model, (point) => {
    const [across, down] = share(point);
    if (!moves) return { index0: nearest(axis.map(x), across) };
    // the nearest of all places where a dot may be, true to what is seen
    const { width, height } = svg.getBoundingClientRect();
    const far = axis.map((_, at) => {
      const frame = frameAt([at, ...now()]);
      const each = labels.map((_, i) =>
        Math.hypot((x(frame[2 * i]) - across) * width, (y(frame[2 * i + 1]) - down) * height),
      );
      return Math.min(...each.filter(Number.isFinite), Number.MAX_VALUE);
    });
    return { index0: nearest(far, 0) };
  });

  // The heights of every curve above its places, where the other sliders stand
  const rows = (others) =>
    labels.map((_, i) =>
      moves
        ? [...ground.subarray(i * places.length, (i + 1) * places.length)]
        : axis.map((_, at) => frameAt([at, ...others])[i]),
    );
  // Points along a curve; one of stairs keeps its height until the next place.
  const way = (row, from, to) => {
    const found = [];
    for (let at = from; at <= to; at++) {
      if (model.get("stairs") && at > from) found.push([x(places[at]), y(row[at - 1])]);
      found.push([x(places[at]), y(row[at])]);
    }
    return found;
  };
  const beyond = (row, end) =>
    path(row.slice(0, end + 1).map((value, at) => [value === Infinity ? x(places[at]) : Number.NaN, 0]));
  const lowest = (row) => row.reduce((found, value, at) => (value < row[found] ? at : found), 0);
  const name = (i) => `“${labels[i]}”`;
  // What one might not see: where a marked curve is least, and which curves lie on one another
  const noted = (all) => {
    const notes = best.map((i) => {
      const at = lowest(all[i]);
      const edge = at === places.length - 1 ? ", where the picture ends" : "";
      return `${name(i)} is least, ${written(all[i][at], decimals)}, at ${short(places[at])}${edge}.`;
    });
    for (let i = 0; i < k; i++) {
      for (let j = i + 1; j < k; j++) {
        const one = all[i].every((value, at) => value === all[j][at] || Math.abs(y(value) - y(all[j][at])) < SAME);
        if (one) notes.push(`${name(j)} lies on ${name(i)}.`);
      }
    }
    return notes.join(" ");
  };
  const count = grids.slice(1).reduce((product, grid) => product * grid.length, 1);
  const elsewhere = Array.from({ length: count }, (_, n) => {
    const position = [];
    for (const grid of grids.slice(1).reverse()) {
      position.unshift(n % grid.length);
      n = Math.floor(n / grid.length);
    }
    return position;
  });
  const longest = elsewhere.map((others) => noted(rows(others))).reduce((a, b) => (b.length > a.length ? b : a));
  const tell = longest ? caption(el, longest) : null;

  // The points that belong to where the other sliders stand.
  const here = (others) => points.filter((point) => others.every((at, i) => point[3 + i] === grids[i + 1][at]));

  let drawn, all;
  return ([first, ...others]) => {
    const frame = frameAt([first, ...others]);
    const changed = drawn !== String(others);
    if (changed) {
      drawn = String(others);
      all = rows(others);
      marks.replaceChildren();
      for (const [curve, place, height] of here(others)) {
        const at = { x: percent(x(place)), y: percent(y(height)), width: 10, height: 10, style: style(curve) };
        shape("rect", { ...at, transform: "translate(-5 -5)", class: "course-measured" }, marks);
      }
      const number = elsewhere.findIndex((other) => String(other) === drawn);
      guides.forEach(({ values }, n) => {
        const at = values[number];
        const seen = x(at) >= 0 && x(at) <= 1;
        lines[n].classList.toggle("course-off", !seen);
        for (const end of ["x1", "x2"]) lines[n].setAttribute(end, seen ? percent(x(at)) : 0);
        along[n].textContent = written(at, decimals);
      });
      const last = places.length - 1;
      area?.setAttribute("d", `${path([...way(all[0], 0, last), ...way(all[1], 0, last).reverse()])}Z`);
      parts.forEach(({ ring }, i) => {
        const at = lowest(all[i]);
        if (ring) move(ring, x(places[at]), y(all[i][at]));
      });
      tell?.(noted(all));
    }
    if (changed || reveal) {
      const last = places.length - 1,
        end = reveal ? first : last;
      parts.forEach(({ curve, later, rim }, i) => {
        curve.setAttribute("d", path(way(all[i], 0, end)));
        rim.setAttribute("d", beyond(all[i], end));
        later.setAttribute("d", reveal ? path(way(all[i], end, last)) : "");
      });
    }
    const at = percent(x(axis[first]));
    for (const [element, ...names] of [
      [marker, "x1", "x2"],
      [handle, "cx"],
      [knob, "cx"],
    ]) {
      element.classList.toggle("course-off", moves);
      for (const name of names) element.setAttribute(name, moves ? 0 : at);
    }
    const said = parts.map(({ label, value, trail, dot, sign }, i) => {
      const [place, height] = moves ? frame.subarray(2 * i, 2 * i + 2) : [axis[first], frame[i]];
      move(dot, x(place), y(height));
      sign.setAttribute("x", percent(x(place)));
      sign.textContent = height === Infinity ? "∞" : "";
      if (moves) {
        trail.replaceChildren();
        for (let step = 0; step < first; step++) {
          const [before, above] = frameAt([step, ...others]).subarray(2 * i, 2 * i + 2);
          move(shape("circle", { r: 3, class: "course-step", style: style(i) }, trail), x(before), y(above));
        }
      }
      value.textContent = written(height, decimals);
      return `${label} ${value.textContent}`;
    });
    if (between) {
      between.textContent = written(frame[1] - frame[0], decimals);
      said.push(`${gap} ${between.textContent}`);
    }
    const measured = here(others)
      .filter(([, place]) => place === axis[first])
      .map(([curve, , height]) => `measured: ${labels[curve]} ${written(height, decimals)}`);
    return [...said, ...measured].join(", ");
  };
}

export default figure(build);
