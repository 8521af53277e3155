/**
 * <reply-recorder data-place data-spot data-seconds>: saying it instead of writing it, inside the form of a comment.
 * What is recorded is kept in this browser and sent meanwhile, and a later visit finds it at the same spot.
 *
 *   closed → opening → ready → counting → recording → saving → watching → kept
 *
 * "recorder-open" when somebody begins to speak instead of writing; "recorder-change" with each state.
 */
import "./studio-camera.js";
import "./studio-countdown.js";
import "./studio-level.js";
import "./studio-playback.js";
import { announce } from "../lib/announce.js";
import { icon, on } from "../lib/dom.js";
import { forget, recall, remember } from "../lib/memory.js";
import { thePlayer } from "../lib/player.js";
import { HeldReply, replyStore } from "../lib/replies.js";
import { DeviceError } from "../lib/studio/devices.js";
import { bestFormat } from "../lib/studio/formats.js";
import { keptTakes } from "../lib/studio/kept.js";
import { missingDevices } from "../lib/studio/obstacles.js";
import { timecode } from "../lib/time.js";
import { toast } from "../lib/toast.js";
import { keepAwake } from "../lib/wake-lock.js";

const NEXT = {
  closed: { open: "opening", watch: "watching", found: "kept" },
  opening: { ready: "ready", trouble: "blocked", close: "closed" },
  blocked: { open: "opening", close: "closed" },
  ready: { record: "counting", open: "opening", trouble: "blocked", close: "closed" },
  counting: { counted: "recording", cancel: "ready", trouble: "blocked" },
  recording: { stop: "saving" },
  saving: { saved: "watching", empty: "opening" },
  watching: { keep: "kept", open: "opening", close: "closed" },
  kept: { watch: "watching", open: "opening", close: "closed" },
};
const LIVE = ["opening", "ready", "counting", "recording"];
const BUSY = ["opening", "counting", "recording", "saving"];
const FOCUS = { closed: "open", opening: "close", ready: "record", counting: "counted", recording: "stop", watching: "keep" };
const WORDS = {
  ready: "Camera and microphone are open.",
  counted: "Recording.",
  saved: "Your recording is ready to be watched.",
  keep: "Kept.",
};
const VOICE_ONLY = "reply:voice-only";
const CLOCK_MS = 200;
const SHORTEST_MS = 500;
const WARN_MS = 10_000;

