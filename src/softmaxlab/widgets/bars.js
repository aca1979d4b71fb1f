import { shape, tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { grip, nearest } from "./grip.js";

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    panels = model.get("panels"),
    decimals = model.get("decimals"),
    nested = model.get("nested"),
    choice = model.get("choice"),
    grids = model.get("grids");
  const k = labels.length,
    many = k > 4,
    step = many ? 46 : Math.max(50, 150 / k),
    width = step * k,
    height = many ? 280 : 176,
    high = nested ? 26 : 40; // where the highest bar ends
  const here = () => grids.map((_, axis) => model.get(`index${axis}`));

  // The slider that moves bar `n` of the frame most, from where all stand at `now`, and the number that each of its
  // positions gives it; null if none does.
  const hold = (n, now) => {
    const ways = grids.map(({ length }, axis) => {
      const heights = Array.from({ length }, (_, i) => frameAt(now.with(axis, i))[n]);
      const finite = heights.filter(Number.isFinite);
      const reach = axis === choice ? 0 : Math.max(...finite) - Math.min(...finite);
      return { trait: `index${axis}`, heights, reach };
    });
    const best = ways.reduce((most, one) => (one.reach > most.reach ? one : most));
    return best.reach > 0 ? best : null;
  };

  // What is spoken of: the bar that is chosen, its whole and its part
  const legend = nested && tag("div", "course-legend", el);
  const chosen = legend && choice >= 0 && tag("strong", "course-chosen-name", legend);
  const entries = !legend
    ? []
    : panels.map((panel, p) => {
        const entry = tag("span", "course-entry", legend);
        const swatch = shape("svg", { viewBox: "0 0 14 14", "aria-hidden": "true", class: "course-patch" }, entry);
        shape("rect", { x: 1, y: 1, width: 12, height: 12, class: p ? "course-part" : "course-whole" }, swatch);
        entry.append(` ${panel} `);
        return choice >= 0 ? tag("output", "", entry) : null;
      });

  const row = tag("div", "course-panels", el);
  const ranges = model.get("ranges");
  const parts = (nested ? panels.slice(0, 1) : panels).map((panel, p) => {
    const [least, most] = ranges[p],
      low = height - (least < 0 ? 40 : 24); // where the lowest ends
    const y = (value) => low - ((Math.min(most, Math.max(least, value)) - least) / (most - least)) * (low - high);
    const svg = shape(
      "svg",
      {
        viewBox: `0 0 ${width} ${height}`,
        role: "img",
        "aria-label": `Bars: ${nested ? panels.join(", ") : panel} of ${labels.join(", ")}`,
      },
      row,
    );
    svg.classList.add("course-bars", many ? "course-many" : "course-few");
    if (!nested) shape("text", { x: 2, y: 12, class: "course-title" }, svg).textContent = panel;
    const bars = labels.map((label, i) => {
      const x = (i + 0.5) * step,
        left = x - 0.34 * step,
        style = `--mark: var(--course-class-${k <= 4 ? i : 0})`;
      const add = (name, classes) => shape(name, { class: classes }, svg);
      const bar = (classes, by = 0) =>
        shape("rect", { x: left + by, width: 0.68 * step - 2 * by, class: classes, style }, svg);
      const whole = nested ? bar("course-whole") : null,
        main = bar(nested ? "course-bar course-part" : "course-bar", nested ? 3 : 0);
      // Two strokes of paper across a bar say that it goes on beyond the picture.
      const cuts = [0, 1].map(() => add("path", "course-bar-cut"));
      const marks = (nested ? ["course-mark", "course-mark course-inner"] : ["course-mark"]).map((one) =>
        add("path", one),
      );
      const value = shape("text", { x, class: "course-value" }, svg);
      const name = shape("text", { x, y: height - 6, class: "course-label" }, svg);
      name.textContent = label;
      return { main, whole, cuts, marks, value, name, left, right: left + 0.68 * step, from: [] };
    });
    shape("line", { x1: 0, x2: width, y1: y(0), y2: y(0), class: "course-axis" }, svg);
    // What a finger takes hold of: the end of a bar that some slider moves
    const handles = bars.map(({ left }) => {
      const area = shape("rect", { x: left - 4, width: 0.68 * step + 8, height: 48, class: "course-handle" }, svg);
      const knob = { x: left + 0.17 * step, width: 0.34 * step, height: 4, rx: 2, class: "course-bar-end" };
      return { area, knob: shape("rect", knob, svg) };
    });

    // A bar goes where one presses, or where one chooses with the same press, as far as one drags.
    let held = null;
    svg.addEventListener("pointerdown", () => {
      held = null;
    });
    grip(svg, model, ([at, pressed]) => {
      if (!held) {
        const i = Math.min(k - 1, Math.max(0, Math.floor(at / step))),
          now = choice < 0 ? here() : here().with(choice, i);
        const by = choice < 0 ? 0 : y(frameAt(now)[p * k + i]) - pressed;
        held = { slider: hold(p * k + i, now), by, chosen: choice < 0 ? {} : { [`index${choice}`]: i } };
      }
      const { slider, by } = held;
      return { ...held.chosen, ...(slider && { [slider.trait]: nearest(slider.heights.map(y), pressed + by) }) };
    });
    return { panel, y, least, most, bars, handles };
  });

  let marked = !model.get("marks");
  return (position) => {
    const frame = frameAt(position);
    const said = parts.map(({ panel, y, least, most, bars, handles }, p) => {
      const numbers = bars.map((part, i) => {
        const { main, whole, cuts, marks, value, left, right } = part;
        const number = frame[p * k + i],
          shown = Number.isNaN(number) ? 0 : number;
        const end = y(shown),
          beyond = shown < least || shown > most;
        const draw = (bar, to) => {
          bar.setAttribute("y", Math.min(y(0), y(to)));
          bar.setAttribute("height", Math.abs(y(to) - y(0)));
        };
        draw(whole ?? main, shown);
        if (nested) draw(main, frame[k + i]);
        (whole ?? main).classList.toggle("course-endless", beyond);
        cuts.forEach((cut, n) => {
          const at = end + (shown > 0 ? 1 : -1) * (16 + 7 * n);
          cut.setAttribute("d", beyond ? `M${left - 2},${at + 4}L${right + 2},${at - 4}` : "");
        });
        if (!marked) part.from = nested ? [end, y(frame[k + i])] : [end];
        marks.forEach((mark, n) => {
          if (!marked) mark.setAttribute("d", `M${left + 3 * n},${part.from[n]}H${right - 3 * n}`);
        });
        // inside a bar a mark is of paper
        if (nested) marks[1].classList.toggle("course-within", part.from[1] > y(frame[k + i]) + 1);
        // The number stands clear of marks a little above its bar.
        const clear = part.from
          .toSorted((a, b) => b - a)
          .reduce((top, mark) => (mark < top && top - mark < 22 ? mark : top), end);
        value.setAttribute("y", shown < 0 ? end + 15 : clear - 5);
        value.textContent = written(number, decimals[p]);
        const here = choice < 0 || i === position[choice];
        if (choice >= 0) for (const one of [main, part.name]) one.classList.toggle("course-chosen", here);
        const { area, knob } = handles[i];
        const movable = here && hold(p * k + i, position) !== null;
        for (const one of [area, knob]) one.classList.toggle("course-off", !movable);
        area.setAttribute("y", end - 24);
        knob.setAttribute("y", end - 2);
        return `${labels[i]} ${value.textContent}`;
      });
      return `${panel}: ${numbers.join(", ")}`;
    });
    marked = true;
    if (choice < 0) return said.join("; ");
    const i = position[choice],
      name = `${model.get("names")[choice]} ${labels[i]}`;
    if (!nested) return `${name}: ${parts.map(({ bars }) => bars[i].value.textContent).join(", ")}`;
    chosen.textContent = `${name}:`;
    entries.forEach((output, p) => {
      output.textContent = written(frame[p * k + i], decimals[p]);
    });
    return `${name}: ${panels.map((panel, p) => `${panel} ${entries[p].textContent}`).join(", ")}`;
  };
}

export default figure(build);
