/**
 * <finish-review>: the one sentence that ends a review. What is missing, and words to choose from, are asked for when the
 * dialog opens; the sentence is kept in this browser until it is published. The keys that open it publish, too. At most
 * two changes are proposed with it.
 */
import { fromHTML, on } from "../lib/dom.js";
import { Draft } from "../lib/drafts.js";
import { askHTML } from "../lib/http.js";
import { askForMoment, openScores } from "../lib/reviewing.js";

customElements.define(
  "finish-review",
  class extends HTMLElement {
    #draft;
    #opening = new MutationObserver(() => this.closest("dialog").open && this.#ask());

    connectedCallback() {
      this.#draft = new Draft(this.dataset.draft, "one_thing");
      this.#text.value ||= this.#draft.read()?.text ?? "";
      this.#draft.newer().then((words) => words && (this.#text.value = words.text));
      this.#opening.observe(this.closest("dialog"), { attributeFilter: ["open"] });
      on(this, "input", "textarea", () => this.#draft.keep({ text: this.#text.value }));
      on(this, "change", "[name=from]", (_, { value }) => this.#choose(value));
      on(this, "input", "[data-most] input", (_, input) => this.#limit(input.closest("[data-most]")));
      on(this, "click", "[data-show-moment]", (_, { dataset }) => askForMoment({ id: dataset.showMoment, name: dataset.name }));
      on(this, "click", "[data-to-scores]", () => openScores());
      this.addEventListener("keydown", (event) => {
        if (event.key !== "Enter" || !(event.ctrlKey || event.metaKey)) return;
        event.preventDefault();
        this.querySelector("form").requestSubmit();
      });
    }

    disconnectedCallback() {
      this.#opening.disconnect();
    }

    async #ask() {
      const html = await askHTML(this.dataset.src).catch(() => "");
      const told = fromHTML(`<div>${html}</div>`);
      for (const place of this.querySelectorAll("[data-put]")) place.replaceChildren(...(told.querySelector(`[data-part="${place.dataset.put}"]`)?.children ?? []));
      const first = this.querySelector("[name=from]");
      // Whoever has written nothing yet finds what they said to try; it is there to be changed.
      if (this.#text.value.trim() || !first) return;
      first.checked = true;
      this.#choose(first.value);
    }

    #choose(words) {
      this.#text.value = words;
      this.#draft.keep({ text: words });
    }

    /** People work on one thing or two: when so many are chosen, the others rest. */
    #limit(group) {
      const ticks = [...group.querySelectorAll("[type=checkbox]")];
      const words = group.querySelector("[name=propose_words]");
      const chosen = ticks.filter((tick) => tick.checked).length + Number(Boolean(words.value.trim()));
      const isFull = chosen >= Number(group.dataset.most);
      for (const tick of ticks) tick.disabled = isFull && !tick.checked;
      words.disabled = isFull && !words.value.trim();
    }

    get #text() {
      return this.querySelector("textarea");
    }
  },
);

/** A review that is published leads on with the same keys. */
document.addEventListener("keydown", ({ key, ctrlKey, metaKey, shiftKey }) => {
  const next = document.querySelector("[data-next-take]");
  if (next && key === "Enter" && shiftKey && (ctrlKey || metaKey)) next.click();
});
