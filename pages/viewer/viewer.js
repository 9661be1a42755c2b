// The film viewer. Everything here is drawing: the film and the maps come once, and only how they are looked at goes back.
//
// Names of a view's parts are those of ViewerState in component.py. A film's pixels are those of the picture that was sent.

const MAX_ZOOM = 40; // times the fitted film
const PUSH_AFTER = 300; // ms of rest before Python hears of a change
const STEP = 1.25; // of the zoom keys and buttons
const PRISTINE = { level: 50, width: 100, invert: false, mirror: false };

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

// Deflated samples, not a picture file: a canvas would have to be read back, which some browsers falsify to protect privacy.
async function unpacked(text) {
  const packed = Uint8Array.from(atob(text), (letter) => letter.charCodeAt(0));
  const stream = new Blob([packed]).stream().pipeThrough(new DecompressionStream("deflate"));
  return new Uint8Array(await new Response(stream).arrayBuffer());
}

// Opaque RGBA of every grey, as `windowed` in cxr_core/imaging/display.py has it.
function greyTable({ level, width, invert }) {
  const table = new Uint8ClampedArray(4 * 256).fill(255);
  for (let grey = 0; grey < 256; grey++) {
    const share = Math.min(1, Math.max(0, (grey / 2.55 - level) / width + 0.5));
    table.fill(Math.floor((invert ? 1 - share : share) * 255 + 0.5), 4 * grey, 4 * grey + 3);
  }
  return table;
}

// A canvas that shows samples by a table of 256 RGBA colours; `paint` draws them anew by another table.
function sheet(samples, width, height) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const pixels = new Uint32Array(image.data.buffer);
  const paint = (table) => {
    const colours = new Uint32Array(table.buffer);
    for (let i = 0; i < samples.length; i++) pixels[i] = colours[samples[i]];
    context.putImageData(image, 0, 0);
  };
  return { canvas, width, height, paint };
}

const clamp = (value, low, high) => Math.min(high, Math.max(low, value));

