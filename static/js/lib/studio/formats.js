/**
 * What to record in: the first that the browser can, the ones that need no new encoding first.
 * A browser's word is a wish only: what has arrived is what the server's probe says.
 */
const H264 = "avc1.42E01F";
const CLEAR_VIDEO = 2_500_000;
const CLEAR_SPEECH = 128_000;
// Chromium's own gap of five seconds would make every jump slow.
const KEYFRAME_MS = 2_000;
// MP4 is given out from one keyframe to the next, and that one fragment late: a crash must not cost more than two.
const FRAGMENT_MS = 1_000;

/**
 * In the order of preference. A browser that knows none of them chooses by itself. MP4 with Opus comes late: it is
 * given out in large pieces, as all MP4, and is played by no more browsers than WebM.
 */
const VIDEO = [
  `video/mp4;codecs="${H264},mp4a.40.2"`,
  'video/webm;codecs="avc1,opus"',
  `video/mp4;codecs="${H264},opus"`,
  'video/webm;codecs="vp9,opus"',
  'video/webm;codecs="vp8,opus"',
  "video/mp4",
  "video/webm",
];

const AUDIO = [
  'audio/mp4;codecs="mp4a.40.2"',
  'audio/webm;codecs="opus"',
  'audio/mp4;codecs="opus"',
  "audio/mp4",
  "audio/webm",
];

/** @returns {{ mimeType: string, container: string, options: MediaRecorderOptions }} no type: the browser's own. */
export function bestFormat(isTypeSupported, { audioOnly = false } = {}) {
  const mimeType = (audioOnly ? AUDIO : VIDEO).find((type) => isTypeSupported(type)) ?? "";
  const container = containerOf(mimeType);
  const sound = { audioBitsPerSecond: CLEAR_SPEECH, ...(mimeType && { mimeType }) };
  const keyframes = container === "mp4" ? FRAGMENT_MS : KEYFRAME_MS;
  const picture = { videoBitsPerSecond: CLEAR_VIDEO, videoKeyFrameIntervalDuration: keyframes };
  return { mimeType, container, options: audioOnly ? sound : { ...sound, ...picture } };
}

/** How a file of this type ends: "mp4", "m4a" or "webm". Chromium calls a WebM with H.264 "x-matroska". */
export function containerOf(mimeType) {
  if (mimeType.startsWith("audio/mp4")) return "m4a";
  return mimeType.startsWith("video/mp4") ? "mp4" : "webm";
}
