/**
 * Keeps two players in step on one clock.
 *
 * 1. The side that is heard leads, for a correction would be heard; where it waits, the other one leads.
 * 2. The other follows: what is off by little is made up by a slightly different speed, what is off by much by a seek.
 * 3. Where one waits for its bytes, the other is held.
 * 4. A side that is through with its piece waits; what lies outside of a side's part is never played.
 */
import { Shown } from "./shown.js";

// So little apart nobody sees or hears it, and a correction would only make it restless.
const CALM_MS = 15;
// Frames come in steps: only what lasts about so long counts.
const LASTS_MS = 40;
const LEAP_MS = 350;
// A difference is made up within this time, but never by more than so much of the speed; where a slow browser looks
// seldom it takes a few looks, or it would overshoot before the next one.
const MAKE_UP_MS = 300;
const MAKE_UP_LOOKS = 3;
const MOST_NUDGE = 0.6;
const NUDGE_EVERY_MS = 80;
// Enough to play on.
const HAVE_FUTURE_DATA = 3;

/** One of the two: its player, and which part of it is compared. */
export class Side {
  isHeld = true;

  constructor(player, { fromMs, durationMs, fps }) {
    Object.assign(this, { player, fromMs, durationMs, fps, shown: new Shown(player.video) });
  }

  get video() {
    return this.player.video;
  }

  /** On its own clock. */
  get ms() {
    if (this.video.ended) return this.durationMs;
    const ms = this.player.isSeeking ? this.player.timeMs : this.shown.ms;
    return Math.min(Math.max(0, ms - this.fromMs), this.durationMs);
  }

  get isReady() {
    return this.video.ended || (this.video.readyState >= HAVE_FUTURE_DATA && !this.player.isSeeking);
  }

  seek(ms) {
    this.shown.forget();
    this.player.seek(this.fromMs + Math.min(Math.max(0, ms), this.durationMs));
  }

  hold() {
    this.isHeld = true;
    if (!this.video.paused) this.player.pause();
  }

  release() {
    this.isHeld = false;
    if (this.video.paused) this.player.play();
  }

  set rate(rate) {
    if (Math.abs(this.video.playbackRate - rate) > 0.004) this.video.playbackRate = rate;
  }
}

export class InStep {
  #sides;
  #tell;
  #atMs = 0;
  #lookedAt = 0;
  #nudgedAt = 0;
  #offMs = 0;
  #speed = 1;
  isPlaying = false;
  /** Which side is heard: 0 or 1. */
  heard = 0;
  /** What is repeated: { fromMs, untilMs } or null. */
  looped = null;

  /** @param {[Side, Side]} sides @param {() => void} tell called whenever something moved or changed */
  constructor(sides, timetable, tell) {
    this.#sides = sides;
    this.timetable = timetable;
    this.#tell = tell;
  }

  get atMs() {
    return this.#atMs;
  }

  get speed() {
    return this.#speed;
  }

  set speed(rate) {
    this.#speed = rate;
    for (const { player } of this.#sides) player.speed = rate;
    this.#tell();
  }

  play() {
    if (this.#atMs >= this.timetable.totalMs - 50) this.seek(this.looped?.fromMs ?? 0);
    this.isPlaying = true;
    for (const side of this.#sides) side.isHeld = true;
    this.#run();
    this.#tell();
  }

  pause() {
    this.isPlaying = false;
    for (const side of this.#sides) side.hold();
    // At rest both show exactly what belongs together.
    this.seek(this.#atMs);
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  seek(atMs) {
    this.#atMs = Math.min(Math.max(0, atMs), this.timetable.totalMs);
    this.#sides.forEach((side, place) => {
      side.rate = this.#speed;
      side.seek(this.timetable.place(place, this.#atMs).ms);
    });
    this.#tell();
  }

  /** Moves on if it plays; called with each picture, and now and then where none is drawn. */
  tick() {
    if (!this.isPlaying) return;
    const running = [0, 1].filter((place) => !this.timetable.place(place, this.#atMs).isWaiting);
    if (!running.length) return this.#end();
    if (this.#holdsForBytes(running) || this.#wasStopped(running)) return;
    const leader = running.includes(this.heard) ? this.heard : running[0];
    this.#sides[leader].rate = this.#speed;
    this.#atMs = this.timetable.follow(leader, this.#sides[leader].ms, this.#atMs);
    if (this.looped && this.#atMs >= this.looped.untilMs) return this.seek(this.looped.fromMs);
    this.#sides.forEach((side, place) => this.#lead(side, this.timetable.place(place, this.#atMs), place === leader));
    this.#tell();
  }

  #run() {
    if (!this.isPlaying) return;
    this.tick();
    requestAnimationFrame(() => this.#run());
  }

  /** Whoever has to wait for the bytes of the one waits with it. */
  #holdsForBytes(running) {
    if (running.every((place) => this.#sides[place].isReady)) return false;
    for (const place of running) {
      const side = this.#sides[place];
      if (side.isReady) side.hold();
      else side.isHeld = true;
    }
    return true;
  }

  /** A headset or the system paused one: then both rest. */
  #wasStopped(running) {
    const isStopped = running.some((place) => {
      const { video, isHeld } = this.#sides[place];
      return video.paused && !video.ended && !isHeld;
    });
    if (isStopped) this.pause();
    return isStopped;
  }

  #lead(side, { ms, isWaiting }, isLeader) {
    if (isWaiting) return this.#rest(side, ms);
    if (side.isHeld && !side.video.ended) side.release();
    if (!isLeader) this.#correct(side, side.ms - ms);
  }

  /** Through with its piece it shows exactly where that ends. */
  #rest(side, ms) {
    if (side.isHeld) return;
    side.hold();
    if (!side.video.ended) side.seek(ms);
  }

  #correct(side, offMs) {
    if (side.video.ended || side.video.paused) return;
    if (Math.abs(offMs) > LEAP_MS) return side.seek(side.ms - offMs);
    const now = performance.now();
    this.#offMs += (offMs - this.#offMs) * (1 - Math.exp((this.#lookedAt - now) / LASTS_MS));
    this.#lookedAt = now;
    const sinceMs = Math.min(now - this.#nudgedAt, 1000);
    if (sinceMs < NUDGE_EVERY_MS) return;
    this.#nudgedAt = now;
    const isCalm = Math.abs(this.#offMs) < CALM_MS;
    const wanted = isCalm ? 0 : -this.#offMs / Math.max(MAKE_UP_MS, MAKE_UP_LOOKS * sinceMs);
    side.rate = this.#speed * (1 + Math.max(-MOST_NUDGE, Math.min(wanted, MOST_NUDGE)));
  }

  #end() {
    if (this.looped) return this.seek(this.looped.fromMs);
    this.pause();
  }
}
