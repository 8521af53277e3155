/**
 * <studio-camera>: what camera and microphone give, mirrored as people know themselves; the file is as others see them.
 * "stream-change" { stream } tells the level and the pickers; "stream-gone" that a device went away.
 */
import { closeStream, openDevices } from "../lib/studio/devices.js";

customElements.define(
  "studio-camera",
  class extends HTMLElement {
    stream = null;
    #asked = 0;

    disconnectedCallback() {
      this.close();
    }

    /** Rejects with a `DeviceError`. Resolves with false when it was closed or asked anew meanwhile. */
    async open(wanted) {
      this.close();
      const turn = this.#asked;
      const stream = await openDevices(wanted);
      if (turn !== this.#asked) {
        closeStream(stream);
        return false;
      }
      this.#take(stream);
      return true;
    }

    close() {
      this.#asked += 1;
      if (this.stream) closeStream(this.stream);
      this.#take(null);
    }

    get hasPicture() {
      return Boolean(this.stream?.getVideoTracks().length);
    }

    #take(stream) {
      this.stream = stream;
      const video = this.querySelector("video");
      video.srcObject = this.hasPicture ? stream : null;
      this.classList.toggle("is-sound", Boolean(stream) && !this.hasPicture);
      this.querySelector("[data-sound]").hidden = !stream || this.hasPicture;
      for (const track of stream?.getTracks() ?? []) {
        track.addEventListener("ended", () => stream === this.stream && this.#tell("stream-gone"));
      }
      this.#tell("stream-change");
    }

    #tell(name) {
      this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail: { stream: this.stream } }));
    }
  },
);
