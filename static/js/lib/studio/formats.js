/**
 * What to record in: the first that the browser can, the ones that need no new encoding first.
 * A browser's word is a wish only: what has arrived is what the server's probe says.
 */
const H264 = "avc1.42E01F";
const CLEAR_VIDEO = 2_500_000;
const CLEAR_SPEECH = 128_000;
// Chromium's own gap of five seconds would make every jump slow.
const KEYFRAME_MS = 2_000;

/** In the order of preference. A browser that knows none of them chooses by itself. */
const VIDEO = [
  `video/mp4;codecs="${H264},mp4a.40.2"`,
  `video/mp4;codecs="${H264},opus"`,
  'video/webm;codecs="avc1,opus"',
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

/** @returns {{ mimeType: string, container: string, options: MediaRecorderOptions }} no `mimeType`: the browser's own. */
export function bestFormat(isTypeSupported, { audioOnly = false } = {}) {
  const mimeType = (audioOnly ? AUDIO : VIDEO).find((type) => isTypeSupported(type)) ?? "";
  const sound = { audioBitsPerSecond: CLEAR_SPEECH, ...(mimeType && { mimeType }) };
  const picture = { videoBitsPerSecond: CLEAR_VIDEO, videoKeyFrameIntervalDuration: KEYFRAME_MS };
  return { mimeType, container: containerOf(mimeType), options: audioOnly ? sound : { ...sound, ...picture } };
}

/** How a file of this type ends: "mp4", "m4a" or "webm". Chromium calls a WebM with H.264 "x-matroska". */
export function containerOf(mimeType) {
  if (mimeType.startsWith("audio/mp4")) return "m4a";
  return mimeType.startsWith("video/mp4") ? "mp4" : "webm";
}
