/**
 * <composer-moment>: the moment or the range that is being written about. Until one is pinned it is the one in view.
 * Event: range-change.
 */
import { icon, on } from "../lib/dom.js";
import { span } from "../lib/letters.js";
import { thePlayer } from "../lib/player.js";

const SHORTEST_MS = 200;

customElements.define(
  "composer-moment",
  class extends HTMLElement {
    #leave = new AbortController();
    #pin = null;
    #until = null;

    connectedCallback() {
      const { signal } = this.#leave;
      on(this, "click", "[data-pin]", () => this.pinTo(this.now), { signal });
      on(this, "click", "[data-unpin]", () => this.pinTo(this.#pin), { signal });
      document.addEventListener("time-change", () => this.isPinned || this.#draw(), { signal });
      this.#draw();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    get now() {
      return thePlayer()?.timeMs ?? 0;
    }

    get isPinned() {
      return this.#pin !== null;
    }

    /** { fromMs, untilMs }, or null when it is no range. */
    get range() {
      return this.#until === null ? null : { fromMs: this.#pin, untilMs: this.#until };
    }

    get places() {
      return { pin: this.#pin, until: this.#until };
    }

    /** What a letter says of it. */
    get values() {
      return { at_ms: this.#pin ?? this.now, until_ms: this.#until };
    }

    /** No pin is the moment in view; no end is no range. */
    pinTo(pin, until = null) {
      this.#pin = pin;
      this.#until = until;
      this.#draw();
      this.dispatchEvent(new CustomEvent("range-change", { bubbles: true }));
    }

    /** A range begins here; an end that lies behind it stays. */
    begin() {
      const ms = this.now;
      this.pinTo(ms, this.#until !== null && this.#until > ms + SHORTEST_MS ? this.#until : null);
    }

    /** A range ends here. Answers whether one had begun before. */
    end() {
      const ms = this.now;
      if (this.#pin === null || ms < this.#pin + SHORTEST_MS) return false;
      this.pinTo(this.#pin, ms);
      return true;
    }

    #draw() {
      const chip = this.querySelector("[data-pin]");
      chip.classList.toggle("is-pinned", this.isPinned);
      chip.firstElementChild.replaceWith(icon(this.range ? "brackets" : "clock"));
      this.querySelector("[data-moment-text]").textContent = span(this.values);
      this.querySelector("[data-unpin]").hidden = !this.range;
    }
  },
);
