/** Which key does what in the studio, in which state. */
import { isFree } from "../keys.js";

const KEYS = {
  " ": { recording: "pause", paused: "resume", watching: "play", sending: "play" },
  r: { preview: "record", countdown: "counted", recording: "stop", paused: "stop" },
  k: { watching: "keep" },
  s: { watching: "submit" },
  Escape: { countdown: "cancel" },
};

/** Null for a key that means nothing now, or belongs to what somebody types. */
export function actOfKey(event, state) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const act = KEYS[key]?.[state];
  const isPlain = !(event.repeat || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey);
  return act && isPlain && isFree(event) ? act : null;
}
