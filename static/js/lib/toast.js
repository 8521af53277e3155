/** A sentence at the foot of the page about what just happened, with one act at most. */
import { icon, make } from "./dom.js";

const ICONS = { success: "circle-check", info: "info", warning: "triangle-alert", error: "circle-alert" };
const SHORT = 6_000;
const LONG = 10_000;

/**
 * Shows a toast and resolves with how it ended: "act", "closed" or "over".
 * Errors stay until they are closed; time stands still under the pointer or the focus.
 */
export function toast(text, { tone = "info", act = null, milliseconds = tone === "error" ? null : act ? LONG : SHORT } = {}) {
  const element = make("div", { class: `toast toast--${tone}` }, icon(ICONS[tone]), make("span", { class: "toast-text" }, text));
  const ended = keep(element, milliseconds);
  if (act) element.append(button("btn btn--small", act, () => ended.end("act")));
  element.append(close(() => ended.end("closed")));
  shelf().append(element);
  return ended.promise;
}

/**
 * Do now, offer to take it back: `undo` runs when the person asks for it.
 *   await undoable("Comment deleted.", () => askJSON(url, { method: "POST" }));
 */
export async function undoable(text, undo) {
  if ((await toast(text, { act: "Undo" })) !== "act") return false;
  try {
    await undo();
  } catch (error) {
    toast(error.message, { tone: "error" });
    return false;
  }
  return true;
}

/** Gives a toast its end: by time, by a call, with a short farewell. */
export function keep(element, milliseconds) {
  let timer = null;
  let end;
  const promise = new Promise((resolve) => {
    end = (how) => {
      clearTimeout(timer);
      leave(element);
      resolve(how);
    };
  });
  const run = () => milliseconds && (timer = setTimeout(() => end("over"), milliseconds));
  const rest = () => clearTimeout(timer);
  element.addEventListener("pointerenter", rest);
  element.addEventListener("pointerleave", run);
  element.addEventListener("focusin", rest);
  element.addEventListener("focusout", run);
  run();
  return { promise, end };
}

function leave(element) {
  element.classList.add("is-leaving");
  setTimeout(() => element.remove(), 200);
}

/** The page's own shelf, lifted above an open dialog or what fills the screen when there is such. */
function shelf() {
  const dialog = [...document.querySelectorAll("dialog[open]")].at(-1);
  const host = dialog ?? document.fullscreenElement ?? document.body;
  const found = host.querySelector(":scope > .toasts");
  if (found) return found;
  const region = make("div", { class: "toasts", role: "status" });
  host.append(region);
  return region;
}

function close(run) {
  const element = button("btn btn--ghost btn--icon btn--small", icon("x"), run);
  element.setAttribute("aria-label", "Dismiss");
  return element;
}

function button(className, content, run) {
  const element = make("button", { type: "button", class: className }, content);
  element.addEventListener("click", run);
  return element;
}
