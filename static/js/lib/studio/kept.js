/** What earlier visits left in this browser: takes that were not sent to their end. */
import { GrowingUpload } from "./growing-upload.js";

/**
 * The takes of this person that no other tab records or sends just now, the oldest first. What was recorded for a
 * comment has a `spot`, and is asked for by it.
 */
export async function keptTakes(store, viewer, spot = null) {
  const kept = [];
  for (const take of await store.list()) {
    if (take.viewer !== viewer || (take.spot ?? null) !== spot || !(await store.hold(take.id))) continue;
    const bytes = await store.size(take.id).catch(() => null);
    if (bytes) kept.push(new KeptTake(store, take, bytes));
    // Nothing was recorded. What only cannot be read today stays.
    if (bytes === 0) await store.remove(take.id);
  }
  return kept;
}

class KeptTake {
  #store;
  #upload;

  constructor(store, take, bytes) {
    this.#store = store;
    this.#upload = new GrowingUpload(store, take.id);
    this.id = take.id;
    this.title = take.title;
    this.place = take.place;
    this.startedAt = new Date(take.startedAt);
    this.durationMs = take.durationMs;
    this.bytes = bytes;
  }

  /** To be watched before it is decided what becomes of it. */
  blob() {
    return this.#store.blob(this.id);
  }

  /** Sends what is missing and has the take put together. Returns its upload, to be followed. */
  continue() {
    this.#upload.finish();
    return this.#upload;
  }

  discard() {
    return this.#upload.discard();
  }
}
