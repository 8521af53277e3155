/** Comments on their way. Each has a key of its own, so that sending it twice makes one comment. */
import { forget, recall, remember } from "./memory.js";

export class Outbox {
  #key;

  constructor(key) {
    this.#key = `outbox:${key}`;
  }

  /** What was not acknowledged yet, oldest first. */
  all() {
    return recall(this.#key, []);
  }

  put(letter) {
    this.#write([...this.#others(letter.client_key), letter]);
  }

  take(clientKey) {
    this.#write(this.#others(clientKey));
  }

  #others(clientKey) {
    return this.all().filter((letter) => letter.client_key !== clientKey);
  }

  #write(letters) {
    if (letters.length) remember(this.#key, letters);
    else forget(this.#key);
  }
}
