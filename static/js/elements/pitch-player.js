/**
 * <pitch-player>: the video and the one clock of the room, in milliseconds of the recording.
 *
 * Events, all of which reach the document:
 *   time-change     { ms }  the moment in view changed
 *   play-change     { isPlaying }
 *   loop-change     { fromMs, untilMs } or null
 *   player-change   speed, quality, sound, captions, buffered: whatever the transport shows
 */
import { centreOf, frameAt, frameCentre } from "../lib/frames.js";
import { fill, isFilled } from "../lib/full-screen.js";
import { accustom, habit } from "../lib/habits.js";
import { recall, remember } from "../lib/memory.js";
import { attach } from "../lib/source.js";

export const SPEEDS = [0.25, 0.5, 0.75, 1, 1.25, 1.5, 1.75, 2];
const PATIENCE_MS = 300;
// Pauses before each new try to reach the media; after the last one a person decides.
const RETRY_MS = [0, 1500, 5000];
const WAITS = { loading: "Loading", waiting: "Waiting for the picture", again: "Reaching for the video again" };

export class PitchPlayer extends HTMLElement {
  /** @type {HTMLVideoElement | null} */
  video = null;
  #source = null;
  #loop = null;
  #losses = 0;
  #wantsPlay = false;
  #quality = recall("player:quality");
  // Where a seek goes to, and where the browser was told to go: while it is on its way the newest wish waits.
  #target = null;
  #asked = null;
  #lastMs = -1;
  #leave = new AbortController();
  #waitTimer = null;

  connectedCallback() {
    this.video = this.querySelector("video");
    this.video.controls = false;
    this.#restoreTaste();
    this.#listen();
    this.#load(0);
    this.#show("start", true);
  }

