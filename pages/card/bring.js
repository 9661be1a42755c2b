// Scroll to what was opened, and give it the focus; without it the search and the pills come into view.
export function bring(selector) {
  const item = document.querySelector(selector);
  const finder = document.querySelector(".st-key-finder");
  if (finder.querySelector("[role=combobox][aria-expanded=true]")) return; // the next one is looked for already: that is not broken off
  (item ?? finder).scrollIntoView({ block: "start" });
  if (!item) return;
  item.tabIndex = -1;
  item.focus({ preventScroll: true });
}
