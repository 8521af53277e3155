/**
 * <drawing-field>: the drawing of a comment that is being written, as one field of its form; its button opens the board
 * over the frame. `value` is the drawing as text, empty when there is none.
 */
import { makeRoomToWrite } from "../lib/full-screen.js";
import { thePlayer } from "../lib/player.js";

customElements.define(
  "drawing-field",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      const { signal } = this.#leave;
      this.#button.addEventListener("click", () => this.draw(), { signal });
      document.addEventListener("drawing-change", ({ detail }) => (this.value = detail.strokes), { signal });
      document.addEventListener("drawing-open", () => this.#label(true), { signal });
      document.addEventListener("drawing-close", () => this.#closed(), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    get value() {
      return this.querySelector("input").value;
    }

    /** Strokes, or the text of them. */
    set value(drawing) {
      const text = typeof drawing === "string" ? drawing : drawing?.length ? JSON.stringify(drawing) : "";
      this.querySelector("input").value = text;
      this.#label(Boolean(this.#board?.isOpen));
    }

    /** The drawing and where it belongs, or null. */
    get drawn() {
      const { pin, until } = this.#composer.moment;
      return this.value && pin !== null ? { drawing: this.value, fromMs: pin, untilMs: until } : null;
    }

    /** Opens the board on the frame of the comment, or closes it. */
    draw() {
      const board = this.#board;
      if (!board) return;
      if (board.isOpen) return board.close();
      thePlayer().show(this.#composer.hold());
      board.open(this.value ? JSON.parse(this.value) : []);
    }

    #closed() {
      this.#label(false);
      makeRoomToWrite();
      this.#composer.open();
    }

    #label(isOpen) {
      this.#button.ariaPressed = String(isOpen || Boolean(this.value));
      this.#button.ariaLabel = this.#button.title = isOpen ? "Leave the drawing" : this.value ? "Change the drawing" : "Draw on the frame (D)";
    }

    get #board() {
      return document.querySelector("drawing-board");
    }

    get #composer() {
      return this.closest("comment-composer");
    }

    get #button() {
      return this.querySelector("button");
    }
  },
);
