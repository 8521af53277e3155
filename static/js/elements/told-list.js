/** <told-list>: the page of notifications shows what is new without being loaded again, unless somebody is at work in it. */
import { askHTML } from "../lib/http.js";
import { oneAtATime } from "../lib/refetch.js";

customElements.define(
  "told-list",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const refresh = oneAtATime(() => this.#refresh());
      const hear = ({ detail }) => detail.topic === this.dataset.topic && detail.what === "notifications" && refresh();
      document.addEventListener("live-message", hear, { signal: this.#leave.signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    async #refresh() {
      if (this.matches(":hover") || this.contains(document.activeElement)) return;
      const html = await askHTML(location.href).catch(() => null);
      const found = html && new DOMParser().parseFromString(html, "text/html").querySelector("told-list");
      if (found) this.replaceChildren(...[...found.childNodes].map((node) => document.importNode(node, true)));
    }
  },
);
