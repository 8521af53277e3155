/** Single keys that act, but never while somebody types or works a menu. */
import { tinykeys } from "tinykeys";

const BUSY = "input, textarea, select, [contenteditable], [role=textbox], [role=menu], dialog[open], details.menu[open]";
const PRESSABLE = "button, summary, a[href]";

/**
 * Listens for keys, e.g. { "k": play, "Shift+C": reply, "$mod+Enter": send }. Returns the way to stop.
 * Space and Enter stay with the button or link that has the focus. Keys with Control or Alt also act while typing
 * when `whileTyping` is given.
 */
export function keys(target, map, { whileTyping = false } = {}) {
  const guarded = Object.fromEntries(
    Object.entries(map).map(([key, act]) => [key, (event) => isFree(event, whileTyping) && act(event)]),
  );
  return tinykeys(target, guarded);
}

/** Can this event be a shortcut at all? */
export function isFree(event, whileTyping = false) {
  if (event.defaultPrevented || event.isComposing || !areKeysOn()) return false;
  const target = event.target instanceof Element ? event.target : document.body;
  if ((event.key === " " || event.key === "Enter") && target.closest(PRESSABLE)) return false;
  return whileTyping || !target.closest(BUSY);
}

/** Single keys can be switched off (WCAG 2.1.4); the choice lives in this browser. */
export function areKeysOn() {
  return localStorage.getItem("keys") !== "off";
}

export function switchKeys(isOn) {
  localStorage.setItem("keys", isOn ? "on" : "off");
}

/** Inputs with data-key="/" take the focus when that key is pressed. */
export function focusKeys() {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.key.length !== 1 || !isFree(event)) return;
    const input = document.querySelector(`[data-key="${CSS.escape(event.key)}"]`);
    if (!input) return;
    event.preventDefault();
    input.focus();
    input.select?.();
  });
}
