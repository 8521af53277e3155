/**
 * <studio-prompter-desk>: what the prompter shows and how. Kept in this browser: the words for each scenario, the rest
 * for all of them. "prompter-change" { mode, lines, areMessages, size, wordsPerMinute } tells the prompter.
 */
import { debounce, on } from "../lib/dom.js";
import { forget, recall, remember } from "../lib/memory.js";

const TASTE = "studio:prompter";

customElements.define(
  "studio-prompter-desk",
  class extends HTMLElement {
    #taste = { mode: "bullets", size: 2, wordsPerMinute: 130, ...recall(TASTE, {}) };

    connectedCallback() {
      this.#part("words").value = recall(this.#wordsKey, "");
      this.#part("size").value = this.#taste.size;
      this.#part("speed").value = this.#taste.wordsPerMinute;
      on(this, "click", "button[value]", (_, { value }) => this.#change({ mode: value }));
      this.#part("size").addEventListener("input", ({ target }) => this.#change({ size: Number(target.value) }));
      this.#part("speed").addEventListener("input", ({ target }) => this.#change({ wordsPerMinute: Number(target.value) }));
      const keep = debounce(() => this.#keepWords(), 400);
      this.#part("words").addEventListener("input", () => keep());
      this.#part("words").addEventListener("change", () => keep.now());
      this.#tell();
    }

    #change(wish) {
      this.#taste = { ...this.#taste, ...wish };
      remember(TASTE, this.#taste);
      this.#tell();
    }

    #keepWords() {
      const words = this.#part("words").value;
      if (words.trim()) remember(this.#wordsKey, words);
      else forget(this.#wordsKey);
      this.#tell();
    }

    #tell() {
      const { mode, size, wordsPerMinute } = this.#taste;
      for (const button of this.querySelectorAll("button[value]")) button.ariaPressed = String(button.value === mode);
      this.#part("speed-field").hidden = mode !== "text";
      this.#part("speed-words").textContent = `${wordsPerMinute} words a minute`;
      const own = this.#part("words").value.split("\n").map((line) => line.trim()).filter(Boolean);
      const messages = [...this.#part("messages").children].map(({ textContent }) => textContent);
      const detail = { mode, size, wordsPerMinute, lines: own.length ? own : messages, areMessages: !own.length };
      this.dispatchEvent(new CustomEvent("prompter-change", { bubbles: true, detail }));
    }

    #part(name) {
      return this.querySelector(`[data-${name}]`);
    }

    get #wordsKey() {
      return `studio:words:${this.dataset.scenario}`;
    }
  },
);