customElements.define(
  "reply-recorder",
  class extends HTMLElement {
    #state = "closed";
    #take = null;
    #reply = null;
    #counting = null;
    #clock = null;
    #hasWarned = false;
    #awake = keepAwake();
    #leave = null;

    connectedCallback() {
      this.#leave = new AbortController();
      const { signal } = this.#leave;
      on(this, "click", "[data-recorder]", (_, button) => this.#act(button.dataset.recorder), { signal });
      on(this, "input", "[data-seek]", (_, slider) => this.#playback.seek(Number(slider.value)), { signal });
      const hear = (name, act, target = this) => target.addEventListener(name, act, { signal });
      // A form that unfolds when it takes the focus would take the button away from under the finger.
      on(this, "mousedown", '[data-recorder="open"]', (event) => event.preventDefault(), { signal });
      hear("keydown", (event) => this.#press(event));
      hear("playback-change", () => this.#drawPlay());
      hear("stream-gone", () => this.#send("trouble") && this.#block("gone"));
      hear("recorder-open", ({ target }) => target !== this && this.#makeWay(), document);
      hear("beforeunload", (event) => this.isBusy && event.preventDefault(), window);
      this.#offerKept();
    }

    disconnectedCallback() {
      this.#leave.abort();
      clearInterval(this.#clock);
    }

    get isClosed() {
      return this.#state === "closed";
    }

    /** Must something else happen before it can be posted? */
    get isBusy() {
      return BUSY.includes(this.#state);
    }

    open() {
      if (!this.isClosed) return;
      if ([...document.querySelectorAll("reply-recorder")].some((other) => other.isBusy)) return toast("Finish the other recording first.");
      this.#lay();
      this.dispatchEvent(new CustomEvent("recorder-open", { bubbles: true }));
      thePlayer()?.pause();
      if (this.#send("open")) this.#check();
    }

    /** The reply that is to be posted, or null. */
    keep() {
      if (this.#state === "watching") this.#send("keep");
      return this.#state === "kept" ? this.#reply : null;
    }

    /** It belongs to the comment from here on. */
    handOver() {
      const reply = this.keep();
      if (reply) this.posted();
      else this.#act("close");
      return reply;
    }

    posted() {
      forget(this.#key);
      this.#take = this.#reply = null;
      this.#send("close");
    }

    /** The comment was not posted after all. */
    takeBack(reply) {
      this.#lay();
      this.#reply = reply;
      remember(this.#key, reply);
      this.#send("found");
      this.#offerKept();
    }

    #act(name) {
      const acts = {
        open: () => this.open(),
        check: () => this.#reopen(),
        camera: () => this.#choose(false),
        voice: () => this.#choose(true),
        write: () => this.#send("close") && this.#words?.focus(),
        record: () => this.#send("record") && this.#countDown(),
        counted: () => this.#counting?.abort("counted"),
        stop: () => this.#stop(),
        play: () => this.#playback.toggle(),
        watch: () => this.#watch(),
        keep: () => this.#send("keep") && this.#words?.focus(),
        again: () => this.#reopen(),
        discard: () => this.#drop("close"),
        close: () => this.#close(),
      };
      acts[name]();
    }

    #press(event) {
      if (event.key !== "Escape" || this.isClosed) return;
      event.preventDefault();
      event.stopPropagation();
      this.#close();
    }

    #close() {
      if (this.#state === "counting") this.#counting.abort("cancel");
      else if (["opening", "ready", "blocked"].includes(this.#state)) this.#send("close");
    }

    #makeWay() {
      if (["opening", "ready", "blocked"].includes(this.#state)) this.#send("close");
    }

    #choose(isVoiceOnly) {
      remember(VOICE_ONLY, isVoiceOnly);
      this.#reopen();
    }

    /** Devices once more; what was recorded is thrown away, unless that is taken back. */
    #reopen() {
      if (this.#reply) this.#drop("open");
      else if (this.#send("open")) this.#check();
    }

    async #check() {
      const obstacle = await this.#obstacle();
      if (obstacle) return this.#send("trouble") && this.#block(obstacle);
      try {
        const isOpen = await this.#camera.open({ camera: !this.#isVoiceOnly, microphone: true });
        if (isOpen && !this.#send("ready")) this.#camera.close();
      } catch (error) {
        if (!(error instanceof DeviceError)) throw error;
        if (this.#send("trouble")) this.#block(error.kind === "none" ? await missingDevices() : error.kind);
      }
    }

    async #obstacle() {
      if (!window.isSecureContext) return "insecure";
      if (!window.MediaRecorder || !navigator.mediaDevices) return "unsupported";
      return replyStore().then(() => null, () => "closed");
    }

    #block(reason) {
      for (const trouble of this.querySelectorAll("[data-trouble]")) trouble.hidden = trouble.dataset.trouble !== reason;
      this.querySelector("[data-trouble]:not([hidden]) button").focus();
    }

    async #countDown() {
      thePlayer()?.pause();
      this.#counting = new AbortController();
      const how = await this.querySelector("studio-countdown").run(this.#counting.signal).then(() => "counted", (reason) => reason);
      if (how === "cancel") this.#send("cancel");
      else if (this.#state === "counting") await this.#record();
    }

    async #record() {
      const { place, viewer, title, spot } = this.dataset;
      const { stream, hasPicture: hasVideo } = this.#camera;
      const format = bestFormat((type) => MediaRecorder.isTypeSupported(type), { audioOnly: !hasVideo });
      try {
        const take = await HeldReply.begin(await replyStore(), { place, viewer, title, spot });
        await take.start(stream, format);
        this.#follow(take, hasVideo);
      } catch (error) {
        console.error(error);
        if (this.#send("trouble")) this.#block(error.kind === "full" ? "full" : "busy");
        return;
      }
      if (!this.#send("counted")) await this.#take.recorder.stop().then(() => this.#take.discard());
    }

    #follow(take, hasVideo) {
      this.#take = take;
      this.#reply = { id: take.id, durationMs: 0, hasVideo, recording: null };
      this.#hasWarned = false;
      remember(this.#key, this.#reply);
      const isNow = () => take === this.#take;
      take.recorder.addEventListener("lost-device", () => isNow() && this.#cut("The camera or microphone went away. What you said until then is kept."));
      take.recorder.addEventListener("trouble", () => isNow() && this.#cut("This browser could not keep more. What you said until then is kept."));
      take.upload.addEventListener("change", () => isNow() && this.#uploadChanged(take.upload));
    }

    #uploadChanged({ state, message, recording }) {
      if (state === "failed") this.#note(message);
      if (!recording || this.#reply.recording === recording) return;
      this.#reply.recording = recording;
      remember(this.#key, this.#reply);
    }

    #cut(words) {
      if (this.#state === "recording") this.#stop().then(() => this.#note(words));
    }

    async #stop() {
      const take = this.#take;
      if (!this.#send("stop")) return;
      await take.recorder.stop();
      if (take.durationMs >= SHORTEST_MS && take.recorder.bytes) {
        this.#reply.durationMs = take.durationMs;
        remember(this.#key, this.#reply);
        await this.#playback.open(take);
        this.#send("saved");
        return;
      }
      toast("That was too short to keep.");
      this.#forget();
      await take.discard();
      if (this.#send("empty")) await this.#check();
    }

    async #watch() {
      await this.#playback.open(this.#take);
      this.#send("watch");
    }

    /** Thrown away only when nobody takes that back for a while. */
    async #drop(event) {
      const [take, reply] = [this.#take, this.#reply];
      this.#forget();
      if (this.#send(event) && event === "open") this.#check();
      if ((await toast("The recording is thrown away.", { act: "Undo" })) !== "act") return take?.discard();
      if (this.isBusy || this.#reply) return toast("It is kept until this page is left.", { tone: "info" });
      if (!this.isClosed) this.#send("close");
      this.#take = take;
      this.takeBack(reply);
    }

    #forget() {
      forget(this.#key);
      this.#take = this.#reply = null;
    }

    /** What an earlier visit recorded at this spot and did not post. */
    async #offerKept() {
      const reply = recall(this.#key);
      if (!reply || this.#take) return;
      const isMine = ({ id, spot }) => id === reply.id && spot === this.dataset.spot;
      const store = await replyStore();
      const [kept] = await keptTakes(store, this.dataset.viewer, isMine).catch(() => []);
      const take = kept && new HeldReply(store, kept);
      // Neither here nor at the server: it was thrown away, or another tab has it in hand.
      if (!take && !reply.recording) return;
      this.#lay();
      this.#take = take ?? null;
      this.#reply = { ...reply, durationMs: Math.max(1000, take?.durationMs ?? reply.durationMs) };
      if (this.closest("details")) this.closest("details").open = true;
      this.#send("found");
      this.#draw();
    }

    #note(text) {
      const note = this.querySelector("[data-note]");
      note.hidden = !text;
      note.textContent = text;
    }

    /** Takes the recorder one step further; false when the event means nothing now. */
    #send(event) {
      const state = NEXT[this.#state][event];
      if (!state) return false;
      this.#state = state;
      if (["open", "record", "close"].includes(event)) this.#note("");
      // While the last second is kept there is nothing to press; what comes next is owed the focus.
      const isNowhere = event === "saved" && document.activeElement === document.body;
      const isOwedFocus = event === "open" || isNowhere || this.contains(document.activeElement);
      if (!LIVE.includes(state)) this.#camera.close();
      if (state !== "watching") this.#playback.close();
      this.#awake(this.isBusy);
      this.#draw();
      if (isOwedFocus && (event === "ready" || !this.#hasFocus)) this.querySelector(`[data-recorder="${FOCUS[state]}"]`)?.focus();
      this.#runClock();
      if (WORDS[event]) announce(WORDS[event]);
      this.dispatchEvent(new CustomEvent("recorder-change", { bubbles: true }));
      return true;
    }

    #draw() {
      const state = (this.dataset.state = this.#state);
      for (const part of this.querySelectorAll("[data-while]")) part.hidden = !part.dataset.while.split(" ").includes(state);
      for (const name of ["camera", "voice"]) {
        const button = this.querySelector(`.seg [data-recorder="${name}"]`);
        button.ariaPressed = String((name === "voice") === this.#isVoiceOnly);
      }
      if (state === "kept") this.#drawKept();
    }

    /** On something that is still to be seen? */
    get #hasFocus() {
      return this.contains(document.activeElement) && document.activeElement.checkVisibility();
    }

    #drawKept() {
      const { durationMs, hasVideo } = this.#reply;
      this.querySelector("[data-kept-title]").textContent = `${hasVideo ? "Your recording" : "Your voice"}, ${timecode(durationMs)}`;
      this.querySelector('[data-recorder="watch"]').hidden = !this.#take;
    }

    #drawPlay() {
      const { isPlaying, timeMs, durationMs } = this.#playback;
      const button = this.querySelector('[data-recorder="play"]');
      button.querySelector("span").textContent = isPlaying ? "Pause" : "Play";
      button.querySelector(".icon").replaceWith(icon(isPlaying ? "pause" : "play"));
      const slider = this.querySelector("[data-seek]");
      slider.max = durationMs;
      slider.value = timeMs;
      this.querySelector("[data-now]").textContent = `${timecode(timeMs)} of ${timecode(durationMs)}`;
    }

    #runClock() {
      clearInterval(this.#clock);
      if (this.#state !== "recording") return;
      this.#clock = setInterval(() => this.#tick(), CLOCK_MS);
      this.#tick();
    }

    #tick() {
      const limitMs = Number(this.dataset.seconds) * 1000;
      const leftMs = limitMs - this.#take.durationMs;
      this.querySelector("[data-used]").value = 1 - leftMs / limitMs;
      this.querySelector("[data-left]").textContent = `${timecode(Math.max(0, leftMs) + 999)} left`;
      if (leftMs <= WARN_MS && !this.#hasWarned) announce("Ten seconds are left. Then the recording ends by itself.");
      this.#hasWarned ||= leftMs <= WARN_MS;
      if (leftMs <= 0) this.#cut("This is the longest a reply may be; it ended by itself.");
    }

    /** Its parts lie in the page once, and are laid in where somebody opens it. */
    #lay() {
      if (this.querySelector(".recorder-box")) return;
      this.append(document.importNode(document.getElementById("recorder-parts").content, true));
    }

    get #key() {
      return `reply:${this.dataset.spot}:${this.dataset.viewer}`;
    }

    get #isVoiceOnly() {
      return recall(VOICE_ONLY, false) === true;
    }

    get #words() {
      return this.closest("[data-spoken], form")?.querySelector("textarea");
    }

    get #camera() {
      return this.querySelector("studio-camera");
    }

    get #playback() {
      return this.querySelector("studio-playback");
    }
  },
);
