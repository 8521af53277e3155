/** <player-transport>: the controls under the stage. It shows what the player does and tells it what to do. */
import "./pitch-player.js";
import { announce } from "../lib/announce.js";
import { copy } from "../lib/clipboard.js";
import { icon, on } from "../lib/dom.js";
import { isPanelShown, showPanel } from "../lib/full-screen.js";
import { momentLink } from "../lib/moment.js";
import { timecode } from "../lib/time.js";

const AROUND_MS = { before: 1000, after: 4000 };

customElements.define(
  "player-transport",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      on(this, "click", "[data-act]", (_, button) => this.#act[button.dataset.act](), { signal });
      on(this, "click", "[data-speed]", (_, button) => (this.#player.speed = Number(button.dataset.speed)), { signal });
      on(this, "click", "[data-quality]", (_, button) => (this.#player.quality = Number(button.dataset.quality) || null), { signal });
      on(this, "input", "[data-volume]", (_, slider) => (this.#player.volume = Number(slider.value)), { signal });
      this.#player.addEventListener("player-change", () => this.#draw(), { signal });
      this.#player.addEventListener("play-change", () => this.#draw(), { signal });
      this.#player.addEventListener("loop-change", () => this.#draw(), { signal });
      this.#player.addEventListener("time-change", ({ detail }) => this.#tellTime(detail.ms), { signal });
      this.#draw();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #act = {
      toggle: () => this.#player.toggle(),
      mute: () => this.#player.mute(),
      captions: () => this.#player.caption(),
      float: () => this.#player.float(),
      fill: () => this.#player.fill(),
      panel: () => this.#togglePanel(),
      loop: () => this.loop(),
      link: () => copy(momentLink(this.#player.timeMs), "Link to this moment copied."),
    };

    /** Repeats the range being written, else the comment in view, else a few seconds around now. */
    loop() {
      const player = this.#player;
      if (player.looped) return player.unloop();
      const range = document.querySelector("comment-composer")?.range ?? document.querySelector("comment-feed")?.currentRange;
      const { fromMs, untilMs } = range ?? { fromMs: player.timeMs - AROUND_MS.before, untilMs: player.timeMs + AROUND_MS.after };
      player.loop(fromMs, untilMs);
      if (player.timeMs < fromMs || player.timeMs > untilMs) player.seek(fromMs);
      player.play();
      announce(`Repeating ${timecode(player.looped.fromMs)} to ${timecode(player.looped.untilMs)}.`);
    }

    #togglePanel() {
      showPanel(this.#player, !isPanelShown(this.#player));
      this.#draw();
    }

    #tellTime(ms) {
      this.querySelector("[data-now]").textContent = timecode(ms, { tenths: true });
    }

    #draw() {
      const player = this.#player;
      this.#name("toggle", player.isPlaying ? "Pause" : "Play", player.isPlaying ? "pause" : "play");
      this.#name("mute", player.volume ? "Sound off" : "Sound on", player.volume ? "volume-2" : "volume-x");
      this.#name("fill", player.isFilled ? "Leave full screen" : "Full screen", player.isFilled ? "minimize" : "maximize");
      this.#button("fill").hidden = !player.canFill;
      this.#button("panel").hidden = !player.isFilled;
      this.#button("panel").ariaPressed = String(isPanelShown(player));
      this.#button("float").hidden = !player.canFloat;
      this.#button("loop").ariaPressed = String(Boolean(player.looped));
      this.#button("captions").hidden = !player.tracks.length;
      this.#button("captions").ariaPressed = String(player.tracks.some(({ mode }) => mode === "showing"));
      this.querySelector("[data-volume]").value = player.volume;
      this.#drawSpeed(player.speed);
      this.#drawQuality(player);
      this.#tellTime(player.timeMs);
    }

    #drawSpeed(speed) {
      const summary = this.querySelector(".transport-speed");
      summary.lastChild.textContent = `${speed}×`;
      summary.setAttribute("aria-label", `Speed and quality: ${speed} times`);
      for (const item of this.querySelectorAll("[data-speed]")) light(item, Number(item.dataset.speed) === speed);
    }

    /** What the line chose stands behind "Auto"; one quality is no choice. */
    #drawQuality({ qualities, quality, shownQuality }) {
      const part = this.querySelector("[data-qualities]");
      part.hidden = !qualities.length;
      const chosen = qualities.includes(quality) ? quality : null;
      const auto = chosen || !shownQuality ? "Auto" : `Auto (${shownQuality}p)`;
      const wanted = [[0, auto], ...qualities.map((rung) => [rung, `${rung}p`])];
      const items = [...part.querySelectorAll("[data-quality]")];
      wanted.forEach(([rung, text], place) => {
        const item = items[place] ?? part.appendChild(items[0].cloneNode(true));
        item.dataset.quality = rung;
        if (item.textContent !== text) item.textContent = text;
        light(item, (chosen ?? 0) === rung);
      });
      for (const item of items.slice(wanted.length)) item.remove();
    }

    #name(act, label, iconName) {
      const button = this.#button(act);
      if (button.ariaLabel === label) return;
      button.ariaLabel = button.title = label;
      button.replaceChildren(icon(iconName));
    }

    #button(act) {
      return this.querySelector(`[data-act="${act}"]`);
    }

    get #player() {
      return this.closest("pitch-player");
    }
  },
);

function light(item, isCurrent) {
  if (isCurrent) item.setAttribute("aria-current", "true");
  else item.removeAttribute("aria-current");
}
