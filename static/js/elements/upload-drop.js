/**
 * <upload-drop>: takes files that are dropped or pasted anywhere on the page, or chosen, and hands them to its tray.
 *
 * data-place: address that begins uploads; data-viewer: who uploads; data-max-bytes and data-accept (endings): what is
 * refused before the first byte. Where a manager says that somebody else presents, files wait until that is filled in.
 */
import { on } from "../lib/dom.js";
import { bytes } from "../lib/size.js";
import { toast } from "../lib/toast.js";
import { Upload } from "../lib/upload.js";
import { dropped } from "../lib/upload/dropped.js";
import "./upload-tray.js";

customElements.define(
  "upload-drop",
  class extends HTMLElement {
    #held = [];
    #depth = 0;
    #leave = new AbortController();

    connectedCallback() {
      this.#input.addEventListener("change", () => this.#take([...this.#input.files]));
      on(document.body, "click", "[data-choose-file]", (event) => this.#choose(event));
      this.#somebodyElse?.addEventListener("input", () => this.#presenterChanged());
      this.#somebodyElse?.addEventListener("toggle", () => this.#forgetHeld());
      this.querySelector("[data-send-held]")?.addEventListener("click", () => this.#take([]));
      this.addEventListener("again", ({ detail }) => this.#send(detail.file, JSON.parse(detail.presenter)));
      this.#listenForDrops(this.#leave.signal);
      document.addEventListener("paste", (event) => this.#paste(event), { signal: this.#leave.signal });
      this.#presenterChanged();
      this.#tray.offerUnfinished(this.dataset.place, this.dataset.viewer);
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    /** The link at the head of the page leads here; with a script it opens the picker at once. */
    #choose(event) {
      event.preventDefault();
      this.scrollIntoView({ block: "center" });
      this.#input.click();
    }

    /** A file that is dropped beside the zone must not replace the page, so the whole page is the zone. */
    #listenForDrops(signal) {
      const listen = (type, act) => document.addEventListener(type, (event) => hasFiles(event) && act(event), { signal });
      listen("dragenter", () => this.#hover((this.#depth += 1)));
      listen("dragleave", () => this.#hover((this.#depth -= 1)));
      listen("dragover", (event) => event.preventDefault());
      listen("drop", (event) => {
        event.preventDefault();
        this.#hover((this.#depth = 0));
        const { files, folders } = dropped(event.dataTransfer);
        if (folders.length) toast(`${folders[0]} is a folder. Open it, and drop the files that are in it.`, { tone: "warning" });
        if (files.length) this.#take(files);
      });
    }

    /** What comes as text as well is meant for the field it is pasted into. */
    #paste(event) {
      const files = [...event.clipboardData.files];
      const isForField = event.clipboardData.types.includes("text/plain") && event.target.closest?.("input, textarea, [contenteditable]");
      if (!files.length || isForField) return;
      event.preventDefault();
      const others = files.filter((file) => !this.#isKnown(file));
      if (others.length) toast(`What you pasted, ${others[0].name}, is neither a video nor a sound file. It is not uploaded.`, { tone: "warning" });
      if (others.length === files.length) return;
      this.scrollIntoView({ block: "nearest" });
      this.#take(files.filter((file) => this.#isKnown(file)));
    }

    #hover(depth) {
      this.classList.toggle("is-over", depth > 0);
    }

    #take(files) {
      const held = [...this.#held, ...files];
      const presenter = this.#presenter();
      this.#held = presenter ? [] : held;
      this.#input.value = "";
      this.#tellHeld();
      if (presenter) held.forEach((file) => this.#send(file, presenter));
    }

    #send(file, presenter) {
      const refusal = this.#refusal(file);
      if (refusal) this.#tray.refuse(file, refusal);
      else this.#tray.add(new Upload(file, { place: this.dataset.place, viewer: this.dataset.viewer, presenter }));
    }

    #isKnown({ name }) {
      return this.dataset.accept.split(" ").includes(name.slice(name.lastIndexOf(".")).toLowerCase());
    }

    #refusal(file) {
      const most = Number(this.dataset.maxBytes);
      if (!this.#isKnown(file)) return "Not a video or a sound file that we know. MP4, MOV and WebM work best.";
      if (file.size === 0) return "This file is empty.";
      if (file.size > most) return `Larger than ${bytes(most)}. Cut it, or export it smaller.`;
      return null;
    }

    /** Fields that say who presents: none for oneself; null while they are not filled in, which is then shown. */
    #presenter() {
      if (!this.#somebodyElse?.open) return {};
      const person = this.#field("presenter_id").value;
      const fields = person === "name" ? { presenter_name: this.#text("presenter_name") } : { presenter_id: person };
      fields.consent_note = this.#text("consent_note");
      const missing = Object.keys(fields).filter((name) => !fields[name]);
      this.#mark(missing);
      return missing.length ? null : fields;
    }

    #presenterChanged() {
      const fields = this.#somebodyElse;
      if (!fields) return;
      fields.querySelector("[data-name-field]").hidden = this.#field("presenter_id").value !== "name";
      fields.querySelectorAll("[aria-invalid]").forEach((field) => field.value.trim() && this.#mark([], field.name));
    }

    /** Says beside each missing field what is wanted, and leads to the first. */
    #mark(missing, only = null) {
      for (const error of this.#somebodyElse.querySelectorAll("[data-error-of]")) {
        const name = error.dataset.errorOf;
        if (only && name !== only) continue;
        const field = this.#field(name);
        error.hidden = !missing.includes(name);
        if (error.hidden) field.removeAttribute("aria-invalid");
        else field.setAttribute("aria-invalid", "true");
      }
      if (missing.length) this.#field(missing[0]).focus();
    }

    /** Folding the fields away says: not for somebody else. The files that waited for them are not one's own. */
    #forgetHeld() {
      if (this.#somebodyElse.open) return;
      this.#held = [];
      this.#tellHeld();
    }

    #tellHeld() {
      const button = this.querySelector("[data-send-held]");
      if (!button) return;
      button.hidden = this.#held.length === 0;
      button.querySelector("span").textContent =
        this.#held.length === 1 ? `Upload ${this.#held[0].name}` : `Upload ${this.#held.length} files`;
    }

    #field(name) {
      return this.#somebodyElse.querySelector(`[name=${name}]`);
    }

    #text(name) {
      return this.#field(name).value.trim();
    }

    get #input() {
      return this.querySelector("input[type=file][data-choose]");
    }

    get #tray() {
      return this.querySelector("upload-tray");
    }

    get #somebodyElse() {
      return this.querySelector("details[data-somebody-else]");
    }
  },
);

function hasFiles(event) {
  return event.dataTransfer?.types.includes("Files");
}
