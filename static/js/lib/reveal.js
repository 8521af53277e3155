/** Where a list of notes is scrolled to: in the panel, or on a phone between the stage and the composer. */

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;
const scrolls = (panel) => getComputedStyle(panel).overflowY !== "visible";

/** Brings a note into sight without touching the focus. */
export function reveal(note, panel, { isFar = false } = {}) {
  const { top, bottom } = sightOf(panel);
  const box = note.getBoundingClientRect();
  if (box.top >= top && box.bottom <= bottom) return;
  // A note that is taller than its window shows its beginning.
  const room = Math.max(0, bottom - top - box.height);
  scroll(panel, box.top - top - Math.min(room / 2, 120), isFar || calm() ? "instant" : "smooth");
}

/** Changes the list while what is being read stays where it is. */
export function keepStill(list, panel, change) {
  const read = readOf(list, panel);
  const before = read?.getBoundingClientRect().top;
  change();
  if (read?.isConnected) scroll(panel, read.getBoundingClientRect().top - before, "instant");
}

/** The note in hand when it is in sight, else the first one that is. */
function readOf(list, panel) {
  const { top, bottom } = sightOf(panel);
  const isSeen = (note) => {
    const box = note.getBoundingClientRect();
    return box.bottom > top && box.top < bottom;
  };
  const current = list.querySelector(":scope > .is-now");
  return current && isSeen(current) ? current : [...list.querySelectorAll(":scope > comment-thread")].find(isSeen);
}

function scroll(panel, by, behavior) {
  if (Math.abs(by) >= 1) (scrolls(panel) ? panel : window).scrollBy({ top: by, behavior });
}

function sightOf(panel) {
  if (scrolls(panel)) return panel.getBoundingClientRect();
  const stage = document.querySelector(".stagewrap")?.getBoundingClientRect();
  const composer = document.querySelector(".composer")?.getBoundingClientRect();
  return { top: Math.max(0, stage?.bottom ?? 0), bottom: Math.min(innerHeight, composer?.top ?? innerHeight) };
}
