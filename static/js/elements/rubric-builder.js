/**
 * <rubric-builder data-key data-most>: the form of a rubric, arranged without asking the server. What is typed survives
 * a reload in this browser until it is saved.
 */
import { announce } from "../lib/announce.js";
import { on, uuid } from "../lib/dom.js";
import { Draft } from "../lib/drafts.js";
import { askHTML } from "../lib/http.js";
import { toast } from "../lib/toast.js";

const BLANK_ID = "NEW";

customElements.define(
  "rubric-builder",
  class extends HTMLElement {
    #draft = null;
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      this.#draft = new Draft(`rubric:${this.dataset.key}`);
      on(this, "input", "[data-level]", (_, box) => this.#nameLevel(box), { signal });
      on(this, "input", "[data-name]", (_, box) => this.#nameLine(box), { signal });
      on(this, "input", "form", () => this.#keep(), { signal });
      on(this, "click", "[data-add]", (event) => this.#add(event), { signal });
      on(this, "click", "[data-remove]", (event, button) => this.#remove(event, button.closest("li")), { signal });
      on(this, "click", "[data-preview]", (event) => this.#preview(event), { signal });
      on(this, "click", "[data-leave]", () => this.#draft.clear(), { signal });
      on(this, "click", "[data-forget]", () => this.#startOver(), { signal });
      this.addEventListener("reorder", () => this.#keep(), { signal });
      this.#form.addEventListener("submit", ({ submitter }) => !submitter?.value && this.#draft.clear(), { signal });
      this.#restore();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    get #form() {
      return this.querySelector("form");
    }

    get #lines() {
      return this.querySelector("[data-lines]");
    }

    #add(event) {
      event.preventDefault();
      if (this.#lines.children.length >= Number(this.dataset.most)) return toast("Twelve criteria are the most.");
      const row = this.#row(uuid());
      row.querySelector("[data-name]").focus();
      this.#keep();
    }

    /** A blank criterion at the end, whose fields bear this name. */
    #row(id) {
      const row = this.querySelector("template[data-blank]").content.firstElementChild.cloneNode(true);
      for (const part of [row, ...row.querySelectorAll("*")]) {
        for (const { name, value } of [...part.attributes]) {
          if (value.includes(BLANK_ID)) part.setAttribute(name, value.replaceAll(BLANK_ID, id));
        }
      }
      row.querySelector("[data-handle]").hidden = false;
      this.#lines.append(row);
      this.querySelectorAll("[data-level]").forEach((box) => this.#nameLevel(box));
      return row;
    }

    #remove(event, row) {
      event.preventDefault();
      const beside = row.nextElementSibling ?? row.previousElementSibling;
      row.remove();
      announce(`${row.dataset.title} is removed.`);
      (beside?.querySelector("summary") ?? this.querySelector("[data-add]")).focus();
      this.#keep();
    }

    /** A level without a name is none: what it looks like is not asked. */
    #nameLevel({ value, dataset }) {
      for (const anchor of this.querySelectorAll(`[data-anchor="${dataset.level}"]`)) {
        anchor.hidden = !value.trim();
        anchor.querySelector("[data-level-name]").textContent = value;
      }
    }

    #nameLine(box) {
      const row = box.closest("li");
      row.dataset.title = row.querySelector("[data-said]").textContent = box.value.trim() || "New criterion";
    }

    async #preview(event) {
      event.preventDefault();
      try {
        const html = await askHTML(event.target.closest("button").formAction, { method: "POST", form: new FormData(this.#form) });
        const dialog = this.querySelector("[data-sheet-dialog]");
        dialog.querySelector("[data-preview-body]").innerHTML = html;
        dialog.showModal();
      } catch (error) {
        toast(error.message, { tone: "error" });
      }
    }

    #keep() {
      const fields = [...new FormData(this.#form)].filter(([name]) => name !== "csrf_token");
      this.#draft.keep({ fields });
    }

    /** Rows and words as they were left; a form that came back with something to mend is newer than those. */
    #restore() {
      if (this.querySelector("[aria-invalid], .notice--error, .notice--warning")) return this.#keep();
      const kept = this.#draft.read();
      if (!kept) return;
      const ids = kept.fields.filter(([name]) => name === "criterion").map(([, id]) => id);
      const rows = new Map([...this.#lines.children].map((row) => [row.dataset.id, row]));
      this.#lines.replaceChildren();
      for (const id of ids) rows.has(id) ? this.#lines.append(rows.get(id)) : this.#row(id);
      for (const [name, value] of kept.fields) if (name !== "criterion") this.#form.elements[name].value = value;
      this.querySelectorAll("[data-level]").forEach((box) => this.#nameLevel(box));
      this.querySelectorAll("[data-name]").forEach((box) => this.#nameLine(box));
      this.querySelector("[data-restored]").hidden = false;
    }

    #startOver() {
      this.#draft.clear();
      location.reload();
    }
  },
);
