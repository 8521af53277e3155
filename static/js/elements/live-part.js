/**
 * <live-part>: keeps what it holds true while files are in work. When the page hears of a change it asks for itself
 * again, and takes over those elements (by id) whose data-state has become another one.
 */
import { askHTML } from "../lib/http.js";
import { oneAtATime } from "../lib/refetch.js";

customElements.define(
  "live-part",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const refresh = oneAtATime(() => this.#refresh());
      document.addEventListener("live-message", () => refresh(), { signal: this.#leave.signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    async #refresh() {
      const html = await askHTML(location.href).catch(() => null);
      // Unreachable for a moment: the next message or poll asks again.
      if (html === null) return;
      const page = new DOMParser().parseFromString(html, "text/html");
      for (const old of this.querySelectorAll("[id][data-state]")) {
        const now = page.getElementById(old.id);
        if (now && now.dataset.state !== old.dataset.state) old.replaceWith(document.importNode(now, true));
      }
    }
  },
);
