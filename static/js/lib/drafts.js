/**
 * Words that are not sent yet, kept in this browser and, with a spot, at the server, so that another browser has them.
 * What is kept here knows the server's stamp of what it equals: without one it has not been there yet.
 */
import { debounce } from "./dom.js";
import { forget, recall, remember } from "./memory.js";
import { dropAtServer, keepAtServer, serverDraft } from "./server-drafts.js";

const REST = 500;
const SERVER_REST = 1500;
// Long enough for a holiday; after that nobody knows any more what was meant.
const KEPT_MS = 60 * 86_400_000;

export class Draft {
  #key;
  #spot;
  #save;
  #send;
  #isTouched = false;

  /** `spot` names the box for the server: "comment", "one_thing", "reply:<id>", "edit:<id>". */
  constructor(key, spot = null) {
    this.#key = `draft:${key}`;
    this.#spot = spot;
    this.#save = debounce((words) => this.#remember(words), REST);
    this.#send = debounce((words) => this.#bring(words), SERVER_REST);
    addEventListener("pagehide", () => {
      this.#save.now();
      this.#send.now();
    });
  }

  /** What was kept here, or null. */
  read() {
    const words = recall(this.#key);
    if (!words) return null;
    if (Date.now() - words.savedAt < KEPT_MS) return words;
    forget(this.#key);
    return null;
  }

  /** Keeps the words as soon as typing rests. */
  keep(words) {
    this.#isTouched = true;
    this.#save(words);
    if (this.#spot) this.#send(words);
  }

  clear() {
    this.#isTouched = true;
    this.#save.cancel();
    this.#send.cancel();
    forget(this.#key);
    if (this.#spot) dropAtServer(this.#spot);
  }

  /**
   * What another browser wrote after this one did: its words; null when it posted or discarded them; undefined when
   * there is nothing newer, or somebody has begun to write here.
   */
  async newer() {
    if (!this.#spot) return undefined;
    const there = await serverDraft(this.#spot).catch(() => undefined);
    if (there === undefined || this.#isTouched) return undefined;
    const here = this.read();
    if (there && (!here || there.saved > (here.stamp ?? here.savedAt))) {
      remember(this.#key, { ...there.words, savedAt: there.saved, stamp: there.saved });
      return there.words;
    }
    if (there || !here) return undefined;
    if (!here.stamp) this.#bring(here);
    else forget(this.#key);
    return here.stamp ? null : undefined;
  }

  #remember(words) {
    remember(this.#key, { ...words, savedAt: Date.now() });
  }

  async #bring({ savedAt: _savedAt, stamp: _stamp, ...words }) {
    const saved = await keepAtServer(this.#spot, words).catch(() => null);
    const here = recall(this.#key);
    // Only what stands here still is what the server has.
    const { savedAt, stamp: _old, ...kept } = here ?? {};
    if (saved && here && JSON.stringify(kept) === JSON.stringify(words)) remember(this.#key, { ...kept, savedAt, stamp: saved });
  }
}
