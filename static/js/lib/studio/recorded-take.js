/**
 * A take that is being made here: its recorders, one for each file, which begin, pause and end together; its place in
 * this browser's store; and its way to the server, which begins with the first second.
 *
 * Files of one take have one clock. `start` may be called on a take of an earlier visit: it is then recorded on, as its
 * next stretch. Events: "screen-ended" when the sharing was ended elsewhere; "lost-device" when a camera or microphone is
 * gone; "trouble" (detail: the error) when the browser cannot keep or record any more.
 */
import { timecode } from "../time.js";
import { HeldTake } from "./held-take.js";
import { durationOf, filesOf, stretchesOf } from "./manifest.js";
import { TakeRecorder } from "./take-recorder.js";

export class RecordedTake extends HeldTake {
  #recorders = [];
  #events = new EventTarget();
  #beforeMs = 0;
  #beforeBytes = 0;

  /** `manifest`: title, place and viewer, for the visit that may have to go on with it. */
  static async begin(store, manifest) {
    return new RecordedTake(store, await store.create(manifest));
  }

  /** The same take, to be recorded on. */
  static async goOn({ store, id, bytes }) {
    const take = new RecordedTake(store, await store.get(id));
    take.#beforeMs = durationOf(take.manifest);
    take.#beforeBytes = bytes;
    // What was written before is whole now: its last piece can leave.
    for (const file of filesOf(take.manifest)) await store.seal(file.id);
    return take;
  }

  on(name, listener) {
    this.#events.addEventListener(name, listener);
  }

  /** `parts`: { role, stream, format } of each file; the first one's clock is the take's. */
  async start(parts) {
    const ids = await this.#placesFor(parts);
    this.#recorders = ids.map((id) => new TakeRecorder(this.store, id));
    try {
      for (const [index, { stream, format }] of parts.entries()) await this.#recorders[index].start(stream, format);
    } catch (error) {
      await this.stop();
      throw error;
    }
    await this.#setClock(ids);
    for (const [index, { role }] of parts.entries()) this.#hear(this.#recorders[index], role);
    this.upload.begin();
  }

  pause() {
    for (const recorder of this.#recorders) recorder.pause();
  }

  resume() {
    for (const recorder of this.#recorders) recorder.resume();
  }

  async stop() {
    await Promise.all(this.#recorders.map((recorder) => recorder.stop()));
    this.manifest = await this.store.get(this.id);
  }

  get durationMs() {
    return this.#beforeMs + (this.#recorders[0]?.durationMs ?? 0);
  }

  get bytes() {
    return this.#recorders.reduce((total, { bytes }) => total + bytes, this.#beforeBytes);
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

  /** The first file of a take is made with it; all others join. */
  async #placesFor(parts) {
    const isNew = this.#beforeBytes === 0;
    const sequence = isNew ? 0 : stretchesOf(this.manifest).length;
    const ids = [];
    for (const { role } of parts) {
      if (isNew && !ids.length) {
        await this.store.update(this.id, { role });
        ids.push(this.id);
      } else {
        ids.push(await this.store.addFile(this.id, { role, sequence, offsetMs: this.#beforeMs }));
      }
    }
    return ids;
  }

  /** How much later than the first recorder each other one began. */
  async #setClock([, ...others]) {
    const [lead, ...followers] = this.#recorders;
    for (const [index, id] of others.entries()) {
      const later = Math.round(followers[index].startedAt - lead.startedAt);
      await this.store.update(id, { offsetMs: this.#beforeMs + later });
    }
    this.manifest = await this.store.get(this.id);
  }

  #hear(recorder, role) {
    const lost = role === "screen" ? "screen-ended" : "lost-device";
    recorder.addEventListener("chunk", () => this.upload.grew());
    recorder.addEventListener("lost-device", () => this.#events.dispatchEvent(new Event(lost)));
    recorder.addEventListener("trouble", ({ detail }) => {
      this.#events.dispatchEvent(new CustomEvent("trouble", { detail }));
    });
  }
}
