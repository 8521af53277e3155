/** <exemplar-visit data-src data-from data-until>: tells how far the moment was watched, from the first playing on. */
import { askJSON } from "../lib/http.js";
import { thePlayer } from "../lib/player.js";

const EVERY_MS = 10_000;

customElements.define(
  "exemplar-visit",
  class extends HTMLElement {
    #leave = new AbortController();
    #furthest = 0;
    #told = -1;
    #toldAt = 0;
    #hasBegun = false;

    connectedCallback() {
      const { signal } = this.#leave;
      const hear = (target, name, act) => target.addEventListener(name, act, { signal });
      hear(document, "time-change", ({ detail }) => this.#watch(detail.ms));
      hear(document, "play-change", ({ detail }) => !detail.isPlaying && this.#tell());
      hear(document, "visibilitychange", () => document.hidden && this.#tell());
      hear(window, "pagehide", () => this.#tell());
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    /** Where one only seeks to was not watched. */
    #watch(ms) {
      const { from, until } = this.dataset;
      if (!thePlayer()?.isPlaying || ms < Number(from)) return;
      const into = Math.min(ms, Number(until)) - Number(from);
      this.#furthest = Math.max(this.#furthest, Math.round(into));
      if (!this.#hasBegun || performance.now() - this.#toldAt > EVERY_MS) this.#tell();
    }

    #forget({ begins }) {
      this.#told = -1;
      this.#hasBegun = !begins;
    }

    /** Said in passing: what does not arrive is told with the next, and no answer is waited for. */
    async #tell() {
      if (this.#furthest <= this.#told) return;
      const json = { into_ms: this.#furthest, begins: !this.#hasBegun };
      this.#hasBegun = true;
      this.#told = this.#furthest;
      this.#toldAt = performance.now();
      await askJSON(this.dataset.src, { method: "POST", json, keepalive: true }).catch(() => this.#forget(json));
    }
  },
);
