/**
 * All threads of a take in a few words each, in the order of their moments: what stands on the timeline, and which
 * threads there are that the list does not hold yet.
 */

const LOOKS = { strength: "strength", try_instead: "try", question: "question" };

/**
 * @typedef {{ id: string, atMs: number, untilMs: number | null, kind: string, look: string | undefined, author: string,
 *   authorId: string, criterion: string | null, version: string, isResolved: boolean, isGone: boolean }} Mark
 */

export class Marks {
  /** @type {Mark[]} */
  #all = [];
  #places = new Map();

  /** @param {Mark[]} all */
  constructor(all) {
    this.#all = all;
    all.forEach(({ id }, place) => this.#places.set(id, place));
  }

  get all() {
    return this.#all;
  }

  get(id) {
    return this.#all[this.#places.get(id)] ?? null;
  }

  /** The same with one more, or with one as it is now. */
  with(mark) {
    const others = this.without(mark.id).all;
    const later = others.findIndex(({ atMs }) => atMs > mark.atMs);
    return new Marks(later < 0 ? [...others, mark] : others.toSpliced(later, 0, mark));
  }

  without(id) {
    return this.get(id) ? new Marks(this.#all.filter((mark) => mark.id !== id)) : this;
  }

  /** The newest one that begins at this moment or before. */
  at(ms) {
    return this.#all.findLast(({ atMs }) => atMs <= ms) ?? null;
  }

  /** The next (1) or previous (-1) one: from a mark, else from a moment. */
  beside(id, ms, direction) {
    const place = this.#places.get(id);
    if (place !== undefined) return this.#all[place + direction] ?? null;
    return (direction > 0 ? this.#all.find(({ atMs }) => atMs > ms) : this.#all.findLast(({ atMs }) => atMs < ms)) ?? null;
  }

  /** Those that come after a mark. */
  after(id) {
    return this.#all.slice((this.#places.get(id) ?? this.#all.length) + 1);
  }

  /** So many of them with this one in their middle. */
  around(id, number) {
    const from = Math.max(0, (this.#places.get(id) ?? 0) - Math.floor(number / 2));
    return this.#all.slice(from, from + number);
  }
}

/** What the server answers about one. */
export function markOf({ id, at, until, kind, author, name, criterion, version, resolved, gone }) {
  return { id, atMs: at, untilMs: until, kind, look: LOOKS[kind], author: name, authorId: author, criterion, version, isResolved: resolved, isGone: gone };
}

/** What a thread on the page says about itself. */
export function markOfThread({ dataset, classList }) {
  const { id, at, until, kind, author, authorName, criterion, version } = dataset;
  return {
    id,
    atMs: Number(at),
    untilMs: until ? Number(until) : null,
    kind,
    look: LOOKS[kind],
    author: authorName,
    authorId: author,
    criterion: criterion || null,
    version,
    isResolved: "resolved" in dataset,
    isGone: classList.contains("note--gone"),
  };
}
