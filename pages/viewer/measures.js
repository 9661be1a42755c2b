// Ruler and angle: lines on the film, in pixels of it, and what they come to.

const REACH = 8; // screen pixels; a shorter line was a click

export const isLine = ({ from, to }, scale) => Math.hypot(to[0] - from[0], to[1] - from[1]) * scale >= REACH;

// Length of a line in words, by `mm` of a pixel where the file tells it, else in pixels of the file.
export function lengthText({ from, to }, film) {
  const pixels = Math.hypot(to[0] - from[0], to[1] - from[1]);
  return film.mm ? `${(pixels * film.mm).toFixed(1)} mm` : `${Math.round((pixels * film.file_width) / film.width)} px`;
}

// The angle between two lines, whichever way they were drawn: at most a right one.
export function angleText(one, other) {
  const direction = ({ from, to }) => Math.atan2(to[1] - from[1], to[0] - from[0]);
  const degrees = (Math.abs(direction(one) - direction(other)) * 180) / Math.PI;
  return `${Math.min(degrees % 180, 180 - (degrees % 180)).toFixed(1)}°`;
}

// Every line with its text: rulers on their own, the lines of angles two by two.
export function measured(lines, film) {
  const angled = lines.filter(({ kind }) => kind === "angle");
  return lines.map((line) => {
    if (line.kind === "ruler") return { line, text: lengthText(line, film) };
    const number = angled.indexOf(line);
    return { line, text: number % 2 ? angleText(angled[number - 1], line) : "" };
  });
}

// Draw them; `at` takes a place on the film to the canvas, `unit` is a screen pixel.
export function drawMeasures(context, lines, film, at, unit) {
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  context.lineCap = "round";
  context.font = `600 ${13 * unit}px sans-serif`;
  context.textBaseline = "bottom";
  for (const { line, text } of measured(lines, film)) {
    const [from, to] = [at(...line.from), at(...line.to)];
    for (const [colour, thickness] of [["#000", 4], ["#ffd400", 1.5]]) {
      context.strokeStyle = colour;
      context.lineWidth = thickness * unit;
      context.beginPath();
      context.moveTo(...from);
      context.lineTo(...to);
      context.stroke();
    }
    context.lineWidth = 3 * unit;
    context.strokeStyle = "#000";
    context.fillStyle = "#ffd400";
    const place = [Math.min(to[0] + 6 * unit, context.canvas.width - context.measureText(text).width - 4 * unit), Math.max(to[1], 18 * unit)];
    context.strokeText(text, ...place);
    context.fillText(text, ...place);
  }
  context.restore();
}

// What a line from one corner to another marks, in shares of the film, from left to right and from top to bottom.
export function markOf({ from, to }, film) {
  const share = (value, length) => Math.min(1, Math.max(0, value / length));
  const [x, y] = [[from[0], to[0]], [from[1], to[1]]].map((ends, axis) => ends.map((end) => share(end, axis ? film.height : film.width)));
  return [Math.min(...x), Math.min(...y), Math.max(...x), Math.max(...y)];
}

// Draw a mark: a ring with a cross for a point, a box for a box; `at` and `unit` as above.
export function drawMark(context, [left, top, right, bottom], film, at, unit) {
  const [from, to] = [at(left * film.width, top * film.height), at(right * film.width, bottom * film.height)];
  const isPoint = left === right && top === bottom;
  context.save();
  context.setTransform(1, 0, 0, 1, 0, 0);
  for (const [colour, thickness] of [["#000", 5], ["#ffd400", 2]]) {
    context.strokeStyle = colour;
    context.lineWidth = thickness * unit;
    context.beginPath();
    if (isPoint) {
      context.arc(...from, 9 * unit, 0, 2 * Math.PI);
      for (const [x, y] of [[1, 0], [-1, 0], [0, 1], [0, -1]]) {
        context.moveTo(from[0] + 4 * unit * x, from[1] + 4 * unit * y);
        context.lineTo(from[0] + 14 * unit * x, from[1] + 14 * unit * y);
      }
    } else {
      context.rect(...from, to[0] - from[0], to[1] - from[1]);
    }
    context.stroke();
  }
  context.restore();
}
