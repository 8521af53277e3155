/**
 * The bytes of a part, and what the object store is told of them, so that it refuses what changed on its way: the header
 * Content-MD5, which every S3 server knows. Read once for both, by a worker, and by the page itself where none comes up.
 */
import { md5 } from "@noble/hashes/legacy.js";
import workerFile from "./md5.worker.js?file";

let helper = null;

/** Resolves with { bytes, checksum }; rejects when the bytes cannot be read. */
export async function readPart(blob) {
  helper ??= new Helper();
  const part = (await helper.read(blob)) ?? (await read(blob));
  return { bytes: part.bytes, checksum: btoa(String.fromCharCode(...part.md5)) };
}

async function read(blob) {
  const bytes = await blob.arrayBuffer();
  return { bytes, md5: md5(new Uint8Array(bytes)) };
}

class Helper {
  #worker = new Worker(new URL(workerFile, import.meta.url), { type: "module" });
  #isGone = false;
  #waiting = new Set();

  constructor() {
    this.#worker.addEventListener("error", () => this.#leave(), { once: true });
  }

  /** Null when it is of no help. */
  read(blob) {
    if (this.#isGone) return null;
    return new Promise((resolve) => {
      const { port1, port2 } = new MessageChannel();
      const end = (part) => {
        port1.close();
        this.#waiting.delete(end);
        resolve(part);
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