  disconnectedCallback() {
    this.#leave.abort();
    this.#source?.release();
    clearTimeout(this.#waitTimer);
    this.video.pause();
  }

  /** How far it can be watched: of a stream that grows, only what has been made. */
  get reachMs() {
    const { seekable } = this.video;
    if (!("growing" in this.dataset) || !seekable.length) return this.durationMs;
    return Math.min(this.durationMs, Math.round(seekable.end(seekable.length - 1) * 1000));
  }

  get durationMs() {
    return Number(this.dataset.duration) || Math.round((this.video.duration || 0) * 1000);
  }

  get fps() {
    return Number(this.dataset.fps);
  }

  /** The moment in view; while a seek is under way the one it goes to. */
  get timeMs() {
    const ms = this.#target ?? Math.round(this.video.currentTime * 1000);
    return Math.min(Math.max(0, ms), this.durationMs);
  }

  get isPlaying() {
    return !this.video.paused && !this.video.ended;
  }

  async play() {
    this.#wantsPlay = true;
    this.#show("start", false);
    if (this.timeMs >= this.durationMs - 50) this.seek(0);
    try {
      await this.video.play();
    } catch (error) {
      // A pause or a reload that came in between is no trouble; a browser that asks for a click is told by the button.
      if (error.name === "NotAllowedError") this.#show("start", true);
    }
  }

  pause() {
    this.#wantsPlay = false;
    this.video.pause();
  }

  toggle() {
    if (this.isPlaying) this.pause();
    else this.play();
  }

  /** Goes to a moment and leaves playing as it is. */
  seek(ms) {
    const wanted = Math.min(Math.max(0, ms), Math.max(0, this.reachMs - 1));
    this.#target = Math.round(wanted);
    if (!this.video.seeking || this.video.readyState === 0) {
      this.#asked = this.#target;
      this.video.currentTime = wanted / 1000;
    }
    this.#tick();
  }

  /** Goes to the exact frame of a moment and rests there. */
  show(ms) {
    this.pause();
    this.#show("start", false);
    this.seek(frameCentre(ms, this.fps));
  }

  /** Also between one seek and the next that waits for it. */
  get isSeeking() {
    return this.video.seeking || this.#target !== null;
  }

  jump(ms) {
    this.seek(this.timeMs + ms);
  }

  /** One frame on (1) or back (-1), at rest. */
  step(frames) {
    const frame = Math.max(0, frameAt(this.timeMs, this.fps) + frames);
    this.show(centreOf(frame, this.fps));
  }

  /** Repeats a moment until it is told otherwise. */
  loop(fromMs, untilMs) {
    this.#loop = { fromMs: Math.max(0, fromMs), untilMs: Math.min(untilMs, this.durationMs) };
    this.#tell("loop-change", this.#loop);
  }

  unloop() {
    this.#loop = null;
    this.#tell("loop-change", null);
  }

  get looped() {
    return this.#loop;
  }

  get speed() {
    return this.video.playbackRate;
  }

  set speed(rate) {
    this.video.defaultPlaybackRate = this.video.playbackRate = rate;
    accustom("speed", rate);
  }

  /** The next faster (1) or slower (-1) speed. */
  shift(steps) {
    const near = SPEEDS.findIndex((rate) => rate >= this.speed - 0.01);
    this.speed = SPEEDS[Math.min(Math.max(0, (near < 0 ? SPEEDS.length : near) + steps), SPEEDS.length - 1)];
  }

  /** The qualities there are, by the short side of the picture; none when there is only one. */
  get qualities() {
    return this.#source?.rungs.length > 1 ? this.#source.rungs : [];
  }

  /** What was chosen; null leaves it to the line. */
  get quality() {
    return this.#quality;
  }

  set quality(rung) {
    this.#quality = rung;
    // A line belongs to a place, so each browser remembers its own.
    remember("player:quality", rung);
    this.#source?.choose(rung);
    this.#tell("player-change");
  }

  /** The quality in view, null while it is not known. */
  get shownQuality() {
    return this.#source?.rung ?? null;
  }

  get volume() {
    return this.video.muted ? 0 : this.video.volume;
  }

  set volume(share) {
    this.video.volume = share;
    this.video.muted = share === 0;
    accustom("volume", share);
  }

  mute() {
    this.video.muted = !this.video.muted;
    if (!this.video.muted && this.video.volume === 0) this.video.volume = 0.5;
  }

  /** Seconds that are here already: [[from, until], …]. */
  get buffered() {
    const { buffered } = this.video;
    return Array.from({ length: buffered.length }, (_, i) => [buffered.start(i), buffered.end(i)]);
  }

  get canFill() {
    return Boolean(document.fullscreenEnabled || this.video.webkitEnterFullscreen);
  }

  get isFilled() {
    return isFilled(this);
  }

  fill() {
    return fill(this);
  }

  get canFloat() {
    return Boolean(document.pictureInPictureEnabled) && !this.classList.contains("player--sound");
  }

  async float() {
    if (document.pictureInPictureElement) await document.exitPictureInPicture();
    else await this.video.requestPictureInPicture();
  }

  get tracks() {
    return [...this.video.textTracks].filter(({ kind }) => kind === "captions" || kind === "subtitles");
  }

  caption() {
    const [track] = this.tracks;
    if (track) track.mode = track.mode === "showing" ? "hidden" : "showing";
    if (track) accustom("captions", track.mode === "showing");
    this.#tell("player-change");
  }

  /**
   * Better renditions have come. What plays goes on as it is; a player that nobody has touched begins with them, and one
   * that plays the first quality of a growing stream takes them up when it rests.
   * @param {{ hls?: string, src?: string, growing?: string }} media
   */
  offer({ hls, src, growing }) {
    const isBetter = Boolean(hls) && hls !== this.dataset.hls;
    if (hls) this.dataset.hls = hls;
    if (src) this.dataset.src = src;
    const wasGrowing = "growing" in this.dataset;
    this.toggleAttribute("data-growing", growing !== undefined);
    const isUntouched = this.video.paused && this.timeMs === 0;
    if (isBetter && isUntouched) this.#load(0);
    else if (isBetter && wasGrowing) this.#sharpen();
  }

  #sharpen() {
    const load = () => this.#load(this.timeMs);
    if (this.isPlaying) this.video.addEventListener("pause", load, { once: true, signal: this.#leave.signal });
    else load();
  }

  #load(atMs) {
    this.#source?.release();
    const { src, hls } = this.dataset;
    // After the stream was lost twice, the one file is tried.
    const wanted = { src: src && fresh(src, this.#losses), hls: this.#losses < 2 || !src ? hls : undefined, atMs, rung: this.#quality };
    this.#source = attach(this.video, { ...wanted, onLost: () => this.#lost(), onRungs: () => this.#tell("player-change") });
  }

  /** The media address expired or the line broke: take it up again at the same place. */
  #lost() {
    const atMs = this.timeMs;
    const pause = RETRY_MS[this.#losses];
    this.#losses += 1;
    if (pause === undefined) return this.#giveUp();
    this.#target = atMs;
    this.#wait("again", 0);
    setTimeout(() => {
      if (!this.isConnected) return;
      this.#load(atMs);
      if (this.#wantsPlay) this.play();
    }, pause);
  }

  #giveUp() {
    this.#wait(null);
    this.#show("trouble", true);
  }

  #tryAgain() {
    this.#losses = 0;
    this.#show("trouble", false);
    this.#load(this.timeMs);
    this.play();
  }

  #restoreTaste() {
    this.video.preservesPitch = true;
    this.video.defaultPlaybackRate = this.video.playbackRate = habit("speed", 1);
    this.video.volume = habit("volume", 1);
  }

  #listen() {
    const { signal } = this.#leave;
    const hear = (names, act, target = this.video) => {
      for (const name of names.split(" ")) target.addEventListener(name, act, { signal });
    };
    hear("play pause ended", () => this.#playChanged());
    hear("timeupdate seeking loadedmetadata", () => this.#tick());
    hear("seeked", () => this.#arrived());
    hear("waiting", () => this.#wait("waiting"));
    hear("playing canplay seeked pause", () => this.#wait(null));
    hear("playing", () => (this.#losses = 0));
    // A new source stops a video without a word; what a person or the system stops says "pause".
    hear("pause", () => (this.#wantsPlay = false));
    hear("canplay", () => this.#canPlay());
    hear("ratechange volumechange progress resize", () => this.#tell("player-change"));
    hear("enterpictureinpicture leavepictureinpicture", () => this.#tell("player-change"));
    hear("addtrack", () => habit("captions") && this.tracks[0] && (this.tracks[0].mode = "showing"), this.video.textTracks);
    hear("addtrack removetrack change", () => this.#tell("player-change"), this.video.textTracks);
    hear("fullscreenchange", () => this.#tell("player-change"), document);
    hear("click", () => this.toggle());
    hear("dblclick", () => this.canFill && this.fill());
    hear("click", () => this.play(), this.querySelector("[data-start]"));
    hear("click", () => this.#tryAgain(), this.querySelector("[data-again]"));
  }

  #canPlay() {
    // A source that is new has no seek under way, whatever the old one was asked for.
    if (!this.video.seeking) this.#target = null;
    if (this.#wantsPlay && this.video.paused) this.play();
  }

  #playChanged() {
    if (this.isPlaying) this.#run();
    else if (this.video.ended && this.#loop) this.#turn();
    this.#tell("play-change", { isPlaying: this.isPlaying });
  }

  /** Follows the picture while it runs. */
  #run() {
    if (!this.isConnected || !this.isPlaying) return;
    this.#tick();
    requestAnimationFrame(() => this.#run());
  }

  #tick() {
    const ms = this.timeMs;
    const { fromMs, untilMs } = this.#loop ?? {};
    if (this.isPlaying && this.#target === null && (ms >= untilMs || ms < fromMs - 500)) return this.#turn();
    if (ms === this.#lastMs) return;
    this.#lastMs = ms;
    this.#tell("time-change", { ms });
  }

  #turn() {
    this.seek(this.#loop.fromMs);
    if (this.video.ended || this.#wantsPlay) this.play();
  }

  #arrived() {
    const wanted = this.#target;
    this.#target = null;
    if (wanted !== null && wanted !== this.#asked) this.seek(wanted);
    else this.#tick();
  }

  /** Says what is waited for, once it takes long enough to be noticed. */
  #wait(reason, patience = PATIENCE_MS) {
    clearTimeout(this.#waitTimer);
    if (!reason) return this.#show("wait", false);
    this.#waitTimer = setTimeout(() => {
      this.querySelector("[data-wait-text]").textContent = WAITS[reason];
      this.#show("wait", true);
    }, patience);
  }

  #show(part, isShown) {
    this.querySelector(`[data-${part}]`).hidden = !isShown;
  }

  #tell(name, detail = null) {
    this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }
}

/** A browser may keep the answer that has expired under the old address. */
function fresh(address, losses) {
  return losses ? `${address}${address.includes("?") ? "&" : "?"}try=${losses}` : address;
}

customElements.define("pitch-player", PitchPlayer);
