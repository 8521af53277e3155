/** <warm-up-timer>: one minute, to say the pitch aloud once before going in. */
import { announce } from "../lib/announce.js";
import { icon, on } from "../lib/dom.js";
import { timecode } from "../lib/time.js";
import { keepAwake } from "../lib/wake-lock.js";

const MINUTE_MS = 60_000;
const TICK_MS = 200;

customElements.define(
  "warm-up-timer",
  class extends HTMLElement {
    #clock = null;
    #endsAt = 0;
    #awake = keepAwake();

    connectedCallback() {
      this.hidden = false;
      on(this, "click", "[data-toggle]", () => (this.#clock ? this.#stop() : this.#start()));
    }

    disconnectedCallback() {
      this.#stop();
    }

    #start() {
      this.#endsAt = Date.now() + MINUTE_MS;
      this.#clock = setInterval(() => this.#tick(), TICK_MS);
      this.#draw("square", "Stop");
    }

    #tick() {
      const leftMs = this.#endsAt - Date.now();
      if (leftMs <= 0) {
        this.#stop();
        return announce("The minute is over. Good luck.");
      }
      this.querySelector("[data-left]").textContent = timecode(leftMs + 999);
    }

    #stop() {
      clearInterval(this.#clock);
      this.#clock = null;
      this.#draw("play", "Start the minute");
      this.querySelector("[data-left]").textContent = timecode(MINUTE_MS);
    }

    #draw(iconName, words) {
      this.#awake(this.#clock !== null);
      const button = this.querySelector("[data-toggle]");
      button.replaceChildren(icon(iconName), words);
    }
  },
);
