/** <composer-extras>: what goes along with a comment, each as a chip that can be taken off. Event: extras-change. */
import { on } from "../lib/dom.js";

customElements.define(
  "composer-extras",
  class extends HTMLElement {
    connectedCallback() {
      on(this, "click", "[data-drop]", (_, button) => this.#drop(button.closest("[data-extra]")));
    }

    /** What a letter says of them: { criterion_id: "…", …, labels: { criterion_id: "Asks first" } }. */
    get values() {
      const values = Object.fromEntries(this.#parts.map((part) => [part.dataset.extra, part.querySelector("input").value]));
      const labels = Object.fromEntries(this.#parts.map((part) => [part.dataset.extra, part.querySelector("[data-label]").textContent]));
      return { ...values, labels };
    }

    get isEmpty() {
      return this.#parts.every(({ hidden }) => hidden);
    }

    get isPrivate() {
      return this.querySelector('[name="is_private"]').value === "1";
    }

    set(name, value, label = "") {
      this.#lay(name, value, label);
      this.#tell();
    }

    fill(letter) {
      for (const { dataset } of this.#parts) this.#lay(dataset.extra, letter[dataset.extra] ?? "", letter.labels?.[dataset.extra]);
    }

    #lay(name, value, label) {
      const part = this.querySelector(`[data-extra="${name}"]`);
      part.querySelector("input").value = value;
      part.hidden = !value;
      if (label) part.querySelector("[data-label]").textContent = label;
    }

    #drop(part) {
      this.set(part.dataset.extra, "");
      this.closest("form").elements.body.focus();
    }

    #tell() {
      this.dispatchEvent(new CustomEvent("extras-change", { bubbles: true }));
    }

    get #parts() {
      return [...this.querySelectorAll("[data-extra]")];
    }
  },
);
