/** What is said to people who listen to the studio, after each event of its machine. */
import { timecode } from "../time.js";

/** Undefined where nothing need be said. */
export function wordsFor(event, { durationMs, hasPicture }) {
  const at = timecode(durationMs);
  const said = {
    ready: hasPicture ? "Camera and microphone are open." : "The microphone is open.",
    cancel: "Cancelled.",
    counted: "Recording.",
    pause: `Paused at ${at}.`,
    resume: "Recording goes on.",
    saved: `Your take of ${at} is ready to be watched.`,
    keep: "Sending.",
  };
  return said[event];
}
