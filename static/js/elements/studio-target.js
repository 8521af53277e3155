/**
 * <studio-target data-target data-max>: how far the take is against its target, in seconds, and which part it should be in.
 * Nobody is cut off at the target. A take ends by itself only at the limit that a drill sets (`data-hard-limit` of the
 * room), and at the longest that the site keeps; both are told early.
 */
import { announce } from "../lib/announce.js";
import { spoken } from "../lib/moment.js";
import { timecode } from "../lib/time.js";

const LIMIT_WARNINGS_MS = [30_000, 10_000];
const SITE_WARNINGS_MS = [60_000];

customElements.define(
  "studio-target",
  class extends HTMLElement {
    #warnings = [];

    connectedCallback() {
      const { target, max } = this.dataset;
      const limit = this.closest("[data-hard-limit]")?.dataset.hardLimit;
      this.targetMs = Number(target) * 1000;
      this.hasLimit = Boolean(limit);
      this.maxMs = Math.min(Number(max), Number(limit ?? max)) * 1000;
      this.querySelector("progress").max = this.hasLimit ? this.maxMs : this.targetMs;
      this.#placeBeats();
    }

    /** `from`: where a take is recorded on. */
    reset(from = 0) {
      const left = this.maxMs - from;
      this.#warnings = (this.hasLimit ? LIMIT_WARNINGS_MS : SITE_WARNINGS_MS).filter((at) => at < left);
      this.show(from);
    }

    show(ms) {
      this.querySelector("progress").value = Math.min(ms, this.hasLimit ? this.maxMs : this.targetMs);
      this.querySelector("[data-words]").textContent = this.#words(ms);
      this.classList.toggle("is-ending", this.hasLimit && this.maxMs - ms <= LIMIT_WARNINGS_MS.at(-1));
      for (const beat of this.#beats) beat.classList.toggle("is-now", ms >= beat.fromMs && ms < beat.untilMs);
      this.#warn(this.maxMs - ms);
    }

    set saved(text) {
      const place = this.querySelector("[data-saved]");
      if (place.textContent !== text) place.textContent = text;
    }

    #words(ms) {
      const [target, whole] = [timecode(this.targetMs), timecode(this.maxMs)];
      const left = this.maxMs - ms;
      if (left <= this.#firstWarning) return `The take ends by itself in ${timecode(Math.max(0, left) + 999)}`;
      if (this.hasLimit) return target === whole ? `The take ends at ${whole}` : `Target ${target}, the take ends at ${whole}`;
      if (ms < this.targetMs) return `Target ${target}, nobody cuts you off`;
      return `Target ${target}, ${timecode(ms - this.targetMs)} over; finish your thought`;
    }

    #warn(left) {
      if (!this.#warnings.length || left > this.#warnings[0]) return;
      announce(`${spoken(this.#warnings.shift())} left. Then the take ends by itself.`, { urgent: this.hasLimit });
    }

    get #firstWarning() {
      return (this.hasLimit ? LIMIT_WARNINGS_MS : SITE_WARNINGS_MS)[0];
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
