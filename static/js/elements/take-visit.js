/**
 * <take-visit>: tells the server that this page is open and what was watched, and shows who else is here.
 *
 * Events: watched-change { ranges: [[fromMs, untilMs], …] } all that this person has watched so far;
 *         news-change { ids } threads with something new since the visit before.
 */
import { make } from "../lib/dom.js";
import { askJSON } from "../lib/http.js";
import { thePlayer } from "../lib/player.js";
import { oneAtATime } from "../lib/refetch.js";

const EVERY_MS = 15_000;
// Where many come and go, not each of them is asked about by all the others.
const CALM_MS = 3000;
// A jump longer than this between two looks at the clock is a seek, and what lies between was not watched.
const LONGEST_STEP_MS = 1500;

customElements.define(
  "take-visit",
  class extends HTMLElement {
    #leave = new AbortController();
    #timer = null;
    #soon = null;
    #lookedAt = -CALM_MS;
    #spans = [];
    #watched = [];
    #lastMs = null;
    #look = oneAtATime(() => this.#tell());

    connectedCallback() {
      const { signal } = this.#leave;
      const hear = (target, name, act) => target.addEventListener(name, act, { signal });
      hear(document, "time-change", ({ detail }) => this.#watch(detail.ms));
      hear(document, "live-message", ({ detail }) => this.#concerns(detail) && this.#lookSoon());
      hear(document, "visibilitychange", () => (document.hidden ? this.#close() : this.#open()));
      hear(window, "pagehide", () => this.#close());
      if (!document.hidden) this.#open();
    }

    disconnectedCallback() {
      this.#leave.abort();
      clearInterval(this.#timer);
    }

    #open() {
      clearInterval(this.#timer);
      this.#timer = setInterval(() => this.#look(), EVERY_MS);
      this.#look();
    }

    /** At once, unless one has just looked. */
    #lookSoon() {
      clearTimeout(this.#soon);
      const rest = this.#lookedAt + CALM_MS - performance.now();
      if (rest <= 0) this.#look();
      else this.#soon = setTimeout(() => this.#look(), rest);
    }

    /** Said with the last breath of the page: no answer is waited for. */
    #close() {
      clearInterval(this.#timer);
      clearTimeout(this.#soon);
      this.#send({ is_open: false, keepalive: true }).catch(() => null);
    }

    async #tell() {
      this.#lookedAt = performance.now();
      const answer = await this.#send({ is_open: true }).catch(() => null);
      if (!answer) return;
      this.#watched = answer.watched;
      this.#show(answer);
      this.#announce("watched-change", { ranges: answer.watched });
      this.#announce("news-change", { ids: answer.new });
    }

    async #send({ is_open, keepalive = false }) {
      const spans = this.#spans.splice(0);
      try {
        return await askJSON(this.dataset.src, { method: "POST", json: { is_open, watched: spans }, keepalive });
      } catch (error) {
        this.#spans.unshift(...spans);
        throw error;
      }
    }

    #watch(ms) {
      const from = this.#lastMs;
      this.#lastMs = thePlayer()?.isPlaying ? ms : null;
      if (from === null || ms <= from || ms - from > LONGEST_STEP_MS) return;
      const last = this.#spans.at(-1);
      if (last && last[1] === from) last[1] = ms;
      else this.#spans.push([from, ms]);
      this.#announce("watched-change", { ranges: [...this.#watched, ...this.#spans] });
    }

    #show({ here, waiting }) {
      const people = this.querySelector("[data-here]");
      people.hidden = !here.length;
      people.replaceChildren(...here.map(avatar));
      const told = document.querySelector("[data-waiting]");
      if (told) told.textContent = waiting ? `${waiting} ${waiting === 1 ? "take waits" : "takes wait"}` : "";
    }

    #concerns({ topic, what }) {
      return topic === this.dataset.topic && what === "presence";
    }

    #announce(name, detail) {
      this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
    }
  },
);

function avatar({ name, initials, hue }) {
  const title = `${name} is here`;
  return make("span", { class: `avatar avatar--h${hue} avatar--s`, role: "img", "aria-label": title, title }, initials);
}
