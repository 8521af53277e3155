/** <keys-switch>: single keys act, or not; the account remembers it for every page and browser. */
import { accustom, habit } from "../lib/habits.js";
import { areKeysOn, switchKeys } from "../lib/keys.js";

customElements.define(
  "keys-switch",
  class extends HTMLElement {
    connectedCallback() {
      const box = this.querySelector("input");
      box.checked = habit("keys_on", areKeysOn());
      switchKeys(box.checked);
      box.addEventListener("change", () => {
        switchKeys(box.checked);
        accustom("keys_on", box.checked);
      });
    }
  },
);
