/**
 * <studio-room>: leads a take from the open camera to the server. The machine says what may happen next; this element
 * does it, shows the parts whose `data-while` names the state, and tells the rest by "studio-change" { state, isNewTake }.
 */
import { announce } from "../lib/announce.js";
import { on } from "../lib/dom.js";
import { isFree } from "../lib/keys.js";
import { openChunkStore } from "../lib/studio/chunk-store.js";
import { DeviceError, listDevices } from "../lib/studio/devices.js";
import { bestFormat } from "../lib/studio/formats.js";
import { keptTakes } from "../lib/studio/kept.js";
import { isBusy, isHot, isLive, next } from "../lib/studio/machine.js";
import { timecode } from "../lib/time.js";
import { toast } from "../lib/toast.js";
import { keepAwake } from "../lib/wake-lock.js";
import { RecordedTake } from "./studio-take.js";

const CLOCK_MS = 200;
// Shorter than this it was a slip of the finger.
const SHORTEST_MS = 500;
// A minute of picture in our quality, and some more; with less left it is no use to begin.
const LEAST_ROOM_BYTES = 30 * 1024 * 1024;
// Where the keys of a keyboard go after each step, when the button they were on is gone.
const FOCUS = { preview: "record", countdown: "counted", recording: "pause", paused: "resume", watching: "play" };
const KEYS = {
  " ": { recording: "pause", paused: "resume", watching: "play", sending: "play" },
  r: { preview: "record", countdown: "counted", recording: "stop", paused: "stop" },
  k: { watching: "keep" },
  Escape: { countdown: "cancel" },
};

