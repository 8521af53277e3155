/** Which key does what: as the sheet of keys says, and as a person has changed it. */
import { accustom, habit } from "./habits.js";

const SHOWN = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", " ": "Space", "Shift+ ": "Shift Space" };
// These have a meaning of their own everywhere, or in the room.
const FIXED = /^(Tab|Enter|Escape|Shift\+Enter|Shift\+Tab| |Shift\+ |\d|F\d+|Control|Alt|AltGraph|Meta|Shift|CapsLock|Dead|Unidentified|Process)$/;

/** The name of a pressed key: "k", "Shift+c", "?". Shift is a part of what it makes of other signs. */
export function nameOf({ key, shiftKey }) {
  if (key.length > 1 || key === " ") return shiftKey ? `Shift+${key}` : key;
  const letter = key.toLowerCase();
  const hasCases = letter !== key.toUpperCase();
  return shiftKey && hasCases ? `Shift+${letter}` : letter;
}

/** As it is printed on a keyboard. */
export function shown(name) {
  return SHOWN[name] ?? name.replace("Shift+", "Shift ").replace(/(^| )([a-zß-ÿ])$/, (_, gap, letter) => gap + letter.toUpperCase());
}

export function isFixed(name) {
  return FIXED.test(name);
}

/** What a pressed key does here, if anything. */
export function actionOf(event) {
  const name = nameOf(event);
  return rows().find((row) => keyOf(row.dataset.action) === name)?.dataset.action ?? null;
}

/** The key of an action. */
export function keyOf(action) {
  return habit("keys", {})[action] ?? rowOf(action)?.dataset.usual;
}

/** Gives a key to an action. */
export function giveKey(action, name) {
  const changed = { ...habit("keys", {}), [action]: name };
  if (name === rowOf(action).dataset.usual) delete changed[action];
  accustom("keys", Object.keys(changed).length ? changed : null);
}

export function resetKeys() {
  accustom("keys", null);
}

export const hasChangedKeys = () => Boolean(habit("keys"));

/** Who has a key already: the row, or undefined. */
export function ownerOf(name) {
  return rows().find((row) => keyOf(row.dataset.action) === name);
}

const rows = () => [...document.querySelectorAll("#keys [data-action]")];
const rowOf = (action) => document.querySelector(`#keys [data-action="${action}"]`);
