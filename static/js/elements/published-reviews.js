/** <published-reviews>: a review that is published while the page is open stands there at once. */
import { announce } from "../lib/announce.js";
import { fromHTML } from "../lib/dom.js";
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
      const html = await askHTML(this.dataset.src).catch(() => null);
      const found = html && fromHTML(html);
      if (!found || count(found) === count(this)) return;
      this.replaceChildren(...found.children);
      announce("A review has been published.");
    }
  },
);

function count(reviews) {
  return reviews.querySelectorAll("[data-review]").length;
}