customElements.define(
  "studio-room",
  class extends HTMLElement {
    #state = "check";
    #store = null;
    #take = null;
    #isMuted = false;
    #counting = null;
    #clock = null;
    #awake = keepAwake();
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      on(this, "click", "[data-act]", (_, button) => this.#act(button.dataset.act));
      addEventListener("keydown", (event) => this.#press(event), { signal });
      addEventListener("beforeunload", (event) => isHot(this.#state) && event.preventDefault(), { signal });
      const hear = (name, act) => document.addEventListener(name, act, { signal });
      hear("devices-choice", () => this.#choose());
      hear("stream-gone", () => this.#send("blocked") && this.#block("gone"));
      hear("playback-change", () => this.#drawPlay());
      hear("prompter-ready", () => this.#draw());
      hear("kept-change", () => this.#draw());
      hear("kept-watch", ({ detail }) => this.#watch(detail));
      this.querySelector("studio-playback").addEventListener("click", () => this.#act("play"), { signal });
      this.#open();
    }

    disconnectedCallback() {
      this.#leave.abort();
      clearInterval(this.#clock);
    }

    /** First whether it can be recorded here at all; then what earlier visits left; then the camera. */
    async #open() {
      const obstacle = await this.#obstacle();
      if (this.#store) await this.#showKept();
      if (obstacle) this.#send("blocked") && this.#block(obstacle);
      else await this.#check();
    }

    async #obstacle() {
      if (!window.isSecureContext) return "insecure";
      if (!window.MediaRecorder || !navigator.mediaDevices) return "unsupported";
      try {
        this.#store = await openChunkStore();
      } catch (error) {
        console.warn(error);
        return "closed";
      }
      const room = await this.#store.room();
      if (room !== null && room < LEAST_ROOM_BYTES) return "device-full";
      return Number(this.dataset.quotaLeft) < LEAST_ROOM_BYTES ? "full" : null;
    }

    async #showKept() {
      const kept = await keptTakes(this.#store, this.dataset.viewer).catch(() => []);
      for (const take of kept) this.querySelector("studio-kept").add(take);
    }

    async #check() {
      const camera = !this.#devices.isSoundOnly;
      try {
        const isOpen = await this.#camera.open({ camera, microphone: !(camera && this.#isMuted) });
        if (isOpen && !this.#send("ready")) this.#camera.close();
      } catch (error) {
        if (!(error instanceof DeviceError)) throw error;
        if (this.#send("blocked")) this.#block(error.kind === "none" ? await missing() : error.kind);
      }
    }

    #block(reason) {
      for (const trouble of this.querySelectorAll("[data-trouble]")) trouble.hidden = trouble.dataset.trouble !== reason;
      const shown = this.querySelector("[data-trouble]:not([hidden])");
      announce(`${shown.querySelector("h2").textContent.trim()}. ${shown.querySelector("p").textContent}`);
    }

    #choose() {
      this.#isMuted = false;
      if (["preview", "blocked"].includes(this.#state) && this.#send("check")) this.#check();
    }

    #act(name) {
      const acts = {
        check: () => this.#choose(),
        sound: () => this.#devices.choose("sound"),
        mute: () => ((this.#isMuted = true), this.#send("check") && this.#check()),
        record: () => this.#send("record") && this.#countDown(),
        counted: () => this.#counting?.abort("counted"),
        cancel: () => this.#counting?.abort("cancel"),
        pause: () => this.#send("pause") && this.#take.recorder.pause(),
        resume: () => this.#send("resume") && this.#take.recorder.resume(),
        stop: () => this.#stop(),
        again: () => this.#again(),
        play: () => this.#playback.toggle(),
        keep: () => this.#keep(),
      };
      acts[name]?.();
    }

    #press(event) {
      const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
      const act = KEYS[key]?.[this.#state];
      if (!act || event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey || !isFree(event)) return;
      event.preventDefault();
      this.#act(act);
    }

    async #countDown() {
      this.#counting = new AbortController();
      const how = await this.querySelector("studio-countdown").run(this.#counting.signal).then(() => "counted", (reason) => reason);
      if (how === "cancel") this.#send("cancel");
      else if (this.#state === "countdown") await this.#record();
    }

    async #record() {
      const { recordings: place, viewer, title } = this.dataset;
      const format = bestFormat((type) => MediaRecorder.isTypeSupported(type), { audioOnly: !this.#camera.hasPicture });
      try {
        const take = await RecordedTake.begin(this.#store, { place, viewer, title });
        await take.start(this.#camera.stream, format);
        this.#follow((this.#take = take));
      } catch (error) {
        console.error(error);
        this.#send("cancel");
        return this.#note(error.kind === "full" ? "disk" : "odd");
      }
      this.#store.persist();
      // Whoever cancelled in the last instant does not find a take that runs.
      if (!this.#send("counted")) await this.#take.recorder.stop().then(() => this.#take.discard());
    }

    #follow(take) {
      const isNow = () => take === this.#take;
      take.recorder.addEventListener("lost-device", () => isNow() && this.#cut("lost"));
      take.recorder.addEventListener("trouble", ({ detail }) => isNow() && this.#cut(detail.kind === "full" ? "disk" : "odd"));
      take.upload.addEventListener("change", () => isNow() && this.#uploadChanged(take.upload));
    }

    /** The take ends before the person said so; what there is of it is shown. */
    #cut(reason) {
      if (isHot(this.#state)) this.#stop().then(() => this.#note(reason));
    }

    async #stop() {
      const take = this.#take;
      if (!this.#send("stop")) return;
      try {
        await take.recorder.stop();
        if (take.durationMs >= SHORTEST_MS && take.bytes) {
          await this.#play(take);
          this.#send("saved");
          return;
        }
        toast("That was too short to keep.");
        await take.discard();
      } catch (error) {
        console.error(error);
        this.#note("odd");
      }
      if (this.#send("empty")) await this.#check();
    }

    async #play(take) {
      const blob = await take.blob();
      this.#playback.open(blob, { durationMs: take.durationMs, hasVideo: !blob.type.startsWith("audio") });
    }

    /** Another try. The one in hand is thrown away only when nobody takes that back for a while. */
    async #again() {
      const take = this.#take;
      const wasRunning = isHot(this.#state);
      if (!this.#send("again")) return;
      this.#playback.close();
      if (!wasRunning) this.#check();
      const stopped = take.recorder?.stop();
      const answer = await toast("That take is thrown away.", { act: "Undo" });
      await stopped;
      if (answer !== "act") await take.discard();
      else if (next(this.#state, "watch")) await this.#watch(take);
      else this.querySelector("studio-kept").add(take);
    }

    async #watch(take) {
      this.#take = take;
      await this.#play(take);
      this.#send("watch");
    }

    #keep() {
      if (!this.#send("keep")) return;
      const take = this.#take;
      const upload = take.continue();
      // A take of an earlier visit gets its way to the server only now.
      if (!take.upload) upload.addEventListener("change", () => take === this.#take && this.#uploadChanged(upload));
      this.#uploadChanged(upload);
    }

    #uploadChanged(upload) {
      this.#note("signed-out", { isShown: upload.state === "signed-out" });
      this.#tick();
      if (this.#state !== "sending") return;
      this.querySelector("studio-sending").show(upload);
      if (upload.state === "arrived" && this.#send("arrived")) location.assign(upload.take);
      if (upload.state === "failed" && this.#send("failed")) this.#note("refused", { text: upload.message });
    }

    #note(name, { isShown = true, text = null } = {}) {
      const notice = this.querySelector(`[data-notice="${name}"]`);
      if (notice.hidden !== isShown) return;
      notice.hidden = !isShown;
      if (text) notice.querySelector(".notice-text span").textContent = text;
      if (isShown) announce(notice.querySelector(".notice-text").textContent, { urgent: true });
    }

    /** Takes the machine one step further; false when the event means nothing now. */
    #send(event) {
      const state = next(this.#state, event);
      if (!state) return false;
      this.#state = state;
      if (["record", "again", "keep"].includes(event)) {
        for (const notice of this.querySelectorAll("[data-notice]")) notice.hidden = true;
      }
      if (!isLive(state)) this.#camera.close();
      // On a phone the brief may have been scrolled to; the picture comes back into sight.
      if (["preview", "countdown", "watching"].includes(state)) scrollTo({ top: 0 });
      this.#awake(isBusy(state));
      this.#draw();
      this.#runClock();
      this.dispatchEvent(new CustomEvent("studio-change", { bubbles: true, detail: { state, isNewTake: event === "record" } }));
      const words = this.#words(event);
      if (words) announce(words);
      return true;
    }

    #words(event) {
      const at = timecode(this.#take?.durationMs ?? 0);
      const said = {
        ready: "Camera and microphone are open.",
        cancel: "Cancelled.",
        counted: "Recording.",
        pause: `Paused at ${at}.`,
        resume: "Recording goes on.",
        saved: `Your take of ${at} is ready to be watched.`,
        keep: "Sending.",
      };
      return this.#state === "preview" && event === "ready" && !this.#camera.hasPicture ? "The microphone is open." : said[event];
    }

    #draw() {
      const state = (this.dataset.state = this.#state);
      const focused = document.activeElement;
      for (const part of this.querySelectorAll("[data-while]")) part.hidden = !part.dataset.while.split(" ").includes(state);
      const [prompter, kept] = [this.querySelector("studio-prompter"), this.querySelector("studio-kept")];
      prompter.hidden ||= !prompter.isWanted;
      kept.hidden ||= kept.isEmpty;
      const opening = this.querySelector("[data-opening]");
      opening.textContent = state === "saving" ? "Keeping the last second." : opening.dataset.opening;
      this.querySelector("[data-clock-word]").textContent = state === "paused" ? "Paused" : "Recording";
      if (this.contains(focused) && !focused.checkVisibility()) this.querySelector(`[data-act="${FOCUS[state]}"]`)?.focus();
    }

    #drawPlay() {
      const button = this.querySelector('[data-act="play"]');
      const { isPlaying } = this.#playback;
      button.querySelector("[data-label]").textContent = isPlaying ? "Pause" : "Play";
      button.querySelector("use").setAttribute("href", button.querySelector("use").getAttribute("href").replace(/#.*/, isPlaying ? "#pause" : "#play"));
    }

    #runClock() {
      clearInterval(this.#clock);
      if (["recording", "paused"].includes(this.#state)) this.#clock = setInterval(() => this.#tick(), CLOCK_MS);
      if (this.#state === "countdown") this.#target.reset();
      this.#tick();
    }

    #tick() {
      const take = this.#take;
      if (take?.savedWords) this.#target.saved = this.querySelector("studio-scrubber").saved = take.savedWords;
      if (!["recording", "paused"].includes(this.#state)) return;
      this.querySelector("[data-clock]").textContent = timecode(take.durationMs);
      this.#target.show(take.durationMs);
      if (take.durationMs >= this.#target.maxMs || take.bytes >= this.#mostBytes) this.#cut("limit");
    }

    /** A little less than the server takes: the last second still follows. */
    get #mostBytes() {
      return Math.min(Number(this.dataset.maxBytes), Number(this.dataset.quotaLeft)) - 4 * 1024 * 1024;
    }

    get #camera() {
      return this.querySelector("studio-camera");
    }

    get #devices() {
      return this.querySelector("studio-devices");
    }

    get #playback() {
      return this.querySelector("studio-playback");
    }

    get #target() {
      return this.querySelector("studio-target");
    }
  },
);

/** What exactly is not there, so that the sentence can say it. */
async function missing() {
  const { cameras, microphones } = await listDevices();
  if (microphones.length) return "no-camera";
  return cameras.length ? "no-microphone" : "none";
}
