// Elements for the page, and numbers as they are read and written.

const SVG = "http://www.w3.org/2000/svg";

// An element of an SVG
export function shape(name, attributes, parent) {
  const element = document.createElementNS(SVG, name);
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  parent.append(element);
  return element;
}

export function tag(name, className, parent, text = "") {
  const element = document.createElement(name);
  element.className = className;
  element.textContent = text;
  parent.append(element);
  return element;
}

// The numbers in the bytes of a trait
export function floats(view) {
  return new Float32Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
}

// Ten to a power, as one writes it: 10⁹
export function ten(power) {
  return `10${[...String(power)].map((sign) => "⁰¹²³⁴⁵⁶⁷⁸⁹"[sign] ?? "⁻").join("")}`;
}

export function written(value, decimals) {
  if (Number.isNaN(value)) return "nan";
  if (!Number.isFinite(value)) return value > 0 ? "∞" : "−∞";
  if (Math.abs(value) >= 1e6) {
    const [digits, power] = value.toExponential(2).split("e");
    return `${digits.replace("-", "−")}·${ten(Number(power))}`;
  }
  return value
    .toFixed(decimals)
    .replace(/^-(0\.?0*)$/, "$1")
    .replace("-", "−");
}
