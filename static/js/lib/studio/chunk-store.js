/**
 * Takes that are being recorded, kept in this browser until the server has them: a crash, a reload or a dead battery
 * costs the last second or two.
 *
 * The bytes of a take lie in private files where the browser has them, else in IndexedDB. Its manifest, whatever the
 * page needs to go on (title, place, uploads, durations), is a row of IndexedDB, changed as a whole or not at all.
 *
 * A take begins with one file, which has the take's id; `addFile` gives further ones. Wherever bytes are meant, the id
 * is a file's, and `get` and `update` of a file's id speak of the take as this file.
 */
import { uuid } from "../dom.js";
import { DatabaseBytes } from "./bytes-database.js";
import { openFileBytes } from "./bytes-files.js";
import { lockOf, openStudioDatabase } from "./database.js";
import { changed, describedAs, filesOf, takeIdOf } from "./manifest.js";

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
    return new ChunkStore(await openStudioDatabase(), await openFileBytes());
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

  /** Another file of the same take, still without bytes; answers its id. */
  async addFile(takeId, { role, sequence = 0, offsetMs = 0 }) {
    const rows = this.#database.transaction("takes", "readwrite", { durability: "strict" });
    const take = await rows.store.get(takeId);
    const files = take.files ?? [];
    const id = `${takeId}.${files.length + 1}`;
    const file = { id, role, sequence, offsetMs, durationMs: 0, mimeType: "", container: "webm", upload: null };
    await kept(Promise.all([rows.store.put({ ...take, files: [...files, file] }), rows.done]));
    return id;
  }

  /** Resolves with the file's new size once the bytes would survive a crash. The buffer is not ours any more. */
  async append(fileId, bytes) {
    return kept((await this.#keeperOf(fileId)).append(fileId, bytes));
  }

  /** The bytes from one place up to another, as a Blob. */
  async read(fileId, from, until) {
    return kept((await this.#keeperOf(fileId)).read(fileId, from, until));
  }

  /** The whole file, to be watched. */
  async blob(fileId) {
    const { mimeType } = await this.get(fileId);
    const bytes = await this.read(fileId, 0, await this.size(fileId));
    return bytes.slice(0, bytes.size, mimeType);
  }

  async size(fileId) {
    return kept((await this.#keeperOf(fileId)).size(fileId));
  }

  /** Nothing will be added: from now on the bytes are read from the disk, and never lie in memory. */
  async seal(fileId) {
    await kept((await this.#keeperOf(fileId)).seal(fileId));
    this.#sealed.add(fileId);
  }

  /** Has this page sealed it? */
  isSealed(fileId) {
    return this.#sealed.has(fileId);
  }

  async get(id) {
    const take = await this.#database.get("takes", takeIdOf(id));
    if (!take) throw new StorageError("broken", new Error(`No take ${id}.`));
    return describedAs(take, id);
  }

  /** Every manifest, the oldest first. */
  async list() {
    const takes = await this.#database.getAll("takes");
    return takes.sort((a, b) => a.startedAt - b.startedAt);
  }

  async update(id, changes) {
    const rows = this.#database.transaction("takes", "readwrite");
    const take = await rows.store.get(takeIdOf(id));
    if (take) await kept(rows.store.put(changed(take, id, changes)));
    await rows.done;
    return { ...take, ...changes };
  }

  /** The take with all its files. */
  async remove(takeId) {
    const take = await this.get(takeId).catch(() => null);
    const keeper = take && this.#keepers[take.keeper];
    for (const { id } of keeper ? filesOf(take) : []) await keeper.remove(id);
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
      navigator.locks.request(lockOf(takeId), { ifAvailable: true }, (lock) => {
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

  async #keeperOf(fileId) {
    const { keeper } = await this.get(fileId);
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
