/** Signed addresses for parts: asked for when they are needed, several at once, and not used when they grow old. */
const BATCH = 8;
// The server signs for a quarter of an hour, and the part must also have begun by then.
const FRESH = 10 * 60_000;

export class Addresses {
  #sign;
  #known = new Map();
  #asking = null;

  /** `sign(numbers)` resolves with an object from number to address. */
  constructor(sign) {
    this.#sign = sign;
  }

  /** The address of a part; `next` are those that will be asked for soon. */
  async of(number, next) {
    if (!this.#isFresh(number)) await this.#asking;
    if (!this.#isFresh(number)) await (this.#asking = this.#ask([number, ...next].slice(0, BATCH)));
    return this.#known.get(number).address;
  }

  forget(number) {
    this.#known.delete(number);
  }

  #isFresh(number) {
    const known = this.#known.get(number);
    return known !== undefined && Date.now() - known.at < FRESH;
  }

  async #ask(numbers) {
    try {
      const addresses = await this.#sign(numbers);
      const at = Date.now();
      for (const number of numbers) this.#known.set(number, { address: addresses[number], at });
    } finally {
      this.#asking = null;
    }
  }
}
