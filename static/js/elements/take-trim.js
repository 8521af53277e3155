/**
 * <take-trim>: the stretch of a practice take that becomes a shorter one, chosen by dragging its edges, by keys on
 * them, by typing times, or where the player stands. The picture follows, and the stretch can be played.
 */
import { spoken } from "../lib/moment.js";
import { thePlayer } from "../lib/player.js";
import { msOf, timecode } from "../lib/time.js";

const SHORTEST_MS = 1000;
const KEY_STEPS = { ArrowLeft: -100, ArrowDown: -100, ArrowRight: 100, ArrowUp: 100, PageDown: -5000, PageUp: 5000 };
const SHIFT = 10;

customElements.define(
  "take-trim",
  class extends HTMLElement {
    #leave = new AbortController();
    #moments = { from: 0, until: 0 };
    #dragged = null;
    #isPlaying = false;

    connectedCallback() {
      this.#moments.until = this.#durationMs;
      for (const name of ["rail", "acts"]) this.#part(name).hidden = false;
      this.#listen();
      this.#draw();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    get isOpen() {
      return this.querySelector("details").open;
    }

    /** The stretch begins, or ends, where the player stands. */
    begin() {
      this.#move("from", thePlayer()?.timeMs ?? 0);
    }

    end() {
      this.#move("until", thePlayer()?.timeMs ?? 0);
    }

    #listen() {
      const { signal } = this.#leave;
      const hear = (target, name, act) => target.addEventListener(name, act, { signal });
      for (const edge of this.querySelectorAll("[data-edge]")) {
        hear(edge, "pointerdown", (event) => this.#grab(event, edge));
        hear(edge, "pointermove", (event) => this.#drag(event));
        hear(edge, "lostpointercapture", () => (this.#dragged = null));
        hear(edge, "keydown", (event) => this.#press(event, edge.dataset.edge));
      }
      for (const name of ["from", "until"]) {
        hear(this.#field(name), "change", () => this.#type(name));
        hear(this.querySelector(`[data-set="${name}"]`), "click", () => (name === "from" ? this.begin() : this.end()));
      }
      hear(this.querySelector("[data-play]"), "click", () => this.#play());
      hear(document, "time-change", ({ detail }) => this.#stopAtEnd(detail.ms));
      hear(this.querySelector("form"), "formdata", ({ formData }) => {
        for (const [name, ms] of Object.entries(this.#moments)) formData.set(`${name}_ms`, ms);
      });
    }

    #grab(event, edge) {
      if (event.button !== 0) return;
      this.#dragged = edge.dataset.edge;
      edge.setPointerCapture(event.pointerId);
    }

    #drag({ clientX }) {
      if (!this.#dragged) return;
      const { left, width } = this.#part("rail").getBoundingClientRect();
      this.#show(this.#dragged, Math.round((this.#durationMs * (clientX - left)) / width));
    }

    #press(event, name) {
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      const step = KEY_STEPS[event.key] * (event.shiftKey ? SHIFT : 1);
      if (step) this.#show(name, this.#moments[name] + step);
      else if (event.key === "Home") this.#show(name, 0);
      else if (event.key === "End") this.#show(name, this.#durationMs);
      else return;
      event.preventDefault();
    }

    #type(name) {
      const ms = msOf(this.#field(name).value);
      if (ms === null) this.#draw();
      else this.#show(name, ms);
    }

    #show(name, ms) {
      this.#move(name, ms);
      this.#isPlaying = false;
      thePlayer()?.show(this.#moments[name]);
    }

    /** Each edge keeps a second away from the other one. */
    #move(name, ms) {
      const { from, until } = this.#moments;
      const [least, most] = name === "from" ? [0, until - SHORTEST_MS] : [from + SHORTEST_MS, this.#durationMs];
      this.#moments[name] = Math.round(Math.min(Math.max(ms, Math.min(least, most)), Math.max(least, most)));
      this.#draw();
    }

    #play() {
      const player = thePlayer();
      if (!player) return;
      player.unloop();
      player.seek(this.#moments.from);
      player.play();
      this.#isPlaying = true;
    }

    #stopAtEnd(ms) {
      if (!this.#isPlaying || ms < this.#moments.until) return;
      this.#isPlaying = false;
      thePlayer()?.pause();
    }

    #draw() {
      const { from, until } = this.#moments;
      for (const [name, ms] of Object.entries(this.#moments)) {
        const edge = this.querySelector(`[data-edge="${name}"]`);
        edge.style.insetInlineStart = `${this.#percent(ms)}%`;
        edge.ariaValueNow = String(ms);
        edge.ariaValueText = spoken(ms);
        this.#field(name).value = timecode(ms, { tenths: true });
      }
      const kept = this.#part("kept");
      kept.style.insetInlineStart = `${this.#percent(from)}%`;
      kept.style.inlineSize = `${this.#percent(until) - this.#percent(from)}%`;
      const isAll = from === 0 && until === this.#durationMs;
      this.#part("make").disabled = isAll;
      this.#part("told").value = isAll
        ? "Choose where the shorter take begins and ends."
        : `${timecode(until - from, { tenths: true })} of ${timecode(this.#durationMs, { tenths: true })}.`;
    }

    #percent(ms) {
      return (100 * ms) / this.#durationMs;
    }

    #part(name) {
      return this.querySelector(`[data-${name}]`);
    }

    #field(name) {
      return this.querySelector(`input[name="${name}"]`);
    }

    get #durationMs() {
      return Math.max(1, Number(this.dataset.duration));
    }
  },
);
