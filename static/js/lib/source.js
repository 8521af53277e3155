/**
 * Gives a video its bytes: a stream by hls.js where there is a ladder and the browser has MSE (on purpose also where it
 * could play HLS by itself: the picture is then chosen by the same rules everywhere), else the one file.
 */
import { loadHls } from "./hls.js";

// A first guess that starts with a sharp picture on an office line; measured from the first segment on.
const FIRST_GUESS_BITS_PER_SECOND = 4_000_000;
const AHEAD_SECONDS = 30;

const hasMediaSource = () => "ManagedMediaSource" in window || "MediaSource" in window;

/**
 * @param {HTMLVideoElement} video
 * @param {{ src: string, hls?: string, atMs: number, rung?: number, onLost: (why: string) => void, onRungs: () => void }} wanted
 *   rung: the short side of the picture that was chosen; without it the line decides
 * @returns {{ kind: "stream" | "file", rungs: number[], rung: number | null, choose: (rung: number | null) => void, release: () => void }}
 */
export function attach(video, { src, hls, atMs, rung = null, onLost, onRungs }) {
  if (hls && hasMediaSource()) return stream(video, hls, { atMs, rung, onLost, onRungs });
  // Without MSE the browser plays streams by itself; one that grows has no file yet.
  return file(video, src ?? hls, atMs, onLost);
}

function file(video, src, atMs, onLost) {
  const failed = () => onLost(video.error?.message ?? "");
  video.addEventListener("error", failed, { once: true });
  video.src = src;
  video.preload = "metadata";
  video.load();
  if (atMs > 0) video.currentTime = atMs / 1000;
  return { kind: "file", rungs: [], rung: null, choose: () => null, release: () => video.removeEventListener("error", failed) };
}

function stream(video, address, { atMs, rung, onLost, onRungs }) {
  let hls = null;
  let released = false;
  video.removeAttribute("src");
  loadHls()
    .then(({ Hls, workerPath }) => {
      if (released) return;
      hls = new Hls({
        workerPath,
        startPosition: atMs / 1000,
        maxBufferLength: AHEAD_SECONDS,
        capLevelToPlayerSize: true,
        abrEwmaDefaultEstimate: FIRST_GUESS_BITS_PER_SECOND,
      });
      hls.on(Hls.Events.MANIFEST_PARSED, begin);
      hls.on(Hls.Events.ERROR, (_, problem) => answer(Hls, hls, problem, onLost));
      hls.loadSource(address);
      hls.attachMedia(video);
    })
    .catch((error) => released || onLost(error.message));
  function begin() {
    const level = levelOf(rung);
    if (level >= 0) hls.startLevel = hls.loadLevel = level;
    onRungs();
  }
  /** What plays changes from its next stretch on, what rests at once. A rung that is not there leaves it to the line. */
  function choose(wanted) {
    if (!hls) return (rung = wanted);
    const level = levelOf(wanted);
    const isAtRest = video.paused && video.readyState > 0 && level >= 0;
    hls[isAtRest ? "currentLevel" : "nextLevel"] = level;
    // The same place once more: a picture at rest is drawn anew only after a seek.
    if (isAtRest) hls.once("hlsFragBuffered", () => video.paused && (video.currentTime = Number(video.currentTime)));
    onRungs();
  }
  function levelOf(wanted) {
    return hls.levels.findIndex((level) => shortSide(level) === wanted);
  }
  return {
    kind: "stream",
    choose,
    /** What there is to choose from, sharpest first. */
    get rungs() {
      return (hls?.levels ?? []).map(shortSide).sort((one, other) => other - one);
    },
    /** What is shown. */
    get rung() {
      return video.videoWidth ? shortSide({ width: video.videoWidth, height: video.videoHeight }) : null;
    },
    release() {
      released = true;
      hls?.destroy();
    },
  };
}

const shortSide = ({ width, height }) => Math.min(width, height);

function answer(Hls, hls, { fatal, type, details }, onLost) {
  if (!fatal) return;
  if (type === Hls.ErrorTypes.MEDIA_ERROR && !hls.recovered) {
    hls.recovered = true;
    hls.recoverMediaError();
    return;
  }
  onLost(details);
}
