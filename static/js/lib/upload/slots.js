/** Places for things that run at once; who came first on the page is served first. */
export class Slots {
  #free;
  #waiting = [];

  constructor(count) {
    this.#free = count;
  }

  /** Resolves with the function that gives the place back. A lower `turn` goes before a higher one. */
  async take(turn, signal) {
    if (this.#free > 0) this.#free -= 1;
    else await this.#queue(turn, signal);
    return this.#giver();
  }

  #queue(turn, signal) {
    return new Promise((resolve, reject) => {
      const leave = () => {
        this.#waiting = this.#waiting.filter((other) => other !== place);
        reject(signal.reason);
      };
      const enter = () => {
        signal.removeEventListener("abort", leave);
        resolve();
      };
      const place = { turn, enter };
      signal.throwIfAborted();
      signal.addEventListener("abort", leave);
      this.#waiting.push(place);
      this.#waiting.sort((a, b) => a.turn - b.turn);
    });
  }

  #giver() {
    let isGiven = false;
    return () => {
      if (isGiven) return;
      isGiven = true;
      const next = this.#waiting.shift();
      if (next) next.enter();
      else this.#free += 1;
    };
  }
}
