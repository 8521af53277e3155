/** <studio-troubles>: why there is no picture, and the ways on; one card for each reason. */
import { announce } from "../lib/announce.js";

customElements.define(
  "studio-troubles",
  class extends HTMLElement {
    show(reason) {
      for (const trouble of this.querySelectorAll("[data-trouble]")) trouble.hidden = trouble.dataset.trouble !== reason;
      const shown = this.querySelector("[data-trouble]:not([hidden])");
      announce(`${shown.querySelector("h2").textContent.trim()}. ${shown.querySelector("p").textContent}`);
    }
  },
);
