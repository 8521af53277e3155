/**
 * <drawing-board>: drawing on the frame at rest, by pointer or by keys. It lies over the picture, with its tools at the
 * top, and goes when the video leaves the frame.
 *
 * Events: drawing-open, drawing-change { strokes }, drawing-close.
 */
import { announce } from "../lib/announce.js";
import { on } from "../lib/dom.js";
import { frameAt } from "../lib/frames.js";
import { canvasOf, drawStrokes, finished, hasRoom } from "../lib/strokes.js";

const STEP = 0.02;
const FINE_STEP = 0.004;
const MOVES = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };
const NAMES = { pen: "Line", arrow: "Arrow", box: "Box" };

customElements.define(
  "drawing-board",
  class extends HTMLElement {
    #leave = new AbortController();
    #strokes = [];
    #stroke = null;
    #tool = "pen";
    #cursor = [0.5, 0.5];
    #frame = 0;

    connectedCallback() {
      const { signal } = this.#leave;
      const hear = (target, name, act) => target.addEventListener(name, act, { signal });
      on(this, "click", "[data-tool]", (_, button) => this.#choose(button.dataset.tool), { signal });
      on(this, "click", "[data-draw-act]", (_, button) => this.#act[button.dataset.drawAct](), { signal });
      hear(this.#surface, "pointerdown", (event) => this.#begin(event));
      hear(this.#surface, "pointermove", (event) => this.#go(event));
      hear(this.#surface, "pointerup", () => this.#end());
      hear(this.#surface, "pointercancel", () => this.#drop());
      hear(this.#surface, "keydown", (event) => this.#press(event));
      hear(this.#surface, "blur", () => this.#drawCursor(false));
      hear(this, "keydown", (event) => this.#pressAnywhere(event));
      hear(document, "time-change", ({ detail }) => this.isOpen && this.#frameAt(detail.ms) !== this.#frame && this.close());
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    get isOpen() {
      return !this.hidden;
    }

    /** Begins, or goes on with what is drawn already, on the frame in view. */
    open(strokes) {
      this.#strokes = strokes;
      this.#frame = this.#frameAt(this.#player.timeMs);
      const canvas = this.#canvas;
      this.#surface.setAttribute("viewBox", `0 0 ${canvas.width} ${canvas.height}`);
      this.hidden = false;
      this.#draw();
      this.#tell("drawing-open");
      this.#surface.focus({ preventScroll: true });
    }

    close() {
      if (!this.isOpen) return;
      this.#stroke = null;
      this.hidden = true;
      this.#tell("drawing-close");
    }

    #act = {
      undo: () => this.#put(this.#strokes.slice(0, -1), "Taken back."),
      clear: () => this.#put([], "All cleared."),
      done: () => this.close(),
    };

    #choose(tool) {
      this.#tool = tool;
      for (const button of this.querySelectorAll("[data-tool]")) button.ariaPressed = String(button.dataset.tool === tool);
    }

    #begin(event) {
      if (event.button !== 0) return;
      this.#surface.setPointerCapture(event.pointerId);
      this.#drawCursor(false);
      this.#start(this.#pointOf(event));
    }

    #go(event) {
      if (!this.#stroke || !this.#surface.hasPointerCapture(event.pointerId)) return;
      const events = event.getCoalescedEvents?.() ?? [];
      for (const one of events.length ? events : [event]) this.#stroke.points.push(this.#pointOf(one));
      this.#draw();
    }

    #start(point) {
      if (!hasRoom(this.#strokes)) return announce("This is as much as one drawing holds.");
      this.#stroke = { tool: this.#tool, points: [point] };
    }

    #end() {
      const stroke = this.#stroke && finished(this.#stroke);
      this.#stroke = null;
      if (stroke) this.#put([...this.#strokes, stroke], `${NAMES[stroke.tool]} drawn.`);
      else this.#draw();
    }

    #drop() {
      this.#stroke = null;
      this.#draw();
    }

    #put(strokes, news) {
      this.#strokes = strokes;
      this.#draw();
      this.#tell("drawing-change", { strokes });
      announce(news);
    }

    /** By keys: arrows move the cross, Enter sets where a stroke begins and where it ends. */
    #press(event) {
      const move = MOVES[event.key];
      if (event.ctrlKey || event.metaKey || event.altKey) return;
      if (move) this.#moveCursor(move, event.shiftKey ? FINE_STEP : STEP);
      else if (event.key === "Enter" || event.key === " ") this.#set();
      else return;
      event.preventDefault();
    }

    #pressAnywhere(event) {
      const isUndo = event.key === "Backspace" || (event.key === "z" && (event.ctrlKey || event.metaKey));
      if (event.key === "Escape" && this.#stroke) this.#drop();
      else if (event.key === "Escape") this.close();
      else if (isUndo) this.#act.undo();
      else return;
      event.preventDefault();
    }

    #set() {
      if (this.#stroke) return this.#end();
      this.#start([...this.#cursor]);
      this.#drawCursor(true);
      announce(`${NAMES[this.#tool]} begins. Move to its other end and press Enter.`);
    }

    #moveCursor(move, step) {
      this.#cursor = this.#cursor.map((place, axis) => Math.min(1, Math.max(0, place + move[axis] * step)));
      this.#stroke?.points.push([...this.#cursor]);
      this.#draw();
      this.#drawCursor(true);
      const [left, top] = this.#cursor.map((place) => Math.round(place * 100));
      announce(`${left} % from the left, ${top} % from the top`);
    }

    #drawCursor(isShown) {
      const cursor = this.querySelector("[data-cursor]");
      const { width, height } = this.#canvas;
      cursor.toggleAttribute("hidden", !isShown);
      cursor.setAttribute("transform", `translate(${this.#cursor[0] * width} ${this.#cursor[1] * height})`);
    }

    #draw() {
      drawStrokes(this.querySelector("[data-strokes]"), [...this.#strokes, this.#stroke].filter(Boolean), this.#canvas);
      for (const act of ["undo", "clear"]) this.querySelector(`[data-draw-act="${act}"]`).disabled = !this.#strokes.length;
    }

    /** Where on the picture, whatever bars lie beside it. */
    #pointOf({ clientX, clientY }) {
      const { x, y } = new DOMPoint(clientX, clientY).matrixTransform(this.#surface.getScreenCTM().inverse());
      const { width, height } = this.#canvas;
      return [x / width, y / height].map((place) => Math.min(1, Math.max(0, place)));
    }

    #frameAt(ms) {
      return frameAt(ms, this.#player.fps || 25);
    }

    #tell(name, detail = null) {
      this.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
    }

    get #canvas() {
      return canvasOf(this.#player.querySelector("frame-drawing").picture);
    }

    get #surface() {
      return this.querySelector("[data-surface]");
    }

    get #player() {
      return this.closest("pitch-player");
    }
  },
);
