/** <take-over>: the question after watching. It is kept in place, and stands out once the moment has been played. */
import { announce } from "../lib/announce.js";
import { fromHTML } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import { toast } from "../lib/toast.js";

customElements.define(
  "take-over",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      this.addEventListener("submit", (event) => this.#submit(event), { signal });
      document.addEventListener("moment-end", () => this.#ask(), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #ask() {
      if (this.querySelector("textarea").value.trim()) return;
      this.classList.add("is-asking");
      this.scrollIntoView({ block: "nearest" });
      announce("What would you take over? The question stands below the video.");
    }

    /** Who goes on to record leaves the page as any form does. */
    #submit(event) {
      if (event.submitter?.name === "then") return;
      event.preventDefault();
      this.#keep(event.target);
    }

    async #keep(form) {
      try {
        const html = await askHTML(form.action, { method: "POST", form: new FormData(form), signal: this.#leave.signal });
        this.replaceChildren(fromHTML(html));
        this.classList.remove("is-asking");
        this.querySelector("textarea").focus({ preventScroll: true });
        toast("Kept.", { tone: "success" });
      } catch (error) {
        if (error.name !== "AbortError") toast(error.message, { tone: "error" });
      }
    }
  },
);
