/**
 * What the object store is told of a part, so that it refuses what changed on its way: the header Content-MD5, which
 * every S3 server knows. Computed by a worker, and by the page itself where none comes up.
 */
import { md5 } from "@noble/hashes/legacy.js";
import workerFile from "./md5.worker.js?file";

let helper = null;

/** Rejects when the bytes cannot be read. */
export async function contentMD5(blob) {
  helper ??= new Helper();
  const digest = (await helper.md5Of(blob)) ?? md5(new Uint8Array(await blob.arrayBuffer()));
  return btoa(String.fromCharCode(...digest));
}

class Helper {
  #worker = new Worker(new URL(workerFile, import.meta.url), { type: "module" });
  #isGone = false;
  #waiting = new Set();

  constructor() {
    this.#worker.addEventListener("error", () => this.#leave(), { once: true });
  }

  /** Null when it is of no help. */
  md5Of(blob) {
    if (this.#isGone) return null;
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const end = (digest) => {
        port1.close();
        this.#waiting.delete(end);
        resolve(digest);
      };
      this.#waiting.add(end);
      port1.addEventListener("message", ({ data }) => end(data), { once: true });
      port1.start();
      this.#worker.postMessage(blob, [port2]);
    });
  }

  #leave() {
    this.#isGone = true;
    for (const end of this.#waiting) end(null);
  }
}
