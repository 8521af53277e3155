/** <own-zone>: offers the time zone of this browser where another one is set. */
import { make } from "../lib/dom.js";

customElements.define(
  "own-zone",
  class extends HTMLElement {
    connectedCallback() {
      const { timeZone } = Intl.DateTimeFormat().resolvedOptions();
      const input = this.querySelector("input");
      if (!timeZone || timeZone === input.value || !this.#isOffered(input, timeZone)) return;
      const button = make("button", { type: "button", class: "link own-zone" }, `Use ${timeZone}, as this browser does`);
      button.addEventListener("click", () => {
        input.value = timeZone;
        button.remove();
        input.focus();
      });
      this.append(button);
    }

    #isOffered(input, timeZone) {
      return [...input.list.options].some((option) => option.value === timeZone);
    }
  },
);
