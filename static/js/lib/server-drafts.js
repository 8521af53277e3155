/** Drafts at the server: asked for once a page, and changed one after the other, so that none overtakes another. */
import { askJSON } from "./http.js";

// A browser takes no more along when its page is closed.
const MOST_ALONG = 60_000;
const queues = new Map();
let asked = null;

/** { words, saved } as the server had it when the page came; null when it had none. */
export async function serverDraft(spot) {
  asked ??= askJSON(address()).then(({ drafts }) => drafts);
  return (await asked)[spot] ?? null;
}

/** Answers the server's stamp. */
export function keepAtServer(spot, words) {
  const keepalive = JSON.stringify(words).length < MOST_ALONG;
  return inTurn(spot, async () => (await askJSON(address(spot), { method: "PUT", json: words, keepalive })).saved);
}

export function dropAtServer(spot) {
  inTurn(spot, () => askJSON(address(spot), { method: "DELETE", keepalive: true })).catch(() => null);
}

function inTurn(spot, ask) {
  const turn = (queues.get(spot) ?? Promise.resolve()).catch(() => null).then(ask);
  queues.set(spot, turn);
  return turn;
}

function address(spot = null) {
  const drafts = `/takes/${document.querySelector("comment-feed").dataset.take}/drafts`;
  return spot ? `${drafts}/${encodeURIComponent(spot)}` : drafts;
}
