/** <studio-scrubber>: the timeline of the take in hand; it shows and moves the <studio-playback> beside it. */
import { spoken } from "../lib/moment.js";
import { timecode } from "../lib/time.js";

customElements.define(
  "studio-scrubber",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      this.#slider.addEventListener("input", () => this.#playback.seek(Number(this.#slider.value)));
      document.addEventListener("playback-change", () => this.#draw(), { signal: this.#leave.signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    set saved(text) {
      const place = this.querySelector("[data-saved]");
      if (place.textContent !== text) place.textContent = text;
    }

    #draw() {
      const { timeMs, durationMs } = this.#playback;
      this.#slider.max = durationMs;
      this.#slider.value = timeMs;
      this.#slider.ariaValueText = `${spoken(timeMs)} of ${spoken(durationMs)}`;
      this.querySelector("[data-now]").textContent = timecode(timeMs);
      this.querySelector("[data-whole]").textContent = timecode(durationMs);
    }

    get #slider() {
      return this.querySelector("[data-seek]");
    }

    get #playback() {
      return document.querySelector("studio-playback");
    }
  },
);
