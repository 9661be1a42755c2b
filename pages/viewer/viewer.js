// The film viewer. Everything here is drawing: the film and the maps come once, and only how they are looked at goes back.
//
// Names of a view's parts are those of ViewerState in component.py. A film's pixels are those of the picture that was sent first.

import { createControls } from "./controls.js";
import { coloured, createDrawing, FADE } from "./drawing.js";
import { createHand } from "./hand.js";
import { createKeys } from "./keys.js";
import { seenMatrix, toFilm, toSeen } from "./place.js";
import { fetchedSheet, unpacked } from "./samples.js";

const PUSH_AFTER = 300; // ms of rest before Python hears of a change

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
  // What the modules share. Each adds what it does for the others.
  const its = {
    root,
    stage,
    panes,
    find,
    all,
    film: null, // its message
    maps: null, // their message
    caption: {},
    filmSheet: null,
    nativeSheet: null, // all of the file's pixels, once they were asked for
    values: null, // of the film's samples, in the file's units
    curves: {}, // by window
    mapPictures: {}, // by class
    besidePictures: {}, // those of another method, which stand beside them
    colours: null,
    lines: [], // ruler and angle
    pointing: null, // "on" while a place can be marked, "shown" while it is only shown, null where there is none
    truth: [], // outlines that people drew
    view: {},
    place: { zoom: 1, x: 0, y: 0 }, // zoom against the fitted film, and the film's pixel, as seen, in the middle of a pane
    fade: { from: 0, to: 0, since: -FADE },
    failure: "",
  };
  let push = () => {};
  let pushed = ""; // what Python has heard last
  let timer = 0;
  let calls = 0;
  let turn = 0;

  function update(data, setView) {
    if (data.turn < turn) return null; // an earlier call that comes late: it would take away the maps
    turn = data.turn;
    push = setView;
    if (!calls) open();
    its.caption = data.caption ?? {};
    its.pointing = data.pointing ?? null;
    its.truth = data.truth ?? [];
    if (its.film?.key !== data.film.key) takeFilm(data.film, data.start);
    if (data.native && !its.nativeSheet) takeNative(data.native);
    const first = !its.maps && data.maps && its.pointing;
    if (its.maps?.key !== data.maps?.key) takeMaps(data.maps);
    if (first) change({ overlay: true });
    its.sync();
    return ++calls;
  }

  function open() {
    addEventListener("keydown", its.onKey, true);
    for (const element of [stage, ...panes.map((pane) => pane.element)]) resizing.observe(element);
  }

  function close(call) {
    if (call !== calls) return;
    clearTimeout(timer);
    its.stop();
    removeEventListener("keydown", its.onKey, true);
    resizing.disconnect();
    calls = 0;
  }

  async function takeFilm(message, start) {
    clearTimeout(timer);
    its.film = message;
    its.filmSheet = its.nativeSheet = its.values = null;
    its.curves = {};
    its.lines = [];
    its.failure = "";
    its.view = { ...start };
    its.fade = { from: 0, to: Number(its.view.overlay), since: -FADE };
    pushed = JSON.stringify(its.view);
    find(".windows").replaceChildren(...its.film.windows.map(its.windowButton));
    its.fit();
    try {
      const table = its.film.scale.table ? new Float32Array((await unpacked(its.film.scale.table)).buffer) : null;
      const sheet = await fetchedSheet(its.film);
      for (const { key, curve } of its.film.windows) if (curve) its.curves[key] = await unpacked(curve);
      if (its.film !== message) return;
      its.values = table ?? Float64Array.from({ length: its.film.scale.length }, (_, sample) => sample * its.film.scale.slope + its.film.scale.intercept);
      its.filmSheet = sheet;
    } catch {
      its.failure = "The film did not come over. Is the app still running? Drop the film again.";
    }
    its.sync();
  }

  async function takeNative(message) {
    const { key } = its.film;
    const sheet = await fetchedSheet(message).catch(() => null); // without it the film stays as it was sent first
    if (its.film.key !== key || !sheet) return;
    its.nativeSheet = sheet;
    its.draw();
  }

  async function takeMaps(message) {
    its.maps = message;
    its.mapPictures = {};
    its.besidePictures = {};
    const focused = root.getRootNode().activeElement?.dataset.class;
    find(".classes").replaceChildren(...(its.maps?.classes ?? []).map(its.classButton));
    all("[data-class]").find((button) => button.dataset.class === focused)?.focus();
    if (!its.maps) return;
    its.colours = await unpacked(message.colours);
    for (const [pictures, { levels }] of [[its.mapPictures, message], [its.besidePictures, message.beside ?? { levels: {} }]]) {
      for (const [name, packed] of Object.entries(levels)) {
        const map = await unpacked(packed);
        if (its.maps !== message) return;
        const isWeak = !map.some((level) => its.colours[4 * level + 3]); // no place of it has a colour
        pictures[name] = { canvas: coloured(map, message.width, message.height, its.colours), isWeak };
      }
    }
    its.sync();
  }

  function change(parts) {
    const before = { ...its.view };
    Object.assign(its.view, parts);
    if (its.view.rotate !== before.rotate || its.view.mirror !== before.mirror) {
      // The same part of the chest stays in sight.
      [its.place.x, its.place.y] = toSeen(seenMatrix(its.film, its.view), ...toFilm(seenMatrix(its.film, before), its.place.x, its.place.y));
    }
    if (its.view.overlay !== before.overlay) {
      const still = matchMedia("(prefers-reduced-motion: reduce)").matches;
      its.fade = { from: its.faded(), to: Number(its.view.overlay), since: performance.now() - (still ? FADE : 0) };
    }
    its.sync();
    clearTimeout(timer);
    timer = setTimeout(tell, PUSH_AFTER);
  }

  function tell() {
    clearTimeout(timer);
    if (JSON.stringify(its.view) === pushed) return;
    pushed = JSON.stringify(its.view);
    push({ ...its.view });
  }

  function dragBy(task) {
    change({ drag: its.view.drag === task ? "auto" : task });
  }

  Object.assign(its, { change, tell, dragBy });
  for (const create of [createDrawing, createHand, createControls, createKeys]) Object.assign(its, create(its));
  const resizing = new ResizeObserver(its.draw);
  return { update, close };
}
