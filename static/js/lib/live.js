/**
 * Hears that something changed. One stream for the tab that is looked at, none for the others: a browser opens few
 * connections to one place. When the stream fails it is tried again with growing rests, and until it stands again
 * `onMessage` is called every few seconds as if each topic had changed.
 */
const POLL_MS = 4_000;
const FIRST_REST_MS = 1_000;
const LONGEST_REST_MS = 30_000;

export class LiveStream {
  #address;
  #topics;
  #onMessage;
  #stream = null;
  #rest = FIRST_REST_MS;
  #timers = { again: null, poll: null };
  #leave = new AbortController();

  /** @param {(message: { topic: string, what: string }) => void} onMessage `what` is "catch-up" when the stream begins, "poll" while there is no stream. */
  constructor(address, topics, onMessage) {
    this.#address = `${address}?${new URLSearchParams(topics.map((topic) => ["topic", topic]))}`;
    this.#topics = topics;
    this.#onMessage = onMessage;
  }

  start() {
    const { signal } = this.#leave;
    document.addEventListener("visibilitychange", () => this.#look(), { signal });
    addEventListener("pagehide", () => this.#close(), { signal });
    addEventListener("pageshow", ({ persisted }) => persisted && this.#look(), { signal });
    addEventListener("online", () => this.#hasFailed && this.#open(), { signal });
    if (!document.hidden) this.#open();
  }

  stop() {
    this.#leave.abort();
    this.#close();
  }

  get #hasFailed() {
    return this.#timers.poll !== null;
  }

  #look() {
    if (document.hidden) return this.#close();
    if (this.#stream) return;
    this.#open();
    this.#catchUp();
  }

  #open() {
    this.#close({ keepPolling: this.#hasFailed });
    this.#stream = new EventSource(this.#address);
    this.#stream.addEventListener("open", () => this.#stands());
    this.#stream.addEventListener("message", ({ data }) => this.#onMessage(JSON.parse(data)));
    this.#stream.addEventListener("error", () => this.#failed());
  }

  #stands() {
    this.#rest = FIRST_REST_MS;
    clearInterval(this.#timers.poll);
    this.#timers.poll = null;
    // Also the first time: something may have changed between the page and its stream.
    this.#catchUp();
  }

  #failed() {
    this.#close({ keepPolling: true });
    this.#timers.poll ??= setInterval(() => this.#catchUp("poll"), POLL_MS);
    // Not all pages at once after a restart of the server.
    this.#timers.again = setTimeout(() => this.#open(), this.#rest * (0.75 + Math.random() / 2));
    this.#rest = Math.min(this.#rest * 2, LONGEST_REST_MS);
  }

  #close({ keepPolling = false } = {}) {
    this.#stream?.close();
    this.#stream = null;
    clearTimeout(this.#timers.again);
    if (keepPolling) return;
    clearInterval(this.#timers.poll);
    this.#timers.poll = null;
  }

  #catchUp(what = "catch-up") {
    for (const topic of this.#topics) this.#onMessage({ topic, what });
  }
}
