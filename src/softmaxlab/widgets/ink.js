// Drawings: numbers of 0, paper, to 1, ink, in a square.

const PEN = 6; // half the width of a line

// A line from (x0, y0) to (x1, y1): ink falls from 1 to 0 within one number across its edge.
export function line(ink, side, x0, y0, x1, y1, pen = PEN) {
  const dx = x1 - x0,
    dy = y1 - y0,
    length = dx * dx + dy * dy;
  const range = (a, b) => [
    Math.max(0, Math.floor(Math.min(a, b) - pen - 1)),
    Math.min(side - 1, Math.ceil(Math.max(a, b) + pen + 1)),
  ];
  const [left, right] = range(x0, x1),
    [top, bottom] = range(y0, y1);
  for (let row = top; row <= bottom; row++) {
    for (let column = left; column <= right; column++) {
      const x = column + 0.5 - x0,
        y = row + 0.5 - y0;
      const share = length ? Math.min(1, Math.max(0, (x * dx + y * dy) / length)) : 0;
      const distance = Math.hypot(x - share * dx, y - share * dy),
        at = row * side + column;
      ink[at] = Math.max(ink[at], Math.min(1, Math.max(0, pen + 0.5 - distance)));
    }
  }
}

// The pixels that cover `length` cells, if 20 of them cover `longer`: the first cell of each, and how much of it lies on each.
function pixels(length, longer) {
  const step = longer / 20;
  return Array.from({ length: Math.ceil((20 * length) / longer) }, (_, pixel) => {
    const begin = pixel * step,
      end = Math.min(length, (pixel + 1) * step),
      first = Math.floor(begin);
    const overlap = (_, i) => Math.max(0, Math.min(end, first + i + 1) - Math.max(begin, first + i));
    return { first, shares: Array.from({ length: Math.ceil(end) - first }, overlap).map((cells) => cells / step) };
  });
}

function average({ first, shares }, numberAt) {
  return shares.reduce((sum, share, i) => sum + share * numberAt(first + i), 0);
}

// Where the first of `masses` stands so that their centre is in pixel 14, or as near as all of them fit in 28.
function place(masses) {
  let sum = 0,
    turning = 0;
  masses.forEach((mass, i) => {
    sum += mass;
    turning += mass * (i + 0.5);
  });
  return Math.max(0, Math.min(14 - Math.floor(turning / sum + 1e-6), 28 - masses.length));
}

// The same as `softmaxlab.data.centre`: `ink`, side by side, prepared as MNIST was.
export function centre(ink, side) {
  const picture = new Float32Array(784);
  let top = side,
    bottom = -1,
    left = side,
    right = -1;
  for (let row = 0; row < side; row++) {
    for (let column = 0; column < side; column++) {
      if (ink[row * side + column] > 0) {
        top = Math.min(top, row);
        bottom = row;
        left = Math.min(left, column);
        right = Math.max(right, column);
      }
    }
  }
  if (bottom < 0) return picture;
  const height = bottom - top + 1,
    width = right - left + 1,
    longer = Math.max(height, width);
  const down = pixels(height, longer),
    across = pixels(width, longer);
  const squeezed = Array.from({ length: height }, (_, row) =>
    across.map((pixel) => average(pixel, (column) => ink[(top + row) * side + left + column])),
  );
  const small = down.map((pixel) => across.map((_, x) => average(pixel, (row) => squeezed[row][x])));
  const total = (numbers) => numbers.reduce((sum, number) => sum + number, 0);
  const y = place(small.map(total)),
    x = place(across.map((_, i) => total(small.map((row) => row[i]))));
  small.forEach((row, i) => picture.set(row, (y + i) * 28 + x));
  return picture;
}
