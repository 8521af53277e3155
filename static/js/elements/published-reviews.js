/** <published-reviews>: a review that is published while the page is open stands there at once. */
import { announce } from "../lib/announce.js";
import { askHTML } from "../lib/http.js";
import { oneAtATime } from "../lib/refetch.js";

customElements.define(
  "published-reviews",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const refresh = oneAtATime(() => this.#refresh());
      const hear = ({ detail }) => this.#concerns(detail) && refresh();
      document.addEventListener("live-message", hear, { signal: this.#leave.signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #concerns({ topic, what }) {
      return topic === this.dataset.topic && ["reviews", "catch-up"].includes(what);
    }

    async #refresh() {
      const page = await askHTML(location.pathname).catch(() => null);
      const found = page && new DOMParser().parseFromString(page, "text/html").querySelector("published-reviews");
      if (!found || found.childElementCount === this.childElementCount) return;
      this.replaceChildren(...[...found.children].map((child) => document.importNode(child, true)));
      announce("A review has been published.");
    }
  },
);
