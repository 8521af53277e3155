/** <live-stage>: follows the recording from the first byte to the last rendition, and never disturbs what plays. */
import { announce } from "../lib/announce.js";
import { fromHTML } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import { oneAtATime } from "../lib/refetch.js";

const NEWS = {
  play: "The video can be played.",
  broken: "This file could not be played.",
  stopped: "The work on this file was stopped.",
};

customElements.define(
  "live-stage",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      const refresh = oneAtATime(() => this.#refresh());
      const hear = ({ detail }) => detail.topic === this.dataset.topic && !this.#isSettled && refresh();
      document.addEventListener("live-message", hear, { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    async #refresh() {
      const part = await askHTML(this.dataset.src).then(fromHTML, () => null);
      // Unreachable for a moment: the next message or poll asks again.
      if (part) this.#take(part);
    }

    #take(part) {
      const { scene } = part.dataset;
      const hasTurned = scene !== this.#part.dataset.scene;
      if (scene === "play" && !hasTurned) this.#improve(part);
      else this.#part.replaceWith(part);
      if (hasTurned && NEWS[scene]) announce(NEWS[scene]);
    }

    /** The player stays; it learns of better renditions, and the small line of how far they are. */
    #improve(part) {
      const found = part.querySelector("pitch-player").dataset;
      this.querySelector("pitch-player").offer(found);
      const timeLine = this.querySelector("time-line");
      timeLine.storyboard = found.storyboard;
      timeLine.waveform = part.querySelector("time-line").dataset.waveform;
      const follow = part.querySelector("[data-follow]");
      this.querySelector("[data-follow]").replaceWith(follow);
      this.#part.toggleAttribute("data-settled", part.hasAttribute("data-settled"));
    }

    get #isSettled() {
      return this.#part.hasAttribute("data-settled");
    }

    get #part() {
      return this.querySelector(".stage-part");
    }
  },
);
