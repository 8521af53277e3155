/**
 * <studio-ticks>: the key messages, each to tick when it has been said, by click or by its number.
 * "ticks-change" { said } tells which are; a new take begins with none.
 */
import { announce } from "../lib/announce.js";
import { on } from "../lib/dom.js";
import { isFree } from "../lib/keys.js";

customElements.define(
  "studio-ticks",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      on(this, "click", "button", (_, button) => this.#toggle(button));
      document.addEventListener("studio-change", ({ detail }) => detail.isNewTake && this.#clear(), { signal });
      addEventListener("keydown", (event) => this.#press(event), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #press(event) {
      const button = /^[1-9]$/.test(event.key) && this.#buttons[Number(event.key) - 1];
      if (!button || event.ctrlKey || event.metaKey || event.altKey || !isFree(event)) return;
      event.preventDefault();
      this.#toggle(button);
      announce(`${button.textContent.trim()}: ${button.ariaPressed === "true" ? "said" : "not said yet"}`);
    }

    #toggle(button) {
      button.ariaPressed = String(button.ariaPressed !== "true");
      this.#tell();
    }

    #clear() {
      for (const button of this.#buttons) button.ariaPressed = "false";
      this.#tell();
    }

    #tell() {
      const said = this.#buttons.map((button) => button.ariaPressed === "true");
      this.dispatchEvent(new CustomEvent("ticks-change", { bubbles: true, detail: { said } }));
    }

    get #buttons() {
      return [...this.querySelectorAll("button")];
    }
  },
);
