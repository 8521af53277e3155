/**
 * <upload-tray>: the files on their way, and those that an earlier visit left unfinished.
 *
 * `add(upload)` and `refuse(file, reason)` add a row. The page asks before it is closed while a file is on its way, and
 * keeps the screen of a phone awake. A single file that has arrived opens its take; of several, each row links to its own.
 */
import { fromHTML, on } from "../lib/dom.js";
import { askJSON } from "../lib/http.js";
import { toast } from "../lib/toast.js";
import { forgetUpload, unfinishedUploads } from "../lib/upload/unfinished.js";
import { keepAwake } from "../lib/wake-lock.js";
import "./upload-row.js";

customElements.define(
  "upload-tray",
  class extends HTMLElement {
    #uploads = new Set();
    #awake = keepAwake();
    #title = document.title;

    connectedCallback() {
      addEventListener("beforeunload", (event) => this.#isBusy && event.preventDefault());
      this.addEventListener("discard", (event) => this.#discard(event.detail, event.target));
      this.addEventListener("leave", (event) => this.#remove(event.target));
      on(this, "change", "[data-again]", (event, input) => this.#again(input));
      on(this, "click", "[data-act=forget]", (event, button) => this.#forget(button.closest("[data-unfinished]")));
    }

    add(upload) {
      this.#uploads.add(upload);
      upload.addEventListener("change", () => this.#changed(upload));
      this.#row().follow(upload);
      upload.start();
    }

    refuse(file, reason) {
      this.#row().refuse(file, reason);
    }

    /** Offers to go on with what this person began here and did not finish. */
    async offerUnfinished(place, viewer) {
      for (const entry of unfinishedUploads(place, viewer)) {
        const found = await this.#standing(entry);
        if (found) this.#list.prepend(offer(this.#template("unfinished"), entry, found));
      }
      this.#unhide();
    }

    /** What the server knows of it; entries that are finished or gone are forgotten. */
    async #standing(entry) {
      try {
        const found = await askJSON(entry.url);
        if (found.state === "awaiting_upload") return found;
        forgetUpload(entry.url);
      } catch (error) {
        if (error.status === 404) forgetUpload(entry.url);
      }
      return null;
    }

    #again(input) {
      const row = input.closest("[data-unfinished]");
      const file = input.files[0];
      if (!file) return;
      const isSame = file.name === row.dataset.name && file.size === Number(row.dataset.size);
      row.querySelector("[data-other]").hidden = isSame;
      input.value = "";
      if (!isSame) return;
      row.remove();
      this.dispatchEvent(new CustomEvent("again", { bubbles: true, detail: { file, presenter: row.dataset.presenter } }));
    }

    async #forget(row) {
      row.hidden = true;
      const url = row.dataset.unfinished;
      if ((await toast(`${row.dataset.name} is discarded.`, { act: "Undo" })) === "act") row.hidden = false;
      else {
        row.remove();
        forgetUpload(url);
        await askJSON(url, { method: "DELETE" }).catch(() => null);
        this.#unhide();
      }
    }

    async #discard(upload, row) {
      upload.discard();
      if ((await toast(`${upload.name} is discarded.`, { act: "Undo" })) === "act") {
        upload.start();
        return;
      }
      this.#uploads.delete(upload);
      this.#remove(row);
      // The store drops what nobody finishes within a week: a failure here costs nothing.
      await upload.forget().catch(() => null);
    }

    #changed(upload) {
      this.#awake(this.#isBusy);
      this.#tellTitle();
      const isAlone = this.#uploads.size === 1 && this.#list.children.length === 1;
      if (upload.state === "arrived" && isAlone) location.assign(upload.take);
    }

    #tellTitle() {
      const moving = [...this.#uploads].filter((upload) => upload.isUnderWay);
      const sent = moving.reduce((total, upload) => total + upload.sentBytes, 0);
      const size = moving.reduce((total, upload) => total + upload.size, 0);
      document.title = size ? `${Math.floor((sent / size) * 100)} % · ${this.#title}` : this.#title;
    }

    #row() {
      const item = fromHTML(this.#template("row"));
      this.#list.append(item);
      this.#unhide();
      return item.querySelector("upload-row");
    }

    #remove(row) {
      row.closest("li").remove();
      this.#unhide();
    }

    #unhide() {
      this.hidden = this.#list.children.length === 0;
    }

    #template(name) {
      return this.querySelector(`template[data-of=${name}]`).innerHTML;
    }

    get #list() {
      return this.querySelector("ul");
    }

    get #isBusy() {
      return [...this.#uploads].some((upload) => upload.isUnderWay);
    }
  },
);

function offer(template, entry, { arrived, part_size: partSize }) {
  const item = fromHTML(template);
  const percent = Math.min(99, Math.floor((100 * arrived.length * partSize) / entry.size));
  Object.assign(item.dataset, { unfinished: entry.url, name: entry.name, size: entry.size, presenter: entry.presenter });
  item.querySelector("[data-title]").textContent = `Continue uploading ${entry.name}: choose the file again`;
  item.querySelector("[data-arrived]").textContent = `${percent} % of it is here already.`;
  item.querySelector("progress").value = percent;
  return item;
}
