/**
 * <proof-sheet>: a reviewer says of what was agreed whether it is seen in this take. An answer is saved as it is pressed,
 * at the moment that the player shows unless one was named; pressed again it is taken back.
 */
import { fromHTML, on } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import { toast } from "../lib/toast.js";
import "./before-after.js";
import "./moment-now.js";

customElements.define(
  "proof-sheet",
  class extends HTMLElement {
    connectedCallback() {
      on(this, "submit", "[data-answer]", (event, form) => this.#answer(event, form));
      on(this, "change", "[data-answer] input", (_, { form }) => this.#move(form));
    }

    #answer(event, form) {
      event.preventDefault();
      const { value, ariaPressed } = event.submitter;
      const moment = form.querySelector("moment-now");
      if (moment.isEmpty) moment.take();
      this.#send(form, ariaPressed === "true" ? "" : value);
    }

    /** Another moment for the answer that was given. */
    #move(form) {
      const given = form.querySelector("[aria-pressed=true]");
      if (given) this.#send(form, given.value);
    }

    async #send(form, verdict) {
      const said = new FormData(form);
      said.set("verdict", verdict);
      try {
        const html = await askHTML(form.action, { method: "POST", form: said });
        this.#take(fromHTML(html), form.closest("[data-commitment]").dataset.commitment, verdict);
      } catch (error) {
        toast(`Not saved. ${error.message}`, { tone: "error" });
      }
    }

    /** Only what was answered is renewed: what is playing plays on. */
    #take(fresh, id, verdict) {
      const part = `[data-commitment="${id}"] [data-answer]`;
      this.querySelector(part).replaceWith(fresh.querySelector(part));
      const pressed = verdict && this.querySelector(`${part} [value="${verdict}"]`);
      (pressed || this.querySelector(`${part} button`)).focus({ preventScroll: true });
    }
  },
);
