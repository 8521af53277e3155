/**
 * The way of a whole take to the server: each of its files by itself, all of them while they grow. The first one opens
 * the take there, the others join it. Only when every file has arrived, and the take is submitted where that is wished,
 * the copy in this browser goes.
 *
 * Says what a <studio-sending> or <studio-kept> shows: the states of GrowingUpload, `percent`, `take` (its address) and,
 * where the server did not want it to be submitted, `refusal`.
 */
import { HttpError } from "../http.js";
import { GrowingUpload } from "./growing-upload.js";
import { filesOf } from "./manifest.js";
import { submitTake } from "./submission.js";

// Of several files the one that tells most.
const TELLING = ["failed", "signed-out", "resting", "sending", "waiting"];

export class TakeUpload extends EventTarget {
  refusal = "";

  #store;
  #takeId;
  #uploads = new Map();
  #ended = null;
  #failure = "";
  #finishing = null;
  #leave = new AbortController();

  constructor(store, takeId) {
    super();
    this.#store = store;
    this.#takeId = takeId;
  }

  get state() {
    if (this.#ended) return this.#ended;
    return TELLING.find((state) => this.#all.some((upload) => upload.state === state)) ?? "finishing";
  }

  get message() {
    return this.#failure || (this.#all.find(({ state }) => state === this.state)?.message ?? "");
  }

  get take() {
    return this.#lead?.take ?? null;
  }

  get size() {
    return this.#all.reduce((total, { size }) => total + size, 0);
  }

  get sentBytes() {
    return this.#all.reduce((total, { sentBytes }) => total + sentBytes, 0);
  }

  get percent() {
    if (this.#ended === "arrived") return 100;
    return Math.min(99, Math.floor((100 * this.sentBytes) / (this.size || 1)));
  }

  /** Begins to send what there is; files that joined the take since are sent as well. */
  async begin() {
    for (const { id } of filesOf(await this.#store.get(this.#takeId))) {
      if (!this.#uploads.has(id)) this.#follow(id).begin();
    }
    this.#tell();
  }

  grew() {
    for (const upload of this.#all) upload.grew();
  }

  /** Sends what is missing; `wishes` ("wish", "layout") stay in the manifest until they are granted. Never rejects. */
  finish(wishes = {}) {
    if (this.state === "failed") this.#finishing = null;
    this.#finishing ??= this.#finish(wishes);
    return this.#finishing;
  }

  async discard() {
    this.#leave.abort();
    this.#ended = "discarded";
    const further = this.#all.slice(1);
    for (const upload of further) upload.stop("discarded");
    // The server throws all of it away with its first file.
    await (this.#lead ?? this.#follow(this.#takeId)).discard();
    this.#tell();
  }

  async #finish(wishes) {
    this.#failure = "";
    this.#ended = null;
    try {
      await this.#store.update(this.#takeId, wishes);
      await this.begin();
      await this.#open();
      await Promise.all(this.#all.map((upload) => upload.finish()));
      if (!this.#all.every(({ state }) => state === "arrived")) return;
      await this.#submit();
      await this.#store.remove(this.#takeId);
      this.#end("arrived");
    } catch (error) {
      if (this.#leave.signal.aborted) return;
      // A file that failed says so itself.
      if (this.state === "failed") return this.#tell();
      console.error(error);
      this.#failure = this.#lead ? this.#lead.inWords(error) : error.message;
      this.#end("failed");
    }
  }

  /** The server must know of every file before the first is finished: it would take the one for the whole. */
  async #open() {
    for (const upload of this.#all) if (upload.state === "failed") upload.begin();
    await Promise.all(this.#all.map((upload) => isOpen(upload, this.#leave.signal)));
  }

  /** A lost connection or an ended session is waited for, as on the way. A refusal is told, and the take stays private. */
  async #submit() {
    const { wish } = await this.#store.get(this.#takeId);
    if (wish !== "submit") return;
    try {
      const { signal } = this.#leave;
      await this.#lead.insist(() => submitTake(this.take), signal);
    } catch (error) {
      if (!(error instanceof HttpError) || error.isOffline) throw error;
      this.refusal = error.message;
    }
  }

  #follow(fileId) {
    const Kind = fileId === this.#takeId ? FirstFile : FurtherFile;
    const upload = new Kind(this.#store, fileId, this.#lead);
    upload.addEventListener("change", () => this.#tell());
    this.#uploads.set(fileId, upload);
    return upload;
  }

  #end(state) {
    this.#ended = state;
    this.#tell();
  }

  #tell() {
    this.dispatchEvent(new Event("change"));
  }

  get #all() {
    return [...this.#uploads.values()];
  }

  get #lead() {
    return this.#uploads.get(this.#takeId) ?? null;
  }
}

class FirstFile extends GrowingUpload {
  /** The others may still be on their way. */
  async settle() {}
}

class FurtherFile extends FirstFile {
  #lead;

  constructor(store, fileId, lead) {
    super(store, fileId);
    this.#lead = lead;
  }

  async placeOf(_, signal) {
    await isOpen(this.#lead, signal);
    return `${this.#lead.take}/sources`;
  }
}

/** Resolves once the server has told where the take is. Rejects when that file cannot be sent. */
async function isOpen(upload, signal) {
  signal.throwIfAborted();
  if (upload.take) return;
  await new Promise((resolve, reject) => {
    const look = () => {
      if (upload.take) resolve();
      if (upload.state === "failed") reject(new Error(upload.message));
    };
    upload.addEventListener("change", look, { signal });
    signal.addEventListener("abort", () => reject(signal.reason), { once: true });
  });
}
