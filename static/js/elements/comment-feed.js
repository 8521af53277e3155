/**
 * <comment-feed>: the comments beside the video. A click shows the exact moment, Enter or a double click plays from a
 * second before, Shift and click repeats it. While the video plays the list follows it, until somebody scrolls; it never
 * moves the focus. It knows all threads by their marks, and holds those that somebody came near to.
 *
 * Events: comments-change when what is said changed, comment-current when another comment is in view.
 */
import { on } from "../lib/dom.js";
import { layGaps, missingFrom } from "../lib/gaps.js";
import { askHTML, askJSON } from "../lib/http.js";
import { Marks, markOf, markOfThread } from "../lib/marks.js";
import { thePlayer } from "../lib/player.js";
import { oneAtATime } from "../lib/refetch.js";
import { keepStill, reveal } from "../lib/reveal.js";
import { insert, parseThread, putThread, putThreads, threadsOf, withdraw } from "../lib/threads.js";

const BEFORE_MS = 1000;
// How long a comment without an end stays "the one in view".
const LASTS_MS = 6000;
const LOOP_MS = 5000;
const CONTROLS = "button, a:not([data-moment]), input, textarea, label, summary, form, details, reply-player, .menu-list";
// So many threads come at once; fewer that are missing come without being asked for.
const BLOCK = 40;
const FEW = 30;

