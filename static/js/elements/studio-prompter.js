/**
 * <studio-prompter>: the words under the lens. Bullets show one thought with its neighbours; a full text runs at the pace
 * of speech while a take is recorded. Arrow keys go a line back or on; ticking a key message goes on as well.
 */
import { make } from "../lib/dom.js";
import { isFree } from "../lib/keys.js";

customElements.define(
  "studio-prompter",
  class extends HTMLElement {
    #leave = new AbortController();
    #show = { mode: "off", lines: [], areMessages: false, size: 2, wordsPerMinute: 130 };
    #now = 0;
    #isRunning = false;
    #wasAt = 0;
    #top = 0;
    #glides = !matchMedia("(prefers-reduced-motion: reduce)").matches;

    connectedCallback() {
      const { signal } = this.#leave;
      document.addEventListener("prompter-change", ({ detail }) => this.#change(detail), { signal });
      document.addEventListener("ticks-change", ({ detail }) => this.#follow(detail.said), { signal });
      document.addEventListener("studio-change", ({ detail }) => this.#studioChanged(detail), { signal });
      addEventListener("keydown", (event) => this.#press(event), { signal });
    }

    disconnectedCallback() {
      this.#isRunning = false;
      this.#leave.abort();
    }

    /** Is there anything to read? The studio shows the prompter only then. */
    get isWanted() {
      return this.#show.mode !== "off" && this.#show.lines.length > 0;
    }

    #change(show) {
      this.#show = show;
      this.dataset.mode = show.mode;
      this.dataset.size = show.size;
      this.#fill();
      this.dispatchEvent(new CustomEvent("prompter-ready", { bubbles: true }));
    }

    #fill() {
      const lines = this.#show.lines.map((line) => make("p", {}, line));
      this.replaceChildren(make("div", { class: "prompter-lines" }, ...lines));
      this.#goTo(Math.min(this.#now, lines.length - 1));
    }

    /** The first message that has not been said comes next. */
    #follow(said) {
      if (!this.#show.areMessages || this.#show.mode !== "bullets") return;
      const first = said.indexOf(false);
      this.#goTo(first < 0 ? said.length - 1 : first);
    }

    #press(event) {
      const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
      const isOnTabs = event.target instanceof Element && event.target.closest("[role=tab], summary");
      if (!step || this.hidden || isOnTabs || event.ctrlKey || event.metaKey || event.altKey || !isFree(event)) return;
      event.preventDefault();
      this.#goTo(this.#now + step);
    }

    #goTo(line) {
      const lines = this.#lines;
      this.#now = Math.max(0, Math.min(line, lines.length - 1));
      for (const [index, each] of lines.entries()) {
        each.classList.toggle("is-now", index === this.#now);
        each.classList.toggle("is-near", Math.abs(index - this.#now) === 1);
      }
      if (this.#show.mode === "text") this.#scroll(lines[this.#now]?.offsetTop ?? 0);
    }

    #studioChanged({ state, isNewTake }) {
      if (isNewTake || state === "preview") this.#goTo(0);
      const runs = state === "recording" && this.#show.mode === "text";
      if (runs && !this.#isRunning) requestAnimationFrame((at) => this.#run((this.#wasAt = at)));
      this.#isRunning = runs;
    }

    #run(at) {
      if (!this.#isRunning) return;
      this.#scroll(this.#top + (at - this.#wasAt) * this.#pixelsPerMs);
      this.#wasAt = at;
      requestAnimationFrame((next) => this.#run(next));
    }

    /** Who asked for less motion gets line after line instead of a glide. */
    #scroll(top) {
      this.#top = Math.max(0, Math.min(top, this.scrollHeight - this.clientHeight));
      const line = parseFloat(getComputedStyle(this).lineHeight) || 32;
      this.scrollTop = this.#glides ? this.#top : Math.floor(this.#top / line) * line;
    }

    get #pixelsPerMs() {
      const words = this.#show.lines.join(" ").split(/\s+/).length;
      const height = this.firstElementChild?.offsetHeight ?? 0;
      return (height * this.#show.wordsPerMinute) / (words * 60_000);
    }

    get #lines() {
      return [...this.querySelectorAll("p")];
    }
  },
);
