/** <brief-form>: writing a scenario, whose prompt may be recorded. */
import "./reply-player.js";
import "./reply-recorder.js";
import { on } from "../lib/dom.js";
import { sendSpoken } from "../lib/spoken.js";

customElements.define(
  "brief-form",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const say = (words) => (this.querySelector("[data-say]").textContent = words);
      on(this, "submit", "form", (event, form) => sendSpoken(event, form, say), { signal: this.#leave.signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }
  },
);
