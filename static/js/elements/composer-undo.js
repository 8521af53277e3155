/**
 * <composer-undo>: for ten seconds after posting, a comment can be taken back without a question. Its words come back into
 * the composer; what was recorded is at the server by then and comes back as it was.
 *
 * Event: posting-undone, detail: the letter, when its words have to go back into the box.
 */
import { on } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import { toast, undoable } from "../lib/toast.js";

const LASTS_MS = 10_000;

customElements.define(
  "composer-undo",
  class extends HTMLElement {
    #timer = null;
    #letter = null;
    #id = null;

    connectedCallback() {
      on(this, "click", "button", () => this.#undo());
    }

    disconnectedCallback() {
      clearTimeout(this.#timer);
    }

    /** A letter has arrived as this comment. */
    offer(letter, id) {
      this.#letter = letter;
      this.#id = id;
      this.hidden = false;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.close(), LASTS_MS);
    }

    close() {
      clearTimeout(this.#timer);
      if (this.hidden) return;
      this.hidden = true;
      this.dispatchEvent(new CustomEvent("undo-over", { bubbles: true }));
    }

    async #undo() {
      const [letter, id] = [this.#letter, this.#id];
      this.close();
      const ask = async (act) => document.querySelector("comment-feed").take(await askHTML(`/comments/${id}/${act}`, { method: "POST" }), id);
      try {
        await ask("deletion");
      } catch (error) {
        return toast(error.message, { tone: "error" });
      }
      const isBack = !letter.reply && !this.dispatchEvent(new CustomEvent("posting-undone", { bubbles: true, cancelable: true, detail: letter }));
      if (!isBack) undoable("Taken back.", () => ask("restoration"));
    }
  },
);
