/**
 * <hear-it-done data-begins>: the same few seconds in several voices, one at a time. Changing the voice begins them
 * anew, and they repeat. While it plays, or has the focus, the keys 1 to 3 change the voice.
 */
import { on } from "../lib/dom.js";
import { isFree } from "../lib/keys.js";
import "./reply-player.js";

customElements.define(
  "hear-it-done",
  class extends HTMLElement {
    #leave = null;

    connectedCallback() {
      this.#leave = new AbortController();
      const { signal } = this.#leave;
      on(this, "click", "[data-voice]", (_, button) => this.hear(button.dataset.voice), { signal });
      // Before the room, to which a digit is a tenth of the take.
      document.addEventListener("keydown", (event) => this.#press(event), { capture: true, signal });
      this.#show(this.dataset.begins);
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    begin() {
      this.hear(this.dataset.begins);
    }

    hear(voice) {
      this.#show(voice);
      this.querySelector(`[data-heard="${voice}"] reply-player`)?.start();
    }

    #show(voice) {
      for (const part of this.querySelectorAll("[data-heard]")) {
        part.hidden = part.dataset.heard !== voice;
        if (part.hidden) part.querySelector("video, audio")?.pause();
      }
      for (const button of this.#buttons) button.ariaPressed = String(button.dataset.voice === voice);
    }

    #press(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || !isFree(event) || !this.#isActive) return;
      const button = this.#buttons[Number(event.key) - 1];
      if (!button) return;
      event.preventDefault();
      this.hear(button.dataset.voice);
    }

    get #isActive() {
      return this.contains(document.activeElement) || Boolean(this.querySelector("reply-player.is-playing"));
    }

    get #buttons() {
      return [...this.querySelectorAll("[data-voice]")];
    }
  },
);
