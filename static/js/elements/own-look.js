/**
 * <own-look data-src data-begins>: what a presenter thinks of the own take. The sheet is fetched when they begin; it is
 * kept as they go, so that a reload loses nothing.
 */
import { debounce, on } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import "./moment-now.js";

const REST = 800;

customElements.define(
  "own-look",
  class extends HTMLElement {
    #keep = debounce(() => this.#save(), REST);
    #leave = new AbortController();

    connectedCallback() {
      on(this, "click", "[data-begin]", (event) => this.#begin(event));
      on(this, "input", "input, textarea", () => this.#keep());
      addEventListener("pagehide", () => this.#keep.now(), { signal: this.#leave.signal });
      this.addEventListener("submit", () => this.#keep.cancel());
      if ("begins" in this.dataset && !this.querySelector("form")) this.#open();
    }

    disconnectedCallback() {
      this.#leave.abort();
      this.#keep.now();
    }

    async #begin(event) {
      event.preventDefault();
      await this.#open();
      this.querySelector("textarea")?.focus();
    }

    async #open() {
      const html = await askHTML(this.dataset.src).catch(() => null);
      // Unreachable for a moment: the link is still there.
      if (html) this.innerHTML = html;
    }

    async #save() {
      const form = this.querySelector("form");
      if (!form) return;
      try {
        await askHTML(form.dataset.keep, { method: "POST", form: new FormData(form), keepalive: true });
        this.#tell("Kept.");
      } catch (error) {
        this.#tell(error.message);
      }
    }

    #tell(words) {
      this.querySelector("[data-kept]").textContent = words;
    }
  },
);
