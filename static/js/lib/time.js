/** Times as people read them. */

/** Milliseconds to "1:23", with tenths "1:23.4", from an hour on "1:02:03". */
export function timecode(milliseconds, { tenths = false } = {}) {
  const unit = tenths ? 100 : 1000;
  const whole = Math.max(0, Math.floor(milliseconds / unit)) * unit;
  const seconds = Math.floor(whole / 1000);
  const hours = Math.floor(seconds / 3600);
  const minutes = Math.floor(seconds / 60) % 60;
  const head = hours ? `${hours}:${pad(minutes)}` : `${minutes}`;
  const tail = tenths ? `.${(whole % 1000) / 100}` : "";
  return `${head}:${pad(seconds % 60)}${tail}`;
}

/** How long ago, or until, an instant is: "5 minutes ago", "yesterday"; beyond a week the date. */
export function ago(instant, now = new Date()) {
  const seconds = (instant - now) / 1000;
  if (Math.abs(seconds) < 45) return "just now";
  if (Math.abs(seconds) > 7 * DAY) return day(instant, now);
  const [unit, size] = UNITS.find(([, length]) => Math.abs(seconds) >= length * 0.75) ?? UNITS.at(-1);
  return new Intl.RelativeTimeFormat("en", { numeric: "auto" }).format(Math.round(seconds / size), unit);
}

/** How long something will take: "4 s", "2 min", "1 h 5 min". */
export function span(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const DAY = 86_400;
const UNITS = [["day", DAY], ["hour", 3600], ["minute", 60]];

function day(instant, now) {
  const sameYear = instant.getFullYear() === now.getFullYear();
  return instant.toLocaleDateString("en-GB", { day: "numeric", month: "short", ...(sameYear ? {} : { year: "numeric" }) });
}

function pad(number) {
  return String(number).padStart(2, "0");
}
