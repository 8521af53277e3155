/**
 * <type-ahead data-src>: a search form whose box shows what fits while one types, as a combobox with a list. Arrows walk
 * the list and the focus stays in the box, Enter opens what is marked and else sends the form, Escape closes the list.
 */
import { announce } from "../lib/announce.js";
import { debounce, on } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";

const REST_MS = 120;

customElements.define(
  "type-ahead",
  class extends HTMLElement {
    #leave = new AbortController();
    #asking = null;
    #look = debounce(() => this.#ask(), REST_MS);

    connectedCallback() {
      const { signal } = this.#leave;
      this.box = this.querySelector("input[type=search]");
      this.list = this.querySelector("[role=listbox]");
      this.box.role = "combobox";
      this.box.ariaAutoComplete = "list";
      this.box.ariaExpanded = "false";
      this.box.setAttribute("aria-controls", this.list.id);
      this.box.addEventListener("input", () => this.#look(), { signal });
      this.box.addEventListener("keydown", (event) => this.#press(event), { signal });
      this.addEventListener("focusout", (event) => !this.contains(event.relatedTarget) && this.#close(), { signal });
      // The box keeps the focus while an option is clicked.
      this.list.addEventListener("pointerdown", (event) => event.preventDefault(), { signal });
      on(this.list, "pointermove", "[role=option]", (_, option) => this.#mark(option), { signal });
      this.querySelector("form").addEventListener("submit", () => this.#close(), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
      this.#look.cancel();
      this.#asking?.abort();
    }

    async #ask() {
      this.#asking?.abort();
      if (!this.box.value.trim()) return this.#close();
      const asking = (this.#asking = new AbortController());
      const html = await askHTML(this.#address, { signal: asking.signal }).catch(() => null);
      // Where nothing comes the search itself still works; what comes too late belongs to other words.
      if (html === null || asking.signal.aborted) return;
      const page = document.createElement("template");
      page.innerHTML = html;
      // Whoever has walked down already keeps their place, as long as it is still there.
      const place = this.#marked?.href;
      this.list.replaceChildren(page.content);
      this.#mark(this.#options.find(({ href }) => href === place) ?? null);
      this.#open(this.#options.length > 0);
      if (this.#options.length) announce(`${this.#options.length} suggestions. Choose with the arrow keys.`);
    }

    get #address() {
      const asked = new URLSearchParams(new FormData(this.querySelector("form")));
      return `${this.dataset.src}?${asked}`;
    }

    #press(event) {
      if (event.isComposing || event.ctrlKey || event.metaKey || event.altKey) return;
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (step && this.#options.length) this.#step(step);
      else if (event.key === "Escape" && this.#isOpen) this.#close();
      else if (event.key === "Enter" && this.#isOpen && this.#marked) this.#marked.click();
      else return;
      event.preventDefault();
    }

    /** Past either end stands the box itself, with nothing marked. */
    #step(by) {
      const places = [null, ...this.#options];
      const now = this.#isOpen ? places.indexOf(this.#marked) : 0;
      this.#open(true);
      this.#mark(places.at((now + by) % places.length));
    }

    #mark(option) {
      for (const other of this.#options) other.ariaSelected = String(other === option);
      if (option) this.box.setAttribute("aria-activedescendant", option.id);
      else this.box.removeAttribute("aria-activedescendant");
      option?.scrollIntoView({ block: "nearest" });
    }

    #open(isOpen) {
      this.list.hidden = !isOpen;
      this.box.ariaExpanded = String(isOpen);
    }

    #close() {
      this.#asking?.abort();
      this.#look.cancel();
      this.#open(false);
      this.#mark(null);
    }

    get #isOpen() {
      return !this.list.hidden;
    }

    get #options() {
      return [...this.list.querySelectorAll("[role=option]")];
    }

    get #marked() {
      return this.#options.find(({ ariaSelected }) => ariaSelected === "true") ?? null;
    }
  },
);
