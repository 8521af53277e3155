/**
 * <line-up>: lining both sides up at a moment of each. While it is open each side moves and plays by itself; "align
 * here" makes the two pictures in view meet from then on.
 */
import { announce } from "../lib/announce.js";
import { on } from "../lib/dom.js";
import { spoken } from "../lib/moment.js";
import { timecode } from "../lib/time.js";
import "./side-by-side.js";

customElements.define(
  "line-up",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      on(this, "click", "[data-align]", () => this.#align(), { signal });
      on(this, "click", "[data-cancel]", () => this.cancel(), { signal });
      on(this.#pair, "input", "[data-own-seek]", (_, slider) => this.#move(slider), { signal });
      for (const side of this.#pair.sides) {
        side.player.addEventListener("time-change", () => this.isOpen && this.#moved(side), { signal });
        side.player.addEventListener("play-change", ({ detail }) => detail.isPlaying && this.#hearAlone(side), { signal });
      }
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    get isOpen() {
      return this.#pair.isLiningUp;
    }

    /** Begins it; the second time it aligns here. */
    press() {
      if (this.isOpen) this.#align();
      else this.#open();
    }

    /** Leaves everything as it was lined up before. */
    cancel() {
      this.close();
      this.#pair.both.seek(this.#pair.both.atMs);
    }

    close() {
      if (this.isOpen) this.#show(false);
    }

    #open() {
      if (this.#pair.both.isPlaying) this.#pair.both.pause();
      this.#show(true);
      this.#pair.sides.forEach((side) => this.#draw(side));
      announce("Move each side to the same moment, then align here.");
    }

    #align() {
      const marks = this.#pair.sides.map((side) => Math.round(side.ms));
      this.#show(false);
      this.#pair.lineUp("marks", marks);
      announce(`Aligned: left ${spoken(marks[0])}, right ${spoken(marks[1])}.`);
    }

    #show(isOpen) {
      this.#pair.isLiningUp = isOpen;
      this.#pair.sides.forEach(({ player }) => player.pause());
      this.hidden = !isOpen;
      this.#pair.classList.toggle("is-lining-up", isOpen);
      for (const own of this.#pair.querySelectorAll("[data-own]")) own.hidden = !isOpen;
      this.#pair.unloop();
    }

    #move(slider) {
      const side = this.#sideOf(slider);
      side.player.pause();
      side.seek(Number(slider.value));
      this.#draw(side);
    }

    /** Played by itself a side ends where its part ends. */
    #moved(side) {
      if (side.ms >= side.durationMs && !side.video.paused) side.player.pause();
      this.#draw(side);
    }

    #hearAlone(side) {
      if (!this.isOpen) return;
      if (side.ms >= side.durationMs - 50 || side.player.timeMs < side.fromMs) side.seek(0);
      this.#pair.hear(this.#pair.sides.indexOf(side));
      for (const other of this.#pair.sides) if (other !== side) other.player.pause();
    }

    #draw(side) {
      const part = this.#pair.parts[this.#pair.sides.indexOf(side)];
      const slider = part.querySelector("[data-own-seek]");
      slider.value = side.ms;
      slider.ariaValueText = `${spoken(side.ms)} of ${spoken(side.durationMs)}`;
      part.querySelector("[data-own-now]").textContent = timecode(side.ms, { tenths: true });
    }

    #sideOf(slider) {
      return this.#pair.sides[this.#pair.parts.indexOf(slider.closest("[data-side]"))];
    }

    get #pair() {
      return this.closest("side-by-side");
    }
  },
);
