/**
 * One clock for two sides: which moment of each belongs to a moment of both. It is made of pieces, one after the other,
 * through which both sides go together; whoever is through first waits for the other. Everything is in milliseconds,
 * a side's own beginning with 0.
 */

/** @typedef {{ from: [number, number], until: [number, number] }} Piece */

/** Both begin together. @returns {Piece[]} */
export function byStart(lengths) {
  return [{ from: [0, 0], until: lengths }];
}

/** A moment of each meets: the side that has less before it begins later. @returns {Piece[]} */
export function byMarks(lengths, [left, right]) {
  const ahead = [Math.max(0, left - right), Math.max(0, right - left)];
  return [{ from: [0, 0], until: ahead }, { from: ahead, until: lengths }];
}

/** Each part begins together: `starts` are where the parts begin, on either side. @returns {Piece[]} */
export function byBeats(lengths, starts) {
  const bounds = [[0, 0], ...starts, lengths];
  return bounds.slice(1).map((until, place) => ({ from: bounds[place], until }));
}

export class Timetable {
  #pieces = [];

  /** @param {Piece[]} pieces */
  constructor(pieces) {
    let at = 0;
    for (const { from, until } of pieces) {
      const length = Math.max(until[0] - from[0], until[1] - from[1]);
      if (length > 0) this.#pieces.push({ at, from, until, length });
      at += Math.max(0, length);
    }
    this.totalMs = at;
  }

  get pieces() {
    return this.#pieces;
  }

  /** Where a side stands at a moment of both, and whether it waits there. */
  place(side, atMs) {
    const { at, from, until } = this.#pieceAt(atMs);
    const ms = from[side] + Math.max(0, atMs - at);
    return { ms: Math.min(ms, until[side]), isWaiting: ms >= until[side] };
  }

  /** The moment of both at which a side comes to a moment of its own. */
  timeOf(side, ms) {
    const found = this.#pieces.find(({ from, until }) => ms >= from[side] && ms < until[side]) ?? this.#pieces.at(-1);
    return found.at + Math.max(0, ms - found.from[side]);
  }

  /** How far both are, told by a side that is under way; `atMs` is how far they were. */
  follow(side, ms, atMs) {
    const { at, from, until } = this.#pieceAt(atMs);
    return Math.max(atMs, at + Math.min(ms, until[side]) - from[side]);
  }

  #pieceAt(atMs) {
    return this.#pieces.findLast(({ at }) => at <= atMs) ?? this.#pieces[0];
  }
}
