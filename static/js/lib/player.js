/** The player of this page. It comes and goes with the stage, so ask each time; its events reach the document. */

/** @returns {import("../elements/pitch-player.js").PitchPlayer | null} */
export function thePlayer() {
  const player = document.querySelector("pitch-player");
  return player?.isConnected && player.video ? player : null;
}
