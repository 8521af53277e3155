/**
 * Records one take into the chunk store, a chunk a second; nothing of it stays in memory.
 *
 * Events: "chunk" when more is kept, or nothing will follow; "change" when the state is another; "lost-device"
 * (detail.kind "video" or "audio") when a camera or microphone is gone; "trouble" (detail: the error) when the browser
 * cannot keep or record any more: what was kept until then is safe. States: idle, recording, paused, stopped.
 */
import { containerOf } from "./formats.js";

const SLICE_MS = 1_000;

export class TakeRecorder extends EventTarget {
  state = "idle";
  bytes = 0;
  /** When the browser began, in milliseconds of this page: what lies between two recorders is told by it. */
  startedAt = null;

  #store;
  #takeId;
  #recorder = null;
  #stopped = null;
  #ending = null;
  #keeping = Promise.resolve();
  #hasFailed = false;
  #recordedMs = 0;
  #since = null;

  /** `takeId`: a take that the store has created, or a further file of one. */
  constructor(store, takeId) {
    super();
    this.#store = store;
    this.#takeId = takeId;
  }

  /** What has been recorded, without the pauses. */
  get durationMs() {
    return Math.round(this.#recordedMs + (this.#since === null ? 0 : performance.now() - this.#since));
  }

  /** Resolves when the browser records; rejects when it cannot. */
  async start(stream, format) {
    const recorder = (this.#recorder = new MediaRecorder(stream, format.options));
    this.#stopped = this.#hear("stop");
    recorder.addEventListener("dataavailable", ({ data }) => data.size && this.#keep(data));
    recorder.addEventListener("error", ({ error }) => this.#fail(error));
    for (const track of stream.getTracks()) track.addEventListener("ended", () => this.#lose(track.kind));
    const began = this.#hear("start");
    recorder.start(SLICE_MS);
    const start = await Promise.race([began, this.#hear("error").then(({ error }) => Promise.reject(error))]);
    this.startedAt = start.timeStamp;
    this.#runClock();
    this.#become("recording");
    // When every device is gone the browser stops by itself.
    this.#stopped.then(() => this.stop());
    const mimeType = recorder.mimeType || format.mimeType;
    await this.#store.update(this.#takeId, { mimeType, container: containerOf(mimeType) });
  }

  pause() {
    if (this.state !== "recording") return;
    this.#recorder.pause();
    // A pause may be long: what was said before it is kept now.
    this.#recorder.requestData();
    this.#haltClock();
    this.#become("paused");
  }

  resume() {
    if (this.state !== "paused") return;
    this.#recorder.resume();
    this.#runClock();
    this.#become("recording");
  }

  /** Resolves when the last chunk is kept. The stream is left open: it is the page's. */
  async stop() {
    if (this.#recorder) await (this.#ending ??= this.#end());
  }

  async #end() {
    this.#haltClock();
    if (this.#recorder.state !== "inactive") this.#recorder.stop();
    await this.#stopped;
    await this.#keeping;
    await this.#store.seal(this.#takeId);
    this.#become("stopped");
    // The tail, too short for a part until now, can leave.
    this.dispatchEvent(new Event("chunk"));
  }

  /** One chunk after the other; after one that was lost no other may follow. */
  #keep(data) {
    const durationMs = this.durationMs;
    this.#keeping = this.#keeping.then(async () => {
      if (this.#hasFailed) return;
      try {
        this.bytes = await this.#store.append(this.#takeId, await data.arrayBuffer());
        await this.#store.update(this.#takeId, { durationMs });
        this.dispatchEvent(new Event("chunk"));
      } catch (error) {
        this.#fail(error);
      }
    });
  }

  #fail(error) {
    if (this.#hasFailed) return;
    this.#hasFailed = true;
    this.dispatchEvent(new CustomEvent("trouble", { detail: error }));
    this.stop();
  }

  #lose(kind) {
    if (this.state !== "stopped") this.dispatchEvent(new CustomEvent("lost-device", { detail: { kind } }));
  }

  #hear(type) {
    return new Promise((resolve) => this.#recorder.addEventListener(type, resolve, { once: true }));
  }

  #runClock() {
    this.#since = performance.now();
  }

  #haltClock() {
    this.#recordedMs = this.durationMs;
    this.#since = null;
  }

  #become(state) {
    this.state = state;
    this.dispatchEvent(new Event("change"));
  }
}
