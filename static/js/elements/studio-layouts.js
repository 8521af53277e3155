/**
 * <studio-layouts>: how camera and screen stand together in the take that is watched; "layout-choice" { layout } tells
 * which. It is there only while the playback offers a choice.
 */
import { on } from "../lib/dom.js";

customElements.define(
  "studio-layouts",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      on(this, "click", "button[value]", (_, { value }) => this.#choose(value));
      const { signal } = this.#leave;
      document.addEventListener("layout-offer", ({ detail }) => this.#show(detail.layout), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #show(layout) {
      this.hidden = !layout;
      for (const button of this.querySelectorAll("button[value]")) button.ariaPressed = String(button.value === layout);
    }

    #choose(layout) {
      this.#show(layout);
      this.dispatchEvent(new CustomEvent("layout-choice", { bubbles: true, detail: { layout } }));
    }
  },
);
