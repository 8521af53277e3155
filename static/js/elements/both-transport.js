/** <both-transport>: what both players do together, and how they are lined up. */
import { icon, on } from "../lib/dom.js";
import { timecode } from "../lib/time.js";
import "./side-by-side.js";

customElements.define(
  "both-transport",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      on(this, "click", "[data-act]", (_, { dataset }) => this.#acts[dataset.act](), { signal });
      on(this, "click", "[data-speed]", (_, { dataset }) => this.#speedUp(Number(dataset.speed)), { signal });
      on(this, "click", "[data-show]", (_, { dataset }) => this.#show(dataset.show), { signal });
      on(this, "click", "[data-by]", (_, { dataset }) => this.#lineUp(dataset.by), { signal });
      this.#pair.addEventListener("both-change", () => this.#draw(), { signal });
      this.#draw();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #acts = {
      toggle: () => this.#pair.toggle(),
      loop: () => this.#pair.toggleLoop(),
      link: () => this.#pair.copyLink(),
    };

    #speedUp(rate) {
      this.#pair.both.speed = rate;
    }

    #lineUp(by) {
      if (by === "marks") return this.#pair.querySelector("line-up").press();
      this.#pair.querySelector("line-up").close();
      this.#pair.lineUp(by);
    }

    /** On a phone: both below each other, or the one that is heard. */
    #show(what) {
      this.#pair.dataset.shows = what;
      for (const button of this.querySelectorAll("[data-show]")) {
        button.ariaPressed = String(button.dataset.show === what);
      }
    }

    #draw() {
      const { both, by, marks, isLiningUp } = this.#pair;
      this.#part("now").textContent = timecode(both.atMs, { tenths: true });
      this.#part("whole").textContent = timecode(both.timetable.totalMs);
      this.#drawPlay(both.isPlaying);
      this.querySelector('[data-act="loop"]').ariaPressed = String(Boolean(both.looped));
      for (const button of this.querySelectorAll("[data-by]")) {
        button.ariaPressed = String(button.dataset.by === (isLiningUp ? "marks" : by));
      }
      const met = by === "marks" ? marks.map((ms) => timecode(ms, { tenths: true })) : ["Moment"];
      this.#part("marks-text").textContent = met.join(" | ");
      this.#drawSpeed(both.speed);
    }

    #drawPlay(isPlaying) {
      const button = this.querySelector('[data-act="toggle"]');
      const label = isPlaying ? "Pause both" : "Play both";
      if (button.ariaLabel === label && button.title === label) return;
      button.ariaLabel = button.title = label;
      button.replaceChildren(icon(isPlaying ? "pause" : "play"));
    }

    #drawSpeed(speed) {
      const summary = this.querySelector(".transport-speed");
      if (summary.lastChild.textContent === `${speed}×`) return;
      summary.lastChild.textContent = `${speed}×`;
      summary.setAttribute("aria-label", `Speed: ${speed} times`);
      for (const item of this.querySelectorAll("[data-speed]")) {
        if (Number(item.dataset.speed) === speed) item.setAttribute("aria-current", "true");
        else item.removeAttribute("aria-current");
      }
    }

    #part(name) {
      return this.querySelector(`[data-${name}]`);
    }

    get #pair() {
      return this.closest("side-by-side");
    }
  },
);
