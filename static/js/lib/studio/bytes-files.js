/** The bytes of takes in files that belong to this site alone (OPFS), written by a worker. */
import workerFile from "./take-files.worker.js?file";

/** Null where the browser has no such files, or they do not give back what was written. */
export async function openFileBytes() {
  if (!navigator.storage?.getDirectory) return null;
  try {
    const files = new FileBytes(new Worker(new URL(workerFile, import.meta.url)));
    await files.begin();
    return files;
  } catch (error) {
    console.warn("Recordings are kept in the database instead of files:", error);
    return null;
  }
}

class FileBytes {
  #worker;
  #folder = null;
  #waiting = new Map();
  #asked = 0;
  #open = new Set();

  constructor(worker) {
    this.#worker = worker;
    worker.addEventListener("message", ({ data }) => this.#answered(data));
    worker.addEventListener("error", () => this.#broke());
  }

  async begin() {
    await this.#ask("begin");
    const root = await navigator.storage.getDirectory();
    this.#folder = await root.getDirectoryHandle("takes", { create: true });
  }

  append(takeId, bytes) {
    this.#open.add(takeId);
    return this.#ask("append", [takeId, bytes], [bytes]);
  }

  /** A file that is still written cannot be read from here: the browser would say that it has changed. */
  async read(takeId, from, until) {
    if (this.#open.has(takeId)) return new Blob([await this.#ask("read", [takeId, from, until])]);
    return (await this.#file(takeId)).slice(from, until);
  }

  async size(takeId) {
    if (this.#open.has(takeId)) return this.#ask("size", [takeId]);
    return (await this.#file(takeId)).size;
  }

  async seal(takeId) {
    await this.#ask("close", [takeId]);
    this.#open.delete(takeId);
  }

  async remove(takeId) {
    await this.seal(takeId);
    await this.#folder.removeEntry(takeId).catch(ifMissing);
  }

  /** A take of which nothing was written has no file yet. */
  async #file(takeId) {
    const handle = await this.#folder.getFileHandle(takeId).catch(ifMissing);
    return handle ? handle.getFile() : new Blob();
  }

  #ask(act, args = [], handedOver = []) {
    const number = (this.#asked += 1);
    return new Promise((resolve, reject) => {
      this.#waiting.set(number, { resolve, reject });
      this.#worker.postMessage({ number, act, args }, handedOver);
    });
  }

  #answered({ number, result, error }) {
    const { resolve, reject } = this.#waiting.get(number);
    this.#waiting.delete(number);
    if (error) reject(new DOMException(error.message, error.name));
    else resolve(result);
  }

  #broke() {
    for (const { reject } of this.#waiting.values()) reject(new Error("The worker that keeps recordings broke."));
    this.#waiting.clear();
  }
}

function ifMissing(error) {
  if (error.name !== "NotFoundError") throw error;
  return null;
}
