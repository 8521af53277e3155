/**
 * Moments of a take: links, and how a moment is spoken.
 * The grammar of links is a promise: `?t=83.2&c=<comment>` and `#t=83.2` or `#t=83.2,97`, in seconds.
 */
import { thePlayer } from "./player.js";

/** What an address asks for: { atMs, untilMs, comment }, each null where it says nothing. */
export function askedMoment({ search, hash }) {
  const query = new URLSearchParams(search);
  const fragment = new URLSearchParams(hash.slice(1)).get("t");
  const [from, until] = (fragment ?? query.get("t") ?? "").split(",").map(seconds);
  return { atMs: from ?? null, untilMs: until > from ? until : null, comment: query.get("c") };
}

function seconds(text) {
  const value = text.trim() === "" ? NaN : Number(text);
  return value >= 0 && Number.isFinite(value) ? Math.round(value * 1000) : null;
}

/** The address of a moment of this page. */
export function momentLink(ms, commentId = null) {
  const link = new URL(location.pathname, location.origin);
  link.searchParams.set("t", String(Number((ms / 1000).toFixed(3))));
  if (commentId) link.searchParams.set("c", commentId);
  return link.href;
}

/** Shows what the address asks for, once the page is there and whenever its fragment changes. */
export function openMoment() {
  show(askedMoment(location));
  addEventListener("hashchange", () => show(askedMoment(location)));
}

function show({ atMs, untilMs, comment }) {
  const thread = comment && document.getElementById(`comment-${comment}`);
  document.querySelector("comment-feed")?.select(thread ?? null, { reveal: true });
  const ms = atMs ?? (thread ? Number(thread.dataset.at) : null);
  if (ms === null) return;
  thePlayer()?.show(ms);
  if (untilMs !== null) thePlayer()?.loop(ms, untilMs);
}

/** "1 minute 5 seconds", for people who hear the page. */
export function spoken(ms) {
  const whole = Math.max(0, Math.floor(ms / 1000));
  const parts = [
    [Math.floor(whole / 3600), "hour"],
    [Math.floor(whole / 60) % 60, "minute"],
    [whole % 60, "second"],
  ].filter(([number]) => number);
  if (!parts.length) return "0 seconds";
  return parts.map(([number, unit]) => `${number} ${unit}${number === 1 ? "" : "s"}`).join(" ");
}
