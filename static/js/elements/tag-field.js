/** <tag-field>: what is typed in the box becomes a ticked chip at a comma, at Enter, and when it is chosen from the list. */
import { announce } from "../lib/announce.js";

customElements.define(
  "tag-field",
  class extends HTMLElement {
    connectedCallback() {
      this.box = this.querySelector('input[name="tags"]');
      this.box.addEventListener("keydown", (event) => this.#key(event));
      this.box.addEventListener("input", (event) => this.#typed(event));
    }

    #key(event) {
      if (event.key !== "Enter" || event.isComposing || !this.box.value.trim()) return;
      // Enter in the box adds; it does not send the form.
      event.preventDefault();
      this.#add(this.box.value);
    }

    #typed(event) {
      const isChosen = event.inputType === "insertReplacementText" || !event.inputType;
      const names = [...this.box.list.options].map((option) => option.value);
      if (this.box.value.includes(",") || (isChosen && names.includes(this.box.value))) this.#add(this.box.value);
    }

    #add(text) {
      const words = text.split(",").map((word) => word.trim()).filter(Boolean);
      words.forEach((word) => this.#tick(word));
      this.box.value = "";
      if (words.length) announce(`${words.join(", ")} added.`);
    }

    #tick(word) {
      const known = [...this.querySelectorAll('input[name="tag"]')].find(
        (input) => input.value.toLowerCase() === word.toLowerCase(),
      );
      if (known) {
        known.checked = true;
        if (!known.closest("[data-chips]")) this.#chips.append(known.closest("label"));
        return;
      }
      const chip = this.querySelector("template[data-chip]").content.firstElementChild.cloneNode(true);
      chip.querySelector("input").value = word;
      chip.querySelector("span").textContent = word.replace(/^(stage|objection|buyer|persona|product|message|topic):\s*/i, "");
      this.#chips.append(chip);
    }

    get #chips() {
      return this.querySelector("[data-chips]");
    }
  },
);
