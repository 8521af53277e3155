/**
 * <second-layer>: what the presenter thought, told over the picture. Off until somebody wants it (C); then the player stops
 * at each thought, tells it, and goes on by itself after the time that reading it takes.
 */
import { announce } from "../lib/announce.js";
import { on } from "../lib/dom.js";
import { keys } from "../lib/keys.js";
import { recall, remember } from "../lib/memory.js";
import { askedMoment } from "../lib/moment.js";
import { thePlayer } from "../lib/player.js";

const WANTED = "second-layer";
const SHORTEST_MS = 4000;
const WORD_MS = 340;
const TICK_MS = 100;
// A step of the clock that is longer is a jump: what lies between was skipped, not reached.
const LONGEST_STEP_MS = 1500;

customElements.define(
  "second-layer",
  class extends HTMLElement {
    #leave = null;
    #lastMs = null;
    #voice = null;
    #clock = null;

    connectedCallback() {
      this.#leave = new AbortController();
      const { signal } = this.#leave;
      this.#switch.hidden = false;
      on(this, "click", "[data-layer]", () => this.#turn(!this.isOn), { signal });
      on(this, "click", "[data-go]", (event, link) => this.#go(event, link), { signal });
      document.addEventListener("time-change", ({ detail }) => this.#moveTo(detail.ms), { signal });
      document.addEventListener("play-change", ({ detail }) => detail.isPlaying && this.#close(), { signal });
      signal.addEventListener("abort", keys(window, { c: () => this.#turn(!this.isOn) }));
      this.#draw(recall(WANTED, false) === true);
      this.#openAsked();
    }

    disconnectedCallback() {
      this.#close();
      this.#leave.abort();
    }

    get isOn() {
      return this.#switch.ariaPressed === "true";
    }

    #turn(isOn) {
      remember(WANTED, isOn);
      this.#draw(isOn);
      if (!isOn) this.#close();
      announce(isOn ? "The player stops where something was thought." : "The player runs through.");
    }

    #draw(isOn) {
      this.#switch.ariaPressed = String(isOn);
      if (isOn) this.querySelector("[data-thoughts]").open = true;
    }

    /** Whoever comes for a thought, from what they searched for, finds it open. */
    #openAsked() {
      const { atMs } = askedMoment(location);
      const isAsked = [...this.querySelectorAll("[data-at]")].some((item) => atOf(item) === atMs);
      if (isAsked) this.querySelector("[data-thoughts]").open = true;
    }

    #go(event, link) {
      const player = thePlayer();
      if (!player) return;
      event.preventDefault();
      this.#close();
      player.seek(atOf(link.closest("[data-at]")));
    }

    #moveTo(ms) {
      const before = this.#lastMs;
      this.#lastMs = ms;
      const isStep = before !== null && ms >= before && ms - before < LONGEST_STEP_MS;
      if (!this.isOn || !isStep || !thePlayer()?.isPlaying) return;
      const reached = [...this.querySelectorAll("[data-at]")].filter((item) => atOf(item) > before && atOf(item) <= ms);
      if (reached.length) this.#tell(reached);
    }

    /** One after the other, where several belong to the same moment. */
    #tell([item, ...others]) {
      const player = thePlayer();
      player.pause();
      this.#clear();
      for (const each of this.querySelectorAll("[data-at]")) each.classList.toggle("is-now", each === item);
      const voice = document.importNode(this.querySelector("[data-voice]").content.firstElementChild, true);
      voice.querySelector(".voice-said").append(item.querySelector("[data-told]").cloneNode(true));
      const go = () => (others.length ? this.#tell(others) : this.#goOn());
      on(voice, "click", "[data-on]", go);
      on(voice, "click", "[data-stay]", (_, button) => this.#stay(button));
      voice.addEventListener("ended", go, { capture: true });
      player.querySelector("[data-stage]").append(voice);
      this.#voice = voice;
      announce(voice.querySelector(".voice-said").innerText);
      const spoken = voice.querySelector("reply-player");
      if (spoken) spoken.toggle();
      else this.#count(voice, go);
      voice.querySelector(".voice-acts progress").hidden = voice.querySelector("[data-stay]").hidden = Boolean(spoken);
    }

    #count(voice, go) {
      const wholeMs = Math.max(SHORTEST_MS, voice.innerText.split(/\s+/).length * WORD_MS);
      const begun = Date.now();
      this.#clock = setInterval(() => {
        const share = (Date.now() - begun) / wholeMs;
        voice.querySelector("[data-wait]").value = share;
        if (share >= 1) go();
      }, TICK_MS);
    }

    #stay(button) {
      clearInterval(this.#clock);
      button.hidden = this.#voice.querySelector("[data-wait]").hidden = true;
      this.#voice.querySelector("[data-on]").focus();
    }

    #goOn() {
      this.#close();
      thePlayer()?.play();
    }

    #close() {
      this.#clear();
      for (const each of this.querySelectorAll(".is-now")) each.classList.remove("is-now");
    }

    #clear() {
      clearInterval(this.#clock);
      this.#voice?.remove();
      this.#voice = null;
    }

    get #switch() {
      return this.querySelector("[data-layer]");
    }
  },
);

function atOf(item) {
  return Number(item.dataset.at);
}
