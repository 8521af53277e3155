/** Words that are not sent yet, kept in this browser until they are. */
import { debounce } from "./dom.js";
import { forget, recall, remember } from "./memory.js";

const REST = 500;
// Long enough for a holiday; after that nobody knows any more what was meant.
const KEPT_MS = 60 * 86_400_000;

export class Draft {
  #key;
  #save;

  constructor(key) {
    this.#key = `draft:${key}`;
    this.#save = debounce((words) => remember(this.#key, { ...words, savedAt: Date.now() }), REST);
    addEventListener("pagehide", () => this.#save.now());
  }

  /** What was kept, or null. */
  read() {
    const words = recall(this.#key);
    if (!words) return null;
    if (Date.now() - words.savedAt < KEPT_MS) return words;
    forget(this.#key);
    return null;
  }

  /** Keeps the words as soon as typing rests. */
  keep(words) {
    this.#save(words);
  }

  clear() {
    this.#save.cancel();
    forget(this.#key);
  }
}
