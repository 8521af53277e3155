/** <studio-transport>: the row of acts. What two of its buttons say depends on more than the state. */
import { keptWords } from "../lib/studio/manifest.js";

customElements.define(
  "studio-transport",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      document.addEventListener("playback-change", ({ target }) => this.#drawPlay(target), { signal: this.#leave.signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    /** Where a take of an earlier visit is recorded on; null for a new one. */
    set from(milliseconds) {
      this.#label("record").textContent = milliseconds === null ? "Record" : `Record on from ${keptWords(milliseconds)}`;
    }

    #drawPlay({ isPlaying }) {
      const use = this.querySelector('[data-act="play"] use');
      this.#label("play").textContent = isPlaying ? "Pause" : "Play";
      use.setAttribute("href", use.getAttribute("href").replace(/#.*/, isPlaying ? "#pause" : "#play"));
    }

    #label(act) {
      return this.querySelector(`[data-act="${act}"] [data-label]`);
    }
  },
);
