/** <moment-player data-from data-until>: plays that part of the video, and only that part unless the person goes elsewhere. */
customElements.define(
  "moment-player",
  class extends HTMLElement {
    connectedCallback() {
      this.video = this.querySelector("video");
      this.from = Number(this.dataset.from ?? NaN) / 1000;
      this.until = Number(this.dataset.until ?? NaN) / 1000;
      if (Number.isNaN(this.from)) return;
      this.video.addEventListener("loadedmetadata", () => this.#goToStart());
      this.video.addEventListener("play", () => this.#isOutside && this.#goToStart());
      this.video.addEventListener("timeupdate", () => this.#stopAtEnd());
    }

    get #isOutside() {
      return this.video.currentTime < this.from - 0.3 || this.video.currentTime >= this.until - 0.05;
    }

    #goToStart() {
      this.video.currentTime = this.from;
    }

    #stopAtEnd() {
      if (!this.video.paused && this.video.currentTime >= this.until) this.video.pause();
    }
  },
);
