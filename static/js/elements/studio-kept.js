/**
 * <studio-kept>: takes that this browser kept because they were never sent: after a crash, a closed tab, a dead battery.
 * Each can be recorded on ("kept-go-on" with the take), submitted, watched ("kept-watch") or discarded. What somebody had
 * decided to keep before the page was left goes on by itself.
 */
import { fromHTML, on } from "../lib/dom.js";
import { keptWords } from "../lib/studio/manifest.js";
import { ago } from "../lib/time.js";
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

    /** A HeldTake. */
    add(take) {
      const row = fromHTML(this.querySelector("template").innerHTML);
      const length = keptWords(take.durationMs);
      row.querySelector("[data-title]").textContent = `We kept ${length} of your take`;
      row.querySelector("[data-text]").textContent = `“${take.title}”, recorded ${ago(take.startedAt)}. It was not sent to its end.`;
      this.#takes.set(row, take);
      this.querySelector("[data-list]").append(row);
      if (take.wish) this.#send(row, take.wish);
      this.#tell();
    }

    #act = {
      "go-on": (row) => this.#hand(row, "kept-go-on"),
      submit: (row) => this.#send(row, "submit"),
      watch: (row) => this.#hand(row, "kept-watch"),
      discard: (row) => this.#discard(row),
    };

    #hand(row, name) {
      this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: this.#release(row) }));
    }

    #send(row, wish) {
      const upload = this.#takes.get(row).continue(wish);
      this.#lock(row, true);
      row.querySelector("[data-text]").textContent = wish === "submit" ? "It is submitted once it has arrived." : "It is on its way.";
      upload.addEventListener("change", () => this.#follow(row, upload));
      this.#follow(row, upload);
    }

    #follow(row, { state, message, percent, take, refusal }) {
      row.querySelector("[data-progress]").value = percent;
      if (message) row.querySelector("[data-text]").textContent = message;
      if (state === "failed") this.#lock(row, false);
      if (state === "arrived") this.#arrived(row, take, refusal);
    }

    async #arrived(row, address, refusal) {
      if (!this.#takes.has(row)) return;
      const { title, manifest } = this.#release(row);
      const isSubmitted = manifest.wish === "submit" && !refusal;
      const said = isSubmitted ? `Your take of “${title}” is submitted.` : `Your take of “${title}” has arrived.`;
      const words = refusal ? `${said} It is not submitted: ${refusal}` : said;
      const tone = refusal ? "warning" : "success";
      if ((await toast(words, { tone, act: "Open it" })) === "act") location.assign(address);
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
