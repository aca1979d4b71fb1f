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

// What goes into each layer, the picture first, and the scores, which come out of the last
export function passed(layers, picture) {
  const inputs = [picture];
  for (const { weights, bias } of layers) {
    const values = inputs.at(-1),
      sums = Float64Array.from(bias),
      last = inputs.length === layers.length;
    weights.forEach((row, i) => {
      if (values[i]) for (let j = 0; j < sums.length; j++) sums[j] += values[i] * row[j];
    });
    inputs.push(last ? sums : sums.map((sum) => Math.max(0, sum)));
  }
  return inputs;
}

// The scores of a picture
export function scores(layers, picture) {
  return passed(layers, picture).at(-1);
}

// What each pixel adds to the score of `digit`, and what is added whatever is drawn. Where hidden units lie between, it is
// ink times what the weights come to with the units on that are on: as long as none changes, the score is a weighted sum.
export function evidence(layers, picture, digit) {
  const inputs = passed(layers, picture);
  let share = Float64Array.from(layers.at(-1).bias, (_, j) => Number(j === digit));
  let rest = 0;
  for (let depth = layers.length - 1; depth >= 0; depth--) {
    const { weights, bias } = layers[depth];
    bias.forEach((value, j) => {
      rest += value * share[j];
    });
    share = Float64Array.from(weights, (row, i) =>
      inputs[depth][i] ? row.reduce((sum, weight, j) => sum + weight * share[j], 0) : 0,
    );
  }
  return { products: share.map((weight, i) => weight * picture[i]), rest };
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
