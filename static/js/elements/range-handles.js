/**
 * <range-handles>: the two ends of the range that is being written, dragged on the timeline or moved by keys. The picture
 * shows the frame of the end that moves. What the range is, the composer knows.
 */
import { spoken } from "../lib/moment.js";
import { thePlayer } from "../lib/player.js";

const SHORTEST_MS = 200;
// In frames with the arrows, in seconds with the page keys.
const FRAME_STEPS = { ArrowLeft: -1, ArrowDown: -1, ArrowRight: 1, ArrowUp: 1 };
const SECOND_STEPS = { PageDown: -1, PageUp: 1 };
const OTHER = { from: "until", until: "from" };

customElements.define(
  "range-handles",
  class extends HTMLElement {
    #leave = new AbortController();
    #dragged = null;

    connectedCallback() {
      const { signal } = this.#leave;
      const hear = (name, act, target = this) => target.addEventListener(name, act, { signal });
      hear("range-change", () => this.#draw(), document);
      hear("pointerdown", (event) => this.#grab(event));
      hear("pointermove", (event) => this.#drag(event));
      hear("lostpointercapture", () => (this.#dragged = null));
      hear("keydown", (event) => this.#press(event));
      this.#draw();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #draw() {
      const range = this.#composer?.range ?? null;
      this.hidden = !range;
      if (!range) return;
      this.#place("from", range.fromMs, 0, range.untilMs - SHORTEST_MS);
      this.#place("until", range.untilMs, range.fromMs + SHORTEST_MS, this.#durationMs);
    }

    #place(end, ms, least, most) {
      const handle = this.#handle(end);
      handle.style.insetInlineStart = `${this.closest("time-line").percent(ms)}%`;
      handle.ariaValueMin = String(least);
      handle.ariaValueMax = String(most);
      handle.ariaValueNow = String(ms);
      handle.ariaValueText = `${spoken(ms)}, ${ms % 1000} milliseconds`;
    }

    /** The lane under the handles does not take hold of the playhead meanwhile. */
    #grab(event) {
      const handle = event.target.closest("[data-end]");
      event.stopPropagation();
      if (!handle || event.button !== 0) return;
      this.#dragged = handle.dataset.end;
      handle.setPointerCapture(event.pointerId);
      handle.focus({ preventScroll: true });
      event.preventDefault();
    }

    #drag(event) {
      if (!this.#dragged) return;
      event.stopPropagation();
      const { left, width } = this.getBoundingClientRect();
      this.#move(this.#dragged, (this.#durationMs * (event.clientX - left)) / width);
    }

    #press(event) {
      const end = event.target.closest("[data-end]")?.dataset.end;
      const frames = FRAME_STEPS[event.key];
      const seconds = SECOND_STEPS[event.key];
      if (!end || event.ctrlKey || event.metaKey || event.altKey || !(frames || seconds)) return;
      event.preventDefault();
      const frameMs = 1000 / (thePlayer()?.fps || 25);
      const now = this.#composer.range[`${end}Ms`];
      this.#move(end, now + (frames ? frames * frameMs * (event.shiftKey ? 10 : 1) : seconds * 1000));
    }

    #move(end, ms) {
      const range = { ...this.#composer.range };
      const other = range[`${OTHER[end]}Ms`];
      const [least, most] = end === "from" ? [0, other - SHORTEST_MS] : [other + SHORTEST_MS, this.#durationMs];
      range[`${end}Ms`] = Math.round(Math.min(Math.max(least, ms), most));
      this.#composer.range = range;
      thePlayer()?.show(range[`${end}Ms`]);
    }

    get #durationMs() {
      return Number(this.closest("time-line").dataset.duration);
    }

    get #composer() {
      return document.querySelector("comment-composer");
    }

    #handle(end) {
      return this.querySelector(`[data-end="${end}"]`);
    }
  },
);
