/** The stills of a recording: a WebVTT track whose cues name tiles of one sprite, `address#xywh=x,y,w,h`. */

const CUE = /(\S+)\s+-->\s+(\S+).*\n(\S+)#xywh=(\d+),(\d+),(\d+),(\d+)/g;

/** @returns {{ fromMs: number, untilMs: number, sheet: string, x: number, y: number, width: number, height: number }[]} */
export function parseStoryboard(text, base = location.href) {
  return [...text.replaceAll("\r", "").matchAll(CUE)].map(([, from, until, sheet, ...box]) => {
    const [x, y, width, height] = box.map(Number);
    return { fromMs: clock(from), untilMs: clock(until), sheet: new URL(sheet, base).href, x, y, width, height };
  });
}

/** Loads the track and its sprite; what it answers draws the still of a moment into an <svg> with one <image>. */
export async function openStoryboard(address) {
  const response = await fetch(address, { credentials: "same-origin" });
  if (!response.ok) return null;
  const cues = parseStoryboard(await response.text(), response.url);
  if (!cues.length) return null;
  const sheet = new Image();
  sheet.src = cues[0].sheet;
  await sheet.decode();
  return (svg, ms) => draw(svg, sheet, cues.findLast(({ fromMs }) => fromMs <= ms) ?? cues[0]);
}

function draw(svg, sheet, { x, y, width, height }) {
  svg.setAttribute("viewBox", `${x} ${y} ${width} ${height}`);
  const image = svg.firstElementChild;
  if (image.getAttribute("href") === sheet.src) return;
  image.setAttribute("href", sheet.src);
  image.setAttribute("width", sheet.naturalWidth);
  image.setAttribute("height", sheet.naturalHeight);
}

/** "00:01:02.500" or "01:02.500" to milliseconds. */
function clock(text) {
  return text.split(":").reduce((sum, part) => sum * 60 + Number(part), 0) * 1000;
}
