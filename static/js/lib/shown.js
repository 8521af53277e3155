/**
 * Where the picture of a video is, to a few milliseconds. Browsers tell the position of what plays more or less
 * coarsely; where they say which frame was shown when, that is what counts.
 */

// An older frame says nothing about now: the tab was hidden, or there is only sound.
const FRESH_MS = 200;
// A frame so far from where the video stands was shown before a leap, and told of after it: slow browsers do that.
const NEAR_MS = 500;

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
    const standsAt = currentTime * 1000;
    if (paused || seeking || age > FRESH_MS || Math.abs(this.#frame.ms - standsAt) > NEAR_MS) return standsAt;
    return this.#frame.ms + age * playbackRate;
  }

  /** A frame from before a leap is no news. */
  forget() {
    this.#frame = null;
  }

  #watch() {
    this.#video.requestVideoFrameCallback((_, { mediaTime, expectedDisplayTime }) => {
      this.#frame = this.#video.seeking ? null : { ms: mediaTime * 1000, at: expectedDisplayTime };
      this.#watch();
    });
  }
}
