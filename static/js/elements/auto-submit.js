/** <auto-submit>: a form of filters that acts on each choice; words are sent when typing rests. */
import { debounce } from "../lib/dom.js";

const REST = 400;

customElements.define(
  "auto-submit",
  class extends HTMLElement {
    connectedCallback() {
      const form = this.querySelector("form");
      const later = debounce(() => form.requestSubmit(), REST);
      form.addEventListener("change", () => later.cancel() || form.requestSubmit());
      if (this.hasAttribute("typing")) form.addEventListener("input", (event) => event.target.type === "search" && later());
      form.querySelectorAll("[data-without-scripts]").forEach((element) => (element.hidden = true));
    }
  },
);
