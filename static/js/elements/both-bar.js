/** <both-bar>: one line of time for both sides: how far each is, where it waits, and where something was said. */
import { spoken } from "../lib/moment.js";
import "./side-by-side.js";

const SVG = "http://www.w3.org/2000/svg";
const KEY_STEPS = {
  ArrowLeft: -5000,
  ArrowRight: 5000,
  ArrowDown: -1000,
  ArrowUp: 1000,
  PageDown: -10_000,
  PageUp: 10_000,
};

customElements.define(
  "both-bar",
  class extends HTMLElement {
    #leave = new AbortController();
    #drawn = null;
    #isDragging = false;

    connectedCallback() {
      const { signal } = this.#leave;
      const hear = (target, name, act) => target.addEventListener(name, act, { signal });
      hear(this.#pair, "both-change", () => this.#draw());
      hear(this, "pointerdown", (event) => this.#grab(event));
      hear(this, "pointermove", (event) => this.#isDragging && this.#follow(event));
      for (const name of ["pointerup", "pointercancel"]) hear(this, name, () => (this.#isDragging = false));
      hear(this.#part("track"), "keydown", (event) => this.#press(event));
      this.#draw();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #draw() {
      const { timetable, atMs, looped } = this.#both;
      if (this.#drawn !== timetable) this.#drawWhole(timetable);
      this.#drawn = timetable;
      this.#part("playhead").style.insetInlineStart = this.#percent(atMs);
      [0, 1].forEach((place) => this.#drawPlayed(place, timetable, atMs));
      const loops = looped ? [this.#bar("lane-range lane-range--loop", looped.fromMs, looped.untilMs)] : [];
      this.#part("loop").replaceChildren(...loops);
      this.#markBeat(atMs);
      this.#speak(timetable, atMs);
    }

    /** A side's stretches of the common time, its comments as dots, and the parts of the scenario. */
    #drawWhole(timetable) {
      [0, 1].forEach((place) => {
        const there = stretches(timetable, place).map(([from, until]) => this.#bar("both-there", from, until));
        this.#rail(place).querySelector("[data-there]").replaceChildren(...there);
        this.#rail(place).querySelector("[data-dots]").replaceChildren(...this.#dots(timetable, place));
      });
      const beats = this.#pair.by === "beats" ? this.#beatSpans(timetable) : [];
      this.#part("beats").replaceChildren(...beats);
      this.#part("beats").hidden = !beats.length;
      this.#part("track").ariaValueMax = String(Math.floor(timetable.totalMs / 1000));
    }

    #drawPlayed(place, timetable, atMs) {
      const done = stretches(timetable, place).filter(([from]) => from < atMs);
      const bars = done.map(([from, until]) => this.#bar("both-played", from, Math.min(until, atMs)));
      this.#rail(place).querySelector("[data-played]").replaceChildren(...bars);
      const { ms, isWaiting } = timetable.place(place, atMs);
      const goesOn = ms < this.#pair.sides[place].durationMs;
      this.#pair.parts[place].classList.toggle("is-waiting", isWaiting && goesOn && this.#both.isPlaying);
    }

    #dots(timetable, place) {
      const { side } = this.#pair.parts[place].dataset;
      return [...document.querySelectorAll(`[data-remark="${side}"]`)].map(({ dataset }) => {
        const dot = document.createElementNS(SVG, "circle");
        dot.setAttribute("class", `both-dot kind-${dataset.look || "none"}`);
        dot.setAttribute("cx", this.#percent(timetable.timeOf(place, Number(dataset.at))));
        dot.setAttribute("cy", "50%");
        dot.setAttribute("r", "4");
        return dot;
      });
    }

    #beatSpans(timetable) {
      const names = this.#pair.beats;
      const starts = names.map(({ at }) => timetable.timeOf(0, at[0]));
      return names.map(({ name }, place) => {
        const span = document.createElement("span");
        span.textContent = span.title = name;
        span.style.insetInlineStart = this.#percent(starts[place]);
        span.style.width = `${(100 * ((starts[place + 1] ?? timetable.totalMs) - starts[place])) / timetable.totalMs}%`;
        Object.assign(span.dataset, { from: starts[place], until: starts[place + 1] ?? timetable.totalMs });
        return span;
      });
    }

    #markBeat(atMs) {
      for (const span of this.#part("beats").children) {
        span.classList.toggle("is-now", atMs >= Number(span.dataset.from) && atMs < Number(span.dataset.until));
      }
    }

    #speak(timetable, atMs) {
      const track = this.#part("track");
      const second = String(Math.floor(atMs / 1000));
      if (track.ariaValueNow === second && track.ariaValueText) return;
      track.ariaValueNow = second;
      const [left, right] = [0, 1].map((place) => spoken(timetable.place(place, atMs).ms));
      track.ariaValueText = `${spoken(atMs)} of ${spoken(timetable.totalMs)}; left at ${left}, right at ${right}`;
    }

    #grab(event) {
      if (event.button !== 0) return;
      this.#isDragging = true;
      this.setPointerCapture(event.pointerId);
      this.#follow(event);
    }

    #follow({ clientX }) {
      const { left, width } = this.#part("area").getBoundingClientRect();
      this.#pair.seek((this.#both.timetable.totalMs * Math.min(Math.max(0, clientX - left), width)) / width);
    }

    #press(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const step = KEY_STEPS[event.key];
      if (step) this.#pair.jump(step);
      else if (event.key === "Home") this.#pair.seek(0);
      else if (event.key === "End") this.#pair.seek(this.#both.timetable.totalMs);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }

    #bar(className, from, until) {
      const rect = document.createElementNS(SVG, "rect");
      rect.setAttribute("class", className);
      rect.setAttribute("x", this.#percent(from));
      rect.setAttribute("width", this.#percent(Math.max(0, until - from)));
      rect.setAttribute("height", "100%");
      return rect;
    }

    #percent(ms) {
      return `${(100 * ms) / Math.max(1, this.#both.timetable.totalMs)}%`;
    }

    #rail(place) {
      return this.querySelectorAll("[data-rail]")[place];
    }

    #part(name) {
      return this.querySelector(`[data-${name}]`);
    }

    get #both() {
      return this.#pair.both;
    }

    get #pair() {
      return this.closest("side-by-side");
    }
  },
);

/** Where on the common line a side is under way; what touches is one stretch. */
function stretches(timetable, place) {
  const found = [];
  for (const { at, from, until } of timetable.pieces) {
    const [begin, end] = [at, at + until[place] - from[place]];
    if (end <= begin) continue;
    if (found.at(-1)?.[1] === begin) found.at(-1)[1] = end;
    else found.push([begin, end]);
  }
  return found;
}
