// What the pointer does on the film: zoom, pan, window, rulers, marks, and the value under it.

import { isLine, markOf } from "./measures.js";
import { clamp, seenMatrix, toFilm } from "./place.js";

const MAX_ZOOM = 40; // times the fitted film
const DRAGGED_OVER = 400; // pixels of dragging that take the window over all of the film's values as filed

// `its` is what belongs to one viewer: see viewer.js.
export function createHand(its) {
  const { stage, panes, find } = its;

  function fit() {
    const [width, height] = its.extent();
    its.place = { zoom: 1, x: width / 2, y: height / 2 };
    its.draw();
  }

  // A film that is smaller than its pane stays in the middle; one that is larger leaves no gap at its edges.
  function keepInside() {
    const { clientWidth, clientHeight } = panes[0].element;
    const scale = its.scaleOf(panes[0].element);
    const within = (value, length, room) => {
      const half = room / scale / 2;
      return 2 * half >= length ? length / 2 : clamp(value, half, length - half);
    };
    its.place.x = within(its.place.x, its.extent()[0], clientWidth);
    its.place.y = within(its.place.y, its.extent()[1], clientHeight);
  }

  // `dx` and `dy`: where the point that keeps its place is seen, from the middle of its pane.
  function zoomBy(factor, dx = 0, dy = 0) {
    const before = its.scaleOf(panes[0].element);
    its.place.zoom = clamp(its.place.zoom * factor, 1, MAX_ZOOM);
    const after = its.scaleOf(panes[0].element);
    panBy(dx / after - dx / before, dy / after - dy / before);
  }

  // By pixels of the film, as the hand moves.
  function panBy(dx, dy) {
    its.place.x -= dx;
    its.place.y -= dy;
    keepInside();
    its.draw();
  }

  // Where an event is seen from the middle of the pane that it is in.
  function fromMiddle({ clientX, clientY }) {
    const boxes = panes.filter(({ element }) => !element.hidden).map(({ element }) => element.getBoundingClientRect());
    const box = boxes.find(({ right, bottom }) => clientX <= right && clientY <= bottom) ?? boxes[boxes.length - 1];
    return [clientX - box.left - box.width / 2, clientY - box.top - box.height / 2];
  }

  // The place on the film under an event, in pixels of the film.
  function underPointer(event) {
    const [dx, dy] = fromMiddle(event);
    const scale = its.scaleOf(panes[0].element);
    return toFilm(seenMatrix(its.film, its.view), its.place.x + dx / scale, its.place.y + dy / scale);
  }

  function tellValue(event) {
    const probe = find(".probe");
    const [x, y] = underPointer(event);
    const source = its.nativeSheet ?? its.filmSheet;
    const inside = source && x >= 0 && y >= 0 && x < its.film.width && y < its.film.height;
    probe.hidden = !inside;
    if (!inside) return;
    const at = (share, length) => Math.min(length - 1, Math.floor(share * length));
    const sample = source.samples[at(y / its.film.height, source.height) * source.width + at(x / its.film.width, source.width)];
    const mean = source.width < its.film.file_width ? "mean " : "";
    const where = `${at(x / its.film.width, its.film.file_width)}, ${at(y / its.film.height, its.film.file_height)}`;
    probe.textContent = `${where}: ${mean}${its.written(its.values[sample])}${its.film.unit ? ` ${its.film.unit}` : ""}`;
  }

  stage.addEventListener(
    "wheel",
    (event) => {
      event.preventDefault();
      const delta = event.deltaY * (event.deltaMode ? 16 : 1); // lines or pixels
      zoomBy(Math.exp(-clamp(delta, -400, 400) / 500), ...fromMiddle(event));
    },
    { passive: false },
  );
  stage.addEventListener("dblclick", fit);
  stage.addEventListener("contextmenu", (event) => event.preventDefault());
  stage.addEventListener("mousedown", (event) => event.button === 1 && event.preventDefault()); // else the page scrolls by itself
  stage.addEventListener("pointerleave", () => (find(".probe").hidden = true));

  const pointers = new Map(); // pressed ones by id, each where it was seen last

  // What a pressed pointer does. The left button does what was chosen or else, as in a PACS, sets the window of a fitted film.
  function taskOf({ button, shiftKey, pointerType }) {
    if (button === 1) return "pan";
    if (button === 2 || shiftKey) return "window";
    if (its.view.drag !== "auto" && (its.view.drag !== "mark" || its.pointing === "on")) return its.view.drag;
    if (pointerType === "touch") return "pan"; // a finger on a fitted film scrolls the page
    return its.place.zoom > 1 ? "pan" : "window";
  }

  let drawn = null; // the line that is being drawn
  const drawnLines = () => (drawn && drawn.kind !== "mark" ? [...its.lines, drawn] : its.lines);
  const marked = () => (drawn?.kind === "mark" ? markOf(drawn, its.film) : its.view.mark);

  // A click marks a point, a second one on it takes it away; with the tool, dragging marks a box.
  function mark(event, pressed) {
    const scale = its.scaleOf(panes[0].element);
    const box = drawn?.kind === "mark" && isLine(drawn, scale) ? drawn : null;
    const moved = isLine({ from: [pressed.startX, pressed.startY], to: [event.clientX, event.clientY] }, 1);
    if (its.pointing !== "on" || pressed.button || (!box && (moved || its.view.drag === "ruler" || its.view.drag === "angle"))) return;
    const [x, y] = underPointer(event);
    if (!box && (x < 0 || y < 0 || x > its.film.width || y > its.film.height)) return;
    const again = !box && its.view.mark && isPoint(its.view.mark) && !isLine({ from: at(its.view.mark), to: [x, y] }, scale);
    its.change({ mark: again ? null : markOf(box ?? { from: [x, y], to: [x, y] }, its.film) });
    its.tell(); // at once, for the reader may commit next
  }

  const isPoint = ([left, top, right, bottom]) => left === right && top === bottom;
  const at = ([left, top]) => [left * its.film.width, top * its.film.height];

  stage.addEventListener("pointerdown", (event) => {
    stage.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    const task = taskOf(event);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, startX: event.clientX, startY: event.clientY, button: event.button, task });
    stage.dataset.task = task;
    if (["ruler", "angle", "mark"].includes(task)) drawn = { kind: task, from: underPointer(event), to: underPointer(event) };
  });

  stage.addEventListener("pointermove", (event) => {
    tellValue(event);
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = { ...before, x: event.clientX, y: event.clientY };
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    const scale = its.scaleOf(panes[0].element);
    if (other) {
      drawn = null;
      const apart = (point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      zoomBy(apart(now) / apart(before), ...fromMiddle({ clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 }));
      panBy(dx / 2 / scale, dy / 2 / scale);
    } else if (now.task === "window") {
      const { level, width } = its.windowNow();
      const share = its.extentOfValues() / DRAGGED_OVER;
      its.setWindow(level + dy * share * (its.film.inverted ? -1 : 1), width + dx * share);
    } else if (drawn) {
      drawn.to = underPointer(event);
      its.draw();
    } else {
      panBy(dx / scale, dy / scale);
    }
  });

  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, (event) => {
      const pressed = pointers.get(event.pointerId);
      const alone = pointers.size === 1;
      pointers.delete(event.pointerId);
      if (pointers.size) return;
      delete stage.dataset.task;
      if (pressed && alone && end === "pointerup") mark(event, pressed);
      if (drawn && drawn.kind !== "mark" && isLine(drawn, its.scaleOf(panes[0].element))) its.lines.push(drawn);
      drawn = null;
      its.sync();
    });
  }

  return { fit, keepInside, zoomBy, panBy, drawnLines, marked };
}
