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
 * @param {{ src: string, hls?: string, atMs: number, onLost: (why: string) => void }} wanted
 * @returns {{ kind: "stream" | "file", release: () => void }}
 */
export function attach(video, { src, hls, atMs, onLost }) {
  if (hls && hasMediaSource()) return stream(video, hls, atMs, onLost);
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
  return { kind: "file", release: () => video.removeEventListener("error", failed) };
}

function stream(video, address, atMs, onLost) {
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
      hls.on(Hls.Events.ERROR, (_, problem) => answer(Hls, hls, problem, onLost));
      hls.loadSource(address);
      hls.attachMedia(video);
    })
    .catch((error) => released || onLost(error.message));
  return {
    kind: "stream",
    release() {
      released = true;
      hls?.destroy();
    },
  };
}

function answer(Hls, hls, { fatal, type, details }, onLost) {
  if (!fatal) return;
  if (type === Hls.ErrorTypes.MEDIA_ERROR && !hls.recovered) {
    hls.recovered = true;
    hls.recoverMediaError();
    return;
  }
  onLost(details);
}
