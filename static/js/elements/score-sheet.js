/**
 * <score-sheet>: the levels of a review, fetched when somebody looks at them. A level is saved as soon as it is chosen;
 * chosen again it is taken back. Digits give the level of the criterion that has the focus, and go on to the next.
 */
import { announce } from "../lib/announce.js";
import { make, on } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import { recall, remember } from "../lib/memory.js";
import { oneAtATime } from "../lib/refetch.js";
import { askForMoment, openScores } from "../lib/reviewing.js";
import { toast } from "../lib/toast.js";

const ALL = "scores:all-levels";

customElements.define(
  "score-sheet",
  class extends HTMLElement {
    #leave = new AbortController();
    #isLoaded = false;
    #isEntered = false;
    // The radio that was chosen before a click: a click on the chosen one takes the level back.
    #chosen = null;
    // Levels are sent one after the other; only what the server answers to the newest is the sheet as it stands.
    #sending = Promise.resolve();
    #turn = 0;
    #answered = 0;

    connectedCallback() {
      const { signal } = this.#leave;
      const refresh = oneAtATime(() => this.#refresh());
      const hear = (name, act) => document.addEventListener(name, act, { signal });
      hear("tab-change", () => this.#isShown && refresh());
      hear("comments-change", () => this.#isLoaded && this.#isShown && refresh());
      hear("room-key", ({ detail }) => detail.action === "levels" && openScores());
      hear("live-message", ({ detail }) => this.#isLoaded && this.#concerns(detail) && refresh());
      on(this, "submit", "[data-sheet]", (event) => event.preventDefault());
      on(this, "pointerdown", ".level", (_, label) => (this.#chosen = label.querySelector(":checked")));
      on(this, "click", "input[type=radio]", (_, radio) => this.#clicked(radio));
      on(this, "change", "input[type=radio]", (_, radio) => this.#give(radio));
      on(this, "keydown", "fieldset", (event, fieldset) => this.#press(event, fieldset));
      on(this, "click", "[data-all]", () => this.#showAll(!this.#showsAll));
      on(this, "click", "[data-show-moment]", (_, { dataset }) => askForMoment({ id: dataset.showMoment, name: dataset.name }));
      if (this.#isShown) refresh();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    get #isShown() {
      return !this.closest("[role=tabpanel]").hidden;
    }

    get #showsAll() {
      return this.classList.contains("shows-all");
    }

    /** Words about a level that are not sent yet stay. */
    get #isWriting() {
      return [...this.querySelectorAll(".dispute-form :is(textarea, input:not([type=hidden]))")].some((box) => box.value.trim());
    }

    #concerns({ topic, what }) {
      return topic === this.dataset.topic && ["reviews", "catch-up"].includes(what);
    }

    async #refresh() {
      const turn = this.#turn;
      try {
        const html = await askHTML(this.dataset.src);
        if (this.#isWriting) return;
        if (turn === this.#turn && turn === this.#answered) this.#take(html);
      } catch (error) {
        if (!this.#isLoaded) toast(error.message, { tone: "error" });
      }
    }

    /** The sheet as the server has it. Whoever is at it keeps the focus: only what stands beside the levels is renewed. */
    #take(html) {
      const fresh = document.createElement("template");
      fresh.innerHTML = html;
      const isSame = this.#isLoaded && this.querySelector("[data-sheet]") && fresh.content.querySelector("[data-sheet]");
      if (isSame) this.#renew(fresh.content);
      else this.replaceChildren(fresh.content);
      this.#isLoaded = true;
      this.#showAll(recall(ALL, false));
      this.#tellTab();
      if (this.#isEntered) this.enter();
    }

    /** How far it is stands on the tab, too. */
    #tellTab() {
      const tab = document.getElementById("tab-scores");
      const given = this.querySelector("[data-given]")?.dataset;
      tab.querySelector(".count")?.remove();
      if (given) tab.append(make("span", { class: "count count--quiet num" }, `${given.given}/${given.of}`));
    }

    #renew(fresh) {
      for (const part of this.querySelectorAll("[data-part]")) part.replaceWith(fresh.querySelector(`[data-part="${part.dataset.part}"]`));
      for (const radio of this.querySelectorAll("input[type=radio]")) radio.checked = fresh.querySelector(`input[value="${radio.value}"]`).checked;
    }

    #clicked(radio) {
      const isAgain = radio === this.#chosen;
      this.#chosen = null;
      if (!isAgain) return;
      radio.checked = false;
      this.#save(radio.closest("fieldset"), null);
    }

    #give(radio) {
      this.#save(radio.closest("fieldset"), radio);
    }

    #save(fieldset, radio) {
      const form = new FormData(this.querySelector("form"));
      form.set("criterion_id", fieldset.dataset.criterion);
      form.set("level_id", radio?.value ?? "");
      const turn = ++this.#turn;
      this.#sending = this.#sending.then(() => this.#send(form, turn));
    }

    async #send(form, turn) {
      try {
        const html = await askHTML(this.querySelector("form").action, { method: "POST", form });
        this.#answered = turn;
        if (turn === this.#turn) this.#take(html);
      } catch (error) {
        this.#answered = turn;
        toast(`Not saved. ${error.message}`, { tone: "error" });
        this.#refresh();
      }
    }

    #press(event, fieldset) {
      const { key, ctrlKey, metaKey, altKey } = event;
      if (ctrlKey || metaKey || altKey || !/^\d$/.test(key) || event.target.type !== "radio") return;
      event.preventDefault();
      const radios = [...fieldset.querySelectorAll("input")];
      const radio = key === "0" ? null : radios[Number(key) - 1];
      if (radio === undefined) return;
      for (const each of radios) each.checked = each === radio;
      this.#save(fieldset, radio);
      announce(radio ? `${fieldset.querySelector("legend").textContent}: ${radio.closest("label").querySelector("b").textContent}` : "Taken back.");
      if (radio) this.#focus(fieldset.nextElementSibling);
    }

    /** Puts the focus on the first criterion that has no level yet, as soon as there is one. */
    enter() {
      this.#isEntered = !this.#isLoaded;
      this.#focus([...this.querySelectorAll("fieldset")].find((fieldset) => !fieldset.querySelector(":checked")) ?? this.querySelector("fieldset"));
    }

    #focus(fieldset) {
      (fieldset?.querySelector("input:checked") ?? fieldset?.querySelector("input"))?.focus();
    }

    #showAll(isOn) {
      this.classList.toggle("shows-all", isOn);
      const button = this.querySelector("[data-all]");
      if (button) button.ariaPressed = String(isOn);
      remember(ALL, isOn);
    }
  },
);
