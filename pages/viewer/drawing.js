// How film, map, outlines and measures are drawn.

import { drawMark, drawMeasures } from "./measures.js";
import { clamp, seenExtent, seenMatrix, toFilm, toSeen, turned } from "./place.js";
import { greyTable, resampled } from "./samples.js";

export const FADE = 250; // ms in which a map comes and goes

// A small picture that shows levels by a table of 256 RGBA colours.
export function coloured(levels, width, height, table) {
  const canvas = new OffscreenCanvas(width, height);
  const context = canvas.getContext("2d");
  const image = context.createImageData(width, height);
  const [pixels, colours] = [new Uint32Array(image.data.buffer), new Uint32Array(table.buffer)];
  for (let at = 0; at < levels.length; at++) pixels[at] = colours[levels[at]];
  context.putImageData(image, 0, 0);
  return canvas;
}

// `its` is what belongs to one viewer: see viewer.js.
export function createDrawing(its) {
  const { stage, panes, find } = its;
  let frame = 0;

  const shown = () => its.view.shown ?? its.maps?.top;
  const wordsOf = (name) => its.maps.names[its.maps.classes.indexOf(name)]; // as people read the name
  const beside = () => Boolean(its.view.side_by_side && its.maps);
  const extent = () => seenExtent(its.film, its.view);
  const fitScale = ({ clientWidth, clientHeight }) => Math.min(clientWidth / extent()[0], clientHeight / extent()[1]);

  // Screen pixels (as CSS counts them) for each pixel of the film.
  const scaleOf = (element) => fitScale(element) * its.place.zoom;

  // How much of the map is there yet, in [0, 1].
  function faded() {
    const { from, to, since } = its.fade;
    return from + (to - from) * clamp((performance.now() - since) / FADE, 0, 1);
  }

  function draw() {
    cancelAnimationFrame(frame);
    frame = requestAnimationFrame(drawNow);
  }

  function drawNow() {
    if (!its.film || !stage.clientWidth) return;
    its.keepInside();
    const table = its.filmSheet && greyTable(its.values, its.windowNow(), its.film.inverted, its.view.invert);
    drawPane(panes[0], table, beside() ? its.besidePictures : its.mapPictures);
    if (beside()) drawPane(panes[1], table, its.mapPictures);
    const scale = scaleOf(panes[0].element);
    showZoom(scale * devicePixelRatio);
    stage.classList.toggle("fitted", its.place.zoom <= 1);
    const comes = !its.filmSheet || Boolean(its.maps?.levels[shown()] && !its.mapPictures[shown()]);
    const fades = faded() !== its.fade.to;
    stage.setAttribute("aria-busy", (comes || fades) && !its.failure);
    drawScale(scale);
    if (fades) draw();
  }

  // `zoom`: pixels of the screen for one of the picture that was sent first.
  function showZoom(zoom) {
    const reduced = its.film.width < its.film.file_width;
    if (zoom > 1 && reduced && !its.view.native) its.change({ native: true });
    const output = find(".zoom");
    output.textContent = `${Math.round((100 * zoom * its.film.width) / its.film.file_width)}%`;
    const waits = zoom > 1 && reduced && !its.nativeSheet;
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

    context.translate(width / 2 - its.place.x * scale, height / 2 - its.place.y * scale);
    context.scale(scale, scale);
    context.transform(...seenMatrix(its.film, its.view));
    context.imageSmoothingQuality = "high";
    const map = pictures[shown()];
    const strength = (its.view.opacity / 100) * faded();
    if (map && strength) {
      context.globalAlpha = strength;
      context.drawImage(map.canvas, 0, 0, its.film.width, its.film.height);
      context.globalAlpha = 1;
    }
    if (its.view.lungs) outline(context, scale, its.maps?.lungs ?? [], "#fff", "#000");
    outline(context, scale, its.truth, "#000", "#3ddc84");
    if (its.pointing && its.marked()) drawMark(context, its.marked(), its.film, (x, y) => onCanvas(x, y, width, height, scale), ratio);
    drawMeasures(context, its.drawnLines(), its.film, (x, y) => onCanvas(x, y, width, height, scale), ratio);
  }

  function onCanvas(x, y, width, height, scale) {
    const [u, v] = toSeen(seenMatrix(its.film, its.view), x, y);
    return [width / 2 + (u - its.place.x) * scale, height / 2 + (v - its.place.y) * scale];
  }

  // The samples that a pane shows: they stay the same while the window is moved.
  function samplesOf(pane, width, height, scale) {
    const source = its.nativeSheet && scale > 1 ? its.nativeSheet : its.filmSheet;
    const wanted = [its.film.key, source.width, width, height, scale, its.place.x, its.place.y, its.view.rotate, its.view.mirror].join();
    if (pane.made !== wanted) {
      const matrix = seenMatrix(its.film, its.view);
      const filmAt = (column, row) => toFilm(matrix, its.place.x + (column + 0.5 - width / 2) / scale, its.place.y + (row + 0.5 - height / 2) / scale);
      const [x, y] = [(column, row) => filmAt(column, row)[0] / its.film.width, (column, row) => filmAt(column, row)[1] / its.film.height];
      const across = turned(its.view) ? (column) => y(column, 0) : (column) => x(column, 0);
      const down = turned(its.view) ? (row) => x(0, row) : (row) => y(0, row);
      pane.samples = resampled(source, width, height, across, down, turned(its.view));
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
        for (const [x, y] of places) context.lineTo(x * its.film.width, y * its.film.height);
        context.closePath();
        context.stroke();
      }
    }
  }

  // The longest of some round lengths that takes at most 140 pixels.
  function drawScale(scale) {
    const bar = find(".scale");
    bar.hidden = !its.film.mm;
    if (!its.film.mm) return;
    const pixels = (mm) => (mm / its.film.mm) * scale;
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
    context.globalAlpha = its.view.opacity / 100;
    context.drawImage(coloured(Uint8Array.from({ length: 256 }, (_, level) => level), 256, 1, its.colours), 0, 0, width, height);
  }

  const stop = () => cancelAnimationFrame(frame);
  return { shown, wordsOf, beside, extent, scaleOf, faded, draw, drawLegend, stop };
}
