/** What the keys do side by side. They rest while somebody types, works a menu or has switched them off. */
import { actionOf } from "./key-map.js";
import { isFree } from "./keys.js";

const ACTS = {
  play: (pair) => pair.toggle(),
  back: (pair) => pair.jump(-10_000),
  on: (pair) => pair.jump(10_000),
  "back-little": (pair) => pair.jump(-5000),
  "on-little": (pair) => pair.jump(5000),
  "frame-back": (pair) => pair.step(-1),
  "frame-on": (pair) => pair.step(1),
  slower: (pair) => pair.shift(-1),
  faster: (pair) => pair.shift(1),
  sound: (pair) => pair.hearOther(),
  align: (pair) => pair.querySelector("line-up").press(),
  loop: (pair) => pair.toggleLoop(),
  link: (pair) => pair.copyLink(),
  keys: () => document.getElementById("keys").showModal(),
};

export function compareKeys() {
  addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || !isFree(event)) return;
    const act = actOf(event);
    const pair = document.querySelector("side-by-side");
    if (!act || !pair) return;
    event.preventDefault();
    act(pair);
  });
}

function actOf(event) {
  const action = event.key === " " && !event.shiftKey ? "play" : actionOf(event);
  if (action) return ACTS[action];
  if (event.key === "Escape") return stop;
  return /^\d$/.test(event.key) ? (pair) => pair.seek((pair.both.timetable.totalMs * Number(event.key)) / 10) : null;
}

function stop(pair) {
  if (pair.isLiningUp) pair.querySelector("line-up").cancel();
  else pair.unloop();
}
