// Buttons, sliders and texts around the film.

import { measured } from "./measures.js";
import { clamp, seenMatrix } from "./place.js";

const STEP = 1.25; // of the zoom keys and buttons
const PRISTINE = { window: "filed", level: null, width: null, invert: false, mirror: false, rotate: 0 };

// `its` is what belongs to one viewer: see viewer.js.
export function createControls(its) {
  const { root, stage, panes, find, all } = its;

  function classButton(name) {
    const button = document.createElement("button");
    button.textContent = its.wordsOf(name);
    button.dataset.class = name;
    button.title = "Where the evidence for this class lies, the weaker the less probable the class is";
    return button;
  }

  function windowButton({ key, name, level, width }) {
    const button = document.createElement("button");
    button.textContent = name;
    button.dataset.window = key;
    button.title = `Level ${written(level)}, width ${written(width)}${its.film.unit ? ` ${its.film.unit}` : ""}`;
    return button;
  }

  const written = (value) => String(Number(value.toFixed(its.film.digits)));
  const chosen = () => its.film.windows.find(({ key }) => key === its.view.window) ?? its.film.windows[0];
  const isOwn = () => its.view.level !== null; // set by hand, whatever window it came from
  const windowNow = () => (isOwn() ? { level: its.view.level, width: its.view.width } : { ...chosen(), curve: its.curves[chosen().key] });
  const extentOfValues = () => its.film.windows[0].width;

  function setWindow(level, width) {
    const [low, high] = its.film.range;
    const least = its.film.digits ? extentOfValues() / 1000 : 1;
    its.change({ level: clamp(level, low, high), width: clamp(width, least, 2 * (high - low)) });
  }

  const full = () => root.getRootNode().fullscreenElement ?? document.fullscreenElement;

  const actions = {
    in: () => its.zoomBy(STEP),
    out: () => its.zoomBy(1 / STEP),
    fit: its.fit,
    rotate: () => its.change({ rotate: (its.view.rotate + 90) % 360 }),
    reset: () => {
      its.change(PRISTINE);
      its.fit();
    },
    clear: () => {
      its.lines = [];
      if (its.pointing === "on") its.change({ mark: null });
      sync();
    },
    full: () => (full() ? document.exitFullscreen() : find(".box").requestFullscreen().catch(() => {})), // a frame may forbid it
    help: () => {
      const help = find(".help");
      if (help.open) help.close();
      else help.show();
    },
  };

  function mapText(drawnMaps, pictures) {
    if (!drawnMaps) return "";
    const what = `${drawnMaps.method} for ${its.wordsOf(its.shown())}`;
    if (!drawnMaps.levels[its.shown()]) return `No ${what} yet`;
    if (!its.view.overlay) return "";
    return pictures[its.shown()]?.isWeak ? `${what}, too weak to be coloured` : what;
  }

  // Where the letters of the film's sides stand, after it was turned and mirrored: left, right, top, bottom.
  function letters() {
    if (!its.film.sides) return ["", "", "", ""];
    const [start, end] = its.film.sides; // where the rows start and end
    const [a, b] = seenMatrix(its.film, its.view); // where the rows run to, as seen
    if (a) return a > 0 ? [start, end, "", ""] : [end, start, "", ""];
    return b > 0 ? ["", "", start, end] : ["", "", end, start];
  }

  // Bring every control in line with the view, and draw.
  function sync() {
    for (const element of all(".with-maps")) element.hidden = !its.maps;
    panes[1].element.hidden = !its.beside();
    if (its.beside()) panes[0].label.textContent = its.maps.beside ? mapText(its.maps.beside, its.besidePictures) : "Film";
    else panes[0].label.textContent = mapText(its.maps, its.mapPictures);
    panes[1].label.textContent = mapText(its.maps, its.mapPictures);
    find(".legend").hidden = !(its.maps && its.view.overlay && its.colours);
    if (!find(".legend").hidden) its.drawLegend();
    const changes = [its.view.mirror && "MIRRORED", its.view.rotate && `ROTATED ${its.view.rotate}°`].filter(Boolean);
    find(".mirrored").textContent = changes.join(", ");
    find(".mirrored").hidden = !changes.length;
    find(".measured").textContent = measured(its.lines, its.film).map(({ text }) => text).filter(Boolean).join(", ");
    find(".caption").textContent = [its.caption.label, its.caption.fingerprint].filter(Boolean).join(" · ");
    find(".failure").textContent = its.failure;
    find(".failure").hidden = !its.failure;
    const placed = letters();
    for (const { element } of panes) [...element.querySelectorAll(".side")].forEach((side, number) => (side.textContent = placed[number]));
    const [width, height] = its.extent();
    stage.style.setProperty("--aspect", width / (height * (its.beside() ? 2 : 1)));
    stage.dataset.drag = its.view.drag;
    const press = (button, pressed) => button.setAttribute("aria-pressed", pressed);
    for (const button of all("[data-toggle]")) press(button, its.view[button.dataset.toggle]);
    for (const button of all("[data-class]")) press(button, button.dataset.class === its.shown());
    for (const button of all("button[data-drag]")) press(button, button.dataset.drag === its.view.drag);
    for (const button of all("[data-window]")) press(button, !isOwn() && button.dataset.window === chosen().key);
    find("[data-do=clear]").disabled = !its.lines.length && !(its.pointing === "on" && its.view.mark);
    find("button[data-drag=mark]").hidden = its.pointing !== "on";
    stage.dataset.pointing = its.pointing ?? "";
    syncWindow();
    const opacity = find("input[name=opacity]");
    opacity.value = its.view.opacity;
    opacity.parentElement.querySelector("output").textContent = `${its.view.opacity}%`;
    its.draw();
  }

  function syncWindow() {
    const [low, high] = its.film.range;
    const now = windowNow();
    const step = its.film.digits ? (high - low) / 1000 : 1;
    for (const input of all("input[name=level], input[name=width]")) {
      const ends = input.name === "level" ? [low, high] : [step, 2 * (high - low)];
      Object.assign(input, { min: ends[0], max: ends[1], step: input.type === "range" ? step : "any" });
      if (root.getRootNode().activeElement !== input || input.type === "range") input.value = written(now[input.name]);
    }
    find(".unit").textContent = its.film.unit;
  }

  root.addEventListener("click", ({ target }) => {
    const { dataset } = target.closest("button") ?? {};
    if (!dataset) return;
    if (dataset.do) actions[dataset.do]();
    if (dataset.toggle) its.toggle(dataset.toggle)();
    if (dataset.class) its.change({ shown: dataset.class, overlay: true });
    if (dataset.window) its.change({ window: dataset.window, level: null, width: null });
    if (dataset.drag) its.dragBy(dataset.drag);
  });

  root.addEventListener("input", ({ target }) => {
    const value = Number(target.value);
    if (target.name === "opacity") its.change({ opacity: value });
    else if (target.value !== "" && Number.isFinite(value)) setWindow(...(target.name === "level" ? [value, windowNow().width] : [windowNow().level, value]));
  });
  root.addEventListener("focusout", () => its.film && syncWindow());

  return { actions, classButton, windowButton, extentOfValues, setWindow, sync, windowNow, written };
}
