/**
 * <comment-thread>: answering, editing and deleting what one wrote; reacting, resolving, hearing an example. Words stay in
 * their box until the server has them.
 */
import { announce } from "../lib/announce.js";
import { callsIn } from "../lib/call-names.js";
import { copy } from "../lib/clipboard.js";
import { explainConflict, leaveConflict } from "../lib/conflict.js";
import { make, on, uuid } from "../lib/dom.js";
import { Draft } from "../lib/drafts.js";
import { askHTML } from "../lib/http.js";
import { momentLink } from "../lib/moment.js";
import { bring } from "../lib/replies.js";
import { toast, undoable } from "../lib/toast.js";

customElements.define(
  "comment-thread",
  class extends HTMLElement {
    #wired = false;

    connectedCallback() {
      if (!this.#wired) this.#listen();
      this.#wired = true;
      this.querySelectorAll("form[data-editor], [data-reply] form").forEach((form) => this.#restore(form));
    }

    #listen() {
      on(this, "click", "[data-copy]", () => copy(momentLink(Number(this.dataset.at), this.dataset.id), "Link to this comment copied."));
      on(this, "click", "[data-loop]", () => this.#feed.open(this.dataset.id, { loop: true }));
      on(this, "click", "[data-example]", (_, button) => this.#unfold(button, button.dataset.example, button.closest(".note-extras")));
      on(this, "click", "[data-history]", (_, button) => this.#unfold(button, button.dataset.history, button.closest(".note-foot").previousElementSibling));
      on(this, "submit", "form[data-act]", (event, form) => this.#act(event, form));
      on(this, "click", "[data-edit]", (_, button) => this.#edit(this.#editor(button.dataset.edit)));
      on(this, "click", "[data-cancel]", (_, button) => this.#leaveEditor(button.form));
      on(this, "input", "textarea", (_, { form }) => draftOf(form).keep(wordsOf(form)));
      on(this, "submit", "form[data-delete]", (event, form) => this.#delete(event, form));
      on(this, "submit", "form[data-editor]", (event, form) => this.#save(event, form));
      on(this, "submit", "[data-reply] form", (event, form) => this.#answer(event, form));
      this.addEventListener("keydown", (event) => this.#press(event));
      on(this, "click", "[data-reply] > summary", (event, summary) => this.#openReply(event, summary.parentElement));
    }

    /** Shows below what the server answers; the same button takes it away again. */
    async #unfold(button, address, place) {
      const isOpen = button.ariaExpanded === "true";
      button.ariaExpanded = String(!isOpen);
      if (isOpen) return place.parentElement.querySelector(`[data-unfolded="${address}"]`)?.remove();
      const part = make("div", { "data-unfolded": address, role: "status" }, "Loading …");
      place.after(part);
      try {
        part.innerHTML = await askHTML(address);
        if (button.dataset.example) part.querySelector("hear-it-done")?.begin();
      } catch (error) {
        part.textContent = error.message;
      }
    }

    /** One press that changes the thread: a reaction, resolving, sharing. The focus stays where it was. */
    async #act(event, form) {
      event.preventDefault();
      const { action } = form;
      try {
        const html = await askHTML(action, { method: "POST", form: new FormData(form) });
        // An example that is being heard would keep the thread as it was.
        this.querySelectorAll("[data-unfolded]").forEach((part) => part.remove());
        const thread = this.#feed.take(html);
        if (form.dataset.act) announce(form.dataset.act);
        const again = thread?.querySelector(`form[action="${new URL(action).pathname}"]`);
        const stand = again?.closest(".menu-list") ? null : again?.querySelector("button");
        (stand ?? thread?.querySelector(".note-more"))?.focus({ preventScroll: true });
      } catch (error) {
        toast(error.message, { tone: "error" });
      }
    }

    /** Opens at once: "toggle" comes a moment later, and the first letters would go to the page's keys. */
    #openReply(event, details) {
      event.preventDefault();
      if (details.querySelector("reply-recorder").isBusy) return;
      details.open = !details.open;
      if (details.open) details.querySelector("textarea").focus();
    }

    #press(event) {
      const form = event.target.closest("form:has(textarea)");
      if (!form) return;
      if (event.key === "Enter" && (event.ctrlKey || event.metaKey)) form.requestSubmit();
      else if (event.key === "Escape") this.#close(form);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    #close(form) {
      if (form.matches("[data-editor]")) return this.#leaveEditor(form);
      form.closest("details").open = false;
      form.closest("details").querySelector("summary").focus();
    }

    #edit(form) {
      form.closest("[data-said]").classList.add("is-edited");
      form.hidden = false;
      form.elements.body.focus();
      form.elements.body.setSelectionRange(-1, -1);
    }

    #leaveEditor(form) {
      form.reset();
      draftOf(form).clear();
      this.#hideEditor(form);
      // What came in while somebody was writing can now be shown.
      this.#feed.refresh();
    }

    #hideEditor(form) {
      form.hidden = true;
      leaveConflict(form);
      const said = form.closest("[data-said]");
      said.classList.remove("is-edited");
      said.querySelector(".note-more").focus();
    }

    async #save(event, form) {
      event.preventDefault();
      const letter = new FormData(form);
      await this.#send(form, () => withCalls(letter), async (html) => {
        draftOf(form).clear();
        this.#hideEditor(form);
        this.#feed.take(html);
        announce("Saved.");
      });
    }

    async #answer(event, form) {
      event.preventDefault();
      const letter = new FormData(form);
      // The key stays the same until the answer has arrived: sent twice it is still one.
      form.dataset.key ??= uuid();
      letter.set("client_key", form.dataset.key);
      const recorder = form.querySelector("reply-recorder");
      if (recorder.isBusy) return this.#say(form, "Stop the recording first.");
      const letterWithReply = async () => this.#takeAlong(form, await withCalls(letter), recorder);
      await this.#send(form, letterWithReply, (html) => {
        recorder.posted();
        draftOf(form).clear();
        form.reset();
        delete form.dataset.key;
        form.closest("details").open = false;
        this.#feed.take(html);
        announce("Reply posted.");
      });
    }

    /** What was recorded is at the server before the words are: an answer never waits for its recording. */
    async #takeAlong(form, letter, recorder) {
      const reply = recorder.keep();
      if (reply) letter.set("recording_id", await bring(reply, { progress: (percent) => this.#say(form, `Sending your recording, ${percent} %`) }));
      return letter;
    }

    async #send(form, letter, done) {
      const button = form.querySelector("[type=submit]");
      if (button.ariaDisabled === "true") return;
      button.ariaDisabled = "true";
      this.#say(form, "Sending …");
      try {
        const body = typeof letter === "function" ? await letter() : letter;
        const html = await askHTML(form.action, { method: "POST", form: body });
        this.#say(form, "");
        done(html);
      } catch (error) {
        if (error.status === 409 && form.matches("[data-editor]")) await this.#explain(form);
        else this.#say(form, error.message);
      } finally {
        button.ariaDisabled = null;
      }
    }

    /** Somebody was quicker: shows what stands there now, and lets the author choose. */
    async #explain(form) {
      this.#say(form, "");
      const html = await askHTML(`${this.#feed.dataset.src}?id=${this.dataset.id}`).catch(() => "");
      explainConflict(form, html, { leave: () => this.#leaveEditor(form) });
    }

    async #delete(event, form) {
      event.preventDefault();
      const { id } = this.dataset;
      const feed = this.#feed;
      try {
        feed.take(await askHTML(form.action, { method: "POST" }), id);
      } catch (error) {
        return toast(error.message, { tone: "error" });
      }
      undoable("Deleted.", async () => feed.take(await askHTML(form.dataset.delete, { method: "POST" })));
    }

    #restore(form) {
      const draft = draftOf(form);
      this.#fill(form, draft.read());
      draft.newer().then((words) => words && this.#fill(form, words));
    }

    #fill(form, kept) {
      if (!kept?.body || kept.body === form.elements.body.value) return;
      for (const [name, value] of Object.entries(kept)) if (form.elements[name]) form.elements[name].value = value;
      if (form.matches("[data-editor]")) {
        form.hidden = false;
        form.closest("[data-said]").classList.add("is-edited");
      } else form.closest("details").open = true;
      this.#say(form, "Draft restored");
    }

    #say(form, text) {
      form.querySelector("[data-say]").textContent = text;
    }

    #editor(id) {
      return this.querySelector(`[data-editor="${id}"]`);
    }

    get #feed() {
      return document.querySelector("comment-feed");
    }
  },
);

function draftOf(form) {
  const { viewer } = document.querySelector("comment-feed").dataset;
  form.draft ??= new Draft(`${new URL(form.action).pathname}:${viewer}`, form.dataset.spot);
  return form.draft;
}

function wordsOf(form) {
  const { body, instead, kind, version } = form.elements;
  return Object.fromEntries(Object.entries({ body, instead, kind, version }).flatMap(([name, field]) => (field ? [[name, field.value]] : [])));
}

async function withCalls(letter) {
  letter.delete("mention");
  for (const id of await callsIn(letter.get("body"))) letter.append("mention", id);
  return letter;
}
