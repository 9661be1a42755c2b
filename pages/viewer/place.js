// Where a film lies on a canvas. A film's pixels are those of the picture that was sent first; "seen" ones are turned and mirrored.

export const turned = ({ rotate }) => rotate % 180 !== 0;

export const seenExtent = (film, view) => (turned(view) ? [film.height, film.width] : [film.width, film.height]);

// From pixels of the film to pixels as seen: [a, b, c, d, e, f] as in a canvas's transform.
export function seenMatrix(film, { rotate, mirror }) {
  const { width, height } = film;
  const turn = { 0: [1, 0, 0, 1, 0, 0], 90: [0, 1, -1, 0, height, 0], 180: [-1, 0, 0, -1, width, height], 270: [0, -1, 1, 0, 0, width] }[rotate];
  if (!mirror) return turn;
  const [a, b, c, d, e, f] = turn;
  return [-a, b, -c, d, (rotate % 180 ? height : width) - e, f];
}

export const toSeen = ([a, b, c, d, e, f], x, y) => [a * x + c * y + e, b * x + d * y + f];

// The matrix only turns and mirrors, so that its transpose takes back what it does.
export function toFilm([a, b, c, d, e, f], u, v) {
  return [a * (u - e) + b * (v - f), c * (u - e) + d * (v - f)];
}

export const clamp = (value, low, high) => Math.min(high, Math.max(low, value));
