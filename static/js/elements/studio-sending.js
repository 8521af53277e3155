/** <studio-sending>: how far a take that was kept is on its way. */
import { bytes } from "../lib/size.js";

const WORDS = {
  waiting: "Sending",
  resting: "No connection",
  "signed-out": "Waiting until you are signed in",
  finishing: "Almost there",
  arrived: "Arrived",
};

customElements.define(
  "studio-sending",
  class extends HTMLElement {
    show({ state, percent, sentBytes, size }) {
      this.querySelector("progress").value = percent;
      const left = Math.max(0, size - sentBytes);
      this.querySelector("[data-words]").textContent = WORDS[state] ?? `Sending, ${bytes(left)} to go`;
    }
  },
);
