/** <studio-sending>: how far a take that was kept is on its way. */
import { bytes } from "../lib/size.js";

const WORDS = {
  waiting: "Sending",
  resting: "No connection",
  "signed-out": "Waiting until you are signed in",
  finishing: "Almost there",
  arrived: "Arrived",
};
const HINTS = {
  keep: "It is safe in this browser.",
  submit: "It is submitted once it has arrived.",
};

customElements.define(
  "studio-sending",
  class extends HTMLElement {
    set wish(wish) {
      this.querySelector("[data-hint]").textContent = HINTS[wish];
    }

    show({ state, percent, sentBytes, size }) {
      this.querySelector("progress").value = percent;
      const left = Math.max(0, size - sentBytes);
      this.querySelector("[data-words]").textContent = WORDS[state] ?? `Sending, ${bytes(left)} to go`;
    }
  },
);
