/** Small helpers around the document. */

/** Calls the listener for events that happen inside an element that matches, now or later. Returns the way to stop. */
export function on(root, type, selector, listener, options) {
  const heard = (event) => {
    const target = event.target instanceof Element ? event.target.closest(selector) : null;
    if (target && root.contains(target)) listener(event, target);
  };
  root.addEventListener(type, heard, options);
  return () => root.removeEventListener(type, heard, options);
}

/** The first element of a piece of HTML that our own server rendered. Never give it what a person typed. */
export function fromHTML(html) {
  const template = document.createElement("template");
  template.innerHTML = html.trim();
  return template.content.firstElementChild;
}

/** An element with attributes and children; text stays text. */
export function make(tag, attributes = {}, ...children) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) element.setAttribute(name, "");
    else if (value !== false && value != null) element.setAttribute(name, value);
  }
  element.append(...children);
  return element;
}

const SVG = "http://www.w3.org/2000/svg";
const ICONS = document.querySelector("script[data-icons]")?.dataset.icons ?? "";

/** The same icon that the macro draws. */
export function icon(name, className = "") {
  const svg = document.createElementNS(SVG, "svg");
  svg.setAttribute("class", `icon ${className}`.trim());
  svg.setAttribute("aria-hidden", "true");
  const use = document.createElementNS(SVG, "use");
  use.setAttribute("href", `${ICONS}#${name}`);
  svg.append(use);
  return svg;
}

/** Runs once things have been quiet for a while; `.now()` runs at once what is due, `.cancel()` forgets it. */
export function debounce(run, milliseconds) {
  let timer = null;
  let due = null;
  const fire = () => {
    clearTimeout(timer);
    timer = null;
    const args = due;
    due = null;
    if (args) run(...args);
  };
  const debounced = (...args) => {
    due = args;
    clearTimeout(timer);
    timer = setTimeout(fire, milliseconds);
  };
  debounced.now = fire;
  debounced.cancel = () => {
    clearTimeout(timer);
    due = null;
  };
  return debounced;
}

/** A random UUID, also on plain HTTP where crypto.randomUUID is missing. */
export function uuid() {
  if (crypto.randomUUID) return crypto.randomUUID();
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, "0")).join("");
  return hex.replace(/^(.{8})(.{4})(.{4})(.{4})/, "$1-$2-$3-$4-");
}
