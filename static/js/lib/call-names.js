/**
 * Calling people by name: "@" and the first letters in a textarea with data-mentions open a list of those who see the
 * take. Arrows walk it, Enter or Tab puts the name in, Escape closes it; the focus stays in the words.
 */
import { askHTML } from "./http.js";

const CALL = /(^|[\s(])@([\p{L}\p{M}'’.-]*(?: [\p{L}\p{M}'’.-]*){0,2})$/u;

let asked = null;
let box = null;
let words = null;

export function callNames() {
  document.addEventListener("input", ({ target }) => target.matches?.("textarea[data-mentions]") && follow(target));
  document.addEventListener("keydown", press, { capture: true });
  document.addEventListener("focusout", ({ target }) => target === words && close());
  document.addEventListener("pointerdown", choose);
}

/** The ids of those whose name stands in these words behind an "@". */
export async function callsIn(text) {
  if (!text.includes("@")) return [];
  const called = (await people()).filter(({ dataset }) => text.includes(`@${dataset.label}`));
  return called.map(({ dataset }) => dataset.id);
}

async function follow(textarea) {
  if (!callOf(textarea)) return close();
  const everybody = await people().catch(() => []);
  const call = callOf(textarea);
  if (!call || document.activeElement !== textarea) return;
  const begun = call[2].toLowerCase();
  const found = everybody.filter(({ dataset }) => isBegunBy(dataset.label.toLowerCase(), begun)).slice(0, 6);
  // Once a name stands there in full it needs no list.
  if (!found.length || found.some(({ dataset }) => dataset.label.toLowerCase() === begun.trimEnd())) return close();
  show(textarea, found);
}

const isBegunBy = (name, begun) => name.startsWith(begun) || name.split(" ").some((part) => part.startsWith(begun));

function callOf({ value, selectionStart, selectionEnd }) {
  return selectionStart === selectionEnd ? CALL.exec(value.slice(0, selectionStart)) : null;
}

function show(textarea, found) {
  close();
  words = textarea;
  box = document.getElementById("call-parts").content.firstElementChild.cloneNode(true);
  box.hidden = false;
  box.id = "call-list";
  box.append(...found.map(optionOf));
  textarea.after(box);
  textarea.setAttribute("aria-controls", box.id);
  mark(box.firstElementChild);
}

function optionOf(person, place) {
  const option = person.cloneNode(true);
  option.id = `call-${place}`;
  option.tabIndex = -1;
  option.setAttribute("role", "option");
  return option;
}

function mark(option) {
  for (const other of box.children) other.ariaSelected = String(other === option);
  words.setAttribute("aria-activedescendant", option.id);
  option.scrollIntoView({ block: "nearest" });
}

function press(event) {
  if (!box || event.target !== words || event.ctrlKey || event.metaKey || event.isComposing) return;
  const options = [...box.children];
  const now = options.findIndex(({ ariaSelected }) => ariaSelected === "true");
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  if (step) mark(options.at((now + step) % options.length));
  else if (event.key === "Enter" || event.key === "Tab") put(options[now]);
  else if (event.key === "Escape") close();
  else return;
  event.preventDefault();
  event.stopPropagation();
}

function choose(event) {
  const option = box && event.target.closest("#call-list > *");
  if (!option) return;
  event.preventDefault();
  put(option);
}

function put({ dataset }) {
  const textarea = words;
  const end = textarea.selectionStart;
  const start = end - callOf(textarea)[2].length;
  close();
  textarea.setRangeText(`${dataset.label} `, start, end, "end");
  textarea.dispatchEvent(new Event("input", { bubbles: true }));
}

function close() {
  words?.removeAttribute("aria-activedescendant");
  words?.removeAttribute("aria-controls");
  box?.remove();
  box = words = null;
}

/** Asked for once, when the first name is called; a failure is asked again. */
function people() {
  asked ??= askHTML(document.getElementById("call-parts").content.firstElementChild.dataset.people).then(read);
  asked.catch(() => (asked = null));
  return asked;
}

function read(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return [...template.content.querySelectorAll("[data-pick]")];
}
