// Keys work wherever the focus is, but for what is typed into; what moves by arrows keeps these.

const TYPED = "input:not([type=range], [type=checkbox], [type=radio], [type=file]), textarea, select, [contenteditable=true], [role=combobox]";
const MOVED = "input[type=range], input[type=radio], [role=slider], [role=tab], [role=radio], [role=listbox]";

// `its` is what belongs to one viewer: see viewer.js.
export function createKeys(its) {
  const { panes, find } = its;

  const toggle = (name) => () => its.change({ [name]: !its.view[name], ...(name === "side_by_side" && !its.view[name] && { overlay: true }) });
  const pan = (dx, dy) => () => its.panBy((dx * 40) / its.scaleOf(panes[0].element), (dy * 40) / its.scaleOf(panes[0].element));
  const keys = {
    "+": its.actions.in,
    "=": its.actions.in,
    "-": its.actions.out,
    0: its.fit,
    i: toggle("invert"),
    f: toggle("mirror"),
    t: its.actions.rotate,
    m: its.actions.full,
    r: () => its.dragBy("ruler"),
    a: () => its.dragBy("angle"),
    w: () => its.dragBy("window"),
    p: () => its.dragBy("pan"),
    b: () => its.pointing === "on" && its.dragBy("mark"),
    c: its.actions.clear,
    "?": its.actions.help,
  };
  const mapKeys = { o: toggle("overlay"), s: toggle("side_by_side"), l: toggle("lungs") };
  const arrows = { ArrowLeft: pan(1, 0), ArrowRight: pan(-1, 0), ArrowUp: pan(0, 1), ArrowDown: pan(0, -1) };

  function onKey(event) {
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || !its.film) return;
    const [target] = event.composedPath();
    const within = (selector) => target instanceof Element && target.closest(selector);
    if (within(TYPED)) return;
    const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
    const name = its.maps?.classes[Number(key) - 1];
    const moves = its.place.zoom > 1 && !within(MOVED) && arrows[key];
    const closes = key === "Escape" && find(".help").open && its.actions.help;
    const action = keys[key] ?? ((its.maps && mapKeys[key]) || moves || closes || (name && (() => its.change({ shown: name, overlay: true }))));
    if (!action) return;
    event.preventDefault();
    event.stopPropagation(); // Streamlit has a use of its own for some letters
    action();
  }

  return { toggle, onKey };
}
