/** Milliseconds and frames, at any rate: 24000/1001 as well as 60. A moment is a whole number of milliseconds. */

/** The number of the frame at this millisecond. The half: 1/3 of a second, rounded, lies just before its frame. */
export function frameAt(ms, fps) {
  return Math.floor(((ms + 0.5) * fps) / 1000);
}

/** The middle of the frame that shows this millisecond: a seek to its edge may show the one before. */
export function frameCentre(ms, fps) {
  return fps > 0 ? centreOf(frameAt(ms, fps), fps) : ms;
}

/** The middle of a frame. */
export function centreOf(frame, fps) {
  return ((frame + 0.5) * 1000) / fps;
}
