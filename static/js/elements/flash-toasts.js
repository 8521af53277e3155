/** <flash-toasts>: what the server said about the last act; good news leaves by itself, bad news waits. */
import { keep } from "../lib/toast.js";

const READING = 6_000;

customElements.define(
  "flash-toasts",
  class extends HTMLElement {
    connectedCallback() {
      for (const toast of this.querySelectorAll(".toast")) {
        const mustStay = toast.matches(".toast--error, .toast--warning");
        const ended = keep(toast, mustStay ? null : READING);
        toast.querySelector("button").addEventListener("click", () => ended.end("closed"));
      }
    }
  },
);
