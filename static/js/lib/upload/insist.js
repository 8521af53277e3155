/** Does something until it works: what fails for now is repeated, after a rest; what will not change is thrown. */
import { HttpError } from "../http.js";
import { PartError } from "./put-part.js";
import { rest } from "./rest.js";

const SHORTEST_REST = 1_000;
const LONGEST_REST = 30_000;
// Ten minutes and more of silence or trouble on the other side; a refusal is repeated far less often.
const MOST_OUTAGES = 25;
export const MOST_REFUSALS = 5;

/** `check` is asked after each failure and may throw; `onrest` is told before a rest that is not the first. */
export async function insist(act, signal, { check, onrest, mostOutages = MOST_OUTAGES }) {
  for (let tries = 0; ; tries += 1) {
    try {
      return await act();
    } catch (error) {
      signal.throwIfAborted();
      await check();
      if (!isWorthRepeating(error) || tries >= (isRefusal(error) ? MOST_REFUSALS : mostOutages)) throw error;
      // The first repetition goes unsaid: most hiccups end with it.
      if (tries > 0) onrest();
      await rest(restAfter(tries), signal, "online");
    }
  }
}

/** The store says 403 to an address that is too old, so that is repeated; our own server means its refusals. */
function isWorthRepeating(error) {
  if (error instanceof PartError) return error.status !== 404;
  return error instanceof HttpError && (error.status === 0 || error.status === 429 || error.status >= 500);
}

function isRefusal({ status }) {
  return status >= 400 && status < 500;
}

/** Grows with each try, with some chance in it. */
function restAfter(tries) {
  return Math.min(LONGEST_REST, SHORTEST_REST * 2 ** tries) * (0.75 + Math.random() / 2);
}
