/** <beat-starts>: where the parts of the scenario begin, opened by the menu; "here" takes the moment in view. */
import { on } from "../lib/dom.js";
import { thePlayer } from "../lib/player.js";
import { timecode } from "../lib/time.js";

customElements.define(
  "beat-starts",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      for (const button of this.querySelectorAll("[data-here]")) button.hidden = false;
      on(document.body, "click", "[data-opens-parts]", () => this.#open(), { signal });
      on(this, "click", "[data-here]", (_, button) => this.#take(button.previousElementSibling), { signal });
      this.addEventListener("reset", () => (this.hidden = true), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #open() {
      this.hidden = false;
      this.querySelector("[data-here]").focus();
    }

    #take(field) {
      field.value = timecode(thePlayer()?.timeMs ?? 0, { tenths: true });
    }
  },
);
