/** What the worker makes of a file that has arrived: its states, one after the other, until nothing changes any more. */
import { askJSON } from "../http.js";

const FIRST_REST = 1_000;
const LONGEST_REST = 6_000;
const SETTLED = ["ready", "broken"];

/** Yields "received", "playable", "ready" or "broken". A hidden page does not ask; a lost connection is no end. */
export async function* processing(url) {
  for (let rest = FIRST_REST; ; rest = Math.min(LONGEST_REST, rest * 1.2)) {
    await new Promise((resolve) => setTimeout(resolve, rest));
    if (document.hidden) continue;
    const state = await ask(url);
    if (state) yield state;
    if (SETTLED.includes(state)) return;
  }
}

async function ask(url) {
  try {
    return (await askJSON(url)).state;
  } catch (error) {
    if (error.status === 404 || error.status === 401) throw error;
    return null;
  }
}
