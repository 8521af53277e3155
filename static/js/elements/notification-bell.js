/** <notification-bell>: the number of what one has not heard of yet; it follows what happens. */
import { addBell } from "../lib/told.js";

customElements.define(
  "notification-bell",
  class extends HTMLElement {
    connectedCallback() {
      addBell(this);
    }

    show(unread) {
      this.querySelector("[data-count]").hidden = unread === 0;
      this.querySelector("[data-number]").textContent = Math.min(unread, 99);
    }
  },
);
