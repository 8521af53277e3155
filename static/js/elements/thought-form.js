/** <thought-form>: telling a thought at the moment in view, written or spoken. What is spoken arrives before its words. */
import "./reply-recorder.js";
import { on } from "../lib/dom.js";
import { thePlayer } from "../lib/player.js";
import { sendSpoken } from "../lib/spoken.js";
import { timecode } from "../lib/time.js";

customElements.define(
  "thought-form",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      this.querySelector("[data-now-in-view]").hidden = false;
      on(this, "click", "[data-now-in-view]", () => this.#take(), { signal });
      on(this, "submit", "form", (event, form) => sendSpoken(event, form, (words) => this.#say(words)), { signal });
      this.closest("details").addEventListener("toggle", ({ target }) => target.open && this.#take(), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #take() {
      const player = thePlayer();
      const from = Number(player?.closest("[data-from]")?.dataset.from ?? 0);
      player?.pause();
      if (player) this.querySelector("[name=at]").value = timecode(Math.max(0, player.timeMs - from), { tenths: true });
    }

    #say(words) {
      this.querySelector("[data-say]").textContent = words;
    }
  },
);
