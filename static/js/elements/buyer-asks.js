/** <buyer-asks>: the recorded prompt, beside the camera. It is quiet as soon as somebody begins to answer. */
import "./reply-player.js";

const ANSWERING = ["countdown", "recording"];

customElements.define(
  "buyer-asks",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      document.addEventListener("studio-change", ({ detail }) => this.#hush(detail.state), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #hush(state) {
      if (ANSWERING.includes(state)) this.querySelector("video, audio")?.pause();
    }
  },
);
