// What the presenter's page has to hear of the browser: how high its window is, which the plot is to fill, and the key H.

let close = () => {};

// Streamlit calls this when the component appears, and again whenever its data change; it may clean up after the last call alone.
export default function ({ data, setStateValue, setTriggerValue }) {
  let waiting;

  function tell() {
    if (window.innerHeight !== data.height) setStateValue("height", window.innerHeight);
  }

  function later() {
    clearTimeout(waiting);
    waiting = setTimeout(tell, 300);
  }

  function key(event) {
    if (event.ctrlKey || event.metaKey || event.altKey || takesLetters(event.target)) return;
    if (event.key.toLowerCase() !== "h" && !(event.key === "Escape" && data.bare)) return;
    event.preventDefault(); // a closed list would open at the letter
    setTriggerValue("hide", true);
  }

  close();
  tell();
  addEventListener("resize", later);
  addEventListener("keydown", key);
  close = () => {
    clearTimeout(waiting);
    removeEventListener("resize", later);
    removeEventListener("keydown", key);
  };
  return close;
}

// Whether a letter is typed into what has the focus. A slider, a box for a number and a closed list keep the focus after they were used.
function takesLetters(target) {
  if (!target.matches?.("input, textarea, [contenteditable=true]")) return false;
  if (target.getAttribute("role") === "combobox") return target.getAttribute("aria-expanded") === "true";
  return !["range", "number"].includes(target.type);
}
