// What figures with axes share.

// Strokes that tell curves apart without their colours
export const DASHES = ["none", "9 5", "9 4 2 4", "2 4"];

export const minus = (value) => String(value).replace("-", "−");

// Round values from least to most, at about `parts` steps.
export function ticks([least, most], parts) {
  const rough = (most - least) / parts;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = power * [1, 2, 5, 10].find((factor) => factor * power >= rough * 0.999);
  const first = Math.ceil(least / step - 1e-9);
  const count = Math.floor(most / step + 1e-9) - first + 1;
  return Array.from({ length: count }, (_, i) => +((first + i) * step).toPrecision(6));
}

// Of a logarithmic axis, its ends as powers of ten: 1, 2 and 5 times powers of ten, or these alone where there are many.
export function logTicks([least, most]) {
  const factors = most - least > 3 ? [1] : [1, 2, 5];
  const all = [];
  for (let power = Math.floor(least); power <= Math.ceil(most); power++) {
    all.push(...factors.map((factor) => factor * 10 ** power));
  }
  const inside = (value) => Math.log10(value) >= least - 1e-9 && Math.log10(value) <= most + 1e-9;
  return all.filter(inside);
}
