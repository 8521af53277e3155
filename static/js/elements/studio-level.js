/** <studio-level>: how loud the microphone is, and a word when it hears nothing at all. */
import { announce } from "../lib/announce.js";
import { MicrophoneLevel } from "../lib/studio/level.js";

const WIDTH = 56;

customElements.define(
  "studio-level",
  class extends HTMLElement {
    #level = null;
    #leave = new AbortController();

    connectedCallback() {
      document.addEventListener("stream-change", ({ detail }) => this.#listen(detail.stream), { signal: this.#leave.signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
      this.#level?.stop();
    }

    #listen(stream) {
      this.#level?.stop();
      this.#level = null;
      this.hidden = !stream?.getAudioTracks().length;
      this.#tellSilence(false);
      if (this.hidden) return;
      const level = (this.#level = new MicrophoneLevel(stream));
      level.addEventListener("level", () => this.#draw(level.value));
      level.addEventListener("silence", () => this.#tellSilence(true));
      level.addEventListener("sound", () => this.#tellSilence(false));
    }

    #draw(value) {
      this.querySelector(".level-now").setAttribute("width", Math.round(value * WIDTH));
    }

    #tellSilence(isSilent) {
      this.classList.toggle("is-silent", isSilent);
      this.querySelector("[data-silent]").hidden = !isSilent;
      if (isSilent) announce("The microphone hears nothing. Is it the right one, and is it switched on?");
    }
  },
);
