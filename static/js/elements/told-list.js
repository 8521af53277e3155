/**
 * <told-list>: the page of notifications shows what is new without being loaded again. While somebody points at it or
 * works in it nothing moves; it follows as soon as they leave it.
 */
import { askHTML } from "../lib/http.js";
import { oneAtATime } from "../lib/refetch.js";

customElements.define(
  "told-list",
  class extends HTMLElement {
    #leave = new AbortController();
    #isBehind = false;

    connectedCallback() {
      const refresh = oneAtATime(() => this.#refresh());
      const hear = ({ detail }) => detail.topic === this.dataset.topic && detail.what === "notifications" && refresh();
      const { signal } = this.#leave;
      document.addEventListener("live-message", hear, { signal });
      for (const type of ["pointerleave", "focusout"]) this.addEventListener(type, () => this.#isBehind && refresh(), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    async #refresh() {
      this.#isBehind = this.matches(":hover") || this.contains(document.activeElement);
      if (this.#isBehind) return;
      const html = await askHTML(location.href).catch(() => null);
      const found = html && new DOMParser().parseFromString(html, "text/html").querySelector("told-list");
      if (found) this.replaceChildren(...[...found.childNodes].map((node) => document.importNode(node, true)));
    }
  },
);
