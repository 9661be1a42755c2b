// Films may be dropped anywhere on the page: they go to its drop zone, but for what could never be read, which Python is told of.

import { holdsFiles } from "./files.js";

const HANDOVER_MS = 30_000; // a page that is drawn anew may be so long without the component where the computer is busy

let dropping;

// Streamlit calls this when the component appears, and again whenever its data change. While a page is drawn anew one component may go
// before the next one comes, or after: there is one pair of ears for all of them, and the last call is the one that speaks to Python.
export default function ({ data, parentElement, setTriggerValue }) {
  dropping ??= createDropping();
  const call = dropping.update(parentElement.querySelector(".drop"), data, (refused) => setTriggerValue("refused", refused));
  return () => dropping.close(call);
}

function createDropping() {
  let sign;
  let bounds = { most_bytes: 0, most_zip_bytes: 0 };
  let refuse = () => {};
  let calls = 0;
  let closing;
  let untold; // a refusal that Python has not confirmed
  let inside = 0; // elements entered and not left
  let forwarding = false;

  const show = (shown) => (sign.hidden = !shown);
  const isZip = ({ name }) => name.toLowerCase().endsWith(".zip");
  const isTooLarge = (file) => file.size > (isZip(file) ? bounds.most_zip_bytes : bounds.most_bytes);

  function update(shown, data, refuses) {
    clearTimeout(closing);
    for (const [name, listener] of Object.entries(listeners)) addEventListener(name, listener, true); // no second time
    if (sign && sign !== shown) show(false);
    sign = shown;
    bounds = data;
    refuse = refuses;
    if (untold && untold.at <= data.told_until) untold = undefined;
    if (untold) refuse(untold); // who it was told to before may have been taken off the page
    return ++calls;
  }

  function close(call) {
    if (call !== calls) return;
    clearTimeout(closing);
    closing = setTimeout(() => {
      for (const [name, listener] of Object.entries(listeners)) removeEventListener(name, listener, true);
      untold = undefined;
    }, HANDOVER_MS);
  }

  function enter(event) {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    inside += event.type === "dragenter";
    show(true);
  }

  function leave(event) {
    if (!holdsFiles(event)) return;
    inside = Math.max(0, inside - 1);
    if (!inside) show(false);
  }

  function drop(event) {
    if (!holdsFiles(event)) return;
    event.preventDefault();
    event.stopPropagation();
    inside = 0;
    show(false);
    const folders = [...event.dataTransfer.items].map((item) => Boolean(item.webkitGetAsEntry?.()?.isDirectory));
    take([...event.dataTransfer.files].filter((_, number) => !folders[number]), folders.filter(Boolean).length);
  }

  // Streamlit's own drop zone would keep a file that is too large, and say so where the film before still looks like its answer.
  function choose(event) {
    const [input] = event.composedPath();
    if (forwarding || input.type !== "file" || ![...input.files].some(isTooLarge)) return;
    event.stopImmediatePropagation();
    take([...input.files], 0);
  }

  function take(files, folders) {
    const tooLarge = files.filter(isTooLarge);
    const fitting = files.filter((file) => !isTooLarge(file));
    const zips = tooLarge.filter(isZip).length;
    if (tooLarge.length || folders) {
      untold = { at: Date.now(), films: tooLarge.length - zips, zips, folders, others: fitting.length };
      refuse(untold);
    }
    // While a run replaces the drop zone, the one before it may stand beside it. Python takes films from both.
    const inputs = [...document.querySelectorAll("[data-testid=stFileUploader] input[type=file]")];
    const input = inputs.find((one) => !one.closest("[data-stale=true]")) ?? inputs[0];
    if (!fitting.length || !input) return;
    const handed = new DataTransfer();
    for (const file of fitting) handed.items.add(file);
    input.files = handed.files;
    forwarding = true;
    input.dispatchEvent(new Event("change", { bubbles: true }));
    forwarding = false;
  }

  const listeners = { dragenter: enter, dragover: enter, dragleave: leave, drop, change: choose };
  return { update, close };
}
