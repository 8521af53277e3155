/**
 * The way of one file from this browser to the object store, in parts, straight to signed addresses.
 *
 * 1. Our server begins the upload, or says which parts of an unfinished one have arrived: the store is the witness.
 * 2. Three parts travel at once, over all files of the page. Each is sent again after a lost connection, a stall or an
 *    address that is too old, with growing rests; other parts and other files go on meanwhile.
 * 3. When all have arrived our server puts the file together. Every step may be repeated.
 *
 * States: waiting, sending, resting (tries again by itself), paused, finishing, arrived, failed, discarded.
 * "change" is told when the state changes and, while bytes travel, a few times a second.
 */
import { HttpError, askJSON } from "./http.js";
import { Addresses } from "./upload/addresses.js";
import { fingerprint } from "./upload/fingerprint.js";
import { Pace } from "./upload/pace.js";
import { PartError, putPart } from "./upload/put-part.js";
import { Slots } from "./upload/slots.js";
import { forgetUpload, knownUpload, rememberUpload } from "./upload/unfinished.js";

const slots = new Slots(3);
let turns = 0;

const SHORTEST_REST = 1_000;
const LONGEST_REST = 30_000;
// Ten minutes and more of silence or trouble on the other side; a refusal is repeated far less often.
const MOST_OUTAGES = 25;
const MOST_REFUSALS = 5;
const TELL_EVERY = 250;

export class Upload extends EventTarget {
  state = "waiting";
  message = "";
  url = null;
  take = null;

  #file;
  #place;
  #presenter;
  #viewer;
  #turn = (turns += 1);
  #run = null;
  #partSize = null;
  #missing = [];
  #arrivedBytes = 0;
  #travelling = new Map();
  #pace = new Pace();
  #timer = null;

  /** `place`: the address that begins uploads; `presenter`: fields that say who presents, when it is somebody else. */
  constructor(file, { place, viewer, presenter = {} }) {
    super();
    this.#file = file;
    this.#place = place;
    this.#viewer = viewer;
    this.#presenter = presenter;
  }

  get name() {
    return this.#file.name;
  }

  get size() {
    return this.#file.size;
  }

  get sentBytes() {
    return this.state === "arrived" ? this.size : this.#arrivedBytes + sum(this.#travelling.values());
  }

  get percent() {
    return Math.min(this.state === "arrived" ? 100 : 99, Math.floor((this.sentBytes / this.size) * 100));
  }

  get bytesPerSecond() {
    return this.#pace.bytesPerSecond;
  }

  get secondsLeft() {
    return this.#pace.secondsFor(this.size - this.sentBytes);
  }

  /** Do the files before it hold all places? */
  get isInLine() {
    return this.state === "sending" && this.#travelling.size === 0;
  }

  /** Would something be lost if the page were closed now? */
  get isUnderWay() {
    return ["waiting", "sending", "resting", "finishing"].includes(this.state);
  }

