/**
 * <studio-screen>: the screen, window or tab that is shown beside the camera. The browser asks which one, and may end it
 * at any time from a bar of its own: "screen-gone" tells so, "screen-change" { stream } whatever happens to it.
 */
import { closeStream } from "../lib/studio/devices.js";
import { openScreen } from "../lib/studio/screen.js";

customElements.define(
  "studio-screen",
  class extends HTMLElement {
    stream = null;

    connectedCallback() {
      this.#video.addEventListener("resize", () => this.#tell("screen-change"));
    }

    disconnectedCallback() {
      this.close();
    }

    /** Only in answer to a click or a key. Rejects with a `DeviceError`: what was shared before stays. */
    async open() {
      const stream = await openScreen();
      this.close();
      this.#take(stream);
    }

    close() {
      if (!this.stream) return;
      closeStream(this.stream);
      this.#take(null);
    }

    /** Width by height of what is shown, once that is known. */
    get aspect() {
      const { videoWidth, videoHeight } = this.#video;
      return this.stream && videoHeight ? videoWidth / videoHeight : null;
    }

    #take(stream) {
      this.stream = stream;
      this.#video.srcObject = stream;
      this.querySelector("[data-unshared]").hidden = Boolean(stream);
      const [track] = stream?.getVideoTracks() ?? [];
      track?.addEventListener("ended", () => stream === this.stream && this.#end());
      this.#tell("screen-change");
    }

    #end() {
      this.#tell("screen-gone");
      this.close();
    }

    #tell(name) {
      this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { stream: this.stream } }));
    }

    get #video() {
      return this.querySelector("video");
    }
  },
);
