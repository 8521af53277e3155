/** <copy-button>: a field and a button that copies it. */
import { announce } from "../lib/announce.js";

customElements.define(
  "copy-button",
  class extends HTMLElement {
    connectedCallback() {
      this.querySelector("button").addEventListener("click", () => this.#copy());
      this.#input.addEventListener("focus", () => this.#input.select());
    }

    async #copy() {
      const copied = await write(this.#input);
      this.#say(copied ? "Copied" : "Press Ctrl+C");
    }

    #say(text) {
      const label = this.querySelector("button span");
      const before = (label.dataset.label ??= label.textContent);
      label.textContent = text;
      announce(text);
      setTimeout(() => (label.textContent = before), 2000);
    }

    get #input() {
      return this.querySelector("input, textarea");
    }
  },
);

/** The clipboard needs HTTPS; on plain HTTP the old command still works on what is selected. */
async function write(input) {
  input.select();
  try {
    await navigator.clipboard.writeText(input.value);
    return true;
  } catch {
    return document.execCommand("copy");
  }
}
