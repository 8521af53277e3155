/**
 * <studio-room>: leads a take from the open camera to the server. The machine says what may happen next; this element
 * does it, shows the parts whose `data-while` names the state, and tells the rest by "studio-change" { state, isNewTake }.
 */
import { announce } from "../lib/announce.js";
import { on } from "../lib/dom.js";
import { DeviceError } from "../lib/studio/devices.js";
import { keptTakes } from "../lib/studio/kept.js";
import { isBusy, isHot, isLive, next } from "../lib/studio/machine.js";
import { isTake, keptWords } from "../lib/studio/manifest.js";
import { findObstacle } from "../lib/studio/obstacles.js";
import { RecordedTake } from "../lib/studio/recorded-take.js";
import { actOfKey } from "../lib/studio/room-keys.js";
import { wordsFor } from "../lib/studio/room-words.js";
import { timecode } from "../lib/time.js";
import { toast } from "../lib/toast.js";
import { keepAwake } from "../lib/wake-lock.js";

const CLOCK_MS = 200;
// Shorter than this it was a slip of the finger.
const SHORTEST_MS = 500;
// A little less than the server takes: the last second still follows.
const TAIL_BYTES = 4 * 1024 * 1024;
// Where the keys of a keyboard go after each step, when the button they were on is gone.
const FOCUS = { preview: "record", countdown: "counted", recording: "pause", paused: "resume", watching: "play", done: "open" };

