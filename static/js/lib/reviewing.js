/** The ways between the parts of a review: its comments, its levels, its end. */

/** Opens the box for a comment that shows a criterion ({ id, name }) in the take. */
export function askForMoment(criterion) {
  const composer = document.querySelector("comment-composer");
  document.querySelector("dialog#finish-review")?.close();
  document.querySelector(".panel tab-set")?.select("feedback");
  composer?.open("try_instead", { criterion });
}

/** Shows the levels, with the focus on the first that is open. */
export function openScores() {
  document.querySelector("dialog#finish-review")?.close();
  document.querySelector(".panel tab-set")?.select("scores");
  document.querySelector("score-sheet")?.enter();
}