customElements.define(
  "comment-feed",
  class extends HTMLElement {
    #leave = new AbortController();
    #follows = true;
    #current = null;
    #marks = new Marks([]);
    #near = new IntersectionObserver((found) => this.#cameNear(found), { rootMargin: "300px" });
    #isFilling = false;

    connectedCallback() {
      this.#marks = new Marks(this.#threads.map(markOfThread));
      const { signal } = this.#leave;
      const hear = (target, name, act) => target.addEventListener(name, act, { signal, passive: true });
      on(this, "click", "comment-thread", (event, thread) => this.#clicked(event, thread), { signal });
      on(this, "dblclick", "comment-thread", (event, thread) => this.#isOnWords(event) && this.open(thread.dataset.id, { play: true }), { signal });
      on(this, "click", "[data-jump]", () => this.#follow(), { signal });
      on(this, "click", ".feed-gap", (_, gap) => this.#fill(gap), { signal });
      for (const name of ["wheel", "touchmove"]) hear(this.#scroller, name, () => this.#rest());
      hear(document, "keydown", ({ key }) => ["PageUp", "PageDown", "Home", "End"].includes(key) && this.#rest());
      hear(document, "time-change", ({ detail }) => this.#timeChanged(detail.ms));
      const refresh = oneAtATime(() => this.refresh());
      hear(document, "live-message", ({ detail }) => this.#concerns(detail) && refresh());
      this.#tell();
    }

    disconnectedCallback() {
      this.#leave.abort();
      this.#near.disconnect();
    }

    /** What stands on the timeline, in the order of time. */
    get marks() {
      return this.#marks.all.filter(({ isGone }) => !isGone);
    }

    get currentId() {
      return this.#current?.dataset.id ?? null;
    }

    /** The range of the comment in view. */
    get currentRange() {
      return this.#current && rangeOf(this.#current);
    }

    /** Asks the server what is said by now, and for those threads here that are not as they were. */
    async refresh() {
      const answer = await askJSON(this.dataset.marks).catch(() => null);
      if (!answer) return;
      this.#marks = new Marks(answer.marks.map(markOf));
      await this.#bring([...this.#changed, ...this.#few]);
      const gone = this.#threads.filter(({ dataset }) => !this.#marks.get(dataset.id));
      keepStill(this.#list, this.#scroller, () => gone.forEach(withdraw));
      this.#tell();
    }

    /** One thread as the server answered it; nothing is left of it when the answer is empty. */
    take(html, id = null) {
      const thread = parseThread(html);
      const standing = thread ? putThread(this.#list, thread, this.#marks) : null;
      if (standing) this.#marks = this.#marks.with(markOfThread(standing));
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
    async open(id, { play = false, loop = false } = {}) {
      const isFar = !this.#thread(id);
      if (isFar) await this.#bringAround(id);
      const thread = this.#thread(id);
      const player = thePlayer();
      if (!thread) return;
      this.select(thread, { reveal: true, isFar });
      if (!player) return;
      const { fromMs, untilMs } = rangeOf(thread);
      if (loop) player.loop(fromMs, untilMs);
      else if (player.looped) player.unloop();
      if (!play && !loop) return player.show(fromMs);
      player.seek(loop ? fromMs : Math.max(0, fromMs - BEFORE_MS));
      player.play();
    }

    /** The next (1) or previous (-1) comment from the one in view, else from the moment in view. */
    async step(direction) {
      const found = this.#marks.beside(this.currentId, thePlayer()?.timeMs ?? 0, direction);
      if (!found) return null;
      await this.open(found.id);
      return this.#thread(found.id);
    }

    /** Marks a comment as the one in view; null marks none. */
    select(thread, { reveal: isShown = false, isFar = false } = {}) {
      if (thread !== this.#current) {
        this.#current?.classList.remove("is-now");
        this.#current = thread;
        thread?.classList.add("is-now");
        this.#announce("comment-current");
      }
      if (thread && isShown) this.#reveal(thread, isFar);
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
      const mark = this.#marks.at(ms);
      const isInView = Boolean(mark) && ms < Math.max(mark.untilMs ?? 0, mark.atMs + LASTS_MS);
      const passed = isInView ? this.#thread(mark.id) : null;
      if (isInView && !passed && this.#follows) this.#bringAround(mark.id);
      const hasChanged = passed && passed !== this.#current;
      this.select(passed);
      if (hasChanged && this.#follows) this.#reveal(passed);
      this.#jump.hidden = this.#follows || !passed;
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

    #reveal(note, isFar = false) {
      reveal(note, this.#scroller, { isFar });
    }

    #remove(id) {
      const thread = this.#thread(id);
      if (!thread) return;
      if (thread === this.#current) this.select(null);
      this.#marks = this.#marks.without(id);
      withdraw(thread);
    }

    /** Threads here that changed since they came. */
    get #changed() {
      const known = this.#threads.map(({ dataset }) => [this.#marks.get(dataset.id), dataset.version]);
      return known.filter(([mark, version]) => mark && mark.version !== version).map(([mark]) => mark.id);
    }

    /** What is missing in between, where it is little. */
    get #few() {
      const runs = missingFrom(this.#list, this.#marks.all).filter(({ length }) => length <= FEW);
      return runs.flat().map(({ id }) => id);
    }

    /** Threads by name, each in its place. */
    async #bring(ids) {
      for (let from = 0; from < ids.length; from += BLOCK) {
        const query = new URLSearchParams(ids.slice(from, from + BLOCK).map((id) => ["id", id]));
        const html = await askHTML(`${this.dataset.src}?${query}`).catch(() => "");
        keepStill(this.#list, this.#scroller, () => {
          putThreads(this.#list, html, this.#marks);
          this.#layGaps();
        });
      }
    }

    async #bringAround(id) {
      if (this.#isFilling) return;
      this.#isFilling = true;
      const wanted = this.#marks.around(id, BLOCK).filter((mark) => !this.#thread(mark.id));
      await this.#bring(wanted.map((mark) => mark.id));
      this.#isFilling = false;
      this.#tell();
    }

    /** Brings the threads of a gap that are nearest to what is being read. */
    async #fill(gap) {
      if (this.#isFilling) return;
      this.#isFilling = true;
      const hadFocus = gap.contains(document.activeElement);
      const ids = this.#isAbove(gap) ? gap.ids.slice(-BLOCK) : gap.ids.slice(0, BLOCK);
      await this.#bring(ids);
      this.#isFilling = false;
      // What did not come now is not asked for again and again; a click tries it once more.
      gap.isResting = true;
      this.#tell();
      if (hadFocus) this.#thread(ids[0])?.querySelector("[data-moment]")?.focus({ preventScroll: true });
    }

    /** Lies it before what is being read? Then its last threads are the nearest. */
    #isAbove(gap) {
      if (!gap.previousElementSibling) return true;
      const isBefore = gap.compareDocumentPosition(this.#current ?? gap) & Node.DOCUMENT_POSITION_FOLLOWING;
      return this.#current ? Boolean(isBefore) : gap.getBoundingClientRect().top < innerHeight / 3;
    }

    #cameNear(found) {
      const near = found.find(({ isIntersecting, target }) => isIntersecting && target.isConnected);
      if (near) this.#fill(near.target);
    }

    #concerns({ topic, what }) {
      return topic === this.dataset.topic && what !== "reviews";
    }

    #tell() {
      this.#layGaps();
      this.#near.disconnect();
      for (const gap of this.#list.querySelectorAll(":scope > .feed-gap")) if (!gap.isResting) this.#near.observe(gap);
      if (this.#current && !this.#current.isConnected) this.select(this.#thread(this.#current.dataset.id));
      this.#announce("comments-change");
    }

    #layGaps() {
      layGaps(this.#list, this.#marks.all, this.querySelector("template[data-gap]"));
    }

    #announce(name) {
      this.dispatchEvent(new CustomEvent(name, { bubbles: true }));
    }

    #thread(id) {
      const thread = id && document.getElementById(`comment-${id}`);
      return thread?.parentElement === this.#list ? thread : null;
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
