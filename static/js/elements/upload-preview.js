/**
 * <upload-preview>: a file of this device, shown before anybody else has it: a still of it, which plays when pressed.
 *
 * The still is drawn and the file let go of again, two at a time, since browsers keep only so many videos open. What the
 * browser cannot show keeps its icon.
 */
import { icon } from "../lib/dom.js";
import { lookInto } from "../lib/upload/look-into.js";
import { Slots } from "../lib/upload/slots.js";

const looks = new Slots(2);

customElements.define(
  "upload-preview",
  class extends HTMLElement {
    #file = null;
    #address = null;
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      this.#button.addEventListener("click", () => (this.#address ? this.#close() : this.#play()), { signal });
      this.#video.addEventListener("ended", () => this.#close(), { signal });
      this.#video.addEventListener("error", () => this.#address && this.#close(), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
      this.#close();
    }

    /** Resolves with the length in milliseconds, null when the browser does not know it. */
    async show(file) {
      this.#file = file;
      const seen = await this.#look();
      if (!seen) return null;
      this.#canvas.hidden = !seen.hasPicture;
      if (!seen.hasPicture && !file.type.startsWith("video/")) this.#button.querySelector(".icon").replaceWith(icon("audio-lines"));
      this.#button.disabled = false;
      this.#tell();
      return seen.durationMs;
    }

    async #look() {
      const giveBack = await looks.take(0, this.#leave.signal).catch(() => null);
      if (!giveBack) return null;
      try {
        return await lookInto(this.#file, (video) => this.#draw(video));
      } finally {
        giveBack();
      }
    }

    /** The middle of the picture, so that it fills the still. */
    #draw(video) {
      const { width, height } = this.#canvas;
      const scale = Math.max(width / video.videoWidth, height / video.videoHeight);
      const [w, h] = [video.videoWidth * scale, video.videoHeight * scale];
      this.#canvas.getContext("2d").drawImage(video, (width - w) / 2, (height - h) / 2, w, h);
    }

    #play() {
      this.#address = URL.createObjectURL(this.#file);
      this.#video.src = this.#address;
      this.#video.play().catch(() => this.#close());
      this.#tell();
    }

    #close() {
      this.#video.removeAttribute("src");
      this.#video.load();
      if (this.#address) URL.revokeObjectURL(this.#address);
      this.#address = null;
      this.#tell();
    }

    #tell() {
      const isPlaying = this.#address !== null;
      this.classList.toggle("is-playing", isPlaying);
      this.#button.setAttribute("aria-label", `${isPlaying ? "Stop" : "Play"} ${this.#file?.name ?? "this file"}`);
    }

    get #button() {
      return this.querySelector("button");
    }

    get #canvas() {
      return this.querySelector("canvas");
    }

    get #video() {
      return this.querySelector("video");
    }
  },
);
