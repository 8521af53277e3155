/** <drop-menu>: a <details> menu that closes on Escape, elsewhere and after a choice, and walks with the arrow keys. */
const ITEMS = ".menu-item";

customElements.define(
  "drop-menu",
  class extends HTMLElement {
    #leave = null;

    connectedCallback() {
      this.#details.addEventListener("toggle", () => this.#toggled());
      this.addEventListener("keydown", (event) => this.#walk(event));
      this.addEventListener("click", (event) => event.target.closest(`a${ITEMS}, button${ITEMS}[type=button]`) && this.close());
    }

    disconnectedCallback() {
      this.#leave?.abort();
    }

    close({ refocus = false } = {}) {
      this.#details.open = false;
      if (refocus) this.querySelector("summary").focus();
    }

    #toggled() {
      this.#leave?.abort();
      if (!this.#details.open) return;
      this.#leave = new AbortController();
      const { signal } = this.#leave;
      document.addEventListener("pointerdown", (event) => this.contains(event.target) || this.close(), { signal });
      this.addEventListener("focusout", (event) => event.relatedTarget && !this.contains(event.relatedTarget) && this.close(), { signal });
    }

    #walk(event) {
      if (event.key === "Escape" && this.#details.open) {
        event.stopPropagation();
        this.close({ refocus: true });
      }
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      if (!step) return;
      event.preventDefault();
      this.#details.open = true;
      const items = [...this.querySelectorAll(ITEMS)];
      const now = items.indexOf(document.activeElement);
      items.at(now < 0 ? (step > 0 ? 0 : -1) : (now + step) % items.length)?.focus();
    }

    get #details() {
      return this.querySelector("details");
    }
  },
);
