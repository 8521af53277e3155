/** How fast bytes have gone lately, and how long the rest will take. */
const WINDOW = 8_000;
const SHORTEST = 800;

export class Pace {
  #samples = [];

  add(bytes, now = performance.now()) {
    this.#samples.push({ bytes, now });
    this.#samples = this.#samples.filter((sample) => now - sample.now <= WINDOW);
  }

  /** After a rest the old samples say nothing. */
  reset() {
    this.#samples = [];
  }

  /** Null until there is something to go by. */
  get bytesPerSecond() {
    const first = this.#samples[0];
    const last = this.#samples.at(-1);
    if (!first || last.now - first.now < SHORTEST) return null;
    return Math.max(0, (last.bytes - first.bytes) / ((last.now - first.now) / 1000));
  }

  secondsFor(bytes) {
    const speed = this.bytesPerSecond;
    return speed ? bytes / speed : null;
  }
}
