/**
 * <studio-kept>: takes that this browser kept because they were never sent: after a crash, a closed tab, a dead battery.
 * Each can be sent, watched ("kept-watch" with the take) or discarded.
 */
import { fromHTML, on } from "../lib/dom.js";
import { ago, timecode } from "../lib/time.js";
import { toast } from "../lib/toast.js";

customElements.define(
  "studio-kept",
  class extends HTMLElement {
    #takes = new Map();

    connectedCallback() {
      on(this, "click", "[data-kept]", (_, button) => this.#act[button.dataset.kept](button.closest("li")));
    }

    get isEmpty() {
      return this.#takes.size === 0;
    }

    /** Anything with `id, title, startedAt, durationMs, blob(), continue(), discard()`. */
    add(take) {
      const row = fromHTML(this.querySelector("template").innerHTML);
      row.querySelector("[data-title]").textContent = `We kept ${timecode(Math.max(1000, take.durationMs))} of your take`;
      row.querySelector("[data-text]").textContent = `${take.title}, recorded ${ago(take.startedAt)}. It was not sent to its end.`;
      this.#takes.set(row, take);
      this.querySelector("[data-list]").append(row);
      this.#tell();
    }

    #act = {
      send: (row) => this.#send(row),
      watch: (row) => this.dispatchEvent(new CustomEvent("kept-watch", { bubbles: true, detail: this.#release(row) })),
      discard: (row) => this.#discard(row),
    };

    #send(row) {
      const upload = this.#takes.get(row).continue();
      this.#lock(row, true);
      upload.addEventListener("change", () => this.#follow(row, upload));
      this.#follow(row, upload);
    }

    #follow(row, { state, message, percent, take }) {
      row.querySelector("[data-progress]").value = percent;
      if (message) row.querySelector("[data-text]").textContent = message;
      if (state === "failed") this.#lock(row, false);
      if (state === "arrived") this.#arrived(row, take);
    }

    async #arrived(row, address) {
      if (!this.#takes.has(row)) return;
      const { title } = this.#release(row);
      if ((await toast(`Your take of ${title} has arrived.`, { tone: "success", act: "Open it" })) === "act") location.assign(address);
    }

    async #discard(row) {
      const take = this.#release(row);
      if ((await toast("The take is thrown away.", { act: "Undo" })) === "act") this.add(take);
      else await take.discard();
    }

    #lock(row, isSending) {
      row.querySelector("[data-progress]").hidden = !isSending;
      for (const button of row.querySelectorAll("button")) button.disabled = isSending;
    }

    #release(row) {
      const take = this.#takes.get(row);
      this.#takes.delete(row);
      row.remove();
      this.#tell();
      return take;
    }

    #tell() {
      this.dispatchEvent(new CustomEvent("kept-change", { bubbles: true }));
    }
  },
);