function createViewer(root) {
  const find = (selector) => root.querySelector(selector);
  const all = (selector) => [...root.querySelectorAll(selector)];
  const stage = find(".stage");
  const panes = all(".pane").map((element) => ({
    element,
    canvas: element.querySelector("canvas"),
    label: element.querySelector(".label"),
  }));

  let film = null; // its message
  let maps = null; // their message
  let filmSheet = null;
  let mapSheets = {}; // by class
  let besideSheets = {}; // those of another method, which stand beside them
  let painted = ""; // the window that filmSheet was painted by
  let view = {};
  let place = { zoom: 1, x: 0, y: 0 }; // zoom against the fitted film, and the film's pixel, as seen, in the middle of a pane
  let push = () => {};
  let pushed = ""; // what Python has heard last
  let timer = 0;
  let calls = 0;
  let frame = 0;

  // ---------------------------------------------------------------- what Streamlit brings

  function update(data, setView) {
    push = setView;
    if (film?.key !== data.film.key) takeFilm(data.film, data.start);
    // Streamlit parses the message anew when it changes, so a new object stands for new maps.
    if (maps !== data.maps) takeMaps(data.maps);
    sync();
    return ++calls;
  }

  function close(call) {
    if (call !== calls) return;
    clearTimeout(timer);
    cancelAnimationFrame(frame);
    resizing.disconnect();
  }

  async function takeFilm(message, start) {
    clearTimeout(timer);
    film = message;
    filmSheet = null;
    view = { ...start };
    pushed = JSON.stringify(view);
    fit();
    const samples = await unpacked(message.grey);
    if (film !== message) return;
    filmSheet = sheet(samples, film.width, film.height);
    painted = "";
    draw();
  }

  async function takeMaps(message) {
    maps = message;
    mapSheets = {};
    besideSheets = {};
    const focused = root.getRootNode().activeElement?.dataset.class;
    find(".classes").replaceChildren(...(maps?.classes ?? []).map(classButton));
    all("[data-class]").find((button) => button.dataset.class === focused)?.focus();
    if (!maps) return;
    const table = await unpacked(message.colours);
    for (const [sheets, { levels }] of [[mapSheets, message], [besideSheets, message.beside ?? { levels: {} }]]) {
      for (const [name, packed] of Object.entries(levels)) {
        const samples = await unpacked(packed);
        if (maps !== message) return;
        sheets[name] = sheet(samples, message.width, message.height);
        sheets[name].paint(table);
      }
    }
    draw();
  }

  function classButton(name) {
    const button = document.createElement("button");
    button.textContent = name;
    button.dataset.class = name;
    button.title = "Where the evidence for this class lies; it does not say how strong the evidence is";
    return button;
  }

  // ---------------------------------------------------------------- drawing

  const shown = () => view.shown ?? maps?.top;
  const beside = () => Boolean(view.side_by_side && maps);
  const fitScale = ({ clientWidth, clientHeight }) => Math.min(clientWidth / film.width, clientHeight / film.height);

  // Screen pixels (as CSS counts them) for each pixel of the film.
  const scaleOf = (element) => fitScale(element) * place.zoom;

  function draw() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(drawNow);
  }

  function drawNow() {
    if (!film || !stage.clientWidth) return;
    const window = JSON.stringify([view.level, view.width, view.invert]);
    if (filmSheet && painted !== window) {
      filmSheet.paint(greyTable(view));
      painted = window;
    }
    keepInside();
    drawPane(panes[0], beside() ? besideSheets : mapSheets);
    if (beside()) drawPane(panes[1], mapSheets);
    const scale = scaleOf(panes[0].element);
    const zoom = scale * devicePixelRatio; // of the picture that was sent, in pixels of the screen
    const stretched = zoom > 1 && film.width < film.file_width; // finer detail of the file was not sent
    const percent = Math.round((100 * zoom * film.width) / film.file_width);
    const output = find(".zoom");
    output.textContent = `${percent}%${stretched ? ` of ${film.width} px` : ""}`;
    output.title = stretched
      ? `The file has ${film.file_width} pixels a row; it is shown from ${film.width}, so its finest detail is not to be seen here`
      : "100%: one pixel of the file is one pixel of the screen";
    stage.classList.toggle("fitted", place.zoom <= 1);
    stage.setAttribute("aria-busy", !filmSheet || Boolean(maps?.levels[shown()] && !mapSheets[shown()]));
    drawScale(scale);
  }

  function drawPane({ element, canvas }, sheets) {
    const { clientWidth, clientHeight } = element;
    const ratio = devicePixelRatio;
    const [width, height] = [Math.round(clientWidth * ratio), Math.round(clientHeight * ratio)];
    if (canvas.width !== width || canvas.height !== height) Object.assign(canvas, { width, height });
    const context = canvas.getContext("2d");
    context.setTransform(1, 0, 0, 1, 0, 0);
    context.fillStyle = "#000";
    context.fillRect(0, 0, width, height);
    if (!filmSheet) return;
    const scale = scaleOf(element) * ratio;
    context.translate(width / 2 - place.x * scale, height / 2 - place.y * scale);
    context.scale(scale, scale);
    if (view.mirror) context.transform(-1, 0, 0, 1, film.width, 0);
    context.imageSmoothingQuality = "high";
    context.drawImage(filmSheet.canvas, 0, 0);
    const map = view.overlay && sheets[shown()];
    if (map) {
      context.globalAlpha = view.opacity / 100;
      context.drawImage(map.canvas, 0, 0, film.width, film.height);
      context.globalAlpha = 1;
    }
    if (view.lungs) outlineLungs(context, scale);
  }

  // Black on white, so that it shows on dark and on bright film; `scale` is that of the context, which the lines do not follow.
  function outlineLungs(context, scale) {
    for (const [colour, thickness] of [["#fff", 3], ["#000", 1]]) {
      context.strokeStyle = colour;
      context.lineWidth = (thickness * devicePixelRatio) / scale;
      for (const outline of maps?.lungs ?? []) {
        context.beginPath();
        for (const [x, y] of outline) context.lineTo(x * film.width, y * film.height);
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

  // ---------------------------------------------------------------- zoom and pan

  function fit() {
    place = { zoom: 1, x: film.width / 2, y: film.height / 2 };
    draw();
  }

  // A film that is smaller than its pane stays in the middle; one that is larger leaves no gap at its edges.
  function keepInside() {
    const { clientWidth, clientHeight } = panes[0].element;
    const scale = scaleOf(panes[0].element);
    const within = (value, extent, room) => {
      const half = room / scale / 2;
      return 2 * half >= extent ? extent / 2 : clamp(value, half, extent - half);
    };
    place.x = within(place.x, film.width, clientWidth);
    place.y = within(place.y, film.height, clientHeight);
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

  const pointers = new Map(); // pressed ones by id, each where it was seen last

  stage.addEventListener("pointerdown", (event) => {
    stage.focus({ preventScroll: true });
    stage.setPointerCapture(event.pointerId);
    pointers.set(event.pointerId, { x: event.clientX, y: event.clientY, windows: event.button === 2 || event.shiftKey });
    stage.classList.add("dragged");
  });

  stage.addEventListener("pointermove", (event) => {
    const before = pointers.get(event.pointerId);
    if (!before) return;
    const now = { ...before, x: event.clientX, y: event.clientY };
    const [dx, dy] = [now.x - before.x, now.y - before.y];
    const other = [...pointers].find(([id]) => id !== event.pointerId)?.[1];
    pointers.set(event.pointerId, now);
    const scale = scaleOf(panes[0].element);
    if (other) {
      const apart = (point) => Math.max(1, Math.hypot(point.x - other.x, point.y - other.y));
      zoomBy(apart(now) / apart(before), ...fromMiddle({ clientX: (now.x + other.x) / 2, clientY: (now.y + other.y) / 2 }));
      panBy(dx / 2 / scale, dy / 2 / scale);
    } else if (now.windows) {
      change({ level: view.level + dy / 4, width: view.width + dx / 4 });
    } else {
      panBy(dx / scale, dy / scale);
    }
  });

  for (const end of ["pointerup", "pointercancel"]) {
    stage.addEventListener(end, (event) => {
      pointers.delete(event.pointerId);
      if (pointers.size) return;
      stage.classList.remove("dragged");
      change({ level: Math.round(view.level), width: Math.round(view.width) });
    });
  }

  // ---------------------------------------------------------------- window, maps, layout

  function change(parts) {
    const mirrored = view.mirror;
    Object.assign(view, parts);
    view.level = clamp(view.level, 0, 100);
    view.width = clamp(view.width, 4, 100);
    if (view.mirror !== mirrored) place.x = film.width - place.x; // the same part of the chest stays in sight
    sync();
    clearTimeout(timer);
    timer = setTimeout(tell, PUSH_AFTER);
  }

  function tell() {
    const seen = { ...view, level: Math.round(view.level), width: Math.round(view.width) };
    if (JSON.stringify(seen) === pushed) return;
    pushed = JSON.stringify(seen);
    push(seen);
  }

  const actions = {
    in: () => zoomBy(STEP),
    out: () => zoomBy(1 / STEP),
    fit,
    reset: () => {
      change(PRISTINE);
      fit();
    },
  };

  function mapText(drawn) {
    if (!drawn) return "";
    if (!drawn.levels[shown()]) return `No ${drawn.method} for ${shown()} yet`;
    return view.overlay ? `${drawn.method} for ${shown()}` : "Map hidden";
  }

  // Bring every control in line with the view, and draw.
  function sync() {
    for (const element of all(".with-maps")) element.hidden = !maps;
    panes[1].element.hidden = !beside();
    if (beside()) panes[0].label.textContent = maps.beside ? mapText(maps.beside) : "Film";
    else panes[0].label.textContent = maps && !maps.levels[shown()] ? mapText(maps) : "";
    panes[1].label.textContent = mapText(maps);
    find(".mirrored").hidden = !view.mirror;
    all(".side").forEach((side, number) => (side.textContent = film.sides?.[(number + view.mirror) % 2] ?? ""));
    stage.style.setProperty("--aspect", film.width / (film.height * (beside() ? 2 : 1)));
    const press = (button, pressed) => button.setAttribute("aria-pressed", pressed);
    for (const button of all("[data-toggle]")) press(button, view[button.dataset.toggle]);
    for (const button of all("[data-class]")) press(button, button.dataset.class === shown());
    for (const button of all("[data-level]")) press(button, button.dataset.level == view.level && button.dataset.width == view.width);
    for (const input of all("input")) {
      input.value = view[input.name];
      input.parentElement.querySelector("output").textContent = `${Math.round(view[input.name])}%`;
    }
    draw();
  }

  root.addEventListener("click", ({ target }) => {
    const { dataset } = target.closest("button") ?? {};
    if (!dataset) return;
    if (dataset.do) actions[dataset.do]();
    if (dataset.toggle) change({ [dataset.toggle]: !view[dataset.toggle] });
    if (dataset.class) change({ shown: dataset.class, overlay: true });
    if (dataset.level) change({ level: Number(dataset.level), width: Number(dataset.width) });
  });

  root.addEventListener("input", ({ target }) => change({ [target.name]: Number(target.value) }));

  // ---------------------------------------------------------------- keys

  const toggle = (name) => () => change({ [name]: !view[name] });
  const pan = (dx, dy) => () => panBy((dx * 40) / scaleOf(panes[0].element), (dy * 40) / scaleOf(panes[0].element));
  const keys = { "+": actions.in, "=": actions.in, "-": actions.out, 0: fit, i: toggle("invert"), f: toggle("mirror") };
  const mapKeys = { o: toggle("overlay"), s: toggle("side_by_side"), l: toggle("lungs") };
  const arrows = { ArrowLeft: pan(1, 0), ArrowRight: pan(-1, 0), ArrowUp: pan(0, 1), ArrowDown: pan(0, -1) };

  root.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const name = maps?.classes[Number(key) - 1];
    // Arrows belong to the slider that has the focus, if one has.
    const action =
      keys[key] ?? (maps && mapKeys[key]) ?? (event.target === stage && arrows[key]) ?? (name && (() => change({ shown: name, overlay: true })));
    if (!action) return;
    event.preventDefault();
    event.stopPropagation();
    action();
  });

  const resizing = new ResizeObserver(draw);
  resizing.observe(stage);
  for (const { element } of panes) resizing.observe(element);
  return { update, close };
}
