/** <key-sheet>: the keys of the room. Each can be given another, and what another has already is told. */
import { on } from "../lib/dom.js";
import { accustom, habit } from "../lib/habits.js";
import { giveKey, hasChangedKeys, isFixed, keyOf, nameOf, ownerOf, resetKeys, shown } from "../lib/key-map.js";
import { areKeysOn, switchKeys } from "../lib/keys.js";

customElements.define(
  "key-sheet",
  class extends HTMLElement {
    #leave = new AbortController();
    // The row that waits for its new key, and the key of another that was pressed for it.
    #waiting = null;
    #taken = null;

    connectedCallback() {
      const { signal } = this.#leave;
      this.#restoreSwitches();
      on(this, "click", "[data-change]", () => this.#open(!this.#isOpen), { signal });
      on(this, "click", "[data-reset]", () => this.#reset(), { signal });
      on(this, "click", "[data-action]", (_, row) => this.#wait(row), { signal });
      on(this, "change", "[data-keys-switch]", (_, box) => this.#switchKeys(box.checked), { signal });
      on(this, "change", "[data-habit]", (_, box) => accustom(box.dataset.habit, box.checked), { signal });
      this.addEventListener("keydown", (event) => this.#press(event), { signal });
      this.closest("dialog").addEventListener("close", () => this.#open(false), { signal });
      this.#draw();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #restoreSwitches() {
      const isOn = habit("keys_on", areKeysOn());
      switchKeys(isOn);
      this.querySelector("[data-keys-switch]").checked = isOn;
      for (const box of this.querySelectorAll("[data-habit]")) box.checked = habit(box.dataset.habit, box.checked);
    }

    #switchKeys(isOn) {
      switchKeys(isOn);
      accustom("keys_on", isOn);
    }

    #open(isOpen) {
      this.#waiting = this.#taken = null;
      this.querySelector("[data-change]").ariaPressed = String(isOpen);
      this.#say(isOpen ? "Choose a key, then press the one you like better." : "");
      this.#draw();
    }

    #wait(row) {
      this.#waiting = row;
      this.#taken = null;
      this.#say(`Press the new key for “${row.dataset.words}”, or Escape.`);
      this.#draw();
    }

    #press(event) {
      if (!this.#waiting) return;
      if (["Shift", "Control", "Alt", "Meta", "AltGraph"].includes(event.key)) return;
      event.preventDefault();
      event.stopPropagation();
      if (event.key === "Escape") return this.#rest("Nothing was changed.");
      if (event.key === "Enter" && this.#taken) return this.#swap();
      this.#choose(event);
    }

    #choose(event) {
      const name = nameOf(event);
      const owner = ownerOf(name);
      this.#taken = null;
      if (event.ctrlKey || event.metaKey || event.altKey || isFixed(name)) return this.#say(`${shown(name)} has its own meaning. Press another key, or Escape.`);
      if (!owner || owner === this.#waiting) return this.#give(name);
      this.#taken = name;
      this.#say(`${shown(name)} is “${owner.dataset.words}” already. Press Enter to swap the two, or another key.`);
    }

    #give(name) {
      giveKey(this.#waiting.dataset.action, name);
      this.#rest(`${shown(name)} is now “${this.#waiting.dataset.words}”.`);
    }

    #swap() {
      const [owner, own] = [ownerOf(this.#taken), keyOf(this.#waiting.dataset.action)];
      giveKey(owner.dataset.action, own);
      this.#give(this.#taken);
    }

    #reset() {
      resetKeys();
      this.#rest("The keys are as they were.");
    }

    #rest(news) {
      this.#waiting = this.#taken = null;
      this.#say(news);
      this.#draw();
    }

    #draw() {
      for (const row of this.querySelectorAll("[data-action]")) {
        row.disabled = !this.#isOpen;
        row.classList.toggle("is-waiting", row === this.#waiting);
        row.firstElementChild.textContent = row === this.#waiting ? "…" : shown(keyOf(row.dataset.action));
        row.ariaLabel = this.#isOpen ? `${shown(keyOf(row.dataset.action))}: change the key for “${row.dataset.words}”` : null;
      }
      this.querySelector("[data-reset]").hidden = !this.#isOpen || !hasChangedKeys();
    }

    #say(text) {
      this.querySelector("[data-say]").textContent = text;
    }

    get #isOpen() {
      return this.querySelector("[data-change]").ariaPressed === "true";
    }
  },
);
