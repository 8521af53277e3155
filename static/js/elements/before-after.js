/**
 * <before-after data-src>: the moment that was to change and the moment that shows it, fetched when somebody plays them, one
 * after the other in one place.
 */
import { on } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import "./reply-player.js";

customElements.define(
  "before-after",
  class extends HTMLElement {
    connectedCallback() {
      on(this, "click", "[data-play]", (event, link) => this.#toggle(event, link));
      on(this, "click", "[data-show]", (_, button) => this.#play(button.dataset.show));
      this.addEventListener("reply-end", ({ target }) => this.#goOn(target.closest("[data-side]").dataset.side));
    }

    async #toggle(event, link) {
      if (event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      const place = this.querySelector("[data-clips]");
      const isOpen = link.ariaExpanded === "true";
      link.ariaExpanded = String(!isOpen);
      place.hidden = isOpen;
      if (isOpen) return place.replaceChildren();
      try {
        place.innerHTML = await askHTML(this.dataset.src);
        this.#play(place.querySelector("[data-side]")?.dataset.side);
      } catch (error) {
        place.textContent = error.message;
      }
    }

    #goOn(side) {
      if (side === "before" && this.querySelector('[data-side="after"]')) this.#play("after");
    }

    #play(side) {
      for (const part of this.querySelectorAll("[data-side]")) {
        part.hidden = part.dataset.side !== side;
        if (part.hidden) part.querySelector("video, audio")?.pause();
        else part.querySelector("reply-player")?.start();
      }
      for (const button of this.querySelectorAll("[data-show]")) button.ariaPressed = String(button.dataset.show === side);
    }
  },
);
