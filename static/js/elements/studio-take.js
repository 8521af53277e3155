/**
 * One take that is being made here: its recorder, its place in this browser's store, and its way to the server, which
 * begins with the first second. Also offers what <studio-kept> asks of a take.
 */
import { GrowingUpload } from "../lib/studio/growing-upload.js";
import { TakeRecorder } from "../lib/studio/take-recorder.js";
import { timecode } from "../lib/time.js";

export class RecordedTake {
  #store;

  /** `manifest`: title, place and viewer, for the visit that may have to go on with it. */
  static async begin(store, manifest) {
    return new RecordedTake(store, await store.create(manifest));
  }

  constructor(store, { id, title, startedAt }) {
    this.#store = store;
    this.id = id;
    this.title = title;
    this.startedAt = new Date(startedAt);
    this.recorder = new TakeRecorder(store, id);
    this.upload = new GrowingUpload(store, id);
  }

  async start(stream, format) {
    await this.recorder.start(stream, format);
    this.recorder.addEventListener("chunk", () => this.upload.grew());
    this.upload.begin();
  }

  get durationMs() {
    return this.recorder.durationMs;
  }

  get bytes() {
    return this.recorder.bytes;
  }

  /** How far it is safe, in the words of the line under the stage. */
  get savedWords() {
    const here = timecode(this.durationMs);
    if (this.upload.state === "resting") return `offline, saved here to ${here}`;
    if (this.upload.state === "signed-out") return `signed out, saved here to ${here}`;
    const sent = this.bytes ? Math.min(1, this.upload.sentBytes / this.bytes) : 0;
    const there = timecode(this.durationMs * sent);
    if (there === "0:00") return `saved to ${here}`;
    return there === here ? `saved and uploaded to ${here}` : `saved to ${here}, uploaded to ${there}`;
  }

  blob() {
    return this.#store.blob(this.id);
  }

  continue() {
    this.upload.finish();
    return this.upload;
  }

  discard() {
    return this.upload.discard();
  }
}
