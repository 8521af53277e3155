/** Sizes as people read them. */
const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;

export function bytes(number) {
  if (number >= GIBIBYTE) return `${tenths(number / GIBIBYTE)} GB`;
  if (number >= MEBIBYTE) return `${Math.round(number / MEBIBYTE)} MB`;
  return `${Math.max(1, Math.floor(number / 1024))} KB`;
}

export function speed(bytesPerSecond) {
  if (bytesPerSecond >= MEBIBYTE) return `${tenths(bytesPerSecond / MEBIBYTE)} MB/s`;
  return `${Math.max(1, Math.round(bytesPerSecond / 1024))} KB/s`;
}

function tenths(number) {
  return number.toFixed(1).replace(/\.0$/, "");
}
