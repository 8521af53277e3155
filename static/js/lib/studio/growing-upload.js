/**
 * The way of a take to the object store while it is still being recorded, so that at its end only the tail is missing.
 *
 * 1. `begin()` opens the upload, or learns what has arrived of an earlier try; nothing is lost when it fails.
 * 2. `grew()` says that the chunk store has more; every whole part is sent as soon as it is there, and the tail as
 *    soon as the take is sealed.
 * 3. `finish()` says that the take is wanted: the server puts the file together, and only then the copy in this
 *    browser goes.
 *
 * A lost connection may last: it is tried for as long as the page is open. When the session has ended it waits until
 * the same person has signed in again, in another tab.
 *
 * States: waiting, sending, resting (tries again by itself), signed-out, finishing, arrived, failed, discarded.
 */
import { HttpError, askJSON } from "../http.js";
import { Delivery } from "../upload/delivery.js";
import { StorageError } from "./chunk-store.js";
import { signedInAgain } from "./session.js";

export class GrowingUpload extends Delivery {
  size = 0;
  mostOutages = Infinity;
  // Of a reply: by this name a comment takes it along.
  recording = null;

  #store;
  #takeId;
  #partSize = null;
  #arrived = new Set();
  #isWanted = false;
  #said = {};
  #journey = null;
  #wake = () => {};

  /** `takeId`: a take of the store, or a further file of one; its manifest says the `place` that begins recordings. */
  constructor(store, takeId) {
    super();
    this.#store = store;
    this.#takeId = takeId;
  }

  /** Begins, or goes on after a failure. Resolves when it has arrived or failed: `state` says which. */
  begin() {
    this.#wake();
    this.#journey = this.travel(async (signal) => {
      do {
        if (!(await this.#open(signal))) await this.deliver(signal, () => this.#said);
        // No address: at the end the store turned out to have dropped it. All bytes are still here.
      } while (this.url === null);
      await this.settle();
    });
    return this.#journey;
  }

  /** It has arrived: the copy in this browser goes. */
  async settle() {
    await this.#store.remove(this.#takeId);
  }

  /** The address that begins the upload. */
  async placeOf({ place }) {
    return place;
  }

  grew() {
    this.#wake();
  }

  /** Resolves as `begin` does. After a failure it is another try. */
  finish() {
    this.#isWanted = true;
    this.#wake();
    return this.#journey && this.state !== "failed" ? this.#journey : this.begin();
  }

  /** Throws the take away, here and on the server. */
  async discard() {
    this.stop("discarded");
    const { upload } = await this.#store.get(this.#takeId);
    await this.#store.remove(this.#takeId);
    // The server drops by itself what nobody finishes: a failure here costs nothing.
    if (upload) await askJSON(upload, { method: "DELETE" }).catch(() => null);
  }

  /** True when everything has arrived in an earlier visit. */
  async #open(signal) {
    const take = await this.#store.get(this.#takeId);
    this.size = await this.#store.size(this.#takeId);
    this.url = take.upload ?? null;
    const found = this.url && (await this.resume(signal));
    if (!found) await this.#begin(take, signal);
    return found === "arrived";
  }

  async #begin(take, signal) {
    const place = await this.placeOf(take, signal);
    const begun = await this.insist(() => askJSON(place, { method: "POST", json: announced(take), signal }), signal);
    await this.#store.update(this.#takeId, { upload: begun.upload });
    this.url = begun.upload;
    this.expect(begun, []);
  }

  expect({ take, recording = null, part_size: partSize }, arrived) {
    this.take = take;
    this.recording = recording;
    this.#partSize = partSize;
    this.#arrived = new Set(arrived);
    this.arrivedBytes = Math.min(this.size, arrived.length * partSize);
  }

  /** The store has dropped what nobody touched for long. All bytes are still here: the upload begins anew. */
  lose() {
    this.#arrived.clear();
    this.arrivedBytes = 0;
  }

  async send(signal) {
    for (;;) {
      const isWhole = this.#isWanted || this.#store.isSealed(this.#takeId);
      this.size = await this.#store.size(this.#takeId);
      await this.sendParts(this.#due(isWhole), (number) => this.#part(number), signal);
      if (isWhole && this.#isWanted) return this.#close();
      if (!this.#isWanted) await this.#growth();
      signal.throwIfAborted();
    }
  }

  /** What is said at the end: how long it became, and what has been measured and chosen meanwhile. */
  async #close() {
    const { offsetMs, layout } = await this.#store.get(this.#takeId);
    this.#said = { size_bytes: this.size, offset_ms: offsetMs, ...(layout && { layout }) };
  }

  #growth() {
    return new Promise((resolve) => (this.#wake = resolve));
  }

  stop(...how) {
    super.stop(...how);
    this.#wake();
  }

  /** The parts that can be sent now: the last one only when nothing will follow it. */
  #due(isWhole) {
    const parts = this.size / this.#partSize;
    const count = isWhole ? Math.ceil(parts) : Math.floor(parts);
    return Array.from({ length: count }, (_, index) => index + 1).filter((number) => !this.#arrived.has(number));
  }

  #part(number) {
    const from = (number - 1) * this.#partSize;
    return this.#store.read(this.#takeId, from, Math.min(this.size, from + this.#partSize));
  }

  partArrived(number) {
    this.#arrived.add(number);
  }

  /** A session that ended, or another that began since the page was opened, is no reason to give up. */
  async insist(act, signal) {
    for (let hasFreshToken = false; ; ) {
      try {
        return await super.insist(act, signal);
      } catch (error) {
        signal.throwIfAborted();
        const isStale = error instanceof HttpError && (error.status === 401 || error.status === 400);
        // What is refused with a token of this very moment is refused for another reason.
        if (!isStale || hasFreshToken) throw error;
        await signedInAgain(signal, () => this.become("signed-out", SIGNED_OUT));
        hasFreshToken = true;
      }
    }
  }

  inWords(error) {
    if (error instanceof StorageError) return error.message;
    return error instanceof HttpError ? error.message : super.inWords(error);
  }
}

const SIGNED_OUT = "You are signed out. Sign in in another tab: sending goes on by itself, and nothing is lost.";

function announced(take) {
  const { id, mimeType, role = "camera", sequence = 0, offsetMs = 0, after } = take;
  const file = { file_name: nameOf(take), content_type: mimeType, fingerprint: `recording:${id}` };
  return { ...file, role, sequence, offset_ms: offsetMs, after };
}

/** "Recording 2026-05-03 14.07.webm", in the time of who recorded it; a screen's is called "Screen …". */
function nameOf({ startedAt, container, role }) {
  const at = new Date(startedAt);
  const local = new Date(at - at.getTimezoneOffset() * 60_000).toISOString();
  const what = role === "screen" ? "Screen" : "Recording";
  return `${what} ${local.slice(0, 10)} ${local.slice(11, 16).replace(":", ".")}.${container}`;
}