  /** Begins, or goes on after a pause or a failure. Never rejects: what went wrong is the state "failed". */
  async start() {
    this.#run?.abort();
    const run = (this.#run = new AbortController());
    this.#become("waiting");
    try {
      if (!(await this.#open(run.signal))) await this.#deliver(run.signal);
      forgetUpload(this.url);
      this.#become("arrived");
    } catch (error) {
      if (!run.signal.aborted) this.#stop("failed", inWords(error));
    }
  }

  pause() {
    this.#stop("paused");
  }

  /** Stops; `undiscard` is still possible, until `forget` throws away what has arrived. */
  discard() {
    this.#stop("discarded");
  }

  async forget() {
    if (!this.url) return;
    forgetUpload(this.url);
    await askJSON(this.url, { method: "DELETE" });
  }

  #stop(state, message = "") {
    this.#run?.abort();
    this.#travelling.clear();
    this.#pace.reset();
    this.#become(state, message);
  }

  /** Learns which parts are missing; true when the whole file has arrived in an earlier visit. */
  async #open(signal) {
    if (!(await isReadable(this.#file))) throw new Unreadable();
    const marks = {
      fingerprint: await fingerprint(this.#file),
      place: this.#place,
      presenter: JSON.stringify(this.#presenter),
      viewer: this.#viewer,
    };
    signal.throwIfAborted();
    this.url ??= knownUpload(marks)?.url ?? null;
    const found = this.url && (await this.#resume(signal));
    if (!found) await this.#begin(marks, signal);
    return found === "arrived";
  }

  /** Where an upload stands that was begun before; null when the store has dropped it. */
  async #resume(signal) {
    try {
      const found = await this.#insist(() => askJSON(this.url, { signal }), signal);
      this.#expect(found, found.arrived);
      return found.state === "awaiting_upload" ? "unfinished" : "arrived";
    } catch (error) {
      if (error.status !== 404) throw error;
      forgetUpload(this.url);
      this.url = null;
      return null;
    }
  }

  async #begin(marks, signal) {
    const file = {
      file_name: this.name,
      size_bytes: this.size,
      content_type: this.#file.type,
      fingerprint: marks.fingerprint,
      ...this.#presenter,
    };
    const begun = await this.#insist(() => askJSON(this.#place, { method: "POST", json: file, signal }), signal);
    this.url = begun.upload;
    rememberUpload({ ...marks, url: this.url, name: this.name, size: this.size });
    this.#expect(begun, []);
  }

  #expect({ take, part_size: partSize }, arrived) {
    this.take = take;
    this.#partSize = partSize;
    const count = Math.ceil(this.size / partSize);
    const here = new Set(arrived);
    const numbers = Array.from({ length: count }, (_, index) => index + 1);
    this.#missing = numbers.filter((number) => !here.has(number));
    this.#arrivedBytes = sum(numbers.filter((number) => here.has(number)).map((number) => this.#slice(number).size));
  }

  /** Sends what is missing and has the file put together; the store may miss a part that it once took. */
  async #deliver(signal) {
    for (let tries = 0; ; tries += 1) {
      await this.#send(signal);
      this.#become("finishing");
      try {
        await this.#insist(() => askJSON(`${this.url}/completion`, { method: "POST", signal }), signal);
        return;
      } catch (error) {
        if (error.status !== 409 || tries >= MOST_REFUSALS) throw error;
        if ((await this.#resume(signal)) !== "unfinished") return;
      }
    }
  }

  async #send(signal) {
    this.#become("sending");
    const addresses = new Addresses(this.#missing, (numbers) => this.#sign(numbers, signal));
    const lane = async () => {
      for (let number; (number = this.#missing.shift()); ) await this.#sendPart(number, addresses, signal);
    };
    await Promise.all([lane(), lane(), lane()]);
  }

  async #sign(numbers, signal) {
    const { addresses } = await askJSON(`${this.url}/parts`, { method: "POST", json: { numbers }, signal });
    return addresses;
  }

  async #sendPart(number, addresses, signal) {
    const blob = this.#slice(number);
    await this.#insist(async () => {
      const giveBack = await slots.take(this.#turn, signal);
      this.#travelling.set(number, 0);
      try {
        const address = await addresses.of(number);
        const onprogress = (loaded) => this.#progress(number, loaded);
        await putPart(address, blob, { signal, onprogress });
      } catch (error) {
        addresses.forget(number);
        throw error;
      } finally {
        this.#travelling.delete(number);
        giveBack();
      }
    }, signal);
    signal.throwIfAborted();
    this.#arrivedBytes += blob.size;
    this.#progress();
  }

  /** Does something until it works; rests in between, and gives up what will not change. */
  async #insist(act, signal) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await act();
      } catch (error) {
        signal.throwIfAborted();
        if (!(await isReadable(this.#file))) throw new Unreadable();
        if (!isWorthRepeating(error) || tries >= patience(error)) throw error;
        // The first repetition goes unsaid: most hiccups end with it.
        if (tries > 0 && this.#travelling.size === 0) this.#become("resting", WORDS.resting);
        await rest(tries, signal);
      }
    }
  }

  #slice(number) {
    return this.#file.slice((number - 1) * this.#partSize, number * this.#partSize);
  }

  #progress(number = null, loaded = 0) {
    if (number !== null) this.#travelling.set(number, loaded);
    this.#pace.add(this.sentBytes);
    if (this.state !== "sending") this.#become("sending");
    this.#timer ??= setTimeout(() => this.#tell(), TELL_EVERY);
  }

  #become(state, message = "") {
    if (state === "resting") this.#pace.reset();
    this.state = state;
    this.message = message;
    this.#tell();
  }

  #tell() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.dispatchEvent(new Event("change"));
  }
}

class Unreadable extends Error {}

const WORDS = {
  resting: "The connection is gone. It goes on by itself; what has arrived is safe.",
  unreadable: "This file can no longer be read. Was it moved or changed? Choose it again: what has arrived is kept.",
  refused: "The file store refuses the file. What has arrived is kept; try again in a while.",
  silent: "No connection for a long time. What has arrived is kept; try again when you are back online.",
  broken: "The upload stopped by a fault of this page. What has arrived is kept: reload and choose the file again.",
};

function inWords(error) {
  if (error instanceof Unreadable) return WORDS.unreadable;
  if (error instanceof PartError) return error.status ? WORDS.refused : WORDS.silent;
  if (!(error instanceof HttpError)) {
    console.error(error);
    return WORDS.broken;
  }
  return error.isOffline ? WORDS.silent : error.message;
}

/** The store says 403 to an address that is too old, so that is repeated; our own server means its refusals. */
function isWorthRepeating(error) {
  if (error instanceof PartError) return error.status !== 404;
  return error instanceof HttpError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

function patience({ status }) {
  return status >= 400 && status < 500 ? MOST_REFUSALS : MOST_OUTAGES;
}

/** A file on disk may be moved or changed while it is sent; the browser then only says "error". */
async function isReadable(file) {
  try {
    await file.slice(0, 1).arrayBuffer();
    return true;
  } catch {
    return false;
  }
}

/** A rest that grows with each try, with some chance in it, and ends when the connection is back. */
function rest(tries, signal) {
  const milliseconds = Math.min(LONGEST_REST, SHORTEST_REST * 2 ** tries) * (0.75 + Math.random() / 2);
  return new Promise((resolve, reject) => {
    const ended = new AbortController();
    const end = (settle) => () => {
      clearTimeout(timer);
      ended.abort();
      settle();
    };
    const timer = setTimeout(end(resolve), milliseconds);
    addEventListener("online", end(resolve), { signal: ended.signal });
    signal.addEventListener("abort", end(() => reject(signal.reason)), { signal: ended.signal });
  });
}

function sum(numbers) {
  return [...numbers].reduce((total, number) => total + number, 0);
}
