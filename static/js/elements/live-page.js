/** <live-page data-topics="take:… recording:…" data-src="/live">: tells the document, by "live-message" events, what changed. */
import { LiveStream } from "../lib/live.js";

customElements.define(
  "live-page",
  class extends HTMLElement {
    #stream = null;

    connectedCallback() {
      const tell = (detail) => document.dispatchEvent(new CustomEvent("live-message", { detail }));
      this.#stream = new LiveStream(this.dataset.src, this.dataset.topics.split(" "), tell);
      this.#stream.start();
    }

    disconnectedCallback() {
      this.#stream.stop();
    }
  },
);
