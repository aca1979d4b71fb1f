import { shape, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip, nearest } from "./grip.js";

const TOP = 44,
  BOTTOM = 186;

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    panels = model.get("panels"),
    decimals = model.get("decimals");
  const k = labels.length,
    width = Math.max(300, 46 * k),
    step = width / k;
  const row = tag("div", "course-panels", el);

  // Panels side by side share the height of zero.
  const ranges = model.get("ranges");
  const below = Math.max(...ranges.map(([least, most]) => -least / (most - least)));
  // The slider that moves bar `n` of the frame most, and how high each of its positions brings it; null if none does.
  const hold = (n) => {
    const counts = model.get("grids").map((grid) => grid.length);
    const now = counts.map((_, axis) => model.get(`index${axis}`));
    const ways = counts.map((count, axis) => {
      const heights = Array.from({ length: count }, (_, i) => frameAt(now.with(axis, i))[n]);
      const finite = heights.filter(Number.isFinite);
      return { trait: `index${axis}`, heights, reach: Math.max(...finite) - Math.min(...finite) };
    });
    const best = ways.reduce((most, one) => (one.reach > most.reach ? one : most));
    return best.reach > 0 ? best : null;
  };
  const parts = panels.map((panel, p) => {
    const most = ranges[p][1],
      least = Math.min(ranges[p][0], (-below / (1 - below || 1)) * most);
    const y = (value) => BOTTOM - ((value - least) / (most - least)) * (BOTTOM - TOP);
    const svg = shape(
      "svg",
      {
        viewBox: `0 0 ${width} 232`,
        role: "img",
        style: `flex-basis: ${width - 50}px`,
        "aria-label": `Bars: ${panel} of ${labels.join(", ")}`,
      },
      row,
    );
    svg.classList.toggle("course-many", k > 6);
    shape("text", { x: 2, y: 14, class: "course-title" }, svg).textContent = panel;
    shape("line", { x1: 0, x2: width, y1: y(0), y2: y(0), class: "course-axis" }, svg);
    const bars = labels.map((label, i) => {
      const x = (i + 0.5) * step;
      const bar = shape(
        "rect",
        {
          x: x - 0.34 * step,
          width: 0.68 * step,
          class: "course-bar",
          style: `--mark: var(--course-class-${k <= 4 ? i : 0})`,
        },
        svg,
      );
      // Two strokes of paper across a bar say that it goes on beyond the picture.
      const cuts = [0, 1].map(() => shape("path", { class: "course-cut" }, svg));
      const mark = shape("path", { class: "course-mark" }, svg);
      const value = shape("text", { x, class: "course-value" }, svg);
      shape("text", { x, y: below ? 226 : 208, class: "course-label" }, svg).textContent = label;
      return { bar, cuts, mark, value, left: x - 0.4 * step, right: x + 0.4 * step, from: Infinity };
    });
    // A bar is drawn up or down by the slider that moves it most, the others standing where they are.
    let held = null;
    svg.addEventListener("pointerdown", () => {
      held = null;
    });
    grip(svg, model, ([at, height]) => {
      held ??= hold(p * k + Math.min(k - 1, Math.max(0, Math.floor(at / step))));
      return held && { [held.trait]: nearest(held.heights.map(y), height) };
    });
    return { panel, y, least, most, bars };
  });

  let marked = !model.get("marks");
  return (position) => {
    const frame = frameAt(position);
    const words = parts.map(({ panel, y, least, most, bars }, p) => {
      const said = bars.map((part, i) => {
        const { bar, cuts, mark, value, left, right } = part;
        const height = frame[p * k + i];
        const shown = Number.isNaN(height) ? 0 : Math.min(most, Math.max(least, height));
        const endless = Math.abs(height) === Infinity;
        bar.classList.toggle("course-endless", endless);
        cuts.forEach((cut, n) => {
          const at = y(shown) + (height > 0 ? 1 : -1) * (22 + 10 * n);
          cut.setAttribute("d", endless ? `M${left},${at + 7}L${right},${at - 7}` : "");
        });
        if (!marked) {
          part.from = y(shown);
          mark.setAttribute("d", `M${left},${part.from}H${right}`);
        }
        bar.setAttribute("y", Math.min(y(0), y(shown)));
        bar.setAttribute("height", Math.abs(y(shown) - y(0)));
        // The number stands clear of a mark that is a little above its bar.
        const top = part.from < y(shown) && y(shown) - part.from < 24 ? part.from : y(shown);
        value.setAttribute("y", shown < 0 ? y(shown) + 17 : top - 6);
        value.textContent = written(height, decimals);
        return `${labels[i]} ${value.textContent}`;
      });
      return `${panel}: ${said.join(", ")}`;
    });
    marked = true;
    return words.join("; ");
  };
}

export default figure(build);
