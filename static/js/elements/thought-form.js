/** <thought-form>: telling a thought at the moment in view, written or spoken. What is spoken arrives before its words. */
import "./reply-recorder.js";
import { on } from "../lib/dom.js";
import { thePlayer } from "../lib/player.js";
import { bring } from "../lib/replies.js";
import { timecode } from "../lib/time.js";

customElements.define(
  "thought-form",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      this.querySelector("[data-now-in-view]").hidden = false;
      on(this, "click", "[data-now-in-view]", () => this.#take(), { signal });
      on(this, "submit", "form", (event, form) => this.#send(event, form), { signal });
      this.closest("details").addEventListener("toggle", ({ target }) => target.open && this.#take(), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #take() {
      const player = thePlayer();
      const from = Number(player?.closest("[data-from]")?.dataset.from ?? 0);
      player?.pause();
      if (player) this.querySelector("[name=at]").value = timecode(Math.max(0, player.timeMs - from), { tenths: true });
    }

    async #send(event, form) {
      const recorder = this.querySelector("reply-recorder");
      if (recorder?.isBusy) {
        event.preventDefault();
        return this.#say("Stop the recording first.");
      }
      const reply = recorder?.keep();
      if (!reply) return;
      event.preventDefault();
      try {
        form.recording_id.value = await bring(reply, { progress: (percent) => this.#say(`Sending your recording, ${percent} %`) });
        recorder.posted();
        form.submit();
      } catch (error) {
        this.#say(error.message);
      }
    }

    #say(words) {
      this.querySelector("[data-say]").textContent = words;
    }
  },
);