customElements.define(
  "studio-room",
  class extends HTMLElement {
    #state = "check";
    #store = null;
    #take = null;
    /** A kept take that is to be recorded on. */
    #earlier = null;
    #isMuted = false;
    #counting = null;
    #clock = null;
    #title = document.title;
    #awake = keepAwake();
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      on(this, "click", "[data-act]", (_, button) => this.#act(button.dataset.act));
      addEventListener("keydown", (event) => this.#press(event), { signal });
      addEventListener("beforeunload", (event) => isHot(this.#state) && event.preventDefault(), { signal });
      const hear = (name, act) => document.addEventListener(name, act, { signal });
      hear("devices-choice", () => this.#choose());
      hear("stream-gone", () => this.#block("gone"));
      hear("screen-gone", () => this.#counting?.abort("cancel"));
      hear("prompter-ready", () => this.#draw());
      hear("kept-change", () => this.#draw());
      hear("kept-watch", ({ detail }) => this.#watch(detail));
      hear("kept-go-on", ({ detail }) => this.#goOn(detail));
      this.#playback.addEventListener("click", () => this.#act("play"), { signal });
      this.#open();
    }

    disconnectedCallback() {
      this.#leave.abort();
      clearInterval(this.#clock);
    }

    /** First whether it can be recorded here at all; then what earlier visits left; then the camera. */
    async #open() {
      const { store, obstacle } = await findObstacle(Number(this.dataset.quotaLeft));
      const isFirstLook = !this.#store;
      this.#store = store;
      if (store && isFirstLook) await this.#showKept();
      this.toggleAttribute("data-obstacle", obstacle !== null);
      if (obstacle) this.#block(obstacle);
      else await this.#check();
    }

    async #showKept() {
      const kept = await keptTakes(this.#store, this.dataset.viewer, isTake).catch(() => []);
      for (const take of kept) this.#kept.add(take);
    }

    async #check() {
      const wanted = { camera: this.#earlier?.hasCamera ?? true, microphone: !this.#isMuted };
      try {
        const isOpen = await this.#live.open(this.#devices.way, wanted);
        if (isOpen && !this.#send("ready")) this.#live.close();
      } catch (error) {
        if (!(error instanceof DeviceError)) throw error;
        this.#block(error.kind);
      }
    }

    #block(reason) {
      if (this.#send("blocked")) this.querySelector("studio-troubles").show(reason);
    }

    #choose() {
      this.#isMuted = false;
      if (!["preview", "blocked"].includes(this.#state)) return;
      // Asked for at once: browsers want to see the click that it answers.
      if (this.#devices.way !== "screen") this.#live.stopSharing();
      else if (!this.#live.isSharing) this.#live.share();
      const isHindered = this.hasAttribute("data-obstacle");
      if (this.#send("check")) isHindered ? this.#open() : this.#check();
    }

    #act(name) {
      const acts = {
        check: () => this.#choose(),
        sound: () => (this.#putBack(), this.#devices.choose("sound")),
        mute: () => ((this.#isMuted = true), this.#send("check") && this.#check()),
        share: () => this.#live.share(),
        "put-back": () => (this.#putBack(), this.#choose()),
        record: () => this.#begin(),
        counted: () => this.#counting?.abort("counted"),
        cancel: () => this.#counting?.abort("cancel"),
        pause: () => this.#send("pause") && this.#take.pause(),
        resume: () => this.#send("resume") && this.#take.resume(),
        stop: () => this.#stop(),
        again: () => this.#again(),
        play: () => this.#playback.toggle(),
        keep: () => this.#keep("keep"),
        submit: () => this.#keep("submit"),
        open: () => location.assign(this.#take.upload.take),
      };
      acts[name]?.();
    }

    #press(event) {
      const act = actOfKey(event, this.#state);
      if (!act) return;
      event.preventDefault();
      this.#act(act);
    }

    /** A kept take is taken up again, at the place where it broke off. */
    #goOn(take) {
      if (take.place !== this.dataset.recordings) return location.assign(take.studio);
      this.#putBack();
      this.#earlier = take;
      this.#devices.given = take.way;
      const text = `Press Record when you are ready. What you say then follows what was kept until ${keptWords(take.durationMs)}.`;
      this.#notices.show("going-on", { text });
      this.#choose();
    }

    #putBack() {
      if (this.#earlier) this.#kept.add(this.#earlier);
      this.#letEarlierGo();
    }

    #letEarlierGo() {
      this.#earlier = null;
      this.#devices.given = null;
      this.#notices.hide("going-on");
    }

    async #begin() {
      if (this.#devices.way === "screen" && !this.#live.isSharing && !(await this.#live.share())) return;
      if (!this.#send("record")) return;
      this.#counting = new AbortController();
      const how = await this.querySelector("studio-countdown").run(this.#counting.signal).then(() => "counted", (reason) => reason);
      if (how === "cancel") this.#send("cancel");
      else if (this.#state === "countdown") await this.#record();
    }

    async #record() {
      const isNew = !this.#earlier;
      try {
        const take = await this.#newTake();
        await take.start(this.#live.parts);
        this.#hear((this.#take = take));
      } catch (error) {
        console.error(error);
        this.#send("cancel");
        return this.#notices.show(error.kind === "full" ? "disk" : "odd");
      }
      this.#letEarlierGo();
      this.#store.persist();
      if (this.#send("counted")) return;
      // Whoever cancelled in the last instant does not find a take that runs.
      await this.#take.stop();
      if (isNew) await this.#take.discard();
      else this.#kept.add(this.#take);
    }

    #newTake() {
      const { recordings: place, viewer, title, after } = this.dataset;
      return this.#earlier ? RecordedTake.goOn(this.#earlier) : RecordedTake.begin(this.#store, { place, viewer, title, after });
    }

    #hear(take) {
      const isNow = () => take === this.#take;
      take.on("lost-device", () => isNow() && this.#cut("lost"));
      take.on("screen-ended", () => isNow() && this.#cut("screen-ended"));
      take.on("trouble", ({ detail }) => isNow() && this.#cut(detail.kind === "full" ? "disk" : "odd"));
      take.upload.addEventListener("change", () => isNow() && this.#uploadChanged(take.upload));
    }

    /** The take ends before the person said so; what there is of it is shown. */
    #cut(reason) {
      if (isHot(this.#state)) this.#stop().then(() => this.#notices.show(reason));
    }

    async #stop() {
      const take = this.#take;
      if (!this.#send("stop")) return;
      try {
        await take.stop();
        if (take.durationMs >= SHORTEST_MS && take.bytes) {
          await this.#playback.open(take);
          this.#send("saved");
          if (this.hasAttribute("data-counts-first")) this.#keep("submit");
          return;
        }
        toast("That was too short to keep.");
        await take.discard();
      } catch (error) {
        console.error(error);
        this.#notices.show("odd");
      }
      if (this.#send("empty")) await this.#check();
    }

    /** Another try. The one in hand is thrown away only when nobody takes that back for a while. */
    async #again() {
      const take = this.#take;
      const wasRunning = isHot(this.#state);
      if (!this.#send("again")) return;
      this.#playback.close();
      if (!wasRunning) this.#check();
      const stopped = wasRunning && take.stop();
      const answer = await toast("That take is thrown away.", { act: "Undo" });
      await stopped;
      if (answer !== "act") await take.discard();
      else if (next(this.#state, "watch")) await this.#watch(take);
      else this.#kept.add(take);
    }

    async #watch(take) {
      this.#putBack();
      this.#take = take;
      await this.#playback.open(take);
      this.#send("watch");
    }

    /** `wish`: "keep" leaves it private, "submit" shows it to coaches and managers once it has arrived. */
    #keep(wish) {
      if (!this.#send("keep")) return;
      const take = this.#take;
      const isFromEarlier = !(take instanceof RecordedTake);
      // A take of an earlier visit gets its way to the server only now.
      if (isFromEarlier) take.upload.addEventListener("change", () => take === this.#take && this.#uploadChanged(take.upload));
      this.querySelector("studio-sending").wish = wish;
      this.#uploadChanged(take.continue(wish));
    }

    #uploadChanged(upload) {
      if (upload.state === "signed-out") this.#notices.show("signed-out");
      else this.#notices.hide("signed-out");
      this.#tick();
      if (this.#state !== "sending") return;
      this.querySelector("studio-sending").show(upload);
      if (upload.state === "failed" && this.#send("failed")) this.#notices.show("refused", { text: upload.message });
      if (upload.state === "arrived" && this.#send("arrived")) this.#arrive(upload);
    }

    /** A refusal is read here; everything else is told by the take's own page. */
    #arrive({ take, refusal }) {
      const card = this.querySelector("[data-arrived]");
      card.hidden = !refusal;
      card.querySelector("[data-refusal]").textContent = refusal;
      if (refusal) announce(card.textContent, { urgent: true });
      else location.assign(take);
    }

    /** Takes the machine one step further; false when the event means nothing now. */
    #send(event) {
      const state = next(this.#state, event);
      if (!state) return false;
      this.#state = state;
      if (["record", "again", "keep"].includes(event)) this.#notices.clear();
      if (!isLive(state)) this.#closeDevices();
      // On a phone the brief may have been scrolled to; the picture comes back into sight.
      if (["preview", "countdown", "watching"].includes(state)) scrollTo({ top: 0 });
      this.#awake(isBusy(state));
      this.#draw();
      this.#runClock();
      this.dispatchEvent(new CustomEvent("studio-change", { bubbles: true, detail: { state, isNewTake: event === "record" } }));
      const words = wordsFor(event, { durationMs: this.#take?.durationMs ?? 0, hasPicture: this.#live.hasPicture });
      if (words) announce(words);
      return true;
    }

    #closeDevices() {
      this.#live.close();
      // A screen that was just chosen stays while the camera is still looked for.
      if (this.#state !== "blocked") this.#live.stopSharing();
    }

    #draw() {
      const state = (this.dataset.state = this.#state);
      const focused = document.activeElement;
      for (const part of this.querySelectorAll("[data-while]")) part.hidden = !part.dataset.while.split(" ").includes(state);
      const prompter = this.querySelector("studio-prompter");
      prompter.hidden ||= !prompter.isWanted;
      this.#kept.hidden ||= this.#kept.isEmpty;
      const opening = this.querySelector("[data-opening]");
      opening.textContent = state === "saving" ? "Keeping the last second." : opening.dataset.opening;
      this.querySelector("[data-clock-word]").textContent = state === "paused" ? "Paused" : "Recording";
      this.querySelector("studio-transport").from = this.#earlier?.durationMs ?? null;
      if (this.contains(focused) && !focused.checkVisibility()) this.querySelector(`[data-act="${FOCUS[state]}"]`)?.focus();
    }

    #runClock() {
      clearInterval(this.#clock);
      if (["recording", "paused"].includes(this.#state)) this.#clock = setInterval(() => this.#tick(), CLOCK_MS);
      if (this.#state === "countdown") this.#target.reset(this.#earlier?.durationMs);
      document.title = this.#title;
      this.#tick();
    }

    #tick() {
      const take = this.#take;
      if (take?.savedWords) this.#target.saved = this.querySelector("studio-scrubber").saved = take.savedWords;
      if (!["recording", "paused"].includes(this.#state)) return;
      const time = (this.querySelector("[data-clock]").textContent = timecode(take.durationMs));
      // Who shows a screen looks at another window: the tab tells the time.
      document.title = `${this.#state === "paused" ? "❚❚" : "●"} ${time} ${this.#title}`;
      this.#target.show(take.durationMs);
      if (take.durationMs >= this.#target.maxMs) this.#cut(this.#target.hasLimit ? "drill-limit" : "limit");
      else if (take.bytes >= this.#mostBytes) this.#cut("limit");
    }

    get #mostBytes() {
      return Math.min(Number(this.dataset.maxBytes), Number(this.dataset.quotaLeft)) - TAIL_BYTES;
    }

    get #live() {
      return this.querySelector("studio-live");
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

    get #kept() {
      return this.querySelector("studio-kept");
    }

    get #notices() {
      return this.querySelector("studio-notices");
    }
  },
);
