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

/** "1:23.4", "83.4" or "1:02:03" as milliseconds; null when it is no time. */
export function msOf(text) {
  const parts = text.trim().replace(",", ".").split(":");
  if (!parts.every((part) => /^\d+(\.\d*)?$/.test(part))) return null;
  return Math.round(parts.reduce((total, part) => total * 60 + Number(part), 0) * 1000);
}

/** How long ago, or until, an instant is, in the words of the server's `|ago`: "5 minutes ago", "in 2 days". */
export function ago(instant, now = new Date()) {
  const seconds = (now - instant) / 1000;
  const found = SPANS.find(([, size]) => Math.abs(seconds) >= size);
  if (!found) return seconds < 0 ? "now" : "just now";
  const [name, size] = found;
  const number = Math.floor(Math.abs(seconds) / size);
  const words = `${number} ${name}${number > 1 ? "s" : ""}`;
  return seconds < 0 ? `in ${words}` : `${words} ago`;
}

/** How long something will take: "4 s", "2 min", "1 h 5 min". */
export function span(seconds) {
  if (seconds < 90) return `${Math.max(1, Math.round(seconds))} s`;
  const minutes = Math.round(seconds / 60);
  return minutes < 60 ? `${minutes} min` : `${Math.floor(minutes / 60)} h ${minutes % 60} min`;
}

const DAY = 86_400;
const SPANS = [["month", 30 * DAY], ["week", 7 * DAY], ["day", DAY], ["hour", 3600], ["minute", 60]];

function pad(number) {
  return String(number).padStart(2, "0");
}
