/**
 * <composer-tray>: a short list to choose from, opened inside the composer: lines of the rubric, examples, phrases. It
 * asks the server when it is opened; typing finds, arrows walk, a digit takes a phrase, Escape closes.
 *
 * Event: tray-pick, detail { tool, id, label, kind, body, instead }.
 */
import { debounce, on } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";

const TITLES = { criteria: "Which criterion?", exemplars: "Hear it done", phrases: "Saved phrases" };
const REST = 250;

customElements.define(
  "composer-tray",
  class extends HTMLElement {
    #tool = null;
    #find = debounce(() => this.#load(), REST);

    connectedCallback() {
      on(this, "click", "[data-pick]", (_, pick) => this.#take(pick));
      on(this, "click", "[data-close]", () => this.close());
      on(this, "click", "[data-save]", () => this.#save());
      on(this, "click", "[data-remove]", (_, button) => this.#ask(button.dataset.remove, { method: "POST" }));
      on(this, "input", "[data-filter]", () => (this.#tool === "exemplars" ? this.#find() : this.#sieve()));
      this.addEventListener("keydown", (event) => this.#press(event));
    }

    async open(tool) {
      this.#tool = tool;
      this.hidden = false;
      this.querySelector("[data-title]").textContent = TITLES[tool];
      this.ariaLabel = TITLES[tool];
      this.querySelector("[data-only]").hidden = tool !== "phrases";
      this.#filter.value = "";
      this.#list.replaceChildren();
      this.#filter.focus();
      await this.#load();
    }

    close({ refocus = true } = {}) {
      if (this.hidden) return;
      this.hidden = true;
      this.#tool = null;
      if (refocus) this.closest("form").elements.body.focus();
    }

    async #load() {
      const address = this.dataset[this.#tool];
      const query = this.#tool === "exemplars" ? `?${new URLSearchParams({ q: this.#filter.value })}` : "";
      await this.#ask(address + query);
    }

    async #ask(address, options = {}) {
      const tool = this.#tool;
      try {
        const html = await askHTML(address, options);
        if (tool !== this.#tool) return;
        this.#list.innerHTML = html;
        if (tool !== "exemplars") this.#sieve();
      } catch (error) {
        this.#list.textContent = error.message;
      }
    }

    #sieve() {
      const wanted = this.#filter.value.trim().toLowerCase();
      for (const pick of this.#picks) {
        (pick.closest(".pick-row") ?? pick).hidden = Boolean(wanted) && !pick.textContent.toLowerCase().includes(wanted);
      }
      const isFound = this.#shown.length > 0 || this.#picks.length === 0;
      this.querySelector("[data-nothing]").hidden = isFound;
    }

    /** Keeps the words in the composer for other comments. */
    async #save() {
      const { body, instead, kind } = this.closest("form").elements;
      if (!body.value.trim()) return (this.#list.textContent = "Write the phrase into the comment first, then save it.");
      const form = new FormData();
      for (const [name, value] of Object.entries({ body: body.value, instead: instead.value, kind: kind.value })) form.set(name, value);
      await this.#ask(this.dataset.phrases, { method: "POST", form });
    }

    #press(event) {
      const digit = this.#tool === "phrases" && /^[1-9]$/.test(event.key) && !this.#filter.value && !event.ctrlKey && !event.metaKey;
      if (event.key === "Escape") this.close();
      else if (event.key === "ArrowDown") this.#walk(1);
      else if (event.key === "ArrowUp") this.#walk(-1);
      else if (digit) this.#take(this.#picks[Number(event.key) - 1]);
      else if (event.key === "Enter" && event.target === this.#filter) this.#take(this.#shown[0]);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    #walk(step) {
      const places = [this.#filter, ...this.#shown];
      const now = places.indexOf(document.activeElement);
      places.at((now + step) % places.length).focus();
    }

    #take(pick) {
      if (!pick) return;
      const { id, label, kind = "", body = "", instead = "" } = pick.dataset;
      const detail = { tool: this.#tool, id, label, kind, body, instead };
      this.close();
      this.dispatchEvent(new CustomEvent("tray-pick", { bubbles: true, detail }));
      if (detail.tool === "phrases") askHTML(`${this.dataset.phrases}/${id}/use`, { method: "POST" }).catch(() => null);
    }

    get #picks() {
      return [...this.querySelectorAll("[data-pick]")];
    }

    get #shown() {
      return this.#picks.filter((pick) => !pick.closest("[hidden]"));
    }

    get #filter() {
      return this.querySelector("[data-filter]");
    }

    get #list() {
      return this.querySelector("[data-list]");
    }
  },
);
