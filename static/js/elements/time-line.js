/**
 * <time-line>: the take from beginning to end: where we are, what is here already, the planned beats, and a still of the
 * moment under the pointer. Dragging anywhere moves the playhead; the track is a slider for the keyboard.
 */
import "./pitch-player.js";
import { spoken } from "../lib/moment.js";
import { openStoryboard } from "../lib/storyboard.js";
import { timecode } from "../lib/time.js";
import { barsOf, openWaveform, outline } from "../lib/waveform.js";

const SVG = "http://www.w3.org/2000/svg";
const KEY_STEPS = { ArrowLeft: -5000, ArrowRight: 5000, ArrowDown: -1000, ArrowUp: 1000, PageDown: -10_000, PageUp: 10_000 };

customElements.define(
  "time-line",
  class extends HTMLElement {
    #leave = new AbortController();
    #drawStill = null;
    #hasWave = false;
    #beats = [];
    #isDragging = false;

    connectedCallback() {
      this.#placeBeats();
      this.storyboard = this.dataset.storyboard;
      this.waveform = this.dataset.waveform;
      this.#listen();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    /** The stills may come later than the player. */
    set storyboard(address) {
      if (!address || this.#drawStill) return;
      openStoryboard(address).then(
        (draw) => (this.#drawStill = draw),
        () => null, // Without stills the preview still tells the time.
      );
    }

    /** How loud it is may be known later, too. */
    set waveform(address) {
      if (!address || this.#hasWave) return;
      this.#hasWave = true;
      openWaveform(address).then(
        (peaks) => this.#drawWave(peaks),
        () => (this.#hasWave = false), // The rail under it tells the time as well.
      );
    }

    #drawWave(peaks) {
      const d = outline(barsOf(peaks));
      for (const path of this.#part("wave").querySelectorAll("path")) path.setAttribute("d", d);
      this.#part("wave").removeAttribute("hidden");
    }

    /** Where a moment lies, in percent of the whole. */
    percent(ms) {
      return (100 * Math.min(Math.max(0, ms), this.#durationMs)) / this.#durationMs;
    }

    #listen() {
      const { signal } = this.#leave;
      const hear = (target, name, act) => target.addEventListener(name, act, { signal });
      hear(this.#player, "time-change", ({ detail }) => this.#moveTo(detail.ms));
      hear(this.#player, "player-change", () => this.#drawBuffered());
      hear(this.#player, "loop-change", () => this.#drawRanges());
      hear(document, "watched-change", ({ detail }) => this.#drawWatched(detail.ranges));
      hear(document, "range-change", () => this.#drawRanges());
      hear(document, "comments-change", () => this.#drawRanges());
      hear(this, "pointerdown", (event) => this.#grab(event));
      hear(this, "pointermove", (event) => this.#follow(event));
      hear(this, "pointerup", () => this.#release());
      hear(this, "pointercancel", () => this.#release());
      hear(this, "pointerleave", () => this.#isDragging || this.#hidePreview());
      hear(this.#part("track"), "keydown", (event) => this.#press(event));
    }

    #moveTo(ms) {
      this.#part("playhead").style.insetInlineStart = `${this.percent(ms)}%`;
      this.#part("played").setAttribute("width", `${this.percent(ms)}%`);
      this.#part("heard").setAttribute("width", `${this.percent(ms)}%`);
      this.#markBeat(ms);
      const track = this.#part("track");
      const second = String(Math.floor(ms / 1000));
      if (track.ariaValueNow === second) return;
      track.ariaValueNow = second;
      track.ariaValueText = `${spoken(ms)} of ${spoken(this.#durationMs)}`;
    }

    #drawBuffered() {
      const bars = this.#player.buffered.map(([from, until]) => bar("lane-rail-buffered", this.percent(from * 1000), this.percent(until * 1000)));
      this.#part("buffered").replaceChildren(...bars);
    }

    /** What this person has seen of it: a thin line at the foot of the rail. */
    #drawWatched(ranges) {
      const bars = ranges.map(([from, until]) => bar("lane-rail-watched", this.percent(from), this.percent(until)));
      this.#part("watched").replaceChildren(...bars);
    }

    /** Ranges of comments, the one being written, and the one that repeats. */
    #drawRanges() {
      const said = document.querySelector("comment-feed")?.marks ?? [];
      const ranges = said.filter(({ untilMs }) => untilMs !== null).map((mark) => [`lane-range kind-${mark.look || "none"}`, mark.atMs, mark.untilMs]);
      const written = document.querySelector("comment-composer")?.range;
      if (written) ranges.push(["lane-range lane-range--draft", written.fromMs, written.untilMs]);
      const { looped } = this.#player;
      if (looped) ranges.push(["lane-range lane-range--loop", looped.fromMs, looped.untilMs]);
      this.#part("ranges").replaceChildren(...ranges.map(([name, from, until]) => bar(name, this.percent(from), this.percent(until))));
    }

    /** Beats on the clock of the take, as planned or as somebody marked them: who is too long sees it. */
    #placeBeats() {
      for (const element of this.querySelectorAll("[data-beats] > span")) {
        const [fromMs, untilMs] = [Number(element.dataset.from), Number(element.dataset.until)];
        this.#beats.push({ element, fromMs, untilMs });
        element.style.insetInlineStart = `${this.percent(fromMs)}%`;
        element.style.width = `${this.percent(untilMs) - this.percent(fromMs)}%`;
        element.hidden = fromMs >= this.#durationMs;
      }
    }

    #beatAt(ms) {
      return this.#beats.find(({ fromMs, untilMs }) => ms >= fromMs && ms < untilMs);
    }

    #markBeat(ms) {
      const now = this.#beatAt(ms)?.element;
      for (const { element } of this.#beats) element.classList.toggle("is-now", element === now);
    }

    #grab(event) {
      if (event.button !== 0 || event.target.closest("button")) return;
      this.#isDragging = true;
      this.setPointerCapture(event.pointerId);
      this.#follow(event);
    }

    #follow(event) {
      const ms = this.#momentAt(event);
      if (this.#isDragging) this.#player.seek(ms);
      if (this.#isDragging || event.pointerType === "mouse") this.#showPreview(ms, event.target.closest("button"));
    }

    #release() {
      if (!this.#isDragging) return;
      this.#isDragging = false;
      this.#hidePreview();
    }

    #momentAt({ clientX }) {
      const { left, width } = this.#part("area").getBoundingClientRect();
      return Math.round((this.#durationMs * Math.min(Math.max(0, clientX - left), width)) / width);
    }

    #showPreview(ms, isOverMark) {
      const preview = this.#part("preview");
      preview.hidden = Boolean(isOverMark);
      preview.style.insetInlineStart = `${this.percent(ms)}%`;
      this.#part("time").textContent = timecode(ms);
      this.#part("beat").textContent = this.#beatAt(ms)?.element.textContent ?? "";
      this.#part("still").toggleAttribute("hidden", !this.#drawStill);
      this.#drawStill?.(this.#part("still"), ms);
      keepInside(preview, this);
    }

    #hidePreview() {
      this.#part("preview").hidden = true;
    }

    #press(event) {
      if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
      const step = KEY_STEPS[event.key];
      if (step) this.#player.jump(step);
      else if (event.key === "Home") this.#player.seek(0);
      else if (event.key === "End") this.#player.seek(this.#durationMs);
      else return;
      event.preventDefault();
    }

    #part(name) {
      return this.querySelector(`[data-${name}]`);
    }

    get #durationMs() {
      return Math.max(1, Number(this.dataset.duration));
    }

    get #player() {
      return this.closest("pitch-player");
    }
  },
);

function bar(className, from, until) {
  const rect = document.createElementNS(SVG, "rect");
  rect.setAttribute("class", className);
  rect.setAttribute("x", `${from}%`);
  rect.setAttribute("width", `${Math.max(0, until - from)}%`);
  rect.setAttribute("height", "100%");
  return rect;
}

/** A card at the edge is pushed inwards. */
function keepInside(card, frame) {
  card.style.translate = "";
  const [inner, outer] = [card.getBoundingClientRect(), frame.getBoundingClientRect()];
  const over = Math.min(0, inner.left - outer.left) || Math.max(0, inner.right - outer.right);
  if (over) card.style.translate = `calc(-50% - ${over}px) 0`;
}
