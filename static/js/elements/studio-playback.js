/**
 * <studio-playback>: the take in hand, from this browser's own store, before anybody else has it.
 *
 * What a recorder writes has no duration and may have no index: the length is told by who recorded it, and the browser is
 * made to find the end once, so that it can be sought. A screen follows the clock of the camera; what was recorded on
 * after a crash follows what was before it. "playback-change" tells time and play to the page, "layout-offer" { layout }
 * whether there is a layout to choose.
 */
const END_OF_TIME = 1e101;
// A little drift is made up by playing a little faster or slower; a jump takes a browser longer than that.
const MOST_DRIFT_SECONDS = 0.08;
const JUMP_SECONDS = 1;
const [SLOWEST, FASTEST] = [0.7, 1.4];

customElements.define(
  "studio-playback",
  class extends HTMLElement {
    durationMs = 0;
    #take = null;
    #stretches = [];
    #now = null;
    #isMovingOn = false;
    #leave = null;
    #gone = new AbortController();

    connectedCallback() {
      const { signal } = this.#gone;
      document.addEventListener("layout-choice", ({ detail }) => this.#arrange(detail.layout), { signal });
    }

    disconnectedCallback() {
      this.#gone.abort();
      this.close();
    }

    /** A HeldTake. Resolves as soon as it is known what is to be played. */
    async open(take) {
      this.close();
      this.#take = take;
      const stretches = await take.stretches();
      const { signal } = (this.#leave = new AbortController());
      for (const name of ["play", "pause", "ended", "timeupdate", "seeked"]) {
        this.#lead.addEventListener(name, () => this.#follow(name), { signal });
      }
      let fromMs = 0;
      this.#stretches = stretches.map((stretch) => ({ ...stretch, fromMs, untilMs: (fromMs += stretch.durationMs) }));
      this.durationMs = fromMs;
      const [{ lead, screen }] = stretches;
      this.querySelector("[data-sound]").hidden = !lead.type.startsWith("audio") || screen !== null;
      this.#layout = screen ? (take.layout ?? "screen") : null;
      this.dispatchEvent(new CustomEvent("layout-offer", { bubbles: true, detail: { layout: take.layout } }));
      this.#enter(this.#stretches[0], signal);
    }

    close() {
      this.#leave?.abort();
      this.#leave = null;
      this.#now = null;
      for (const video of this.#videos) empty(video);
    }

    #arrange(layout) {
      this.#layout = layout;
      this.#take.chooseLayout(layout);
    }

    /** How camera and screen stand together; null where there is no screen. */
    set #layout(layout) {
      if (layout) this.#pictures.dataset.layout = layout;
      else delete this.#pictures.dataset.layout;
    }

    get isPlaying() {
      return this.#isMovingOn || (!this.#lead.paused && !this.#lead.ended);
    }

    get timeMs() {
      return Math.min(this.durationMs, (this.#now?.fromMs ?? 0) + Math.round(this.#lead.currentTime * 1000));
    }

    toggle() {
      if (this.isPlaying) this.pause();
      else if (this.#isAtEnd) this.seek(0).then(() => this.#play());
      else this.#play();
    }

    pause() {
      this.#lead.pause();
    }

    async seek(ms) {
      const stretch = this.#stretches.find(({ untilMs }) => ms < untilMs) ?? this.#stretches.at(-1);
      if (stretch !== this.#now) await this.#moveTo(stretch);
      this.#lead.currentTime = (ms - stretch.fromMs) / 1000;
    }

    #play() {
      this.#lead.play().catch(() => null);
    }

    get #isAtEnd() {
      return this.#now === this.#stretches.at(-1) && this.#lead.ended;
    }

    #follow(name) {
      const following = this.#stretches[this.#stretches.indexOf(this.#now) + 1];
      if (name === "ended" && following) this.#moveTo(following);
      this.#lead.paused ? this.#screen.pause() : this.#keepTogether();
      if (name === "seeked") this.#keepTogether();
      this.#tell();
    }

    /** Another file comes into the picture; what was playing plays on. */
    async #moveTo(stretch) {
      this.#isMovingOn = this.isPlaying || this.#lead.ended;
      await this.#enter(stretch, this.#leave.signal);
      if (this.#isMovingOn) this.#play();
      this.#isMovingOn = false;
    }

    async #enter(stretch, signal) {
      this.#now = stretch;
      const { lead, screen } = stretch;
      this.#screen.hidden = !screen;
      await Promise.all([load(this.#lead, lead, signal), screen && load(this.#screen, screen, signal)]);
      const { videoWidth, videoHeight } = screen ? this.#screen : this.#lead;
      if (videoHeight) this.#pictures.style.setProperty("--aspect", videoWidth / videoHeight);
      this.#tell();
    }

    /** One clock: the lead's. */
    #keepTogether() {
      if (!this.#now?.screen) return;
      const at = this.#lead.currentTime - this.#now.screenAfterMs / 1000;
      const isShown = at >= 0 && !this.#screen.ended;
      const behind = Math.max(0, at) - this.#screen.currentTime;
      const mayDrift = this.isPlaying && Math.abs(behind) < JUMP_SECONDS;
      const isApart = Math.abs(behind) > MOST_DRIFT_SECONDS;
      this.#screen.playbackRate = isApart && mayDrift ? Math.min(FASTEST, Math.max(SLOWEST, 1 + behind)) : 1;
      if (isApart && !mayDrift && !this.#screen.seeking) this.#screen.currentTime = Math.max(0, at);
      if (this.isPlaying && isShown) this.#screen.play().catch(() => null);
      else this.#screen.pause();
    }

    #tell() {
      this.dispatchEvent(new CustomEvent("playback-change", { bubbles: true }));
    }

    get #pictures() {
      return this.querySelector(".pictures");
    }

    get #lead() {
      return this.querySelector("video[data-lead]");
    }

    get #screen() {
      return this.querySelector("video[data-screen]");
    }

    get #videos() {
      return [this.#lead, this.#screen];
    }
  },
);

async function load(video, blob, signal) {
  empty(video);
  video.src = URL.createObjectURL(blob);
  video.preload = "auto";
  await once(video, ["loadeddata", "error"], signal);
  if (Number.isFinite(video.duration)) return;
  video.currentTime = END_OF_TIME;
  // Chromium may stumble over the picture at the end of a file without an index. Afterwards it knows the length.
  await once(video, ["seeked", "error"], signal);
  if (video.error) video.load();
  else video.currentTime = 0;
}

function empty(video) {
  video.pause();
  if (video.src) URL.revokeObjectURL(video.src);
  video.removeAttribute("src");
  video.load();
}

function once(target, names, signal) {
  return new Promise((resolve) => names.forEach((name) => target.addEventListener(name, resolve, { once: true, signal })));
}
