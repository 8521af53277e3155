/**
 * What the studio is doing, and what each event makes of it. Pure: no page, no camera, no clock.
 *
 *   check → preview → countdown → recording ⇄ paused → saving → watching → sending → done
 *
 * `blocked` is a studio without camera or microphone. A take that was set aside, or that an earlier visit left, can be
 * taken up again by `watch` as long as no other is being made.
 */
const NEXT = {
  check: { ready: "preview", blocked: "blocked", watch: "watching" },
  blocked: { check: "check", watch: "watching" },
  preview: { record: "countdown", check: "check", blocked: "blocked", watch: "watching" },
  countdown: { counted: "recording", cancel: "preview", blocked: "blocked" },
  recording: { pause: "paused", stop: "saving", again: "preview" },
  paused: { resume: "recording", stop: "saving", again: "preview" },
  saving: { saved: "watching", empty: "check" },
  watching: { keep: "sending", again: "check" },
  sending: { failed: "watching", arrived: "done" },
  done: {},
};

export const STATES = Object.keys(NEXT);

/** The state after an event; null when the event means nothing now, such as a key pressed twice. */
export function next(state, event) {
  return NEXT[state][event] ?? null;
}

/** Would leaving the page now cut somebody off? Later the take is kept in the browser, whatever happens. */
export function isHot(state) {
  return ["recording", "paused", "saving"].includes(state);
}

/** Are camera and microphone needed? In all other states they are closed, and their lights are out. */
export function isLive(state) {
  return ["check", "preview", "countdown", "recording", "paused"].includes(state);
}

/** Does the screen have to stay awake? */
export function isBusy(state) {
  return ["countdown", "recording", "paused", "saving", "sending"].includes(state);
}
