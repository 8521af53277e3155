/**
 * <studio-playback>: the take in hand, from this browser's own store, before anybody else has it.
 *
 * What a recorder writes has no duration and may have no index: the length is told by who recorded it, and the browser is
 * made to find the end once, so that it can be sought. "playback-change" tells time and play to the page.
 */
const END_OF_TIME = 1e101;

customElements.define(
  "studio-playback",
  class extends HTMLElement {
    durationMs = 0;
    #address = null;
    #leave = null;

    disconnectedCallback() {
      this.close();
    }

    async open(blob, { durationMs, hasVideo }) {
      this.close();
      this.durationMs = durationMs;
      this.querySelector("[data-sound]").hidden = hasVideo;
      this.#leave = new AbortController();
      const { signal } = this.#leave;
      for (const name of ["play", "pause", "ended", "timeupdate", "seeked"]) {
        this.#video.addEventListener(name, () => this.#tell(), { signal });
      }
      this.#address = URL.createObjectURL(blob);
      this.#video.src = this.#address;
      await this.#findEnd(signal);
      this.#tell();
    }

    close() {
      this.#leave?.abort();
      this.#leave = null;
      this.#video.pause();
      this.#video.removeAttribute("src");
      this.#video.load();
      if (this.#address) URL.revokeObjectURL(this.#address);
      this.#address = null;
    }

    get isPlaying() {
      return !this.#video.paused && !this.#video.ended;
    }

    get timeMs() {
      return Math.min(this.durationMs, Math.round(this.#video.currentTime * 1000));
    }

    toggle() {
      if (this.isPlaying) this.#video.pause();
      else this.#video.play().catch(() => null);
    }

    pause() {
      this.#video.pause();
    }

    seek(ms) {
      this.#video.currentTime = ms / 1000;
    }

    async #findEnd(signal) {
      this.#video.preload = "auto";
      await once(this.#video, ["loadeddata", "error"], signal);
      if (Number.isFinite(this.#video.duration)) return;
      this.#video.currentTime = END_OF_TIME;
      // Chromium may stumble over the picture at the end of a file without an index. Afterwards it knows the length.
      await once(this.#video, ["seeked", "error"], signal);
      if (this.#video.error) this.#video.load();
      else this.#video.currentTime = 0;
    }

    #tell() {
      this.dispatchEvent(new CustomEvent("playback-change", { bubbles: true }));
    }

    get #video() {
      return this.querySelector("video");
    }
  },
);

function once(target, names, signal) {
  return new Promise((resolve) => names.forEach((name) => target.addEventListener(name, resolve, { once: true, signal })));
}
