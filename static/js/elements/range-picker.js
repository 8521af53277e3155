/** <range-picker>: sets the fields From and Until from where the video stands, and plays the part between them. */
import { on } from "../lib/dom.js";
import { timecode } from "../lib/time.js";

customElements.define(
  "range-picker",
  class extends HTMLElement {
    connectedCallback() {
      this.video = this.querySelector("video");
      if (!this.video) return;
      this.querySelector("[data-acts]").hidden = false;
      on(this, "click", "[data-set]", (_, button) => this.#set(button.dataset.set));
      on(this, "click", "[data-play]", () => this.#play());
      this.video.addEventListener("timeupdate", () => this.#stopAtEnd());
      // A part that is chosen already is where looking begins.
      this.video.addEventListener("loadedmetadata", () => (this.video.currentTime = this.#seconds("from") ?? 0), { once: true });
    }

    #set(name) {
      this.#field(name).value = timecode(Math.round(this.video.currentTime * 1000), { tenths: true });
      const [from, until] = [this.#seconds("from"), this.#seconds("until")];
      if (name === "from" && until !== null && until <= from) this.#field("until").value = "";
    }

    async #play() {
      this.end = this.#seconds("until") ?? Infinity;
      this.video.currentTime = this.#seconds("from") ?? 0;
      await this.video.play();
    }

    #stopAtEnd() {
      if (this.end !== undefined && this.video.currentTime >= this.end) {
        this.video.pause();
        this.end = undefined;
      }
    }

    #field(name) {
      return this.querySelector(`[name="${name}"]`);
    }

    /** "1:23.4" as seconds; null when empty or not a time. */
    #seconds(name) {
      const parts = this.#field(name).value.trim().split(":").map(Number);
      if (!this.#field(name).value.trim() || parts.some(Number.isNaN)) return null;
      return parts.reduce((total, part) => total * 60 + part, 0);
    }
  },
);
