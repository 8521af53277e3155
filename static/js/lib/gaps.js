/** Where the list leaves threads out: one button for each such place, which knows what belongs there. */
import { threadsOf } from "./threads.js";

/** Threads that are left out, run by run: [[mark, …], …]. */
export function missingFrom(list, marks) {
  const standing = new Set(threadsOf(list).map(({ dataset }) => dataset.id));
  const runs = [];
  let run = null;
  for (const mark of marks) {
    if (standing.has(mark.id)) run = null;
    else if (run) run.push(mark);
    else runs.push((run = [mark]));
  }
  return runs;
}

/** Puts a button where each run belongs; one whose place and content are the same stays. */
export function layGaps(list, marks, template) {
  const runs = missingFrom(list, marks);
  const old = new Map([...list.querySelectorAll(":scope > .feed-gap")].map((gap) => [gap.dataset.key, gap]));
  for (const run of runs) {
    const key = `${run[0].id} ${run.at(-1).id} ${run.length}`;
    if (old.delete(key)) continue;
    list.insertBefore(draw(run, key, template), nextOf(list, marks, run.at(-1)));
  }
  for (const gap of old.values()) gap.remove();
}

function draw(run, key, template) {
  const gap = template.content.firstElementChild.cloneNode(true);
  gap.dataset.key = key;
  gap.dataset.at = run[0].atMs;
  gap.ids = run.map(({ id }) => id);
  gap.querySelector("[data-number]").textContent = run.length.toLocaleString("en");
  gap.querySelector("[data-word]").textContent = run.length === 1 ? "comment" : "comments";
  return gap;
}

function nextOf(list, marks, last) {
  const next = marks[marks.indexOf(last) + 1];
  return next ? document.getElementById(`comment-${next.id}`) : null;
}
