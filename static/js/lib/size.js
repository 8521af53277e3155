/** Sizes as people read them; the same words as the server's `size` filter. */
const MEBIBYTE = 1024 * 1024;
const GIBIBYTE = 1024 * MEBIBYTE;

export function bytes(number) {
  if (number >= GIBIBYTE) return `${(number / GIBIBYTE).toFixed(1)} GB`;
  if (number >= MEBIBYTE) return `${Math.round(number / MEBIBYTE)} MB`;
  return `${Math.max(1, Math.floor(number / 1024))} KB`;
}

export function speed(bytesPerSecond) {
  if (bytesPerSecond >= MEBIBYTE) return `${(bytesPerSecond / MEBIBYTE).toFixed(1)} MB/s`;
  return `${Math.max(1, Math.round(bytesPerSecond / 1024))} KB/s`;
}
