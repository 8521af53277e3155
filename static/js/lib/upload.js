/**
 * The way of one file from this browser to the object store, in parts, straight to signed addresses.
 *
 * 1. Our server begins the upload, or says which parts of an unfinished one have arrived: the store is the witness.
 * 2. What is missing is sent, as every delivery sends its parts.
 * 3. When all have arrived our server puts the file together. Every step may be repeated.
 *
 * States: waiting, sending, resting (tries again by itself), paused, finishing, arrived, failed, discarded.
 */
import { askJSON } from "./http.js";
import { Delivery } from "./upload/delivery.js";
import { fingerprint } from "./upload/fingerprint.js";
import { forgetUpload, knownUpload, rememberUpload } from "./upload/unfinished.js";

export class Upload extends Delivery {
  #file;
  #place;
  #presenter;
  #viewer;
  #partSize = null;
  #missing = [];

  /** `place`: the address that begins uploads; `presenter`: fields that say who presents, when it is somebody else. */
  constructor(file, { place, viewer, presenter = {} }) {
    super();
    this.#file = file;
    this.#place = place;
    this.#viewer = viewer;
    this.#presenter = presenter;
  }

  get file() {
    return this.#file;
  }

  get name() {
    return this.#file.name;
  }

  get size() {
    return this.#file.size;
  }

  /** Do the files before it hold all places? */
  get isInLine() {
    return this.state === "sending" && this.isIdle;
  }

  /** Would something be lost if the page were closed now? */
  get isUnderWay() {
    return ["waiting", "sending", "resting", "finishing"].includes(this.state);
  }

  /** Begins, or goes on after a pause or a failure. */
  start() {
    return this.travel(async (signal) => {
      do {
        if (!(await this.#open(signal))) await this.deliver(signal);
        // No address: at the end the store turned out to have dropped it. The file is still here.
      } while (this.url === null);
      forgetUpload(this.url);
    });
  }

  pause() {
    this.stop("paused");
  }

  /** Stops; `start` is still possible, until `forget` throws away what has arrived. */
  discard() {
    this.stop("discarded");
  }

  async forget() {
    if (!this.url) return;
    forgetUpload(this.url);
    await askJSON(this.url, { method: "DELETE" });
  }

  /** Learns which parts are missing; true when the whole file has arrived in an earlier visit. */
  async #open(signal) {
    await this.check();
    const marks = {
      fingerprint: await fingerprint(this.#file),
      place: this.#place,
      presenter: JSON.stringify(this.#presenter),
      viewer: this.#viewer,
    };
    signal.throwIfAborted();
    this.url ??= knownUpload(marks)?.url ?? null;
    const found = this.url && (await this.resume(signal));
    if (!found) await this.#begin(marks, signal);
    return found === "arrived";
  }

  async #begin(marks, signal) {
    const file = {
      file_name: this.name,
      size_bytes: this.size,
      content_type: this.#file.type,
      fingerprint: marks.fingerprint,
      ...this.#presenter,
    };
    const begun = await this.insist(() => askJSON(this.#place, { method: "POST", json: file, signal }), signal);
    this.url = begun.upload;
    rememberUpload({ ...marks, url: this.url, name: this.name, size: this.size });
    this.expect(begun, []);
  }

  expect({ take, part_size: partSize }, arrived) {
    this.take = take;
    this.#partSize = partSize;
    const count = Math.ceil(this.size / partSize);
    const here = new Set(arrived);
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    this.#missing = numbers.filter((number) => !here.has(number));
    const arrivedHere = numbers.filter((number) => here.has(number));
    this.arrivedBytes = arrivedHere.reduce((total, number) => total + this.#slice(number).size, 0);
  }

  lose() {
    forgetUpload(this.url);
  }

  send(signal) {
    return this.sendParts(this.#missing, (number) => this.#slice(number), signal);
  }

  #slice(number) {
    return this.#file.slice((number - 1) * this.#partSize, number * this.#partSize);
  }

  /** A file on disk may be moved or changed while it is sent; the browser then only says "error". */
  async check() {
    try {
      await this.#file.slice(0, 1).arrayBuffer();
    } catch {
      throw new Unreadable();
    }
  }

  inWords(error) {
    return error instanceof Unreadable ? UNREADABLE : super.inWords(error);
  }
}

class Unreadable extends Error {}

const UNREADABLE =
  "This file can no longer be read. Was it moved or changed? Choose it again: what has arrived is kept.";
