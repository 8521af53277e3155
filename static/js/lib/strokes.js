/**
 * Strokes over a frame: [{ tool: "pen" | "arrow" | "box", points: [[x, y], …] }, …], each coordinate a share of the
 * picture from 0 to 1, so that they lie where they belong at any size.
 */
const SVG = "http://www.w3.org/2000/svg";
// The longer side of the picture in units of the drawing.
const LONG_SIDE = 1600;
const HEAD = 52;
const HEAD_ANGLE = 0.48;
// How far a point of the pen may lie beside the line that replaces it; what a hand cannot aim at.
const TOLERANCE = 0.0016;
const SMALLEST = 0.012;

export const MOST_STROKES = 60;
export const MOST_POINTS = 4000;

/** The size of a picture in units of the drawing. */
export function canvasOf({ width, height }) {
  const unit = LONG_SIDE / Math.max(width, height, 1);
  return { width: width * unit || LONG_SIDE, height: height * unit || LONG_SIDE };
}

/** Draws strokes into a part of an SVG: each twice, so that it is seen on light and on dark. */
export function drawStrokes(group, strokes, canvas) {
  const lines = strokes.map((stroke) => outline(stroke, canvas));
  group.replaceChildren(...lines.map((d) => path("stroke-halo", d)), ...lines.map((d) => path("stroke", d)));
}

/** What a person drew, in few points; null when it was only a touch. */
export function finished({ tool, points }) {
  const kept = tool === "pen" ? thinned(points) : [points[0], points.at(-1)];
  const size = Math.max(...[0, 1].map((axis) => spread(points.map((point) => point[axis]))));
  return size < SMALLEST ? null : { tool, points: kept.map((point) => point.map(rounded)) };
}

/** Does one more stroke fit in a drawing? */
export function hasRoom(strokes) {
  const points = strokes.reduce((sum, stroke) => sum + stroke.points.length, 0);
  return strokes.length < MOST_STROKES && points < MOST_POINTS - 500;
}

function outline({ tool, points }, canvas) {
  const [first, ...others] = points.map(([x, y]) => [x * canvas.width, y * canvas.height]);
  const last = others.at(-1) ?? first;
  if (tool === "box") return `M${first}H${last[0]}V${last[1]}H${first[0]}Z`;
  if (tool === "arrow") return `M${first}L${last}${head(first, last)}`;
  return curve([first, ...others]);
}

/** Through the middles between points, so that a hand's line has no corners. */
function curve(points) {
  const inner = points.slice(1, -1).map((point, i) => `Q${point} ${middle(point, points[i + 2])}`);
  return `M${points[0]}${inner.join("")}L${points.at(-1)}`;
}

function head([x1, y1], [x2, y2]) {
  const angle = Math.atan2(y2 - y1, x2 - x1);
  const length = Math.min(HEAD, Math.hypot(x2 - x1, y2 - y1) * 0.6);
  const [left, right] = [HEAD_ANGLE, -HEAD_ANGLE].map((turn) => [
    x2 - length * Math.cos(angle + turn),
    y2 - length * Math.sin(angle + turn),
  ]);
  return `M${left}L${[x2, y2]}L${right}`;
}

/** Ramer, Douglas and Peucker: a point stays when the line between its neighbours would miss it. */
function thinned(points) {
  if (points.length < 3) return points;
  const [first, last] = [points[0], points.at(-1)];
  const gaps = points.map((point) => distance(point, first, last));
  const far = gaps.indexOf(Math.max(...gaps));
  if (gaps[far] < TOLERANCE) return [first, last];
  return [...thinned(points.slice(0, far + 1)).slice(0, -1), ...thinned(points.slice(far))];
}

function distance([x, y], [x1, y1], [x2, y2]) {
  const length = Math.hypot(x2 - x1, y2 - y1);
  if (length === 0) return Math.hypot(x - x1, y - y1);
  const along = Math.min(1, Math.max(0, ((x - x1) * (x2 - x1) + (y - y1) * (y2 - y1)) / length ** 2));
  return Math.hypot(x - x1 - along * (x2 - x1), y - y1 - along * (y2 - y1));
}

const middle = ([x1, y1], [x2, y2]) => [(x1 + x2) / 2, (y1 + y2) / 2];
const spread = (numbers) => Math.max(...numbers) - Math.min(...numbers);
const rounded = (number) => Math.round(Math.min(1, Math.max(0, number)) * 1000) / 1000;

function path(name, d) {
  const element = document.createElementNS(SVG, "path");
  element.setAttribute("class", name);
  element.setAttribute("d", d);
  return element;
}
