/** <studio-countdown>: three, two, one. `run(signal)` resolves when it is over and rejects when it is cancelled. */
import { announce } from "../lib/announce.js";

const STEP_MS = 1000;
const WORDS = ["Three", "Two", "One"];

customElements.define(
  "studio-countdown",
  class extends HTMLElement {
    async run(signal) {
      for (const [index, word] of WORDS.entries()) {
        this.textContent = WORDS.length - index;
        announce(word, { urgent: true });
        await pause(STEP_MS, signal);
      }
    }
  },
);

function pause(milliseconds, signal) {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const timer = setTimeout(resolve, milliseconds);
    signal.addEventListener("abort", () => (clearTimeout(timer), reject(signal.reason)), { once: true });
  });
}
