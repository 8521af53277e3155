/** <time-ago><time datetime="…">: keeps "5 minutes ago" true while the page is open, in the reader's own clock. */
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
      const instant = new Date(time.dateTime);
      time.textContent = ago(instant);
      time.title = instant.toLocaleString(undefined, { dateStyle: "full", timeStyle: "short" });
    }
  },
);
