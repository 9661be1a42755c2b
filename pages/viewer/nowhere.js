// A film that is dropped where a page takes none: the browser would open it in place of the page.

import { holdsFiles } from "./files.js";

const SAID_MS = 4000; // how long it still stands there where films are dropped

// Streamlit calls this when the component appears, and again whenever its data change.
export default function ({ data, parentElement }) {
  const sign = parentElement.querySelector(".drop");
  sign.textContent = data.told;
  let hiding;

  function say(event) {
    const isTaken = event.composedPath().some((part) => part instanceof Element && part.matches("[data-testid=stFileUploader]"));
    if (!holdsFiles(event) || isTaken) return;
    event.preventDefault();
    sign.hidden = false;
    clearTimeout(hiding);
    hiding = setTimeout(() => (sign.hidden = true), SAID_MS);
  }

  const told = ["dragenter", "dragover", "drop"];
  for (const name of told) addEventListener(name, say, true);
  return () => {
    clearTimeout(hiding);
    for (const name of told) removeEventListener(name, say, true);
  };
}
