/** Signed addresses for parts: asked for when they are needed, several at once, and not used when they grow old. */
const BATCH = 8;
// The server signs for a quarter of an hour, and the part must also have begun by then.
const FRESH = 10 * 60_000;

export class Addresses {
  #numbers;
  #sign;
  #known = new Map();
  #asking = null;

  /** `numbers`: the parts in the order in which they will be sent; `sign(numbers)` resolves with number → address. */
  constructor(numbers, sign) {
    this.#numbers = [...numbers];
    this.#sign = sign;
  }

  async of(number) {
    // What another part has asked for may hold this one's too.
    while (!this.#isFresh(number)) await (this.#asking ??= this.#ask(this.#batchFrom(number)));
    return this.#known.get(number).address;
  }

  #batchFrom(number) {
    const following = this.#numbers.slice(this.#numbers.indexOf(number));
    return following.filter((each) => !this.#isFresh(each)).slice(0, BATCH);
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
