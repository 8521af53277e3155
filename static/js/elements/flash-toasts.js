/** <flash-toasts>: what the server said about the last act; good news leaves by itself, bad news waits. */
import { keep } from "../lib/toast.js";

const READING = 6_000;
const DECIDING = 12_000;

customElements.define(
  "flash-toasts",
  class extends HTMLElement {
    connectedCallback() {
      for (const toast of this.querySelectorAll(".toast")) {
        const mustStay = toast.matches(".toast--error, .toast--warning");
        const milliseconds = toast.querySelector("form") ? DECIDING : READING;
        const ended = keep(toast, mustStay ? null : milliseconds);
        toast.querySelector("[aria-label=Dismiss]").addEventListener("click", () => ended.end("closed"));
      }
    }
  },
);
