/** What repeats in this window goes on repeating after a reload. */
import { thePlayer } from "./player.js";

const key = `loop:${location.pathname}`;

export function keepLoop() {
  const kept = JSON.parse(sessionStorage.getItem(key));
  const player = thePlayer();
  if (kept && player && !player.looped && player.timeMs === 0) {
    player.loop(kept.fromMs, kept.untilMs);
    player.show(kept.fromMs);
  }
  document.addEventListener("loop-change", ({ detail }) => {
    if (detail) sessionStorage.setItem(key, JSON.stringify(detail));
    else sessionStorage.removeItem(key);
  });
}
