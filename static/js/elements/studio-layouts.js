/** <studio-layouts>: how camera and screen stand together in the take; "layout-choice" { layout } tells which. */
import { on } from "../lib/dom.js";

customElements.define(
  "studio-layouts",
  class extends HTMLElement {
    connectedCallback() {
      on(this, "click", "button[value]", (_, { value }) => this.#choose(value));
    }

    show(layout) {
      for (const button of this.querySelectorAll("button[value]")) button.ariaPressed = String(button.value === layout);
    }

    #choose(layout) {
      this.show(layout);
      this.dispatchEvent(new CustomEvent("layout-choice", { bubbles: true, detail: { layout } }));
    }
  },
);
