// A strip of films: a click or an arrow key asks for another one.

const FAR = { PageUp: -1, PageDown: 1, ArrowLeft: -1, ArrowRight: 1 };
const KEEPS_KEYS = "input, textarea, select, [contenteditable=true], [role=slider], [role=tab], [role=radio], [role=combobox], [role=listbox], [role=dialog]";

const strips = new WeakMap();

// Streamlit calls this when the strip appears, and again whenever its data change. The clean-up of a call comes late, when a later one is
// already served: only the last one's takes the keys away.
export default function ({ data, parentElement, setTriggerValue }) {
  const films = parentElement.querySelector(".films");
  if (!strips.has(films)) strips.set(films, createStrip(films));
  const strip = strips.get(films);
  parentElement.querySelector(".count").textContent = `${data.current + 1} of ${data.total}`;
  const call = strip.update(data, (place) => setTriggerValue("open", { place })); // a bare 0 would count as nothing
  return () => strip.close(call);
}

function createStrip(films) {
  let total = 0;
  let at = 0; // the film that was asked for last: a second key may come before the page is drawn anew
  let ask = () => {};
  let calls = 0;

  function open(place) {
    if (place < 0 || place >= total || place === at) return;
    at = place;
    ask(place);
  }

  function update(data, asks) {
    if (!calls) {
      addEventListener("keydown", onKey);
      // The table that a film was opened from stands until the page is drawn whole, and would keep the keys.
      const { activeElement } = document;
      if (activeElement?.closest("[data-testid=stDataFrame]")) activeElement.blur();
    }
    const { entries, current, first } = data;
    total = data.total;
    at = current;
    ask = asks;
    const focused = films.contains(films.getRootNode().activeElement);
    films.replaceChildren(...entries.map((entry, number) => thumbnail(entry, first + number, current, open)));
    const button = films.children[current - first];
    if (button) films.scrollLeft = button.offsetLeft - films.offsetLeft - (films.clientWidth - button.clientWidth) / 2;
    if (focused) button?.focus();
    return ++calls;
  }

  function close(call) {
    if (call !== calls) return;
    removeEventListener("keydown", onKey);
    calls = 0;
  }

  // The viewer takes the arrows of a zoomed film before they come here.
  function onKey(event) {
    const step = FAR[event.key];
    const [target] = event.composedPath();
    if (!step || event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    if (target instanceof Element && target.closest(KEEPS_KEYS)) return;
    event.preventDefault();
    open(at + step);
  }

  return { update, close };
}

function thumbnail({ name, picture, refused, told }, place, current, open) {
  const button = document.createElement("button");
  button.title = told;
  button.setAttribute("aria-label", told);
  button.classList.toggle("refused", refused);
  if (place === current) button.setAttribute("aria-current", "true");
  if (picture) button.append(Object.assign(new Image(), { src: picture, alt: "" }));
  button.append(Object.assign(document.createElement("span"), { textContent: name }));
  button.addEventListener("click", () => open(place));
  return button;
}
