/**
 * <reply-player data-from data-duration data-waveform data-loop>: what somebody recorded in a comment, or the part of an
 * example that begins at data-from, played in its place; data-loop repeats it. Only one thing of a page plays: it stops
 * for the take and for other recordings, and they for it. Event: reply-end, once it was played to its end.
 */
import { icon, on } from "../lib/dom.js";
import { spoken } from "../lib/moment.js";
import { thePlayer } from "../lib/player.js";
import { timecode } from "../lib/time.js";
import { barsOf, openWaveform, outline } from "../lib/waveform.js";

customElements.define(
  "reply-player",
  class extends HTMLElement {
    #leave = null;

    connectedCallback() {
      this.#leave = new AbortController();
      const { signal } = this.#leave;
      const hear = (target, name, act) => target.addEventListener(name, act, { signal });
      this.#media.controls = false;
      this.#part("bar").hidden = false;
      on(this, "click", "[data-toggle], .spoken-screen", () => this.toggle(), { signal });
      on(this, "click", "[data-fill]", () => this.#media.requestFullscreen(), { signal });
      on(this, "input", "[data-seek]", (_, slider) => this.#seek(Number(slider.value)), { signal });
      for (const name of ["play", "pause", "ended"]) hear(this.#media, name, () => this.#playChanged());
      for (const name of ["timeupdate", "seeking"]) hear(this.#media, name, () => this.#tick());
      hear(this.#media, "fullscreenchange", () => (this.#media.controls = document.fullscreenElement === this.#media));
      hear(document, "play-change", ({ detail }) => detail.isPlaying && this.#media.pause());
      hear(document, "reply-play", ({ target }) => target !== this && this.#media.pause());
      this.#openWave();
    }

    disconnectedCallback() {
      this.#leave.abort();
      this.#media.pause();
    }

    get isPlaying() {
      return !this.#media.paused && !this.#media.ended;
    }

    toggle() {
      if (this.isPlaying) return this.#media.pause();
      if (this.#ms < 0 || this.#ms >= this.#durationMs) this.#seek(0);
      this.#media.play().catch(() => null);
    }

    /** From its beginning. */
    start() {
      this.#seek(0);
      this.#media.play().catch(() => null);
    }

    #seek(ms) {
      this.#media.currentTime = (this.#fromMs + ms) / 1000;
    }

    #playChanged() {
      const { isPlaying } = this;
      if (this.#media.ended && "loop" in this.dataset) return this.start();
      if (this.#media.ended) this.#tellEnd();
      if (isPlaying) {
        thePlayer()?.pause();
        this.dispatchEvent(new CustomEvent("reply-play", { bubbles: true }));
      }
      // Once it was begun it is shown large, and stays so.
      this.classList.toggle("is-open", isPlaying || this.classList.contains("is-open"));
      this.classList.toggle("is-playing", isPlaying);
      const button = this.#part("toggle");
      button.ariaLabel = isPlaying ? "Pause the recording" : "Play the recording";
      button.replaceChildren(icon(isPlaying ? "pause" : "play"));
      this.#tick();
    }

    #tick() {
      // A part of something longer ends by itself.
      if (this.#ms >= this.#durationMs && this.isPlaying) this.#end();
      const ms = Math.max(0, Math.min(this.#ms, this.#durationMs));
      const slider = this.#part("seek");
      slider.value = ms;
      slider.ariaValueText = `${spoken(ms)} of ${spoken(this.#durationMs)}`;
      this.#part("heard").setAttribute("width", `${(100 * ms) / Math.max(1, this.#durationMs)}%`);
      this.#part("now").textContent = timecode(ms && !this.#media.ended ? ms : this.#durationMs);
    }

    #end() {
      if ("loop" in this.dataset) return this.#seek(0);
      this.#media.pause();
      this.#tellEnd();
    }

    #tellEnd() {
      this.dispatchEvent(new CustomEvent("reply-end", { bubbles: true }));
    }

    /** Where there is no picture the voice is to be seen. */
    async #openWave() {
      const { waveform } = this.dataset;
      if (!waveform || !this.classList.contains("spoken--audio")) return;
      const peaks = await openWaveform(waveform).catch(() => null);
      if (!peaks) return;
      for (const path of this.#part("wave").querySelectorAll("path")) path.setAttribute("d", outline(barsOf(peaks)));
      this.#part("wave").removeAttribute("hidden");
    }

    #part(name) {
      return this.querySelector(`[data-${name}]`);
    }

    get #media() {
      return this.querySelector("video, audio");
    }

    get #ms() {
      return Math.round(this.#media.currentTime * 1000) - this.#fromMs;
    }

    get #fromMs() {
      return Number(this.dataset.from ?? 0);
    }

    get #durationMs() {
      return Number(this.dataset.duration);
    }
  },
);
