/**
 * Comments beside two players: the time of one shows both players there, Shift and click repeats it. While both play,
 * the one in view on either side is marked.
 */
import { on } from "./dom.js";

// How long a comment without an end stays "the one in view", and how long it is when it repeats.
const LASTS_MS = 5000;

export function openRemarks() {
  const pair = document.querySelector("side-by-side");
  if (!pair) return;
  on(document.body, "click", "[data-remark] [data-go]", ({ shiftKey }, button) => {
    open(pair, button.closest("[data-remark]"), shiftKey);
  });
  pair.addEventListener("both-change", () => mark(pair));
}

function open(pair, note, isLooped) {
  const { place, fromMs, untilMs } = rangeOf(note);
  pair.querySelector("line-up").close();
  pair.hear(place);
  pair.open(place, fromMs);
  if (isLooped) pair.loop(pair.both.atMs, pair.both.atMs + untilMs - fromMs);
  pair.scrollIntoView({ block: "nearest" });
}

function mark({ both, sides }) {
  for (const note of document.querySelectorAll("[data-remark]")) {
    const { place, fromMs, untilMs } = rangeOf(note);
    const { ms } = both.isPlaying ? both.timetable.place(place, both.atMs) : sides[place];
    note.classList.toggle("is-now", ms >= fromMs && ms < untilMs);
  }
}

function rangeOf({ dataset }) {
  const fromMs = Number(dataset.at);
  const untilMs = dataset.until ? Number(dataset.until) : fromMs + LASTS_MS;
  return { place: dataset.remark === "left" ? 0 : 1, fromMs, untilMs };
}
