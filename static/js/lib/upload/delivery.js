/**
 * Bytes on their way from this browser to the object store, in parts, straight to signed addresses: what a file that
 * is whole and a recording that still grows have in common.
 *
 * Three parts travel at once, over all deliveries of the page. Each is sent again after a lost connection, a stall or
 * an address that is too old, with growing rests; other parts and other files go on meanwhile. The store is told the
 * checksum of each: what changed on its way is refused there, and sent again.
 *
 * A child says how to `send` what is missing, and what it makes of what our server has (`expect`) or has dropped
 * (`lose`); it may refine `insist`, `check` and `inWords`.
 * "change" is told when the state changes and, while bytes travel, a few times a second.
 */
import { HttpError, askJSON } from "../http.js";
import { Addresses } from "./addresses.js";
import { contentMD5 } from "./checksum.js";
import { MOST_REFUSALS, insist } from "./insist.js";
import { Pace } from "./pace.js";
import { PartError, putPart } from "./put-part.js";
import { Slots } from "./slots.js";

const LANES = 3;
const TELL_EVERY = 250;
const slots = new Slots(LANES);
let turns = 0;

export class Delivery extends EventTarget {
  state = "waiting";
  message = "";
  url = null;
  take = null;
  arrivedBytes = 0;

  #turn = (turns += 1);
  #run = null;
  #travelling = new Map();
  #pace = new Pace();
  #timer = null;

  get sentBytes() {
    return this.state === "arrived" ? this.size : this.arrivedBytes + sum(this.#travelling.values());
  }

  get percent() {
    return Math.min(this.state === "arrived" ? 100 : 99, Math.floor((this.sentBytes / (this.size || 1)) * 100));
  }

  get bytesPerSecond() {
    return this.#pace.bytesPerSecond;
  }

  get secondsLeft() {
    return this.#pace.secondsFor(this.size - this.sentBytes);
  }

  /** Does nothing of it travel just now? */
  get isIdle() {
    return this.#travelling.size === 0;
  }

  /** Goes the whole way, anew if it was under way. Never rejects: what went wrong is the state "failed". */
  async travel(way) {
    this.#run?.abort();
    const run = (this.#run = new AbortController());
    this.become("waiting");
    try {
      await way(run.signal);
      this.become("arrived");
    } catch (error) {
      if (!run.signal.aborted) this.stop("failed", this.inWords(error));
    }
  }

  stop(state, message = "") {
    this.#run?.abort();
    this.#travelling.clear();
    this.#pace.reset();
    this.become(state, message);
  }

  /** Where an upload stands that was begun before; null when the store has dropped it. */
  async resume(signal) {
    try {
      const found = await this.insist(() => askJSON(this.url, { signal }), signal);
      this.expect(found, found.arrived);
      return found.state === "awaiting_upload" ? "unfinished" : "arrived";
    } catch (error) {
      if (error.status !== 404) throw error;
      this.lose();
      this.url = null;
      return null;
    }
  }

  /**
   * Sends what is missing and has the file put together; the store may miss a part that it once took, or all of them:
   * then there is no address any more, and the upload begins anew.
   */
  async deliver(signal, announce = () => undefined) {
    for (let tries = 0; ; tries += 1) {
      await this.send(signal);
      this.become("finishing");
      try {
        const request = { method: "POST", json: announce(), signal };
        await this.insist(() => askJSON(`${this.url}/completion`, request), signal);
        return;
      } catch (error) {
        if (error.status !== 409 || tries >= MOST_REFUSALS) throw error;
        if ((await this.resume(signal)) !== "unfinished") return;
      }
    }
  }

  /** Sends these parts; a number leaves the list when its turn comes. `partOf` gives the bytes of one, as a Blob. */
  async sendParts(numbers, partOf, signal) {
    this.become("sending");
    const addresses = new Addresses(numbers, (wanted) => this.#sign(wanted, signal));
    const lane = async () => {
      for (let number; (number = numbers.shift()); ) {
        await this.#sendPart(number, await partOf(number), addresses, signal);
      }
    };
    await Promise.all(Array.from({ length: LANES }, lane));
  }

  async #sign(numbers, signal) {
    const { addresses } = await askJSON(`${this.url}/parts`, { method: "POST", json: { numbers }, signal });
    return addresses;
  }

  async #sendPart(number, blob, addresses, signal) {
    await this.insist(async () => {
      const giveBack = await slots.take(this.#turn, signal);
      this.#travelling.set(number, 0);
      try {
        // Only a part that has a place is read, so few lie in memory at once.
        const [address, checksum] = await Promise.all([addresses.of(number), contentMD5(blob)]);
        const onprogress = (loaded) => this.#progress(number, loaded);
        await putPart(address, blob, { checksum, signal, onprogress });
      } catch (error) {
        addresses.forget(number);
        throw error;
      } finally {
        this.#travelling.delete(number);
        giveBack();
      }
    }, signal);
    signal.throwIfAborted();
    this.arrivedBytes += blob.size;
    this.partArrived(number);
    this.#progress();
  }

  /** Does something until it works; rests in between, and gives up what will not change. */
  insist(act, signal) {
    const onrest = () => this.isIdle && this.become("resting", WORDS.resting);
    return insist(act, signal, { check: () => this.check(), onrest, mostOutages: this.mostOutages });
  }

  /** Throws when going on makes no sense any more. */
  async check() {}

  /** For who must know which parts need not be sent again. */
  partArrived() {}

  inWords(error) {
    if (error instanceof PartError) return error.status ? WORDS.refused : WORDS.silent;
    if (error instanceof HttpError) return error.isOffline ? WORDS.silent : error.message;
    console.error(error);
    return WORDS.broken;
  }

  #progress(number = null, loaded = 0) {
    if (number !== null) this.#travelling.set(number, loaded);
    this.#pace.add(this.sentBytes);
    if (this.state !== "sending") this.become("sending");
    this.#timer ??= setTimeout(() => this.#tell(), TELL_EVERY);
  }

  become(state, message = "") {
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

const WORDS = {
  resting: "The connection is gone. It goes on by itself; what has arrived is safe.",
  refused: "The file store refuses the file. What has arrived is kept; try again in a while.",
  silent: "No connection for a long time. What has arrived is kept; try again when you are back online.",
  broken: "The upload stopped by a fault of this page. What has arrived is kept: reload and choose the file again.",
};

function sum(numbers) {
  return [...numbers].reduce((total, number) => total + number, 0);
}
