/**
 * <side-by-side>: two players on one clock, lined up by their start, by a moment of each, or by the scenario's parts.
 * Its address keeps how: ?a=12.3&b=4.5 are the moments that meet (in seconds of each side), ?by=beats the parts, and
 * ?t=8 the moment of both in view. Only one side is heard.
 *
 * Event: both-change whenever something moved or changed.
 */
import "./pitch-player.js";
import { announce } from "../lib/announce.js";
import { copy } from "../lib/clipboard.js";
import { on } from "../lib/dom.js";
import { InStep, Side } from "../lib/in-step.js";
import { timecode } from "../lib/time.js";
import { byBeats, byMarks, byStart, Timetable } from "../lib/two-clocks.js";

const AROUND_MS = { before: 1000, after: 4000 };
const TELL_EVERY_MS = 60;
const SPEEDS = [0.5, 0.75, 1, 1.25, 1.5, 2];

customElements.define(
  "side-by-side",
  class extends HTMLElement {
    #leave = new AbortController();
    #by = "start";
    #marks = null;
    #toldAt = 0;
    isLiningUp = false;

    connectedCallback() {
      this.parts = [...this.querySelectorAll("[data-side]")];
      this.sides = this.parts.map((part) => new Side(part.querySelector("pitch-player"), numbersOf(part)));
      this.both = new InStep(this.sides, new Timetable(byStart(this.lengths)), () => this.#tell());
      this.both.speed = this.sides[0].player.speed;
      this.#listen();
      this.hear(0);
      this.#openAddress();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    get lengths() {
      return this.sides.map(({ durationMs }) => durationMs);
    }

    /** What lines both up: "start", "marks" or "beats". */
    get by() {
      return this.#by;
    }

    get marks() {
      return this.#marks;
    }

    /** Where the parts of the scenario begin, on either side: [{ name, at: [left, right] }, …]. */
    get beats() {
      return JSON.parse(this.dataset.beats ?? "[]");
    }

    lineUp(by, marks = null) {
      const atMs = marks ? null : this.both.timetable.place(this.both.heard, this.both.atMs).ms;
      this.#by = by;
      this.#marks = marks ?? this.#marks;
      this.both.looped = null;
      this.both.timetable = new Timetable(this.#pieces());
      this.both.seek(this.both.timetable.timeOf(this.both.heard, atMs ?? this.#marks[this.both.heard]));
      this.#keepAddress();
    }

    #pieces() {
      if (this.#by === "marks") return byMarks(this.lengths, this.#marks);
      if (this.#by === "beats") return byBeats(this.lengths, this.beats.map(({ at }) => at));
      return byStart(this.lengths);
    }

    toggle() {
      if (this.isLiningUp) this.#alone.player.toggle();
      else this.both.toggle();
    }

    seek(ms) {
      this.querySelector("line-up").close();
      this.both.seek(ms);
    }

    /** A moment of one side, and what belongs to it on the other. */
    open(place, ms) {
      this.both.seek(this.both.timetable.timeOf(place, ms));
    }

    /** While they are being lined up keys move the side that is heard. */
    jump(ms) {
      if (this.isLiningUp) this.#alone.seek(this.#alone.ms + ms);
      else this.both.seek(this.both.atMs + ms);
    }

    step(frames) {
      if (this.both.isPlaying) this.both.pause();
      if (this.isLiningUp) this.#alone.player.pause();
      this.jump((frames * 1000) / (this.#alone.fps || 30));
    }

    shift(steps) {
      const place = SPEEDS.findIndex((rate) => rate >= this.both.speed - 0.01);
      this.both.speed = SPEEDS[Math.min(Math.max(0, place + steps), SPEEDS.length - 1)];
      announce(`Speed ${this.both.speed}`);
    }

    /** Only one side is heard, and it leads. */
    hear(place, { says = false } = {}) {
      this.both.heard = place;
      this.sides.forEach(({ video }, other) => (video.muted = other !== place));
      this.dataset.heard = this.parts[place].dataset.side;
      for (const button of this.querySelectorAll("[data-sound]")) {
        button.ariaPressed = String(button.dataset.sound === this.dataset.heard);
      }
      if (says) announce(`Sound: ${this.parts[place].ariaLabel}`);
      this.#tell();
    }

    hearOther() {
      this.hear(1 - this.both.heard, { says: true });
    }

    /** Repeats a few seconds around the moment in view, or a range. */
    loop(fromMs = this.both.atMs - AROUND_MS.before, untilMs = this.both.atMs + AROUND_MS.after) {
      this.both.looped = { fromMs: Math.max(0, fromMs), untilMs: Math.min(untilMs, this.both.timetable.totalMs) };
      this.both.seek(this.both.looped.fromMs);
      if (!this.both.isPlaying) this.both.play();
      announce(`Repeating ${timecode(this.both.looped.fromMs)} to ${timecode(this.both.looped.untilMs)}.`);
    }

    unloop() {
      this.both.looped = null;
      this.#tell();
    }

    toggleLoop() {
      if (this.both.looped) this.unloop();
      else this.loop();
    }

    copyLink() {
      const link = new URL(location.href);
      link.searchParams.set("t", seconds(this.both.atMs));
      copy(link.href, "Link to what you see copied.");
    }

    get #isAtRest() {
      return !this.both.isPlaying && !this.isLiningUp;
    }

    get #alone() {
      return this.sides[this.both.heard];
    }

    #listen() {
      const { signal } = this.#leave;
      on(this, "click", "[data-sound]", (_, { dataset }) => this.hear(dataset.sound === "left" ? 0 : 1), { signal });
      // One picture is both: the player itself would play alone.
      this.addEventListener("click", (event) => this.#clicked(event), { capture: true, signal });
      const leave = (event) => event.target.matches("video") && event.stopPropagation();
      this.addEventListener("dblclick", leave, { capture: true, signal });
      for (const { video } of this.sides) {
        video.addEventListener("timeupdate", () => this.both.tick(), { signal });
        // What was asked for before there was anything to show.
        video.addEventListener("loadedmetadata", () => this.#isAtRest && this.both.seek(this.both.atMs), { signal });
      }
    }

    #clicked(event) {
      if (this.isLiningUp || !event.target.closest("[data-side] video, [data-start]")) return;
      event.stopPropagation();
      this.toggle();
    }

    #openAddress() {
      const query = new URLSearchParams(location.search);
      const [left, right, atMs] = ["a", "b", "t"].map((name) => msOf(query.get(name)));
      const marks = [left, right].map((ms, place) => Math.min(ms, this.lengths[place]));
      if (left !== null && right !== null) this.lineUp("marks", marks);
      else if (query.get("by") === "beats" && this.beats.length) this.lineUp("beats");
      if (atMs !== null) this.both.seek(atMs);
      this.#tell();
    }

    #keepAddress() {
      const address = new URL(location.href);
      for (const name of ["a", "b", "by", "t"]) address.searchParams.delete(name);
      if (this.#by === "beats") address.searchParams.set("by", "beats");
      const [left, right] = this.#by === "marks" ? this.#marks : [];
      if (left !== undefined) address.searchParams.set("a", seconds(left));
      if (right !== undefined) address.searchParams.set("b", seconds(right));
      history.replaceState(history.state, "", address);
    }

    /** While both play what is drawn about it must not slow the pictures down. */
    #tell() {
      const now = performance.now();
      if (this.both.isPlaying && now - this.#toldAt < TELL_EVERY_MS) return;
      this.#toldAt = now;
      this.dispatchEvent(new CustomEvent("both-change"));
    }
  },
);

function numbersOf({ dataset }) {
  return { fromMs: Number(dataset.from), durationMs: Number(dataset.duration), fps: Number(dataset.fps) };
}

function seconds(ms) {
  return String(Number((ms / 1000).toFixed(3)));
}

function msOf(text) {
  const value = Number(text || NaN);
  return Number.isFinite(value) && value >= 0 ? Math.round(value * 1000) : null;
}
