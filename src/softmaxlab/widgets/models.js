// What a trained model makes of a picture: scores, and probabilities.

// The numbers in bytes of float16
export function halves(view) {
  const bits = new Uint16Array(view.buffer.slice(view.byteOffset, view.byteOffset + view.byteLength));
  return Float32Array.from(bits, (number) => {
    const sign = number & 0x8000 ? -1 : 1,
      power = (number >> 10) & 31,
      part = number & 1023;
    return sign * (power ? 2 ** (power - 25) * (1024 + part) : 2 ** -24 * part);
  });
}

// The models, as `DigitPad.models` has them: a list of layers each.
export function unpack(model) {
  const numbers = halves(model.get("parameters"));
  let read = 0;
  const next = (count) => {
    read += count;
    return numbers.subarray(read - count, read);
  };
  return model.get("sizes").map((sizes) =>
    sizes.slice(1).map((columns, i) => {
      const weights = Array.from({ length: sizes[i] }, () => next(columns));
      return { weights, bias: next(columns) };
    }),
  );
}

// The scores of a picture
export function scores(layers, picture) {
  let values = picture;
  layers.forEach(({ weights, bias }, depth) => {
    const sums = Float64Array.from(bias);
    weights.forEach((row, i) => {
      const value = depth ? Math.max(0, values[i]) : values[i];
      if (value) for (let j = 0; j < sums.length; j++) sums[j] += value * row[j];
    });
    values = sums;
  });
  return values;
}

export function softmax(values) {
  const most = Math.max(...values);
  const exps = values.map((value) => Math.exp(value - most));
  const sum = exps.reduce((total, value) => total + value, 0);
  return exps.map((value) => value / sum);
}

// Pictures that travel as bytes
export function images(view) {
  return Array.from({ length: view.byteLength / 784 }, (_, n) =>
    Float32Array.from(new Uint8Array(view.buffer, view.byteOffset + 784 * n, 784), (byte) => byte / 255),
  );
}
