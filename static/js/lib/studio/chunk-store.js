/**
 * Takes that are being recorded, kept in this browser until the server has them: a crash, a reload or a dead battery
 * costs the last second or two.
 *
 * The bytes of a take lie in a private file where the browser has one, else in IndexedDB. Its manifest, whatever the
 * page needs to go on (title, place, upload, duration), is a row of IndexedDB, changed as a whole or not at all.
 */
import { openDB } from "idb";
import { uuid } from "../dom.js";
import { DatabaseBytes } from "./bytes-database.js";
import { openFileBytes } from "./bytes-files.js";

export class StorageError extends Error {
  /** `kind`: "closed" (the browser keeps nothing), "full" or "broken". */
  constructor(kind, cause) {
    super(WORDS[kind], { cause });
    this.name = "StorageError";
    this.kind = kind;
  }
}

const WORDS = {
  closed: "This browser keeps nothing for pages, so a recording would not be safe here.",
  full: "There is no more room on this device.",
  broken: "This browser could not keep the recording.",
};

/** Rejects with a `StorageError` where a browser keeps nothing (some private windows). */
export async function openChunkStore() {
  try {
    const database = await openDB("studio", 1, {
      upgrade(opening) {
        opening.createObjectStore("takes", { keyPath: "id" });
        opening.createObjectStore("chunks", { keyPath: ["take", "from"] });
      },
    });
    return new ChunkStore(database, await openFileBytes());
  } catch (error) {
    throw new StorageError("closed", error);
  }
}

class ChunkStore {
  #database;
  #keepers;
  #held = new Map();
  #sealed = new Set();

  constructor(database, files) {
    this.#database = database;
    this.#keepers = { files, database: new DatabaseBytes(database) };
  }

  /** A new take without bytes, held by this page; what is given comes back in its manifest. */
  async create(manifest) {
    const keeper = this.#keepers.files ? "files" : "database";
    const take = { id: uuid(), startedAt: Date.now(), durationMs: 0, ...manifest, keeper };
    await this.hold(take.id);
    // "strict": it is on the disk before the first byte is.
    const rows = this.#database.transaction("takes", "readwrite", { durability: "strict" });
    await kept(Promise.all([rows.store.add(take), rows.done]));
    return take;
  }

  /** Resolves with the take's new size once the bytes would survive a crash. The buffer is not ours any more. */
  async append(takeId, bytes) {
    return kept((await this.#keeperOf(takeId)).append(takeId, bytes));
  }

  /** The bytes from one place up to another, as a Blob. */
  async read(takeId, from, until) {
    return kept((await this.#keeperOf(takeId)).read(takeId, from, until));
  }

  /** The whole take, to be watched. */
  async blob(takeId) {
    const { mimeType } = await this.get(takeId);
    const bytes = await this.read(takeId, 0, await this.size(takeId));
    return bytes.slice(0, bytes.size, mimeType);
  }

  async size(takeId) {
    return kept((await this.#keeperOf(takeId)).size(takeId));
  }

  /** Nothing will be added: from now on the bytes are read from the disk, and never lie in memory. */
  async seal(takeId) {
    await kept((await this.#keeperOf(takeId)).seal(takeId));
    this.#sealed.add(takeId);
  }

  /** Has this page sealed it? */
  isSealed(takeId) {
    return this.#sealed.has(takeId);
  }

  async get(takeId) {
    const take = await this.#database.get("takes", takeId);
    if (!take) throw new StorageError("broken", new Error(`No take ${takeId}.`));
    return take;
  }

  /** Every manifest, the oldest first. */
  async list() {
    const takes = await this.#database.getAll("takes");
    return takes.sort((a, b) => a.startedAt - b.startedAt);
  }

  async update(takeId, changes) {
    const rows = this.#database.transaction("takes", "readwrite");
    const take = await rows.store.get(takeId);
    if (take) await kept(rows.store.put({ ...take, ...changes }));
    await rows.done;
    return { ...take, ...changes };
  }

  async remove(takeId) {
    const keeper = await this.#keeperOf(takeId).catch(() => null);
    await keeper?.remove(takeId);
    await this.#database.delete("takes", takeId);
    this.#held.get(takeId)?.();
    this.#held.delete(takeId);
  }

  /**
   * True when this page alone works on the take from now on, until it is removed or the page is gone, however it went.
   * Another tab that records or sends it is so told from one that has crashed.
   */
  async hold(takeId) {
    if (this.#held.has(takeId) || !navigator.locks) return true;
    return new Promise((resolve) => {
      navigator.locks.request(`take:${takeId}`, { ifAvailable: true }, (lock) => {
        resolve(lock !== null);
        return lock && new Promise((letGo) => this.#held.set(takeId, letGo));
      });
    });
  }

  /** Asks the browser not to clear what is kept when it needs room; true when it promises. */
  async persist() {
    return (await navigator.storage?.persist?.().catch(() => false)) ?? false;
  }

  /** Bytes that still fit, as far as the browser says; else null. */
  async room() {
    const estimate = await navigator.storage?.estimate?.().catch(() => null);
    return estimate ? Math.max(0, estimate.quota - estimate.usage) : null;
  }

  async #keeperOf(takeId) {
    const { keeper } = await this.get(takeId);
    if (!this.#keepers[keeper]) throw new StorageError("closed");
    return this.#keepers[keeper];
  }
}

async function kept(work) {
  try {
    return await work;
  } catch (error) {
    if (error instanceof StorageError) throw error;
    throw new StorageError(error.name === "QuotaExceededError" ? "full" : "broken", error);
  }
}
