/** Markers that would lie on each other become one. */

/**
 * @template {{ atMs: number }} Mark
 * @param {Mark[]} marks in the order of time
 * @param {number} closestMs marks closer than this to the first of a group join it
 * @returns {Mark[][]}
 */
export function cluster(marks, closestMs) {
  const groups = [];
  for (const mark of marks) {
    const last = groups.at(-1);
    if (last && mark.atMs - last[0].atMs < closestMs) last.push(mark);
    else groups.push([mark]);
  }
  return groups;
}
