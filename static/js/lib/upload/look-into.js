/** A look into a file of this device, as far as the browser can show it: how long it is, and a picture of it. */
const PATIENCE = 8_000;
// The very first picture is often black.
const STILL_AT = 1;

/**
 * Resolves with { durationMs, hasPicture }, or null when the browser cannot show the file; the duration is null where the
 * file does not tell it. `draw(video)` is called once the picture is there. The file is let go of in the end.
 */
export async function lookInto(file, draw) {
  const video = Object.assign(document.createElement("video"), { muted: true, playsInline: true, preload: "auto" });
  const address = URL.createObjectURL(file);
  try {
    video.src = address;
    await once(video, "loadedmetadata");
    return { durationMs: durationOf(video), hasPicture: video.videoWidth > 0 && (await drawn(video, draw)) };
  } catch {
    return null;
  } finally {
    video.removeAttribute("src");
    video.load();
    URL.revokeObjectURL(address);
  }
}

/** Some browsers show no picture before somebody presses play: the length is worth something by itself. */
async function drawn(video, draw) {
  try {
    video.currentTime = Math.min(STILL_AT, Number.isFinite(video.duration) ? video.duration / 2 : 0.1);
    await once(video, "seeked");
    draw(video);
    return true;
  } catch {
    return false;
  }
}

function durationOf({ duration }) {
  return Number.isFinite(duration) ? Math.round(duration * 1000) : null;
}

function once(video, name) {
  const ended = new AbortController();
  const { signal } = ended;
  return new Promise((resolve, reject) => {
    video.addEventListener(name, resolve, { signal });
    video.addEventListener("error", reject, { signal });
    AbortSignal.timeout(PATIENCE).addEventListener("abort", reject, { signal });
  }).finally(() => ended.abort());
}
