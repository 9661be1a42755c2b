// Show a step from its top, and let the keys of a presenter's remote control turn from step to step wherever the focus is. Streamlit hears
// no key while a slider has the focus, as after each time it was moved: these two are taken from it.
export function enter() {
  document.querySelector(".st-key-lecture-top")?.scrollIntoView({ block: "start" });
  if (window.lectureKeys) return;
  const ways = { PageDown: ".st-key-to-next button", PageUp: ".st-key-to-previous button" };
  window.lectureKeys = (event) => {
    const button = event.target.matches?.("input[type=range], [role=slider]") && document.querySelector(ways[event.key] ?? "none");
    if (!button) return;
    event.preventDefault();
    event.stopPropagation();
    button.click();
  };
  window.addEventListener("keydown", window.lectureKeys, true);
}
