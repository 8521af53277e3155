/**
 * <frame-drawing>: what was drawn on the frame, laid over the picture while its comment is the one in view and its
 * moment is shown; so also what is being written. The SVG fits its box as the video does, with the same bars.
 */
import { canvasOf, drawStrokes } from "../lib/strokes.js";

// A drawing without an end stays this long, so that it is seen while the video plays.
const LASTS_MS = 1500;
// A seek goes to the middle of a frame, which may lie a little before the moment.
const EARLY_MS = 50;

customElements.define(
  "frame-drawing",
  class extends HTMLElement {
    #leave = new AbortController();
    #shown = "";

    connectedCallback() {
      const { signal } = this.#leave;
      const hear = (target, names, act) => names.split(" ").forEach((name) => target.addEventListener(name, act, { signal }));
      hear(document, "comment-current comments-change time-change range-change drawing-change drawing-open drawing-close", () => this.#draw());
      hear(this.#video, "loadedmetadata resize", () => this.#draw({ anew: true }));
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #draw({ anew = false } = {}) {
      const shown = this.#isDrawnOn ? [] : this.#inView;
      const text = shown.join();
      if (text === this.#shown && !anew) return;
      this.#shown = text;
      const svg = this.querySelector("svg");
      const canvas = canvasOf(this.picture);
      svg.setAttribute("viewBox", `0 0 ${canvas.width} ${canvas.height}`);
      drawStrokes(svg, shown.flatMap((drawing) => JSON.parse(drawing)), canvas);
    }

    /** The size of the picture; what the page was told, until the video knows. */
    get picture() {
      const { videoWidth, videoHeight, width, height } = this.#video;
      return videoWidth ? { width: videoWidth, height: videoHeight } : { width, height };
    }

    /** Drawings, as text, that belong to the moment in view. */
    get #inView() {
      const ms = this.closest("pitch-player").timeMs;
      const thread = document.getElementById(`comment-${document.querySelector("comment-feed")?.currentId}`);
      const said = thread && { drawing: thread.dataset.drawing, fromMs: Number(thread.dataset.at), untilMs: Number(thread.dataset.until) };
      return [said, document.querySelector("drawing-field")?.drawn]
        .filter((one) => one?.drawing && ms >= one.fromMs - EARLY_MS && ms <= (one.untilMs || one.fromMs + LASTS_MS))
        .map(({ drawing }) => drawing);
    }

    get #isDrawnOn() {
      return document.querySelector("drawing-board")?.isOpen;
    }

    get #video() {
      return this.closest("pitch-player").querySelector("video");
    }
  },
);
