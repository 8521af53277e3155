/**
 * <published-reviews data-version>: a review that is published while the page is open stands there at once, and so does
 * what came of it. Whoever is writing here is not disturbed: what is new waits for the next message.
 */
import { announce } from "../lib/announce.js";
import { fromHTML, on } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import { oneAtATime } from "../lib/refetch.js";
import { openScores } from "../lib/reviewing.js";
import "./own-look.js";
import "./proof-sheet.js";

customElements.define(
  "published-reviews",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const refresh = oneAtATime(() => this.#refresh());
      const hear = ({ detail }) => this.#concerns(detail) && refresh();
      document.addEventListener("live-message", hear, { signal: this.#leave.signal });
      on(this, "click", "[data-to-scores]", (event) => {
        event.preventDefault();
        openScores();
      });
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
      if (!found || found.dataset.version === this.dataset.version || this.#isInUse) return;
      const isMore = Number(found.dataset.reviews) > Number(this.dataset.reviews);
      Object.assign(this.dataset, found.dataset);
      this.replaceChildren(...found.children);
      if (isMore) announce("A review has been published.");
    }

    get #isInUse() {
      return this.contains(document.activeElement) && document.activeElement.matches("input, textarea, select");
    }
  },
);
