/**
 * Where the picture of a video is, to a few milliseconds. Browsers tell the position of what plays more or less
 * coarsely; where they say which frame was shown when, that is what counts.
 */

// An older frame says nothing about now: the tab was hidden, or there is only sound.
const FRESH_MS = 200;

export class Shown {
  #video;
  #frame = null;

  constructor(video) {
    this.#video = video;
    if ("requestVideoFrameCallback" in video) this.#watch();
  }

  get ms() {
    const { paused, seeking, currentTime, playbackRate } = this.#video;
    const age = this.#frame ? performance.now() - this.#frame.at : Infinity;
    if (paused || seeking || age > FRESH_MS) return currentTime * 1000;
    return this.#frame.ms + age * playbackRate;
  }

  /** A frame from before a leap is no news. */
  forget() {
    this.#frame = null;
  }

  #watch() {
    this.#video.requestVideoFrameCallback((_, { mediaTime, expectedDisplayTime }) => {
      this.#frame = { ms: mediaTime * 1000, at: expectedDisplayTime };
      this.#watch();
    });
  }
}
