// The film viewer. Everything here is drawing: the film and the maps come once, and only how they are looked at goes back.
//
// Names of a view's parts are those of ViewerState in component.py. A film's pixels are those of the picture that was sent first.

import { drawMark, drawMeasures, isLine, markOf, measured } from "./measures.js";
import { seenExtent, seenMatrix, toFilm, toSeen, turned } from "./place.js";
import { fetchedSheet, greyTable, resampled, unpacked } from "./samples.js";

const MAX_ZOOM = 40; // times the fitted film
const PUSH_AFTER = 300; // ms of rest before Python hears of a change
const STEP = 1.25; // of the zoom keys and buttons
const FADE = 250; // ms in which a map comes and goes
const DRAGGED_OVER = 400; // pixels of dragging that take the window over all of the film's values as filed
const PRISTINE = { window: "filed", level: null, width: null, invert: false, mirror: false, rotate: 0 };

const viewers = new WeakMap();

// Streamlit calls this when the component appears, and again whenever its data or the theme change.
export default function ({ data, parentElement, setStateValue }) {
  const root = parentElement.querySelector(".viewer");
  if (!viewers.has(root)) viewers.set(root, createViewer(root));
  const viewer = viewers.get(root);
  const call = viewer.update(data, (view) => setStateValue("view", view));
  // An outdated call's clean-up comes late, when a later call is already served: only the last one's closes.
  return () => viewer.close(call);
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

// A small picture that shows levels by a table of 256 RGBA colours.
function coloured(levels, width, height, table) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const [pixels, colours] = [new Uint32Array(image.data.buffer), new Uint32Array(table.buffer)];
  for (let at = 0; at < levels.length; at++) pixels[at] = colours[levels[at]];
  context.putImageData(image, 0, 0);
  return canvas;
}

