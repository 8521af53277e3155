/** <time-ago><time datetime="…">: keeps "5 minutes ago" true while the page is open. */
import { ago } from "../lib/time.js";

const shown = new Set();
let timer = null;

customElements.define(
  "time-ago",
  class extends HTMLElement {
    connectedCallback() {
      shown.add(this);
      this.update();
      timer ??= setInterval(() => shown.forEach((element) => element.update()), 30_000);
    }

    disconnectedCallback() {
      shown.delete(this);
    }

    update() {
      const time = this.querySelector("time");
      time.textContent = ago(new Date(time.dateTime));
    }
  },
);
