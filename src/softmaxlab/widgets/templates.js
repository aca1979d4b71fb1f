import { tag, written } from "./drawn.js";
import { figure } from "./figure.js";
import { paint } from "./paint.js";

function picture(className, width, height, parent) {
  const canvas = tag("canvas", className, tag("div", "course-frame", parent));
  Object.assign(canvas, { width, height });
  canvas.setAttribute("role", "img");
  return canvas;
}

function build({ model, el, frameAt }) {
  const labels = model.get("labels"),
    decimals = model.get("decimals"),
    stops = model.get("colours");
  const least = model.get("least"),
    most = model.get("limit");
  const pixels = model.get("shape").at(-1),
    side = Math.sqrt(pixels);

  const grid = tag("div", `course-templates course-templates-${labels.length > 1 ? "many" : "one"}`, el);
  const parts = labels.map((label) => {
    const part = tag("div", "course-template", grid);
    tag("div", "course-title", part, label);
    return { label, canvas: picture("course-canvas", side, side, part) };
  });
  const scale = tag("div", "course-scale", el);
  tag("span", "course-end", scale, written(least, decimals));
  const bar = picture("course-ramp", 128, 1, scale);
  bar.setAttribute("aria-label", `Colours from ${written(least, decimals)} to ${written(most, decimals)}`);
  paint(
    bar,
    Array.from({ length: 128 }, (_, i) => i / 127),
    stops,
  );
  tag("span", "course-end", scale, written(most, decimals));

  return (position) => {
    const frame = frameAt(position);
    const words = parts.map(({ label, canvas }, i) => {
      const image = frame.subarray(i * pixels, (i + 1) * pixels);
      paint(
        canvas,
        Array.from(image, (value) => (value - least) / (most - least)),
        stops,
      );
      const low = Math.min(...image),
        high = Math.max(...image),
        at = image.indexOf(high);
      const where = `row ${Math.floor(at / side)}, column ${at % side}`;
      const said = `Image ${label}: from ${written(low, decimals)} to ${written(high, decimals)}, the most at ${where}`;
      canvas.setAttribute("aria-label", said);
      return said;
    });
    return words.join("; ");
  };
}

export default figure(build);
