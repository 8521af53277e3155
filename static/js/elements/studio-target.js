/**
 * <studio-target data-target data-max>: how far the take is against its target, in seconds, and which part it should be
 * in. Nobody is cut off at the target; only the longest take that the site keeps ends by itself, and that is told early.
 */
import { announce } from "../lib/announce.js";
import { timecode } from "../lib/time.js";

const WARN_MS = 60_000;

customElements.define(
  "studio-target",
  class extends HTMLElement {
    #hasWarned = false;

    connectedCallback() {
      this.targetMs = Number(this.dataset.target) * 1000;
      this.maxMs = Number(this.dataset.max) * 1000;
      this.#placeBeats();
    }

    reset() {
      this.#hasWarned = false;
      this.show(0);
    }

    show(ms) {
      this.querySelector("progress").value = Math.min(ms, this.targetMs);
      this.querySelector("[data-words]").textContent = this.#words(ms);
      for (const beat of this.#beats) beat.classList.toggle("is-now", ms >= beat.fromMs && ms < beat.untilMs);
    }

    set saved(text) {
      const place = this.querySelector("[data-saved]");
      if (place.textContent !== text) place.textContent = text;
    }

    #words(ms) {
      const left = this.maxMs - ms;
      if (left <= WARN_MS) return this.#warn(left);
      if (ms < this.targetMs) return `Target ${timecode(this.targetMs)}, nobody cuts you off`;
      return `Target ${timecode(this.targetMs)}, ${timecode(ms - this.targetMs)} over; finish your thought`;
    }

    #warn(left) {
      if (!this.#hasWarned) announce("One minute is left. Then the take ends by itself.");
      this.#hasWarned = true;
      return `The take ends by itself in ${timecode(left)}`;
    }

    #placeBeats() {
      let from = 0;
      const whole = this.#beats.reduce((total, { dataset }) => total + Number(dataset.seconds), 0);
      for (const beat of this.#beats) {
        const seconds = Number(beat.dataset.seconds);
        beat.style.insetInlineStart = `${(100 * from) / whole}%`;
        beat.style.width = `${(100 * seconds) / whole}%`;
        Object.assign(beat, { fromMs: from * 1000, untilMs: (from + seconds) * 1000 });
        from += seconds;
      }
    }

    get #beats() {
      return [...this.querySelectorAll("[data-seconds]")];
    }
  },
);