function createViewer(root) {
  const find = (selector) => root.querySelector(selector);
  const all = (selector) => [...root.querySelectorAll(selector)];
  const stage = find(".stage");
  const panes = all(".pane").map((element) => ({
    element,
    canvas: element.querySelector("canvas"),
    label: element.querySelector(".label"),
    made: "", // what `samples` was made for
    samples: null, // what the canvas shows, in full depth
    image: null,
  }));

  let film = null; // its message
  let maps = null; // their message
  let caption = {};
  let filmSheet = null;
  let nativeSheet = null; // all of the file's pixels, once they were asked for
  let values = null; // of the film's samples, in the file's units
  let curves = {}; // by window
  let mapPictures = {}; // by class
  let besidePictures = {}; // those of another method, which stand beside them
  let colours = null;
  let lines = []; // ruler and angle
  let pointing = null; // "on" while a place can be marked, "shown" while it is only shown, null where there is none
  let truth = []; // outlines that people drew
  let view = {};
  let place = { zoom: 1, x: 0, y: 0 }; // zoom against the fitted film, and the film's pixel, as seen, in the middle of a pane
  let fade = { from: 0, to: 0, since: -FADE };
  let push = () => {};
  let pushed = ""; // what Python has heard last
  let timer = 0;
  let calls = 0;
  let frame = 0;
  let failure = "";
  let turn = 0;

  // ---------------------------------------------------------------- what Streamlit brings

  function update(data, setView) {
    if (data.turn < turn) return null; // an earlier call that comes late: it would take away the maps
    turn = data.turn;
    push = setView;
    if (!calls) open();
    caption = data.caption ?? {};
    pointing = data.pointing ?? null;
    truth = data.truth ?? [];
    if (film?.key !== data.film.key) takeFilm(data.film, data.start);
    if (data.native && !nativeSheet) takeNative(data.native);
    const first = !maps && data.maps && pointing;
    if (maps?.key !== data.maps?.key) takeMaps(data.maps);
    if (first) change({ overlay: true });
    sync();
    return ++calls;
  }

  function open() {
    addEventListener("keydown", onKey, true);
    for (const element of [stage, ...panes.map((pane) => pane.element)]) resizing.observe(element);
  }

  function close(call) {
    if (call !== calls) return;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    removeEventListener("keydown", onKey, true);
    resizing.disconnect();
    calls = 0;
  }

  async function takeFilm(message, start) {
    clearTimeout(timer);
    film = message;
    filmSheet = nativeSheet = values = null;
    curves = {};
    lines = [];
    failure = "";
    view = { ...start };
    fade = { from: 0, to: Number(view.overlay), since: -FADE };
    pushed = JSON.stringify(view);
    find(".windows").replaceChildren(...film.windows.map(windowButton));
    fit();
    try {
      const table = film.scale.table ? new Float32Array((await unpacked(film.scale.table)).buffer) : null;
      const sheet = await fetchedSheet(film);
      for (const { key, curve } of film.windows) if (curve) curves[key] = await unpacked(curve);
      if (film !== message) return;
      values = table ?? Float64Array.from({ length: film.scale.length }, (_, sample) => sample * film.scale.slope + film.scale.intercept);
      filmSheet = sheet;
    } catch {
      failure = "The film did not come over. Is the app still running? Drop the film again.";
    }
    sync();
  }

  async function takeNative(message) {
    const { key } = film;
    const sheet = await fetchedSheet(message).catch(() => null); // without it the film stays as it was sent first
    if (film.key !== key || !sheet) return;
    nativeSheet = sheet;
    draw();
  }

  async function takeMaps(message) {
    maps = message;
    mapPictures = {};
    besidePictures = {};
    const focused = root.getRootNode().activeElement?.dataset.class;
    find(".classes").replaceChildren(...(maps?.classes ?? []).map(classButton));
    all("[data-class]").find((button) => button.dataset.class === focused)?.focus();
    if (!maps) return;
    colours = await unpacked(message.colours);
    for (const [pictures, { levels }] of [[mapPictures, message], [besidePictures, message.beside ?? { levels: {} }]]) {
      for (const [name, packed] of Object.entries(levels)) {
        const map = await unpacked(packed);
        if (maps !== message) return;
        pictures[name] = coloured(map, message.width, message.height, colours);
      }
    }
    sync();
  }

  function classButton(name) {
    const button = document.createElement("button");
    button.textContent = wordsOf(name);
    button.dataset.class = name;
    button.title = "Where the evidence for this class lies, the weaker the less probable the class is";
    return button;
  }

  function windowButton({ key, name, level, width }) {
    const button = document.createElement("button");
    button.textContent = name;
    button.dataset.window = key;
    button.title = `Level ${written(level)}, width ${written(width)}${film.unit ? ` ${film.unit}` : ""}`;
    return button;
  }

  // ---------------------------------------------------------------- the window

  const written = (value) => String(Number(value.toFixed(film.digits)));
  const chosen = () => film.windows.find(({ key }) => key === view.window) ?? film.windows[0];
  const isOwn = () => view.level !== null; // set by hand, whatever window it came from
  const windowNow = () => (isOwn() ? { level: view.level, width: view.width } : { ...chosen(), curve: curves[chosen().key] });
  const extentOfValues = () => film.windows[0].width;

  function setWindow(level, width) {
    const [low, high] = film.range;
    const least = film.digits ? extentOfValues() / 1000 : 1;
    change({ level: clamp(level, low, high), width: clamp(width, least, 2 * (high - low)) });
  }

  // ---------------------------------------------------------------- drawing

  const shown = () => view.shown ?? maps?.top;
  const wordsOf = (name) => maps.names[maps.classes.indexOf(name)]; // as people read the name
  const beside = () => Boolean(view.side_by_side && maps);
  const extent = () => seenExtent(film, view);
  const fitScale = ({ clientWidth, clientHeight }) => Math.min(clientWidth / extent()[0], clientHeight / extent()[1]);

  // Screen pixels (as CSS counts them) for each pixel of the film.
  const scaleOf = (element) => fitScale(element) * place.zoom;

  // How much of the map is there yet, in [0, 1].
  function faded() {
    const { from, to, since } = fade;
    return from + (to - from) * clamp((performance.now() - since) / FADE, 0, 1);
  }

  function draw() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(drawNow);
  }

  function drawNow() {
    if (!film || !stage.clientWidth) return;
    keepInside();
    const table = filmSheet && greyTable(values, windowNow(), film.inverted, view.invert);
    drawPane(panes[0], table, beside() ? besidePictures : mapPictures);
    if (beside()) drawPane(panes[1], table, mapPictures);
    const scale = scaleOf(panes[0].element);
    showZoom(scale * devicePixelRatio);
    stage.classList.toggle("fitted", place.zoom <= 1);
    const comes = !filmSheet || Boolean(maps?.levels[shown()] && !mapPictures[shown()]);
    const fades = faded() !== fade.to;
    stage.setAttribute("aria-busy", (comes || fades) && !failure);
    drawScale(scale);
    if (fades) draw();
  }

  // `zoom`: pixels of the screen for one of the picture that was sent first.
  function showZoom(zoom) {
    const reduced = film.width < film.file_width;
    if (zoom > 1 && reduced && !view.native) change({ native: true });
    const output = find(".zoom");
    output.textContent = `${Math.round((100 * zoom * film.width) / film.file_width)}%`;
    const waits = zoom > 1 && reduced && !nativeSheet;
    output.title = waits ? "The file's finest detail is on its way" : "100%: one pixel of the file is one pixel of the screen";
    output.classList.toggle("waits", waits);
  }

  function drawPane(pane, table, pictures) {
    const { element, canvas } = pane;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(element.clientWidth * ratio), Math.round(element.clientHeight * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    if (!table) return;
    const scale = scaleOf(element) * ratio;
    const { shown: samples, left, top, ...size } = samplesOf(pane, width, height, scale);
    if (!samples.length) return;
    if (pane.image?.width !== size.width || pane.image.height !== size.height) pane.image = context.createImageData(size.width, size.height);
    const pixels = new Uint32Array(pane.image.data.buffer);
    for (let at = 0; at < samples.length; at++) pixels[at] = table[samples[at]];
    context.putImageData(pane.image, left, top);

    context.translate(width / 2 - place.x * scale, height / 2 - place.y * scale);
    context.scale(scale, scale);
    context.transform(...seenMatrix(film, view));
    context.imageSmoothingQuality = "high";
    const map = pictures[shown()];
    const strength = (view.opacity / 100) * faded();
    if (map && strength) {
      context.globalAlpha = strength;
      context.drawImage(map, 0, 0, film.width, film.height);
      context.globalAlpha = 1;
    }
    if (view.lungs) outline(context, scale, maps?.lungs ?? [], "#fff", "#000");
    outline(context, scale, truth, "#000", "#3ddc84");
    if (pointing && marked()) drawMark(context, marked(), film, (x, y) => onCanvas(x, y, width, height, scale), ratio);
    drawMeasures(context, drawnLines(), film, (x, y) => onCanvas(x, y, width, height, scale), ratio);
  }

  function onCanvas(x, y, width, height, scale) {
    const [u, v] = toSeen(seenMatrix(film, view), x, y);
    return [width / 2 + (u - place.x) * scale, height / 2 + (v - place.y) * scale];
  }

  // The samples that a pane shows: they stay the same while the window is moved.
  function samplesOf(pane, width, height, scale) {
    const source = nativeSheet && scale > 1 ? nativeSheet : filmSheet;
    const wanted = [film.key, source.width, width, height, scale, place.x, place.y, view.rotate, view.mirror].join();
    if (pane.made !== wanted) {
      const matrix = seenMatrix(film, view);
      const filmAt = (column, row) => toFilm(matrix, place.x + (column + 0.5 - width / 2) / scale, place.y + (row + 0.5 - height / 2) / scale);
      const [x, y] = [(column, row) => filmAt(column, row)[0] / film.width, (column, row) => filmAt(column, row)[1] / film.height];
      const across = turned(view) ? (column) => y(column, 0) : (column) => x(column, 0);
      const down = turned(view) ? (row) => x(0, row) : (row) => y(0, row);
      pane.samples = resampled(source, width, height, across, down, turned(view));
      pane.made = wanted;
    }
    return pane.samples;
  }

  // Two colours, so that it shows on dark and on bright film; `scale` is that of the context, which the lines do not follow.
  function outline(context, scale, outlines, wide, narrow) {
    for (const [colour, thickness] of [[wide, 3], [narrow, 1.25]]) {
      context.strokeStyle = colour;
      context.lineWidth = (thickness * devicePixelRatio) / scale;
      for (const places of outlines) {
        context.beginPath();
        for (const [x, y] of places) context.lineTo(x * film.width, y * film.height);
        context.closePath();
        context.stroke();
      }
    }
  }

  // The longest of some round lengths that takes at most 140 pixels.
  function drawScale(scale) {
    const bar = find(".scale");
    bar.hidden = !film.mm;
    if (!film.mm) return;
    const pixels = (mm) => (mm / film.mm) * scale;
    const length = [100, 50, 20, 10, 5, 2, 1, 0.5].find((mm) => pixels(mm) <= 140) ?? 0.2;
    bar.firstChild.style.width = `${pixels(length)}px`;
    bar.lastChild.textContent = length >= 10 ? `${length / 10} cm` : `${length} mm`;
  }

  // What the colours mean, from no evidence to the strongest, as they look over a medium grey.
  function drawLegend() {
    const context = find(".legend canvas").getContext("2d");
    const { width, height } = context.canvas;
    context.globalAlpha = 1;
    context.fillStyle = "#808080";
    context.fillRect(0, 0, width, height);
    context.globalAlpha = view.opacity / 100;
    context.drawImage(coloured(Uint8Array.from({ length: 256 }, (_, level) => level), 256, 1, colours), 0, 0, width, height);
  }

  // ---------------------------------------------------------------- zoom and pan

  function fit() {
    const [width, height] = extent();
    place = { zoom: 1, x: width / 2, y: height / 2 };
    draw();
  }

  // A film that is smaller than its pane stays in the middle; one that is larger leaves no gap at its edges.
  function keepInside() {
    const { clientWidth, clientHeight } = panes[0].element;
    const scale = scaleOf(panes[0].element);
    const within = (value, length, room) => {
      const half = room / scale / 2;
      return 2 * half >= length ? length / 2 : clamp(value, half, length - half);
    };
    place.x = within(place.x, extent()[0], clientWidth);
    place.y = within(place.y, extent()[1], clientHeight);
  }

  // `dx` and `dy`: where the point that keeps its place is seen, from the middle of its pane.
  function zoomBy(factor, dx = 0, dy = 0) {
    const before = scaleOf(panes[0].element);
    place.zoom = clamp(place.zoom * factor, 1, MAX_ZOOM);
    const after = scaleOf(panes[0].element);
    panBy(dx / after - dx / before, dy / after - dy / before);
  }

  // By pixels of the film, as the hand moves.
  function panBy(dx, dy) {
    place.x -= dx;
    place.y -= dy;
    keepInside();
    draw();
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
    const scale = scaleOf(panes[0].element);
    return toFilm(seenMatrix(film, view), place.x + dx / scale, place.y + dy / scale);
  }

  function tellValue(event) {
    const probe = find(".probe");
    const [x, y] = underPointer(event);
    const source = nativeSheet ?? filmSheet;
    const inside = source && x >= 0 && y >= 0 && x < film.width && y < film.height;
    probe.hidden = !inside;
    if (!inside) return;
    const at = (share, length) => Math.min(length - 1, Math.floor(share * length));
    const sample = source.samples[at(y / film.height, source.height) * source.width + at(x / film.width, source.width)];
    const mean = source.width < film.file_width ? "mean " : "";
    const where = `${at(x / film.width, film.file_width)}, ${at(y / film.height, film.file_height)}`;
    probe.textContent = `${where}: ${mean}${written(values[sample])}${film.unit ? ` ${film.unit}` : ""}`;
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
    if (view.drag !== "auto" && (view.drag !== "mark" || pointing === "on")) return view.drag;
    if (pointerType === "touch") return "pan"; // a finger on a fitted film scrolls the page
    return place.zoom > 1 ? "pan" : "window";
  }

  let drawn = null; // the line that is being drawn
  const drawnLines = () => (drawn && drawn.kind !== "mark" ? [...lines, drawn] : lines);
  const marked = () => (drawn?.kind === "mark" ? markOf(drawn, film) : view.mark);

  // A click marks a point, a second one on it takes it away; with the tool, dragging marks a box.
  function mark(event, pressed) {
    const scale = scaleOf(panes[0].element);
    const box = drawn?.kind === "mark" && isLine(drawn, scale) ? drawn : null;
    const moved = isLine({ from: [pressed.startX, pressed.startY], to: [event.clientX, event.clientY] }, 1);
    if (pointing !== "on" || pressed.button || (!box && (moved || view.drag === "ruler" || view.drag === "angle"))) return;
    const [x, y] = underPointer(event);
    if (!box && (x < 0 || y < 0 || x > film.width || y > film.height)) return;
    const again = !box && view.mark && isPoint(view.mark) && !isLine({ from: at(view.mark), to: [x, y] }, scale);
    change({ mark: again ? null : markOf(box ?? { from: [x, y], to: [x, y] }, film) });
    clearTimeout(timer);
    tell(); // at once, for the reader may commit next
  }

  const isPoint = ([left, top, right, bottom]) => left === right && top === bottom;
  const at = ([left, top]) => [left * film.width, top * film.height];

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
    const scale = scaleOf(panes[0].element);
    if (other) {
      drawn = null;
      const apart = (point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      zoomBy(apart(now) / apart(before), ...fromMiddle({ clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 }));
      panBy(dx / 2 / scale, dy / 2 / scale);
    } else if (now.task === "window") {
      const { level, width } = windowNow();
      const share = extentOfValues() / DRAGGED_OVER;
      setWindow(level + dy * share * (film.inverted ? -1 : 1), width + dx * share);
    } else if (drawn) {
      drawn.to = underPointer(event);
      draw();
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
      if (drawn && drawn.kind !== "mark" && isLine(drawn, scaleOf(panes[0].element))) lines.push(drawn);
      drawn = null;
      sync();
    });
  }

  // ---------------------------------------------------------------- window, maps, layout

  function change(parts) {
    const before = { ...view };
    Object.assign(view, parts);
    if (view.rotate !== before.rotate || view.mirror !== before.mirror) {
      // The same part of the chest stays in sight.
      [place.x, place.y] = toSeen(seenMatrix(film, view), ...toFilm(seenMatrix(film, before), place.x, place.y));
    }
    if (view.overlay !== before.overlay) {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      fade = { from: faded(), to: Number(view.overlay), since: performance.now() - (still ? FADE : 0) };
    }
    sync();
    clearTimeout(timer);
    timer = setTimeout(tell, PUSH_AFTER);
  }

  function tell() {
    if (JSON.stringify(view) === pushed) return;
    pushed = JSON.stringify(view);
    push({ ...view });
  }

  function dragBy(task) {
    change({ drag: view.drag === task ? "auto" : task });
  }

  const full = () => root.getRootNode().fullscreenElement ?? document.fullscreenElement;

  const actions = {
    in: () => zoomBy(STEP),
    out: () => zoomBy(1 / STEP),
    fit,
    rotate: () => change({ rotate: (view.rotate + 90) % 360 }),
    reset: () => {
      change(PRISTINE);
      fit();
    },
    clear: () => {
      lines = [];
      if (pointing === "on") change({ mark: null });
      sync();
    },
    full: () => (full() ? document.exitFullscreen() : find(".box").requestFullscreen().catch(() => {})), // a frame may forbid it
    help: () => {
      const help = find(".help");
      if (help.open) help.close();
      else help.show();
    },
  };

  function mapText(drawnMaps) {
    if (!drawnMaps) return "";
    const what = `${drawnMaps.method} for ${wordsOf(shown())}`;
    if (!drawnMaps.levels[shown()]) return `No ${what} yet`;
    return view.overlay ? what : "";
  }

  // Where the letters of the film's sides stand, after it was turned and mirrored: left, right, top, bottom.
  function letters() {
    if (!film.sides) return ["", "", "", ""];
    const [start, end] = film.sides; // where the rows start and end
    const [a, b] = seenMatrix(film, view); // where the rows run to, as seen
    if (a) return a > 0 ? [start, end, "", ""] : [end, start, "", ""];
    return b > 0 ? ["", "", start, end] : ["", "", end, start];
  }

  // Bring every control in line with the view, and draw.
  function sync() {
    for (const element of all(".with-maps")) element.hidden = !maps;
    panes[1].element.hidden = !beside();
    if (beside()) panes[0].label.textContent = maps.beside ? mapText(maps.beside) : "Film";
    else panes[0].label.textContent = mapText(maps);
    panes[1].label.textContent = mapText(maps);
    find(".legend").hidden = !(maps && view.overlay && colours);
    if (!find(".legend").hidden) drawLegend();
    const changes = [view.mirror && "MIRRORED", view.rotate && `ROTATED ${view.rotate}°`].filter(Boolean);
    find(".mirrored").textContent = changes.join(", ");
    find(".mirrored").hidden = !changes.length;
    find(".measured").textContent = measured(lines, film).map(({ text }) => text).filter(Boolean).join(", ");
    find(".caption").textContent = [caption.label, caption.fingerprint].filter(Boolean).join(" · ");
    find(".failure").textContent = failure;
    find(".failure").hidden = !failure;
    const placed = letters();
    for (const { element } of panes) [...element.querySelectorAll(".side")].forEach((side, number) => (side.textContent = placed[number]));
    const [width, height] = extent();
    stage.style.setProperty("--aspect", width / (height * (beside() ? 2 : 1)));
    stage.dataset.drag = view.drag;
    const press = (button, pressed) => button.setAttribute("aria-pressed", pressed);
    for (const button of all("[data-toggle]")) press(button, view[button.dataset.toggle]);
    for (const button of all("[data-class]")) press(button, button.dataset.class === shown());
    for (const button of all("button[data-drag]")) press(button, button.dataset.drag === view.drag);
    for (const button of all("[data-window]")) press(button, !isOwn() && button.dataset.window === chosen().key);
    find("[data-do=clear]").disabled = !lines.length && !(pointing === "on" && view.mark);
    find("button[data-drag=mark]").hidden = pointing !== "on";
    stage.dataset.pointing = pointing ?? "";
    syncWindow();
    const opacity = find("input[name=opacity]");
    opacity.value = view.opacity;
    opacity.parentElement.querySelector("output").textContent = `${view.opacity}%`;
    draw();
  }

  function syncWindow() {
    const [low, high] = film.range;
    const now = windowNow();
    const step = film.digits ? (high - low) / 1000 : 1;
    for (const input of all("input[name=level], input[name=width]")) {
      const ends = input.name === "level" ? [low, high] : [step, 2 * (high - low)];
      Object.assign(input, { min: ends[0], max: ends[1], step: input.type === "range" ? step : "any" });
      if (root.getRootNode().activeElement !== input || input.type === "range") input.value = written(now[input.name]);
    }
    find(".unit").textContent = film.unit;
  }

  root.addEventListener("click", ({ target }) => {
    const { dataset } = target.closest("button") ?? {};
    if (!dataset) return;
    if (dataset.do) actions[dataset.do]();
    if (dataset.toggle) toggle(dataset.toggle)();
    if (dataset.class) change({ shown: dataset.class, overlay: true });
    if (dataset.window) change({ window: dataset.window, level: null, width: null });
    if (dataset.drag) dragBy(dataset.drag);
  });

  root.addEventListener("input", ({ target }) => {
    const value = Number(target.value);
    if (target.name === "opacity") change({ opacity: value });
    else if (target.value !== "" && Number.isFinite(value)) setWindow(...(target.name === "level" ? [value, windowNow().width] : [windowNow().level, value]));
  });
  root.addEventListener("focusout", () => film && syncWindow());

  // ---------------------------------------------------------------- keys

  const toggle = (name) => () => change({ [name]: !view[name], ...(name === "side_by_side" && !view[name] && { overlay: true }) });
  const pan = (dx, dy) => () => panBy((dx * 40) / scaleOf(panes[0].element), (dy * 40) / scaleOf(panes[0].element));
  const keys = {
    "+": actions.in,
    "=": actions.in,
    "-": actions.out,
    0: fit,
    i: toggle("invert"),
    f: toggle("mirror"),
    t: actions.rotate,
    m: actions.full,
    r: () => dragBy("ruler"),
    a: () => dragBy("angle"),
    w: () => dragBy("window"),
    p: () => dragBy("pan"),
    b: () => pointing === "on" && dragBy("mark"),
    c: actions.clear,
    "?": actions.help,
  };
  const mapKeys = { o: toggle("overlay"), s: toggle("side_by_side"), l: toggle("lungs") };
  const arrows = { ArrowLeft: pan(1, 0), ArrowRight: pan(-1, 0), ArrowUp: pan(0, 1), ArrowDown: pan(0, -1) };

  // Keys work wherever the focus is, but for what is typed into; what moves by arrows keeps these.
  const TYPED = "input:not([type=range], [type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable=true], [role=combobox]";
  const MOVED = "input[type=range], input[type=radio], [role=slider], [role=tab], [role=radio], [role=listbox]";

  function onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !film) return;
    const [target] = event.composedPath();
    const within = (selector) => target instanceof Element && target.closest(selector);
    if (within(TYPED)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const name = maps?.classes[Number(key) - 1];
    const moves = place.zoom > 1 && !within(MOVED) && arrows[key];
    const closes = key === "Escape" && find(".help").open && actions.help;
    const action = keys[key] ?? ((maps && mapKeys[key]) || moves || closes || (name && (() => change({ shown: name, overlay: true }))));
    if (!action) return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has a use of its own for some letters
    action();
  }

  const resizing = new ResizeObserver(draw);
  return { update, close };
}
