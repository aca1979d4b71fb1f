import { caption, logTicks, minus, path, percent, plot, ticks } from "./axes.js";
import { shape, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip, nearest } from "./grip.js";

const FAR = 20; // sizes of the map; beyond it a line is off the picture in any case, and some browsers draw it wrongly
const LONG = 0.26, // of the map: an arrow along the flattest direction
  SHORT = 0.05; // and the shortest arrow that can be seen

const within = (share) => share >= 0 && share <= 1;
const kept = (share, slack = 0) => Math.min(1 + slack, Math.max(-slack, share));

function build({ model, el, frameAt }) {
  const across = model.get("x"),
    up = model.get("y"),
    [least, most] = model.get("heights"),
    lowest = model.get("lowest"),
    log = model.get("log"),
    xlabel = model.get("xlabel"),
    ylabel = model.get("ylabel"),
    grids = model.get("grids"),
    counts = grids.map((grid) => grid.length),
    steps = frameAt(counts.map(() => 0)).length / 3 - 1,
    bounds = model.get("bounds"),
    directions = model.get("directions"),
    around = model.get("around");
  const [besideName, besideAxis, besideIndex] = model.get("beside");
  const now = () => counts.map((_, axis) => model.get(`index${axis}`));
  const number = (position, lengths = counts) => position.reduce((n, at, axis) => n * lengths[axis] + at, 0);
  const rate = ([first]) => minus(+grids[0][first].toPrecision(6));

  // The map, and the chart of the loss: of a point, or of a loss, its shares of the way from the left and from the top
  const inMap = ([x, y]) => [(x - across[0]) / (across[1] - across[0]), (up[1] - y) / (up[1] - up[0])];
  const shown = (loss) => (log ? loss - lowest : loss);
  const drop = (height) =>
    log ? Math.log10(most / Math.max(height, least)) / Math.log10(most / least) : (most - height) / (most - least);
  const inChart = (loss, step) => [step / steps, kept(drop(shown(loss)))];

  const ruler = bounds.length ? rule() : null;
  const legend = tag("div", "course-legend course-walked", el);
  const row = tag("div", "course-descent", el);
  const map = plot(
    {
      label: `Contours of the loss over ${xlabel} and ${ylabel}, and the way down`,
      x: (value) => inMap([value, 0])[0],
      y: (value) => inMap([0, value])[1],
      xticks: ticks(across, 5),
      yticks: ticks(up, 5),
      xlabel,
      ylabel,
      className: "course-map",
    },
    row,
  );
  map.box.setAttribute("style", `--shape: ${(across[1] - across[0]) / (up[1] - up[0])}`);
  for (const line of model.get("contours")) {
    const points = Array.from({ length: line.length / 2 }, (_, i) => inMap([line[2 * i], line[2 * i + 1]]));
    shape("path", { d: path(points), class: "course-contour" }, map.inner);
  }
  const chart = plot(
    {
      label: `The loss at each of ${steps} steps`,
      x: (step) => step / steps,
      y: drop,
      xticks: ticks([0, steps], 4),
      yticks: log ? logTicks([Math.log10(least), Math.log10(most)]) : ticks([least, most], 4),
      xlabel: "step",
      ylabel: log ? "loss above the lowest" : "loss, in nats",
      className: "course-chart",
    },
    row,
  );
  chart.inner.setAttribute("overflow", "visible"); // nothing leaves it: what is beyond goes along its edge

  // The directions that do not mix, as arrows from the bottom, of the lengths that a ring around it has
  const bottom = model.get("bottom");
  directions.forEach((direction, i) => {
    const size = across[1] - across[0],
      length = Math.hypot(...direction),
      unit = direction.map((part) => part / length);
    for (const side of [-1, 1]) {
      const reach = side * Math.max(LONG * length, SHORT) * size,
        barb = side * 0.018 * size,
        tip = bottom.map((at, axis) => at + reach * unit[axis]);
      const barbs = [-1, 1].map((turn) => [
        tip[0] - barb * (unit[0] + 0.6 * turn * unit[1]),
        tip[1] - barb * (unit[1] - 0.6 * turn * unit[0]),
      ]);
      const d = path([bottom, tip].map(inMap)) + path([barbs[0], tip, barbs[1]].map(inMap));
      shape("path", { d, class: `course-direction course-direction-${i}` }, map.inner);
    }
  });

  // Where a slider moves the start: each place to start from, with the text of its position
  const point = (position, step) => inMap(frameAt(position).subarray(3 * step, 3 * step + 2));
  const starts = counts.map((count, axis) =>
    Array.from({ length: count }, (_, i) => point(counts.map(() => 0).with(axis, i), 0)),
  );
  const movesStart = starts.findIndex((all) => all.some((one) => String(one) !== String(all[0])));
  const rings = (starts[movesStart] ?? []).map(([x, y], i) => {
    const ring = shape("g", { class: "course-start" }, map.svg);
    shape("circle", { cx: percent(x), cy: percent(y), r: 11 }, ring);
    const place = { x: percent(x), y: percent(y), dy: "0.35em", class: "course-value" };
    shape("text", place, ring).textContent = minus(grids[movesStart][i]);
    return ring;
  });

  // Thin lines for the paths around, then a second walker, then the one that the sliders move
  const lines = Array.from({ length: around < 0 ? 0 : counts[around] }, () =>
    [map, chart].map(({ inner }) => shape("path", { class: "course-thin" }, inner)),
  );
  const walker = (kind) =>
    [map, chart].map(({ inner, svg }, n) => ({
      ahead: shape("path", { class: `course-ahead ${kind}` }, inner),
      trail: shape("path", { class: `course-trail ${kind}` }, inner),
      stops: shape("g", { class: kind }, svg),
      dot: shape("circle", { r: 7, class: `course-dot ${kind}` }, svg),
      cut: n ? shape("text", { class: `course-cut ${kind}` }, svg) : null,
    }));
  const other = besideName ? walker("course-other") : null;
  const main = walker("course-main");
  const away = shape("svg", { overflow: "visible", class: "course-away" }, map.svg);
  const arrow = shape("path", { d: "M-9,6L0,-9L9,6Z", class: "course-main" }, away);

  const entry = (label, swatch, parent = legend) => {
    const one = tag("span", "course-entry", parent);
    if (swatch) {
      const line = shape("svg", { viewBox: "0 0 30 10", "aria-hidden": "true", class: "course-swatch" }, one);
      shape("path", { d: "M1,5H29", class: `course-key ${swatch}` }, line);
    }
    one.append(`${swatch ? " " : ""}${label} `);
    return tag("output", "", one);
  };
  const outputs = ["step", xlabel, ylabel].map((label) => entry(label));
  outputs.push(entry("loss", other && "course-main"));
  const otherLoss = other ? entry(besideName, "course-other") : null;
  const below = directions.length ? tag("div", "course-legend", el) : null;
  const parts = directions.map((_, i) =>
    entry(`${["flattest", "steepest"][i]} direction ×`, `course-direction-${i}`, below),
  );

  // In the chart one points at a step. In the map at a start, where a slider moves it, and else at a step of the path.
  const closest = (all, [x, y]) => {
    const { width, height } = map.svg.getBoundingClientRect();
    return nearest(
      all.map((one) => Math.hypot((one[0] - x) * width, (one[1] - y) * height)),
      0,
    );
  };
  grip(map.svg, model, (place) => {
    const at = map.share(place);
    if (movesStart >= 0) return { [`index${movesStart}`]: closest(starts[movesStart], at) };
    const position = now();
    return {
      pointer_index: closest(
        Array.from({ length: steps + 1 }, (_, step) => point(position, step)),
        at,
      ),
    };
  });
  grip(chart.svg, model, (place) => ({ pointer_index: Math.round(kept(chart.share(place)[0]) * steps) }));

  // A mark on the first slider for each of the two bounds, if the rates rise; where there is no slider of the site to
  // mark, on a scale above the map. -> a function that moves them
  function rule() {
    const track = el.closest(".course-explore")?.querySelector(".course-slider");
    const onSlider = track?.querySelector("input[type=range]");
    const box = tag("span", "course-bounds", onSlider ? track : el);
    if (onSlider) box.setAttribute("aria-hidden", "true"); // the caption says it
    const svg = shape(
      "svg",
      onSlider ? {} : { role: "img", "aria-label": `Scale of the ${model.get("names")[0]}, with its bounds` },
      box,
    );
    svg.classList.add("course-ruler");
    const line = (className) => shape("line", { y1: 6, y2: 6, class: className }, svg);
    const edge = line("course-edge"),
      beyond = line("course-beyond");
    const limits = ["start", "bottom"].map((place) => {
      const limit = line(`course-limit course-limit-${place}`);
      limit.setAttribute("y1", 0);
      limit.setAttribute("y2", 14);
      return limit;
    });
    const words = tag("span", "course-legend", box);
    const said = ["start", "bottom"].map((place) => {
      const one = tag("span", "course-bound", words);
      const swatch = shape("svg", { viewBox: "0 0 6 14", "aria-hidden": "true" }, one);
      shape("line", { x1: 3, x2: 3, y1: 0, y2: 14, class: `course-limit-${place}` }, swatch);
      const output = tag("output", "", one);
      one.append(` at the ${place}`);
      return output;
    });
    const along = (value) => {
      const after = grids[0].findIndex((one) => one >= value);
      if (after <= 0) return after ? 1.01 : grids[0][0] === value ? 0 : -0.01;
      const [low, high] = grids[0].slice(after - 1);
      return (after - 1 + (value - low) / (high - low)) / (counts[0] - 1);
    };
    const across = (element, from, to) => {
      element.setAttribute("x1", percent(from));
      element.setAttribute("x2", percent(to));
    };
    let dot = null;
    if (!onSlider) {
      dot = shape("circle", { cy: 6, r: 7, class: "course-point course-handle" }, svg);
      grip(svg, model, ([x]) => ({
        index0: nearest(
          grids[0].map((_, i) => i / (counts[0] - 1)),
          x / svg.getBoundingClientRect().width,
        ),
      }));
    }
    return (position) => {
      const both = bounds[number(position.slice(1), counts.slice(1))];
      both.forEach((bound, i) => {
        const share = along(bound);
        limits[i].classList.toggle("course-off", !within(share));
        across(limits[i], kept(share), kept(share));
        said[i].textContent = written(bound, 2);
      });
      const end = kept(along(both[1]));
      across(edge, 0, end);
      across(beyond, end, 1);
      dot?.setAttribute("cx", percent(position[0] / (counts[0] - 1)));
    };
  }

  const pathOf = (position) => {
    const frame = frameAt(position);
    return Array.from({ length: steps + 1 }, (_, i) => frame.subarray(3 * i, 3 * i + 3));
  };
  // Both ways of a path, up to where it is known
  const waysOf = (points) => {
    const known = points.findIndex((one) => !one.every(Number.isFinite)),
      end = known < 0 ? points.length : known;
    return [
      points.slice(0, end).map((one) => inMap(one).map((share) => kept(share, FAR))),
      points.slice(0, end).map(([, , loss], step) => inChart(loss, step)),
    ];
  };
  const leaving = (points) => points.findIndex((one) => !inMap(one).every(within));
  const rises = model.get("rises"),
    momentum = model.get("momentum_axis");

  // What the picture shows of a path as a whole
  const told = (position) => {
    const points = pathOf(position),
      left = leaving(points),
      back = inMap(points.at(-1)).every(within),
      risen = rises[number(position)];
    const words = [
      left < 0
        ? "The whole path is on the map."
        : `The path leaves the map at step ${left}${back ? " and comes back" : ""}.`,
      risen ? `The loss rises in ${risen} of ${steps} steps.` : "The loss never rises.",
    ];
    if (ruler) {
      const above = bounds[number(position.slice(1), counts.slice(1))].map((bound) => grids[0][position[0]] > bound);
      const share = momentum > 0 ? grids[momentum][position[momentum]] : 0;
      const name = share ? `(1 + ${share}) · 2/λ`.replaceAll(" ", "\u00a0") : "2/λ";
      const [start, end] = above.map((is) => (is ? "above" : "below"));
      const where =
        start === end
          ? `${start} ${name}, at the start and at the bottom`
          : `${start} ${name} at the start, and ${end} it at the bottom`;
      words.push(`The rate ${rate(position)} is ${where}.`);
    }
    return words.join(" ");
  };
  const all = counts.reduce((product, count) => product * count, 1);
  const everywhere = Array.from({ length: all }, (_, n) =>
    counts.map((count, axis) => Math.floor(n / counts.slice(axis + 1).reduce((a, b) => a * b, 1)) % count),
  );
  const tell = caption(
    el,
    everywhere.map(told).reduce((a, b) => (b.length > a.length ? b : a)),
  );

  function draw(panels, points, at) {
    const ways = waysOf(points);
    panels.forEach(({ ahead, trail, stops, dot, cut }, n) => {
      const way = ways[n];
      ahead.setAttribute("d", path(way));
      trail.setAttribute("d", path(way.slice(0, at + 1)));
      stops.replaceChildren();
      const here = way[at],
        seen = Boolean(here?.every(within));
      dot.classList.toggle("course-off", !seen);
      dot.setAttribute("cx", seen ? percent(here[0]) : 0);
      dot.setAttribute("cy", seen ? percent(here[1]) : 0);
      if (n === 0) {
        for (const [x, y] of panels === other ? [] : way.slice(0, at + 1).filter((one) => one.every(within)))
          shape("circle", { cx: percent(x), cy: percent(y), r: 2.8, class: "course-stop" }, stops);
        return;
      }
      // the highest of what is beyond the chart, above where it is
      const heights = points.map(([, , loss]) => (Number.isFinite(loss) ? shown(loss) : Number.POSITIVE_INFINITY));
      const top = heights.reduce((a, b) => Math.max(a, b)),
        place = heights.indexOf(top) / steps;
      cut.classList.toggle("course-off", top <= most);
      cut.textContent = top > most ? `▲ ${written(top, 2)}` : "";
      cut.setAttribute("x", percent(place));
      cut.setAttribute("dy", 16);
      cut.setAttribute("style", `text-anchor: ${place > 0.6 ? "end" : "start"}`);
    });
    return ways;
  }

  let drawn = "";
  return (position, at) => {
    const points = pathOf(position),
      [way] = draw(main, points, at);
    const outside = !way[at]?.every(within);
    const there = way[Math.min(at, way.length - 1)],
      [x, y] = there.map((share) => kept(share)),
      turn = (Math.atan2(there[0] - x, y - there[1]) * 180) / Math.PI;
    for (const element of [away, arrow]) element.classList.toggle("course-off", !outside);
    away.setAttribute("x", percent(x));
    away.setAttribute("y", percent(y));
    arrow.setAttribute("transform", `rotate(${turn.toFixed(1)})`);
    const numbers = [String(at), ...Array.from(points[at], (value) => written(value, 3))];
    outputs.forEach((output, i) => {
      output.textContent = numbers[i];
    });
    const said = [`step ${at}${outside ? ", outside the map" : ""}`, `loss ${numbers[3]}`];
    if (other) {
      const held = position.with(besideAxis, besideIndex),
        second = pathOf(held),
        same = String(held) === String(position);
      draw(other, second, at);
      otherLoss.textContent = written(second[at][2], 3);
      for (const panel of other) for (const part of Object.values(panel)) part?.classList.toggle("course-same", same);
      said.push(`${besideName} ${otherLoss.textContent}`);
    }
    if (drawn !== String(position)) {
      drawn = String(position);
      ruler?.(position);
      tell(told(position));
      rings.forEach((ring, i) => ring.classList.toggle("course-chosen", i === position[movesStart]));
      lines.forEach((both, i) => {
        const ways = i === position[around] ? [[], []] : waysOf(pathOf(position.with(around, i)));
        both.forEach((line, n) => line.setAttribute("d", path(ways[n])));
      });
      const factors = directions.length ? model.get("factors")[number(position)] : [];
      parts.forEach((output, i) => {
        output.textContent = written(factors[2 * i], 3);
      });
    }
    return said.join(", ");
  };
}

export default figure(build);
