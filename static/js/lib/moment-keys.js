/** Single keys on the page of an exemplar: playing, and leafing on through where one came from. */
import { keys } from "./keys.js";
import { thePlayer } from "./player.js";

const LITTLE_MS = 5000;

export function momentKeys() {
  keys(window, {
    Space: (event) => play(event, (player) => player.toggle()),
    ArrowLeft: (event) => play(event, (player) => player.jump(-LITTLE_MS)),
    ArrowRight: (event) => play(event, (player) => player.jump(LITTLE_MS)),
    ",": (event) => play(event, (player) => player.step(-1)),
    ".": (event) => play(event, (player) => player.step(1)),
    m: (event) => play(event, (player) => player.mute()),
    f: (event) => play(event, (player) => player.canFill && player.fill()),
    j: () => step("next"),
    k: () => step("previous"),
    "?": showKeys,
    "Shift+?": showKeys,
  });
}

function showKeys() {
  document.getElementById("keys").showModal();
}

function play(event, act) {
  const player = thePlayer();
  if (!player) return;
  event.preventDefault();
  act(player);
}

function step(way) {
  document.querySelector(`[data-step="${way}"]`)?.click();
}
