/**
 * <feedback-walk>: the presenter walks through what others said, a moment at a time, strengths first. Each moment plays by
 * itself, six seconds of it. It can be left at any point and is taken up there.
 */
import { announce } from "../lib/announce.js";
import { on, uuid } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import { actionOf } from "../lib/key-map.js";
import { isFree } from "../lib/keys.js";
import { recall, remember } from "../lib/memory.js";
import { thePlayer } from "../lib/player.js";
import { toast } from "../lib/toast.js";

const BEFORE_MS = 1500;
const AROUND_MS = 6000;

customElements.define(
  "feedback-walk",
  class extends HTMLElement {
    #leave = new AbortController();
    #at = 0;
    #stopMs = null;
    #opener = null;

    connectedCallback() {
      const { signal } = this.#leave;
      on(document, "click", "[data-walk]", (_, opener) => this.#open(opener), { signal });
      on(this, "click", "[data-leave]", () => this.#close());
      on(this, "click", "[data-next]", () => this.#go(this.#at + 1));
      on(this, "click", "[data-previous]", () => this.#go(this.#at - 1));
      on(this, "click", "[data-first]", () => this.#go(0));
      on(this, "click", "[data-again-moment]", () => this.#play());
      on(this, "click", "[data-hear]", (_, button) => this.#hear(button));
      on(this, "click", "[data-reply-open]", (_, button) => this.#openReply(button));
      on(this, "submit", "[data-react]", (event, form) => this.#react(event, form));
      on(this, "submit", "[data-reply-form]", (event, form) => this.#reply(event, form));
      on(this, "keydown", "textarea", (event, { form }) => event.key === "Enter" && (event.ctrlKey || event.metaKey) && form.requestSubmit());
      // Before the keys of the room, which have other uses for the same letters.
      addEventListener("keydown", (event) => this.#press(event), { signal, capture: true });
      document.addEventListener("time-change", ({ detail }) => this.#timeChanged(detail.ms), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    async #open(opener) {
      this.#opener = opener;
      try {
        this.innerHTML = await askHTML(this.dataset.src);
      } catch (error) {
        return toast(error.message, { tone: "error" });
      }
      this.hidden = false;
      const kept = recall(this.dataset.place);
      const left = this.#steps.findIndex(({ dataset }) => dataset.step === kept);
      this.#go(Math.max(0, left));
      this.querySelector("[data-title]").focus();
    }

    #close() {
      this.#rest();
      this.hidden = true;
      this.replaceChildren();
      this.#opener?.focus();
    }

    /** Shows a moment; after the last one comes the end. */
    #go(wanted) {
      const steps = this.#steps;
      this.#at = Math.min(Math.max(0, wanted), steps.length);
      steps.forEach((step, index) => (step.hidden = index !== this.#at));
      const isOver = this.#at === steps.length;
      this.querySelector("[data-end]").hidden = !isOver;
      this.querySelector(".walk-acts").hidden = isOver;
      this.querySelector("[data-previous]").disabled = this.#at === 0;
      this.querySelector(".walk-bar").value = Math.min(this.#at + 1, steps.length);
      this.querySelector("[data-count]").textContent = isOver ? "" : `${this.#at + 1} of ${steps.length}`;
      this.scrollTop = 0;
      // What was walked to its end begins anew next time.
      remember(this.dataset.place, isOver ? null : steps[this.#at].dataset.step);
      if (isOver) return this.#finish();
      const step = steps[this.#at];
      announce(`${this.#at + 1} of ${steps.length}. ${step.ariaLabel}: ${step.querySelector("[data-words]").textContent}`);
      this.#play();
    }

    #finish() {
      this.#rest();
      this.querySelector("[data-end] [data-leave]").focus();
    }

    #play() {
      const player = thePlayer();
      const { at, until } = this.#step.dataset;
      if (!player) return;
      const from = Math.max(0, Number(at) - BEFORE_MS);
      player.unloop();
      player.seek(from);
      this.#stopMs = Math.max(from + AROUND_MS, until ? Number(until) + 500 : 0);
      player.play();
    }

    #rest() {
      this.#stopMs = null;
      thePlayer()?.pause();
    }

    #timeChanged(ms) {
      if (this.#stopMs !== null && thePlayer()?.isPlaying && ms >= this.#stopMs) this.#rest();
    }

    #press(event) {
      if (this.hidden || event.ctrlKey || event.metaKey || event.altKey || !isFree(event)) return;
      const act = event.key === "Escape" ? () => this.#close() : this.#step && this.#acts[actionOf(event)];
      if (!act) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      act();
    }

    /** By the names of the room's actions, whichever keys a person gave them. */
    #acts = {
      next: () => this.#go(this.#at + 1),
      previous: () => this.#go(this.#at - 1),
      loop: () => this.#play(),
    };

    /** How somebody else does it takes the place of the button. */
    async #hear(button) {
      this.#rest();
      try {
        button.insertAdjacentHTML("afterend", await askHTML(button.dataset.hear));
      } catch (error) {
        return toast(error.message, { tone: "error" });
      }
      button.nextElementSibling.querySelector("reply-player")?.toggle();
      button.nextElementSibling.querySelector("[data-toggle]")?.focus();
      button.remove();
    }

    #openReply(button) {
      const form = button.closest("[data-answers]").querySelector("[data-reply-form]");
      form.hidden = !form.hidden;
      button.ariaExpanded = String(!form.hidden);
      if (form.hidden) return;
      form.elements.body.focus({ preventScroll: true });
      form.scrollIntoView({ block: "nearest" });
    }

    async #react(event, form) {
      event.preventDefault();
      const letter = new FormData(form, event.submitter);
      const { kind } = form.elements;
      await this.#send(form, letter);
      this.#step.querySelector(`[data-react]:has([value="${kind.value}"]) button`)?.focus();
    }

    async #reply(event, form) {
      event.preventDefault();
      // The same key until it has arrived: sent twice it is still one answer.
      form.elements.client_key.value ||= uuid();
      if (await this.#send(form, new FormData(form))) announce("Reply posted.");
    }

    /** The comments beside get the thread as the server answers it; the walk asks for its own part anew. */
    async #send(form, letter) {
      const { step } = this.#step.dataset;
      try {
        const thread = await askHTML(form.action, { method: "POST", form: letter });
        document.querySelector("comment-feed")?.take(thread, step);
        const fresh = document.createElement("template");
        fresh.innerHTML = await askHTML(this.dataset.src);
        const answers = fresh.content.querySelector(`[data-step="${step}"] [data-answers]`);
        this.querySelector(`[data-step="${step}"] [data-answers]`)?.replaceWith(answers);
        return true;
      } catch (error) {
        toast(error.message, { tone: "error" });
        return false;
      }
    }

    get #steps() {
      return [...this.querySelectorAll("[data-step]")];
    }

    get #step() {
      return this.#steps[this.#at];
    }
  },
);
