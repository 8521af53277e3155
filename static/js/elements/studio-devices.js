/**
 * <studio-devices>: which camera, which microphone, and what is recorded: the camera, a screen beside it, or sound alone.
 * The choice is remembered in this browser; "devices-choice" asks the studio to open what was chosen.
 */
import { on } from "../lib/dom.js";
import { recall, remember } from "../lib/memory.js";
import { chooseDevice, listDevices, onDevicesChange, usedDevice } from "../lib/studio/devices.js";
import { canShareScreen } from "../lib/studio/screen.js";

const WAY = "studio:way";
const LISTS = { camera: "cameras", microphone: "microphones" };
const NOTHING = { camera: "No camera", microphone: "No microphone" };

customElements.define(
  "studio-devices",
  class extends HTMLElement {
    #stream = null;
    #given = null;
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      on(this, "change", "select", (_, select) => this.#choose(select));
      on(this, "click", "button[value]", (_, { value }) => this.choose(value));
      document.addEventListener("stream-change", ({ detail }) => this.#streamChanged(detail.stream), { signal });
      document.addEventListener("studio-change", ({ detail }) => (this.inert = detail.state === "countdown"), { signal });
      onDevicesChange(() => this.#list(), signal);
      this.querySelector('button[value="screen"]').hidden = !canShareScreen();
      this.querySelector("[data-no-screen]").hidden = canShareScreen();
      this.#draw();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    /** "camera", "screen" or "sound". */
    get way() {
      const way = this.#given ?? recall(WAY, "camera");
      return way === "screen" && !canShareScreen() ? "camera" : way;
    }

    /** A take that is recorded on goes on as it began; null leaves the choice to the person again. */
    set given(way) {
      this.#given = way;
      this.#draw();
    }

    choose(way) {
      remember(WAY, way);
      this.#draw();
      this.#tell();
    }

    #choose(select) {
      chooseDevice(select.dataset.which, select.value);
      this.#tell();
    }

    #streamChanged(stream) {
      this.#stream = stream;
      if (stream) this.#list();
    }

    async #list() {
      const found = await listDevices().catch(() => ({ cameras: [], microphones: [] }));
      for (const select of this.querySelectorAll("select")) this.#fill(select, found[LISTS[select.dataset.which]]);
    }

    #fill(select, devices) {
      const { which } = select.dataset;
      const used = this.#stream && usedDevice(this.#stream, which);
      const named = devices.map(({ label, deviceId }, index) => new Option(label || `${nameOf(which)} ${index + 1}`, deviceId));
      select.replaceChildren(...(named.length ? named : [new Option(NOTHING[which], "")]));
      if (used) select.value = used;
      this.#draw();
    }

    #draw() {
      for (const button of this.querySelectorAll("button[value]")) {
        button.ariaPressed = String(button.value === this.way);
        button.disabled = this.#given !== null;
      }
      for (const select of this.querySelectorAll("select")) {
        select.disabled = this.way === "sound" && select.dataset.which === "camera";
      }
    }

    #tell() {
      this.dispatchEvent(new CustomEvent("devices-choice", { bubbles: true }));
    }
  },
);

function nameOf(which) {
  return which === "camera" ? "Camera" : "Microphone";
}
