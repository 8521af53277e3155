/** <moment-now>: a time that is typed, or taken from the player by one press. */
import { announce } from "../lib/announce.js";
import { on } from "../lib/dom.js";
import { thePlayer } from "../lib/player.js";
import { timecode } from "../lib/time.js";

customElements.define(
  "moment-now",
  class extends HTMLElement {
    connectedCallback() {
      const button = this.querySelector("[data-now]");
      button.hidden = false;
      on(this, "click", "[data-now]", () => this.take());
    }

    /** The moment that the player shows. */
    take() {
      const player = thePlayer();
      if (!player) return;
      const input = this.querySelector("input");
      input.value = timecode(player.timeMs, { tenths: true });
      input.dispatchEvent(new Event("input", { bubbles: true }));
      announce(`At ${input.value}.`);
    }

    get isEmpty() {
      return !this.querySelector("input").value.trim();
    }
  },
);
