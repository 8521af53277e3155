/** The keys of the review room. They rest while somebody types, works a menu or has switched them off. */
import { announce } from "./announce.js";
import { areKeysOn, isFree, switchKeys } from "./keys.js";
import { thePlayer } from "./player.js";

const composer = () => document.querySelector("comment-composer");
/** The stretch that is chosen for a shorter take, while it is chosen. */
const trim = () => [...document.querySelectorAll("take-trim")].find(({ isOpen }) => isOpen);
const feed = () => document.querySelector("comment-feed");
const dialog = (id) => document.getElementById(id);

/** @type {Record<string, (player: import("../elements/pitch-player.js").PitchPlayer) => void>} */
const PLAYING = {
  " ": (player) => player.toggle(),
  k: (player) => player.toggle(),
  j: (player) => player.jump(-10_000),
  l: (player) => player.jump(10_000),
  ArrowLeft: (player) => player.jump(-5000),
  ArrowRight: (player) => player.jump(5000),
  ",": (player) => player.step(-1),
  ".": (player) => player.step(1),
  "<": (player) => shift(player, -1),
  ">": (player) => shift(player, 1),
  m: (player) => player.mute(),
  f: (player) => player.canFill && player.fill(),
};

const TALKING = {
  c: () => composer()?.open(),
  s: () => composer()?.open("strength"),
  x: () => composer()?.open("try_instead"),
  d: () => document.querySelector("drawing-field")?.draw(),
  i: () => (trim() ?? composer())?.begin(),
  o: () => (trim() ?? composer())?.end(),
  n: () => step(1),
  p: () => step(-1),
  "?": () => dialog("keys").showModal(),
  Escape: () => composer()?.clearRange() || thePlayer()?.unloop(),
};

export function roomKeys() {
  addEventListener("keydown", (event) => {
    if (isFinish(event)) return finish(event);
    if (event.ctrlKey || event.metaKey || event.altKey || !isFree(event)) return;
    const act = actOf(event);
    if (!act) return;
    event.preventDefault();
    act();
  });
  const box = document.querySelector("[data-keys-switch]");
  box.checked = areKeysOn();
  box.addEventListener("change", () => switchKeys(box.checked));
}

function actOf({ key, shiftKey }) {
  const name = key.length === 1 ? key.toLowerCase() : key;
  const player = thePlayer();
  // Shift makes other letters other keys; "<", ">" and "?" need it on most keyboards.
  if (shiftKey && /^[a-z0-9 ]$/.test(name)) return name === "c" ? () => composer()?.record() : null;
  if (TALKING[name]) return TALKING[name];
  if (!player) return null;
  if (PLAYING[name]) return () => PLAYING[name](player);
  return /^\d$/.test(name) ? () => player.seek((player.durationMs * Number(name)) / 10) : null;
}

const isFinish = ({ key, ctrlKey, metaKey, shiftKey }) => key === "Enter" && (ctrlKey || metaKey) && shiftKey;

/** Works while a comment is being written too: it only opens the question. */
function finish(event) {
  const question = dialog("finish-review");
  if (!question || document.querySelector("dialog[open]")) return;
  event.preventDefault();
  question.showModal();
  question.querySelector("textarea").focus();
}

function shift(player, steps) {
  player.shift(steps);
  announce(`Speed ${player.speed}`);
}

async function step(direction) {
  const thread = await feed()?.step(direction);
  if (thread) announce(`${thread.ariaLabel}: ${thread.querySelector("[data-body]")?.textContent ?? ""}`);
  else announce(direction > 0 ? "No later comment." : "No earlier comment.");
}
