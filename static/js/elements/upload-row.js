/** <upload-row>: one file on its way, with named steps from "Uploading" to "Ready" and what can be done meanwhile. */
import { announce } from "../lib/announce.js";
import { icon, on } from "../lib/dom.js";
import { bytes, speed } from "../lib/size.js";
import { span, timecode } from "../lib/time.js";
import { processing } from "../lib/upload/processing.js";
import "./upload-preview.js";

const STEP_OF = { received: 1, playable: 2, ready: 4 };
const SAID_OF = {
  waiting: "Getting ready",
  paused: "Paused. What has arrived is safe.",
  finishing: "Everything has arrived. Putting it together",
  arrived: "It has arrived and is being checked. You may leave this page.",
  received: "It has arrived and is being checked. You may leave this page.",
  playable: "It can be watched already. Finer versions follow by themselves.",
  ready: "Ready.",
  broken: "This file cannot be played. Open the take to see why, and what to do.",
};

customElements.define(
  "upload-row",
  class extends HTMLElement {
    #upload = null;
    #quarter = 0;

    /** Shows an upload from now on. */
    follow(upload) {
      this.#upload = upload;
      this.#name(upload.name, upload.size);
      this.#preview(upload.file);
      upload.addEventListener("change", () => this.#show());
      on(this, "click", "[data-act]", (event, button) => this.#act(button.dataset.act));
      this.#show();
    }

    /** Shows a file that is not sent, and why. */
    refuse(file, reason) {
      this.#name(file.name, file.size);
      this.#state("refused", reason);
      on(this, "click", "[data-act=dismiss]", () => this.#leave());
    }

    #act(act) {
      const upload = this.#upload;
      if (act === "pause") upload.pause();
      if (act === "resume" || act === "retry") upload.start();
      if (act === "discard") this.dispatchEvent(new CustomEvent("discard", { bubbles: true, detail: upload }));
      if (act === "dismiss") this.#leave();
      if (["pause", "resume", "retry"].includes(act)) this.#refocus();
    }

    /** The pressed button may have gone; its place is taken by the one that undoes it. */
    #refocus() {
      this.querySelector("[data-act]:not([hidden])")?.focus();
    }

    #leave() {
      this.dispatchEvent(new Event("leave", { bubbles: true }));
    }

    #show() {
      const upload = this.#upload;
      this.closest("li").hidden = upload.state === "discarded";
      this.#state(upload.state, this.#sentence(), upload.percent);
      this.#announce();
      if (upload.state === "arrived") this.#followWork();
    }

    #sentence() {
      const { state, message, percent, isInLine, bytesPerSecond, secondsLeft } = this.#upload;
      if (state !== "sending") return SAID_OF[state] ?? message;
      const facts = [`${percent} %`];
      if (isInLine) return [...facts, "waiting for its turn"].join(" · ");
      if (bytesPerSecond) facts.push(speed(bytesPerSecond));
      if (secondsLeft) facts.push(`${span(secondsLeft)} left`);
      return facts.join(" · ");
    }

    #announce() {
      const { state, name, message, percent } = this.#upload;
      if (state === "failed") announce(`${name}: ${message}`, { urgent: true });
      if (state === "arrived") announce(`${name} has arrived.`);
      if (state === "paused") announce(`${name} is paused.`);
      const quarter = Math.floor(percent / 25);
      if (state === "sending" && quarter > this.#quarter) announce(`${name}: ${percent} %`);
      this.#quarter = quarter;
    }

    async #followWork() {
      this.#take.href = this.#upload.take;
      for await (const state of processing(this.#upload.url)) {
        this.#state(state, SAID_OF[state]);
        if (state === "ready" || state === "broken") announce(`${this.#upload.name}: ${SAID_OF[state]}`);
      }
    }

    /** What was chosen is seen at once, and how long it is: the wrong file is noticed before it is sent. */
    async #preview(file) {
      const durationMs = await this.querySelector("upload-preview").show(file);
      if (durationMs !== null) this.querySelector("[data-size]").textContent = `${timecode(durationMs)} · ${bytes(file.size)}`;
    }

    #name(name, size) {
      this.querySelector("[data-name]").textContent = name;
      this.querySelector("[data-size]").textContent = bytes(size);
    }

    /** The state decides what is seen: steps, sentence, and the buttons that say they are for it. */
    #state(state, said, percent = null) {
      this.dataset.state = state;
      this.querySelector("[data-said]").textContent = said;
      this.querySelectorAll("[data-while]").forEach((element) => {
        element.hidden = !element.dataset.while.split(" ").includes(state);
      });
      const steps = this.querySelector(".steps");
      steps.hidden = state === "refused";
      showSteps(steps, STEP_OF[state] ?? (state === "broken" || state === "arrived" ? 1 : 0), percent, state);
    }

    get #take() {
      return this.querySelector("[data-take]");
    }
  },
);

const AT_REST = ["paused", "failed", "resting"];

/** The same marks that the macro of the steps draws. */
function showSteps(steps, current, percent, state) {
  [...steps.children].forEach((step, index) => {
    const isNow = index === current;
    const isBroken = isNow && ["failed", "broken"].includes(state);
    step.className = index < current ? "is-done" : isBroken ? "is-broken" : isNow ? "is-now" : "";
    step.toggleAttribute("aria-current", isNow);
    if (isNow) step.setAttribute("aria-current", "step");
    setBar(step.querySelector("progress"), index < current ? 100 : !isNow ? 0 : index === 0 ? percent : null);
    step.querySelector(".icon").replaceWith(markOf(index < current, isNow, isBroken, state));
  });
}

/** Null is a bar that moves without saying how far it is. */
function setBar(bar, value) {
  if (value === null) bar.removeAttribute("value");
  else bar.value = value;
}

function markOf(isDone, isNow, isBroken, state) {
  if (isDone) return icon("circle-check");
  if (isBroken) return icon("circle-alert");
  if (!isNow) return icon("circle");
  return AT_REST.includes(state) ? icon(state === "paused" ? "pause" : "clock") : icon("loader-circle", "icon--spin");
}
