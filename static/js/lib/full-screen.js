/** The room on the whole screen: the video large, the comments beside it for as long as somebody wants them. */
import { accustom, habit } from "./habits.js";

const isNarrow = () => matchMedia("(max-width: 860px)").matches;

/** @param {import("../elements/pitch-player.js").PitchPlayer} player */
export async function fill(player) {
  const room = roomOf(player);
  if (isFilled(player)) return document.exitFullscreen();
  // Where only a video may fill the screen, it does so by itself.
  if (!room.requestFullscreen) return player.video.webkitEnterFullscreen();
  room.classList.toggle("is-alone", isNarrow() || !habit("panel", true));
  await room.requestFullscreen();
}

export function isFilled(player) {
  return document.fullscreenElement === roomOf(player);
}

export function isPanelShown(player) {
  return !roomOf(player).classList.contains("is-alone");
}

/** Brings the comments back, or sends them away. */
export function showPanel(player, isShown) {
  roomOf(player).classList.toggle("is-alone", !isShown);
  if (!isNarrow()) accustom("panel", isShown);
}

/** Whoever wants to write needs the box. */
export function makeRoomToWrite() {
  const room = document.querySelector(".room-body.is-alone:fullscreen");
  room?.classList.remove("is-alone");
  room?.querySelector("pitch-player")?.dispatchEvent(new CustomEvent("player-change"));
}

const roomOf = (player) => player.closest(".room-body") ?? player;
