/** <finish-review>: the one sentence that ends a review; kept in this browser until it is published. */
import { Draft } from "../lib/drafts.js";

customElements.define(
  "finish-review",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const draft = new Draft(this.dataset.draft);
      const text = this.querySelector("textarea");
      text.value ||= draft.read()?.text ?? "";
      text.addEventListener("input", () => draft.keep({ text: text.value }));
      this.addEventListener("keydown", (event) => {
        if (event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.shiftKey) this.querySelector("form").requestSubmit();
      });
      document.addEventListener("comments-change", ({ target }) => this.#hint(target.marks), { signal: this.#leave.signal });
      this.#hint(document.querySelector("comment-feed").marks ?? []);
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #hint(marks) {
      const { viewer } = document.querySelector("comment-feed").dataset;
      const hasStrength = marks.some(({ kind, authorId }) => kind === "strength" && authorId === viewer);
      this.querySelector("[data-hint]").hidden = hasStrength;
    }
  },
);
