/**
 * <time-marks>: a button on the timeline for each comment; its colour and its shape say the kind. What lies too close
 * is one button that counts, and pressed again goes on to the next. Arrow keys walk from one to the next.
 */
import { cluster } from "../lib/clusters.js";
import { debounce, icon, make, on } from "../lib/dom.js";
import { timecode } from "../lib/time.js";

const CLOSEST_PX = 8;
const CLOSEST_TOUCH_PX = 30;
const PIN_PX = 26;
const MOST_NAMED = 5;
const KINDS = {
  strength: { look: "strength", word: "strength", icon: "star" },
  try_instead: { look: "try", word: "try instead", icon: "lightbulb" },
  question: { look: "question", word: "question", icon: "circle-question-mark" },
  "": { look: "none", word: "comment", icon: "message-square" },
};

customElements.define(
  "time-marks",
  class extends HTMLElement {
    #leave = new AbortController();
    #resized = new ResizeObserver(debounce(() => this.#draw(), 100));

    connectedCallback() {
      const { signal } = this.#leave;
      document.addEventListener("comments-change", () => this.#draw(), { signal });
      document.addEventListener("comment-current", () => this.#light(), { signal });
      on(this, "click", "button", (event, button) => this.#open(event, button), { signal });
      // A click does not take the focus away from what somebody is writing.
      on(this, "mousedown", "button", (event) => event.preventDefault(), { signal });
      this.addEventListener("keydown", (event) => this.#walk(event), { signal });
      this.#resized.observe(this);
      this.#draw();
    }

    disconnectedCallback() {
      this.#leave.abort();
      this.#resized.disconnect();
    }

    #draw() {
      if (!this.clientWidth) return;
      const focused = this.querySelector(":focus")?.ids[0];
      const groups = this.#groups;
      this.replaceChildren(...groups.map((group, index) => this.#button(group, index)));
      this.#light();
      if (focused) [...this.children].find(({ ids }) => ids.includes(focused))?.focus();
    }

    /** Where so much is said that the pins would lie on each other, each stands for as much as it covers. */
    get #groups() {
      const closest = matchMedia("(pointer: coarse)").matches ? CLOSEST_TOUCH_PX : CLOSEST_PX;
      const groups = this.#clustered(closest);
      return groups.length * PIN_PX < this.clientWidth ? groups : this.#clustered(Math.max(closest, PIN_PX));
    }

    #clustered(closest) {
      return cluster(this.#feed?.marks ?? [], (closest * this.#durationMs) / this.clientWidth);
    }

    #button(group, index) {
      const { look, icon: shape } = group.every(({ kind }) => kind === group[0].kind) ? KINDS[group[0].kind] : KINDS[""];
      const button = make(
        "button",
        { type: "button", class: `mark kind-${look}`, "aria-label": name(group), title: name(group), tabindex: index ? -1 : 0 },
        make("span", { class: "mark-pin" }, group.length > 1 ? make("b", {}, String(group.length)) : icon(shape)),
      );
      button.ids = group.map(({ id }) => id);
      button.style.insetInlineStart = `${this.closest("time-line").percent(group[0].atMs)}%`;
      return button;
    }

    #open(event, button) {
      const { ids } = button;
      const next = ids[(ids.indexOf(this.#feed.currentId) + 1) % ids.length];
      this.#feed.open(next, { play: event.detail === 0, loop: event.shiftKey });
    }

    #light() {
      const id = this.#feed?.currentId;
      for (const button of this.children) button.classList.toggle("is-now", Boolean(id) && button.ids.includes(id));
    }

    #walk(event) {
      const step = { ArrowRight: 1, ArrowLeft: -1 }[event.key];
      const buttons = [...this.children];
      const next = buttons[buttons.indexOf(document.activeElement) + step];
      if (!step) return;
      event.preventDefault();
      if (!next) return;
      for (const button of buttons) button.tabIndex = button === next ? 0 : -1;
      next.focus();
    }

    get #durationMs() {
      return Number(this.closest("time-line").dataset.duration);
    }

    get #feed() {
      return document.querySelector("comment-feed");
    }
  },
);

/** "Strength at 1:02 by Cole Okafor"; of several "2 comments from 1:02: strength by …, question by …". */
function name(group) {
  const [first] = group;
  const said = group.slice(0, MOST_NAMED).map(({ kind, author }) => `${KINDS[kind].word} by ${author}`);
  if (group.length > MOST_NAMED) said.push("and more");
  if (group.length > 1) return `${group.length} comments from ${timecode(first.atMs)}: ${said.join(", ")}`;
  const word = KINDS[first.kind].word;
  return `${word[0].toUpperCase()}${word.slice(1)} at ${timecode(first.atMs)} by ${first.author}`;
}
