/** <studio-notices>: what goes wrong while a take is made, one notice for each kind; the sentences are the template's. */
import { announce } from "../lib/announce.js";

customElements.define(
  "studio-notices",
  class extends HTMLElement {
    /** `text` takes the place of the template's sentence. What is shown already is not said again. */
    show(name, { text = null } = {}) {
      const notice = this.#notice(name);
      if (text) notice.querySelector(".notice-text span").textContent = text;
      if (!notice.hidden) return;
      notice.hidden = false;
      announce(notice.querySelector(".notice-text").textContent, { urgent: true });
    }

    hide(name) {
      this.#notice(name).hidden = true;
    }

    clear() {
      for (const notice of this.querySelectorAll("[data-notice]")) notice.hidden = true;
    }

    #notice(name) {
      return this.querySelector(`[data-notice="${name}"]`);
    }
  },
);
