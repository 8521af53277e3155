/**
 * <studio-live>: what will be recorded, as it is seen now: the camera or the microphone, and a screen beside it.
 * Draws how they stand together, and gives the files of a take as `parts`.
 */
import { announce } from "../lib/announce.js";
import { DeviceError } from "../lib/studio/devices.js";
import { bestFormat } from "../lib/studio/formats.js";
import { missingDevices } from "../lib/studio/obstacles.js";

customElements.define(
  "studio-live",
  class extends HTMLElement {
    #way = "camera";

    connectedCallback() {
      for (const name of ["stream-change", "screen-change"]) this.addEventListener(name, () => this.#draw());
    }

    /** Rejects with a `DeviceError`; its `kind` says what exactly is missing. False when it was asked anew meanwhile. */
    async open(way, { camera = true, microphone = true } = {}) {
      this.#way = way;
      this.#draw();
      const wantsCamera = camera && way !== "sound";
      try {
        return await this.#camera.open({ camera: wantsCamera, microphone: microphone || !wantsCamera });
      } catch (error) {
        if (error.kind !== "none") throw error;
        const missing = await missingDevices();
        // A screen can also be shown without a face beside it.
        if (way === "screen" && missing === "no-camera") return this.#camera.open({ camera: false });
        throw new DeviceError(missing, error);
      }
    }

    /** Only in answer to a click or a key. Resolves with whether there is a screen now. */
    async share() {
      try {
        await this.#screen.open();
      } catch (error) {
        if (!(error instanceof DeviceError)) throw error;
        this.#tellNothingChosen();
      }
      return this.isSharing;
    }

    #tellNothingChosen() {
      const card = this.querySelector("[data-unshared]");
      card.querySelector("b").textContent = "Nothing was chosen";
      announce(card.textContent, { urgent: true });
    }

    stopSharing() {
      this.#screen.close();
    }

    /** The lights of camera and microphone go out; the screen is left to `stopSharing`. */
    close() {
      this.#camera.close();
    }

    get isSharing() {
      return this.#screen.stream !== null;
    }

    get hasPicture() {
      return this.#camera.hasPicture;
    }

    /** The first one's clock is the take's. */
    get parts() {
      const isSupported = (type) => MediaRecorder.isTypeSupported(type);
      const { stream, hasPicture } = this.#camera;
      const format = bestFormat(isSupported, { audioOnly: !hasPicture });
      const lead = { role: hasPicture ? "camera" : "audio", stream, format };
      const screen = { role: "screen", stream: this.#screen.stream, format: bestFormat(isSupported) };
      return this.isSharing ? [lead, screen] : [lead];
    }

    /** While it is recorded, the camera stands in the corner of what is shared. */
    #draw() {
      const pictures = this.querySelector(".pictures");
      const layout = this.isSharing && !this.hasPicture ? "screen" : "corner";
      if (this.#way === "screen") pictures.dataset.layout = layout;
      else delete pictures.dataset.layout;
      pictures.style.setProperty("--aspect", this.#screen.aspect ?? 16 / 9);
    }

    get #camera() {
      return this.querySelector("studio-camera");
    }

    get #screen() {
      return this.querySelector("studio-screen");
    }
  },
);
