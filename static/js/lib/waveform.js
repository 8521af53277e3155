/** The waveform of a recording: one byte for each twentieth of a second, the root of its loudest sample. */

export const BARS = 220;
const HEIGHT = 34;
const STEP = 4;
const WIDTH = 2.4;

/** @returns {Promise<Uint8Array>} */
export async function openWaveform(address) {
  const response = await fetch(address);
  if (!response.ok) throw new Error(`The waveform answered ${response.status}.`);
  return new Uint8Array(await response.arrayBuffer());
}

/** The loudest of each stretch, from 0 to 1, for as many bars as fit on a timeline. */
export function barsOf(peaks, count = BARS) {
  return Array.from({ length: count }, (_, bar) => {
    const from = Math.floor((bar * peaks.length) / count);
    const until = Math.max(from + 1, Math.floor(((bar + 1) * peaks.length) / count));
    return Math.max(0, ...peaks.subarray(from, until)) / 255;
  });
}

/** Bars as the outline of one path, in a picture of `BARS * 4` by 34; silence is a dot. */
export function outline(bars) {
  return bars
    .map((share, bar) => {
      const height = Math.max(1.5, share * (HEIGHT - 4));
      return `M${bar * STEP + 0.8} ${((HEIGHT - height) / 2).toFixed(1)}h${WIDTH}v${height.toFixed(1)}h-${WIDTH}z`;
    })
    .join("");
}
