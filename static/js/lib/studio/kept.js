/** What earlier visits left in this browser: takes that were not sent to their end. */
import { HeldTake } from "./held-take.js";
import { filesOf } from "./manifest.js";

/**
 * The takes of this person that no other tab records or sends just now, the oldest first. `isWanted` is asked about each
 * manifest before it is touched.
 */
export async function keptTakes(store, viewer, isWanted = () => true) {
  const kept = [];
  for (const take of await store.list()) {
    if (take.viewer !== viewer || !isWanted(take) || !(await store.hold(take.id))) continue;
    const bytes = await bytesOf(store, take);
    if (bytes) kept.push(new KeptTake(store, take, bytes));
    // Nothing was recorded. What only cannot be read today stays.
    if (bytes === 0) await store.remove(take.id);
  }
  return kept;
}

async function bytesOf(store, take) {
  try {
    const sizes = await Promise.all(filesOf(take).map(({ id }) => store.size(id)));
    return sizes.reduce((total, size) => total + size, 0);
  } catch {
    return null;
  }
}

class KeptTake extends HeldTake {
  constructor(store, manifest, bytes) {
    super(store, manifest);
    this.bytes = bytes;
  }

  /** What was decided before the page was left: "keep", "submit", or nothing yet. */
  get wish() {
    return this.manifest.wish ?? null;
  }
}
