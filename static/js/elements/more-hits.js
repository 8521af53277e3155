/** <more-hits>: the moments that were found; "Show more" puts the next page below them instead of opening it. */
import { announce } from "../lib/announce.js";
import { fromHTML, on } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import { toast } from "../lib/toast.js";

customElements.define(
  "more-hits",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      on(this, "click", "[data-more]", (event, link) => this.#more(event, link), { signal: this.#leave.signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    async #more(event, link) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      if (link.ariaDisabled === "true") return;
      link.ariaDisabled = "true";
      try {
        this.#add(fromHTML(`<div>${await askHTML(link.href, { signal: this.#leave.signal })}</div>`));
      } catch (error) {
        if (error.name === "AbortError") return;
        link.ariaDisabled = null;
        toast(error.message, { tone: "error" });
      }
    }

    #add(page) {
      const hits = [...page.querySelector(".hits").children];
      this.querySelector(".hits").append(...hits);
      this.querySelector(".more").remove();
      const further = page.querySelector(".more");
      if (further) this.append(further);
      // The button that had the focus is gone: reading goes on at the first new moment.
      hits[0]?.querySelector("h3 a").focus({ preventScroll: true });
      announce(`${hits.length} more.`);
    }
  },
);
