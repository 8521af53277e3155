/** Says something to people who listen to the page instead of seeing it. */
import { make } from "./dom.js";

const regions = {};

/** `urgent` interrupts; keep it for what is lost or broken. */
export function announce(text, { urgent = false } = {}) {
  const politeness = urgent ? "assertive" : "polite";
  regions[politeness] ??= document.body.appendChild(make("div", { class: "visually-hidden", "aria-live": politeness }));
  // Emptied first: the same sentence twice would otherwise be said once.
  regions[politeness].textContent = "";
  setTimeout(() => (regions[politeness].textContent = text), 50);
}
