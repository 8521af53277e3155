/** Brings a note into sight without touching the focus: in the panel, or on a phone between the stage and the composer. */

const calm = () => matchMedia("(prefers-reduced-motion: reduce)").matches;

export function reveal(note, panel) {
  const scrolls = getComputedStyle(panel).overflowY !== "visible";
  const { top, bottom } = scrolls ? panel.getBoundingClientRect() : between();
  const box = note.getBoundingClientRect();
  if (box.top >= top && box.bottom <= bottom) return;
  // A note that is taller than its window shows its beginning.
  const room = Math.max(0, bottom - top - box.height);
  const by = box.top - top - Math.min(room / 2, 120);
  (scrolls ? panel : window).scrollBy({ top: by, behavior: calm() ? "auto" : "smooth" });
}

function between() {
  const stage = document.querySelector(".stagewrap")?.getBoundingClientRect();
  const composer = document.querySelector(".composer")?.getBoundingClientRect();
  return { top: Math.max(0, stage?.bottom ?? 0), bottom: Math.min(innerHeight, composer?.top ?? innerHeight) };
}
