/**
 * How a person likes to work: speed, sound, captions, keys. The account keeps it for every browser; this browser keeps
 * it too, and what could not be sent yet is sent with the next change.
 */
import { debounce } from "./dom.js";
import { askJSON } from "./http.js";
import { recall, remember } from "./memory.js";

const REST_MS = 1000;

const kept = document.querySelector("[data-habits]")?.dataset;
const key = `habits:${kept?.viewer}`;
const { unsent = {} } = recall(key) ?? {};
const habits = { ...JSON.parse(kept?.habits ?? "{}"), ...unsent };
const send = debounce(() => sendUnsent(), REST_MS);

addEventListener("pagehide", () => send.now());

/** What a person is used to, or what everybody begins with. */
export function habit(name, otherwise = null) {
  return habits[name] ?? otherwise;
}

/** Gets used to it; null goes back to what everybody begins with. */
export function accustom(name, value) {
  if (!kept || habits[name] === value) return;
  habits[name] = unsent[name] = value;
  remember(key, { unsent });
  send();
}

async function sendUnsent() {
  const sent = { ...unsent };
  try {
    await askJSON(kept.place, { method: "POST", json: sent, keepalive: true });
  } catch {
    return; // It stays here and goes with the next change.
  }
  for (const name of Object.keys(sent)) if (unsent[name] === sent[name]) delete unsent[name];
  remember(key, { unsent });
}
