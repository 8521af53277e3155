/**
 * <reorder-list data-url>: rows put into another order by dragging, by keys on the handle, or by their buttons.
 * Each move is saved; without an address they are rows of a form, which hears "reorder" and saves the order itself.
 */
import { announce } from "../lib/announce.js";
import { fromHTML, on } from "../lib/dom.js";
import { askHTML, askJSON } from "../lib/http.js";
import { toast } from "../lib/toast.js";

customElements.define(
  "reorder-list",
  class extends HTMLElement {
    #lifted = null; // { row, from } while a row is carried by keyboard
    #saving = Promise.resolve();

    connectedCallback() {
      this.querySelectorAll("[data-handle]").forEach((handle) => (handle.hidden = false));
      on(this, "keydown", "[data-handle]", (event, handle) => this.#key(event, handle.closest("li")));
      on(this, "focusout", "[data-handle]", () => this.#drop());
      on(this, "pointerdown", "[data-handle]", (event, handle) => this.#drag(event, handle));
      on(this, "submit", "form[data-step]", (event, form) => this.#step(event, form));
      on(this, "click", "button[data-step]", (event, button) => this.#step(event, button));
    }

    #key(event, row) {
      const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
      if (event.key === " " || event.key === "Enter") this.#lifted ? this.#drop() : this.#lift(row);
      else if (event.key === "Escape" && this.#lifted) this.#cancel();
      else if (step && this.#lifted) this.#carry(row, this.#placeOf(row) + step);
      else return;
      event.preventDefault();
    }

    #lift(row) {
      this.#lifted = { row, from: this.#placeOf(row) };
      row.classList.add("is-lifted");
      announce(`${row.dataset.title}, lifted from ${this.#where(row)}. Arrow keys move it, Space drops it, Escape leaves it.`);
    }

    #carry(row, to) {
      if (to < 0 || to >= this.rows.length) return;
      this.#put(row, to);
      announce(this.#where(row));
    }

    #drop() {
      if (!this.#lifted) return;
      const { row, from } = this.#lifted;
      this.#lifted = null;
      row.classList.remove("is-lifted");
      if (this.#placeOf(row) !== from) this.#save(row);
      else announce(`${row.dataset.title} stays at ${this.#where(row)}.`);
    }

    #cancel() {
      const { row, from } = this.#lifted;
      this.#carry(row, from);
      this.#drop();
    }

    #drag(event, handle) {
      if (event.button !== 0) return;
      const row = handle.closest("li");
      const from = this.#placeOf(row);
      handle.setPointerCapture(event.pointerId);
      row.classList.add("is-lifted");
      const leave = new AbortController();
      const end = () => {
        leave.abort();
        row.classList.remove("is-lifted");
        if (this.#placeOf(row) !== from) this.#save(row);
      };
      const listen = { signal: leave.signal };
      handle.addEventListener("pointermove", ({ clientY }) => this.#follow(row, clientY), listen);
      handle.addEventListener("pointerup", end, listen);
      handle.addEventListener("pointercancel", end, listen);
    }

    /** The row goes where the pointer is past the middle of another. */
    #follow(row, y) {
      const others = this.rows.filter((other) => other !== row);
      const before = others.find((other) => {
        const box = other.getBoundingClientRect();
        return y < box.top + box.height / 2;
      });
      const place = before ? others.indexOf(before) : others.length;
      if (place !== this.#placeOf(row)) this.#put(row, place);
    }

    #step(event, act) {
      event.preventDefault();
      const row = act.closest("li");
      const to = this.#placeOf(row) + Number(act.dataset.step);
      if (to < 0 || to >= this.rows.length) return;
      this.#put(row, to);
      this.#save(row);
    }

    /** The others go past it: a row that left the page for a moment would lose the focus and the pointer. */
    #put(row, to) {
      while (this.#placeOf(row) < to) row.before(row.nextElementSibling);
      while (this.#placeOf(row) > to) row.after(row.previousElementSibling);
    }

    /** One after the other: each move builds on the order that the one before made. */
    #save(row) {
      const [to, where] = [this.#placeOf(row), this.#where(row)];
      if (!this.dataset.url) return this.#tell(row, where);
      this.#saving = this.#saving.then(async () => {
        const form = new URLSearchParams({ exemplar: row.dataset.id, to, seen: this.dataset.seen });
        try {
          const { seen } = await askJSON(this.dataset.url, { method: "POST", form });
          this.#saw(seen);
          announce(`${row.dataset.title} is at ${where} now.`);
        } catch (error) {
          toast(error.message, { tone: error.status === 409 ? "info" : "error" });
          await this.#again(row.dataset.id);
        }
      });
    }

    #tell(row, where) {
      this.dispatchEvent(new CustomEvent("reorder", { bubbles: true }));
      announce(`${row.dataset.title} is at ${where} now.`);
    }

    #saw(seen) {
      this.dataset.seen = seen;
      this.querySelectorAll('input[name="seen"]').forEach((input) => (input.value = seen));
    }

    /** As it stands on the server. */
    async #again(id) {
      const html = await askHTML(location.href).catch(() => null);
      if (!html) return;
      const fresh = fromHTML(html);
      this.replaceWith(fresh);
      fresh.querySelector(`[data-id="${id}"] [data-handle]`)?.focus();
    }

    get rows() {
      return [...this.querySelectorAll("li")];
    }

    #placeOf(row) {
      return this.rows.indexOf(row);
    }

    #where(row) {
      return `place ${this.#placeOf(row) + 1} of ${this.rows.length}`;
    }
  },
);
