/**
 * <comment-feed>: the comments beside the video. A click shows the exact moment, Enter or a double click plays from a
 * second before, Shift and click repeats it. While the video plays the list follows it, until somebody scrolls; it never
 * moves the focus.
 *
 * Events: comments-change when what is said changed, comment-current when another comment is in view.
 */
import { on } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";
import { thePlayer } from "../lib/player.js";
import { oneAtATime } from "../lib/refetch.js";
import { reveal } from "../lib/reveal.js";
import { insert, mergeThreads, parseThread, putThread, threadsOf, withdraw } from "../lib/threads.js";

const BEFORE_MS = 1000;
// How long a comment without an end stays "the one in view".
const LASTS_MS = 6000;
const LOOP_MS = 5000;
const CONTROLS = "button, a:not([data-moment]), input, textarea, label, summary, form, details, reply-player, .menu-list";
const LOOKS = { strength: "strength", try_instead: "try", question: "question" };

customElements.define(
  "comment-feed",
  class extends HTMLElement {
    #leave = new AbortController();
    #follows = true;
    #current = null;

    connectedCallback() {
      const { signal } = this.#leave;
      const hear = (target, name, act) => target.addEventListener(name, act, { signal, passive: true });
      on(this, "click", "comment-thread", (event, thread) => this.#clicked(event, thread), { signal });
      on(this, "dblclick", "comment-thread", (event, thread) => this.#isOnWords(event) && this.open(thread.dataset.id, { play: true }), { signal });
      on(this, "click", "[data-jump]", () => this.#follow(), { signal });
      for (const name of ["wheel", "touchmove"]) hear(this.#scroller, name, () => this.#rest());
      hear(document, "keydown", ({ key }) => ["PageUp", "PageDown", "Home", "End"].includes(key) && this.#rest());
      hear(document, "time-change", ({ detail }) => this.#timeChanged(detail.ms));
      const refresh = oneAtATime(() => this.refresh());
      hear(document, "live-message", ({ detail }) => this.#concerns(detail) && refresh());
      this.#tell();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    /** What stands on the timeline, in the order of time. */
    get marks() {
      return this.#threads
        .filter((thread) => !thread.classList.contains("note--gone"))
        .map(({ dataset }) => ({
          id: dataset.id,
          atMs: Number(dataset.at),
          untilMs: dataset.until ? Number(dataset.until) : null,
          kind: dataset.kind,
          look: LOOKS[dataset.kind],
          author: dataset.authorName,
          authorId: dataset.author,
        }));
    }

    get currentId() {
      return this.#current?.dataset.id ?? null;
    }

    /** The range of the comment in view. */
    get currentRange() {
      return this.#current && rangeOf(this.#current);
    }

    /** Asks the server what is said by now. */
    async refresh() {
      const html = await askHTML(this.dataset.src).catch(() => null);
      if (html === null) return;
      mergeThreads(this.#list, html);
      this.#tell();
    }

    /** One thread as the server answered it; nothing is left of it when the answer is empty. */
    take(html, id = null) {
      const thread = parseThread(html);
      const standing = thread ? putThread(this.#list, thread) : null;
      if (!thread && id) this.#remove(id);
      this.#tell();
      return standing;
    }

    /** A note that is not the server's yet. */
    add(note) {
      insert(this.#list, note);
      this.#reveal(note);
    }

    /** Shows the moment of a comment. */
    open(id, { play = false, loop = false } = {}) {
      const thread = this.#thread(id);
      const player = thePlayer();
      if (!thread) return;
      this.select(thread, { reveal: true });
      if (!player) return;
      const { fromMs, untilMs } = rangeOf(thread);
      if (loop) player.loop(fromMs, untilMs);
      else if (player.looped) player.unloop();
      if (!play && !loop) return player.show(fromMs);
      player.seek(loop ? fromMs : Math.max(0, fromMs - BEFORE_MS));
      player.play();
    }

    /** The next (1) or previous (-1) comment from the one in view, else from the moment in view. */
    step(direction) {
      const threads = this.#threads;
      const now = threads.indexOf(this.#current);
      const ms = thePlayer()?.timeMs ?? 0;
      const next = direction > 0 ? threads.find(({ dataset }) => Number(dataset.at) > ms) : threads.findLast(({ dataset }) => Number(dataset.at) < ms);
      const found = now < 0 ? next : threads[now + direction];
      if (found) this.open(found.dataset.id);
      return found ?? null;
    }

    /** Marks a comment as the one in view; null marks none. */
    select(thread, { reveal: isShown = false } = {}) {
      if (thread !== this.#current) {
        this.#current?.classList.remove("is-now");
        this.#current = thread;
        thread?.classList.add("is-now");
        this.#announce("comment-current");
      }
      if (thread && isShown) this.#reveal(thread);
    }

    #clicked(event, thread) {
      if (event.target.closest("[data-moment]")) event.preventDefault();
      else if (!this.#isOnWords(event)) return;
      // A modifier opens the link of the moment in a new tab, as everywhere.
      if (event.ctrlKey || event.metaKey) return window.open(thread.querySelector("[data-moment]").href, "_blank");
      // Enter on the time is a click without a pointer.
      this.open(thread.dataset.id, { play: event.detail === 0, loop: event.shiftKey });
    }

    #isOnWords(event) {
      return !event.target.closest(CONTROLS) && (event.shiftKey || !String(getSelection()));
    }

    #timeChanged(ms) {
      const player = thePlayer();
      if (!player?.isPlaying) return;
      const passed = this.#threads.findLast(({ dataset }) => Number(dataset.at) <= ms) ?? null;
      const isInView = passed && ms < Math.max(Number(passed.dataset.until ?? 0), Number(passed.dataset.at) + LASTS_MS);
      const hasChanged = passed && passed !== this.#current;
      this.select(isInView ? passed : null);
      if (hasChanged && isInView && this.#follows) this.#reveal(passed);
      this.#jump.hidden = this.#follows || !isInView;
    }

    /** Somebody reads elsewhere; the list stays there. */
    #rest() {
      if (thePlayer()?.isPlaying) this.#follows = false;
    }

    #follow() {
      this.#follows = true;
      this.#jump.hidden = true;
      if (this.#current) this.#reveal(this.#current);
    }

    #reveal(note) {
      reveal(note, this.#scroller);
    }

    #remove(id) {
      const thread = this.#thread(id);
      if (!thread) return;
      if (thread === this.#current) this.select(null);
      withdraw(thread);
    }

    #concerns({ topic, what }) {
      return topic === this.dataset.topic && what !== "reviews";
    }

    #tell() {
      if (this.#current && !this.#current.isConnected) this.select(this.#thread(this.#current.dataset.id));
      this.#announce("comments-change");
    }

    #announce(name) {
      this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
    }

    #thread(id) {
      return this.#threads.find(({ dataset }) => dataset.id === id) ?? null;
    }

    get #threads() {
      return threadsOf(this.#list);
    }

    get #list() {
      return this.querySelector("[data-list]");
    }

    get #jump() {
      return this.querySelector("[data-jump]");
    }

    get #scroller() {
      return this.closest(".panel-body");
    }
  },
);

function rangeOf({ dataset }) {
  const fromMs = Number(dataset.at);
  return { fromMs, untilMs: dataset.until ? Number(dataset.until) : fromMs + LOOP_MS };
}
