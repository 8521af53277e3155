/**
 * What the keys of the review room do. They rest while somebody types, works a menu or has switched them off. Which key
 * it is, the sheet of keys says. An action that nobody does here is told to the document: room-key { action }.
 */
import { announce } from "./announce.js";
import { makeRoomToWrite } from "./full-screen.js";
import { actionOf } from "./key-map.js";
import { isFree } from "./keys.js";
import { thePlayer } from "./player.js";

const composer = () => document.querySelector("comment-composer");
/** The stretch that is chosen for a shorter take, while it is chosen. */
const trim = () => [...document.querySelectorAll("take-trim")].find(({ isOpen }) => isOpen);
const feed = () => document.querySelector("comment-feed");
const dialog = (id) => document.getElementById(id);
const press = (act) => document.querySelector(`player-transport [data-act="${act}"]`)?.click();

/** @type {Record<string, (player: import("../elements/pitch-player.js").PitchPlayer) => void>} */
const PLAYING = {
  play: (player) => player.toggle(),
  back: (player) => player.jump(-10_000),
  on: (player) => player.jump(10_000),
  "back-little": (player) => player.jump(-5000),
  "on-little": (player) => player.jump(5000),
  "frame-back": (player) => player.step(-1),
  "frame-on": (player) => player.step(1),
  slower: (player) => shift(player, -1),
  faster: (player) => shift(player, 1),
  mute: (player) => player.mute(),
  captions: (player) => player.caption(),
  full: (player) => player.canFill && player.fill(),
  loop: () => press("loop"),
  link: () => press("link"),
};

const TALKING = {
  comment: () => write(),
  record: () => (makeRoomToWrite(), composer()?.record()),
  strength: () => write("strength"),
  try: () => write("try_instead"),
  draw: () => document.querySelector("drawing-field")?.draw(),
  "range-begin": () => (trim() ?? composer())?.begin(),
  "range-end": () => (trim() ?? composer())?.end(),
  next: () => step(1),
  previous: () => step(-1),
  keys: () => dialog("keys").showModal(),
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
}

function actOf(event) {
  const player = thePlayer();
  const action = event.key === " " && !event.shiftKey ? "play" : actionOf(event);
  if (action in PLAYING) return player && (() => PLAYING[action](player));
  if (action) return TALKING[action] ?? (() => document.dispatchEvent(new CustomEvent("room-key", { detail: { action } })));
  if (event.key === "Escape") return () => composer()?.clearRange() || player?.unloop();
  return player && /^\d$/.test(event.key) ? () => player.seek((player.durationMs * Number(event.key)) / 10) : null;
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

function write(kind = null) {
  makeRoomToWrite();
  composer()?.open(kind);
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
