/**
 * <moment-player data-from data-until>: a <pitch-player> that plays one part of its take; its bar is that part. It
 * begins where the address says, when that lies inside. Event: moment-end, once the part was played to its end.
 */
import { icon, on } from "../lib/dom.js";
import { askedMoment, spoken } from "../lib/moment.js";
import { timecode } from "../lib/time.js";
import "./pitch-player.js";

const SPEEDS = [1, 1.25, 1.5, 0.75];
// So near the end, playing begins again.
const END_MS = 80;

customElements.define(
  "moment-player",
  class extends HTMLElement {
    #lastMs = 0;

    connectedCallback() {
      this.player = this.querySelector("pitch-player");
      this.from = Number(this.dataset.from);
      this.until = Number(this.dataset.until);
      this.querySelector("[data-transport]").hidden = false;
      on(this, "click", "[data-moment]", (_, button) => this.#acts[button.dataset.moment]());
      on(this, "input", "[data-seek]", (_, slider) => this.player.seek(this.from + Number(slider.value)));
      this.player.addEventListener("play-change", ({ detail }) => this.#playChanged(detail.isPlaying));
      this.player.addEventListener("time-change", ({ detail }) => this.#moveTo(detail.ms));
      this.player.addEventListener("player-change", () => this.#drawSpeed());
      this.#part('[data-moment="fill"]').hidden = !this.player.canFill;
      this.#begin(askedMoment(location).atMs);
    }

    #begin(atMs) {
      if (atMs !== null && !this.#isOutside(atMs)) this.player.seek(atMs);
    }

    #acts = {
      toggle: () => this.player.toggle(),
      fill: () => this.player.fill(),
      speed: () => (this.player.speed = SPEEDS[(SPEEDS.indexOf(this.player.speed) + 1) % SPEEDS.length]),
    };

    #playChanged(isPlaying) {
      if (isPlaying && this.#isOutside(this.player.timeMs)) this.player.seek(this.from);
      if (!isPlaying && this.player.video.ended) this.#end();
      const button = this.#part('[data-moment="toggle"]');
      button.ariaLabel = button.title = isPlaying ? "Pause" : "Play";
      button.replaceChildren(icon(isPlaying ? "pause" : "play"));
    }

    #isOutside(ms) {
      return ms < this.from - END_MS || ms >= this.until - END_MS;
    }

    #moveTo(ms) {
      // Only where it comes to the end: who plays again from there is taken to the start instead.
      if (this.player.isPlaying && ms >= this.until && this.#lastMs < this.until) this.#end();
      this.#lastMs = ms;
      const inside = Math.min(Math.max(0, ms - this.from), this.until - this.from);
      const slider = this.#part("[data-seek]");
      slider.value = inside;
      slider.ariaValueText = `${spoken(inside)} of ${spoken(this.until - this.from)}`;
      this.#part("[data-now]").textContent = timecode(inside);
    }

    #end() {
      this.player.pause();
      this.dispatchEvent(new CustomEvent("moment-end", { bubbles: true }));
    }

    #drawSpeed() {
      const button = this.#part('[data-moment="speed"]');
      button.textContent = `${this.player.speed}×`;
      button.ariaLabel = `Speed: ${this.player.speed} times`;
    }

    #part(selector) {
      return this.querySelector(selector);
    }
  },
);
