/**
 * <comment-composer>: writing a comment. The first letter stops the video and pins its moment; posting goes on playing
 * if it was playing. What is written is kept in this browser and at the server until it is posted.
 *
 * Event: composer-fill, detail: the letter, when the form was filled or emptied by us.
 */
import "./comment-feed.js";
import "./composer-extras.js";
import "./composer-moment.js";
import "./composer-tray.js";
import "./composer-undo.js";
import "./drawing-field.js";
import "./reply-recorder.js";
import { on, uuid } from "../lib/dom.js";
import { Draft } from "../lib/drafts.js";
import { habit } from "../lib/habits.js";
import { standOnKeyboard } from "../lib/keyboard-room.js";
import { Letters } from "../lib/letters.js";
import { thePlayer } from "../lib/player.js";
import { timecode } from "../lib/time.js";
import { toast } from "../lib/toast.js";

customElements.define(
  "comment-composer",
  class extends HTMLElement {
    #leave = new AbortController();
    #isWriting = false;
    #resumes = false;
    #kind = null;
    #draft;
    #letters;

    connectedCallback() {
      this.#draft = new Draft(this.dataset.draft, "comment");
      this.#letters = new Letters(this, this.dataset.draft);
      this.#listen();
      standOnKeyboard(this);
      this.#restore(this.#draft.read());
      this.#letters.restore();
      this.#draft.newer().then((words) => words !== undefined && !this.contains(document.activeElement) && this.#replace(words));
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    /** The range being written, or null. */
    get range() {
      return this.#moment.range;
    }

    set range({ fromMs, untilMs }) {
      this.#moment.pinTo(fromMs, untilMs);
    }

    /** What is being written belongs here: { pin, until } in milliseconds; null is not pinned, not a range. */
    get moment() {
      return this.#moment.places;
    }

    /** Begins to write at the moment in view, if that has not begun; answers where it is pinned. */
    hold() {
      this.#beginWriting();
      return this.moment.pin;
    }

    /** Takes the focus, with a kind and a line of the rubric ({ id, name }) chosen when they are given. */
    open(kind = null, { criterion = null } = {}) {
      if (kind) this.#choose(kind);
      if (criterion) this.#extras.set("criterion_id", criterion.id, criterion.name);
      this.#body.focus();
    }

    /** Says it instead of writing it. */
    record() {
      this.#recorder.open();
    }

    /** A range begins here. */
    begin() {
      this.#moment.begin();
      this.#say(`Range begins at ${timecode(this.#moment.values.at_ms)}. Press O where it ends.`);
    }

    /** A range ends here. */
    end() {
      if (!this.#moment.end()) return this.#say("Press I where the range begins, then O where it ends.");
      this.#say(`${timecode(this.range.fromMs)} to ${timecode(this.range.untilMs)}`);
    }

    /** Takes the range back, or the moment when nothing is written yet. Answers whether there was one. */
    clearRange() {
      const had = this.range || (this.#moment.isPinned && !this.#isWriting);
      if (had) this.#moment.pinTo(this.#isWriting ? this.#moment.values.at_ms : null);
      if (had) this.#say("");
      return Boolean(had);
    }

    /** A letter has arrived as this comment. */
    posted(letter, id) {
      this.#undo.offer(letter, id);
      if (!this.#isWriting) this.#say("Added");
    }

    /** A letter that was not sent comes back to be changed. Answers whether there was room for it. */
    takeBack(letter) {
      if (!this.#isFree) {
        toast("Post or discard what you are writing first.", { tone: "info" });
        return false;
      }
      if (letter.reply) this.#recorder.takeBack(letter.reply);
      this.#fill(letter);
      this.#body.focus();
      return true;
    }

    /** Where letters go, and what their notes look like. */
    get action() {
      return this.#form.action;
    }

    get template() {
      return this.querySelector("template[data-sending]");
    }

    #listen() {
      const { signal } = this.#leave;
      const hear = (name, act, target = this) => target.addEventListener(name, act, { signal });
      const click = (part, act) => on(this, "click", part, (_, target) => act(target), { signal });
      hear("recorder-open", () => this.#beginWriting());
      hear("recorder-change", () => this.#drawRecorder());
      hear("drawing-change", () => this.#written(), document);
      hear("extras-change", () => this.#extrasChanged());
      hear("range-change", () => this.#hasWords && this.#keepDraft());
      hear("tray-pick", ({ detail }) => this.#picked(detail));
      hear("undo-over", () => this.#isWriting || this.#say(""));
      hear("posting-undone", (event) => this.#undone(event));
      hear("beforeinput", (event) => event.target.matches("textarea") && this.#beginWriting());
      hear("input", (event) => event.target.matches("textarea") && this.#written());
      hear("submit", (event) => this.#post(event));
      hear("keydown", (event) => this.#press(event));
      click("input[name=kind]", (radio) => this.#toggleKind(radio));
      click("[data-discard]", () => this.#reset());
      click("[data-away]", () => document.activeElement.blur());
      click("[data-tool]", ({ dataset }) => this.#reach(dataset.tool));
      hear("online", () => this.#letters.sendAll(), window);
    }

    #beginWriting() {
      if (this.#isWriting) return;
      this.#isWriting = true;
      const player = thePlayer();
      if (!this.#moment.isPinned) this.#moment.pinTo(this.#moment.now);
      if (!player?.isPlaying || !habit("pauses", true)) return;
      this.#resumes = true;
      player.pause();
      this.#say("Paused while you type");
    }

    #written() {
      this.#show("discard", false);
      this.#settle();
    }

    /** With a recording the words are its one line. */
    #drawRecorder() {
      const { isClosed } = this.#recorder;
      this.#body.placeholder = isClosed ? this.#body.dataset.written : "In one line: what is your reply about?";
      this.#settle();
    }

    /** What was chosen belongs to a moment, too. */
    #extrasChanged() {
      this.#drawExtras();
      if (!this.#isFree) this.#beginWriting();
      this.#settle();
    }

    /** Keeps what is there. All erased, the next first letter pins anew; a range that was marked on purpose stays. */
    #settle() {
      if (!this.#isFree) return this.#keepDraft();
      this.#draft.clear();
      this.#isWriting = this.#resumes = false;
      this.#say("");
      if (!this.range) this.#moment.pinTo(null);
    }

    #reach(tool) {
      if (tool === "private") this.#extras.set("is_private", this.#extras.isPrivate ? "" : "1");
      else if (tool === "mention") this.#insert("@");
      else return this.#tray.open(tool);
      this.#body.focus();
    }

    #picked({ tool, id, label, kind, body, instead }) {
      if (tool === "criteria") return this.#extras.set("criterion_id", id, label);
      if (tool === "exemplars") return this.#extras.set("exemplar_id", id, label);
      if (kind && !this.#kind) this.#choose(kind);
      if (instead && this.#kind?.value === "try_instead") this.#instead.value ||= instead;
      this.#insert(body);
    }

    /** Puts words in where the caret stands, with a space before them where one is missing. */
    #insert(words) {
      const { value, selectionStart: from, selectionEnd: to } = this.#body;
      const space = from > 0 && !/\s$/.test(value.slice(0, from)) ? " " : "";
      this.#beginWriting();
      this.#body.focus();
      this.#body.setRangeText(space + words, from, to, "end");
      this.#body.dispatchEvent(new Event("input", { bubbles: true }));
    }

    #press(event) {
      const isSending = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      if (isSending) this.#form.requestSubmit();
      else if (event.key === " " && event.shiftKey) thePlayer()?.toggle();
      else if (event.key === "/" && event.target === this.#body && !this.#body.value) this.#tray.open("phrases");
      else if (event.key === "Escape") this.clearRange() || event.target.blur();
      else return;
      event.preventDefault();
    }

    #post(event) {
      event.preventDefault();
      if (!this.#body.value.trim()) return this.#body.focus();
      if (this.#recorder.isBusy) return this.#say("Stop the recording first.");
      const letter = { ...this.#letter, client_key: uuid(), reply: this.#recorder.handOver() };
      const resumes = this.#resumes;
      this.#reset();
      this.#letters.post(letter);
      if (resumes) thePlayer()?.play();
    }

    /** Its words come back, unless something else is being written by now. */
    #undone(event) {
      if (!this.#isFree) return;
      event.preventDefault();
      this.#fill(event.detail);
      this.#keepDraft();
      this.#body.focus();
      this.#say("Taken back; nobody reads it.");
    }

    #restore(kept) {
      if (!kept?.body && !kept?.instead && !kept?.drawing && !kept?.isSpoken && !kept?.criterion_id && !kept?.exemplar_id) return;
      this.#fill(kept);
      // What was only spoken is told by the recorder.
      if (!this.#hasWords) return;
      this.#say("Draft restored");
      this.#show("discard", true);
    }

    /** Another browser was the last to write. */
    #replace(words) {
      this.#empty();
      if (words) this.#restore(words);
    }

    #fill(letter) {
      this.#drawing.value = letter.drawing ?? "";
      this.#body.value = letter.body;
      this.#instead.value = letter.instead;
      this.#extras.fill(letter);
      if (letter.kind) this.#choose(letter.kind);
      this.#isWriting = true;
      this.#moment.pinTo(letter.at_ms, letter.until_ms);
      this.#filled(letter);
    }

    #reset() {
      this.#draft.clear();
      this.#empty();
    }

    #empty() {
      this.#form.reset();
      this.#drawing.value = "";
      this.#extras.fill({});
      this.#tray.close({ refocus: false });
      this.#kind = null;
      this.#isWriting = false;
      this.#resumes = false;
      this.#show("discard", false);
      this.#undo.close();
      this.#say("");
      this.#moment.pinTo(null);
      this.#filled({});
    }

    #filled(letter) {
      this.#drawExtras();
      this.dispatchEvent(new CustomEvent("composer-fill", { bubbles: true, detail: letter }));
    }

    #choose(kind) {
      this.#kind = this.querySelector(`input[value="${kind}"]`);
      this.#kind.checked = true;
    }

    /** A chosen kind pressed again is no kind: a plain remark. */
    #toggleKind(radio) {
      if (radio === this.#kind) radio.checked = false;
      this.#kind = radio.checked ? radio : null;
      if (!this.#isFree) this.#keepDraft();
    }

    /** What is spoken keeps its moment, too. */
    #keepDraft() {
      this.#draft.keep({ ...this.#letter, isSpoken: !this.#recorder.isClosed });
    }

    #drawExtras() {
      this.querySelector('[data-tool="private"]').setAttribute("aria-pressed", this.#extras.isPrivate);
      this.#form.classList.toggle("is-private", this.#extras.isPrivate);
    }

    get #letter() {
      return {
        ...this.#extras.values,
        body: this.#body.value,
        instead: this.#kind?.value === "try_instead" ? this.#instead.value : "",
        drawing: this.#drawing.value,
        kind: this.#kind?.value ?? "",
        ...this.#moment.values,
      };
    }

    get #hasWords() {
      return Boolean(this.#body.value.trim() || this.#instead.value.trim() || this.#drawing.value);
    }

    /** Nothing would be lost. */
    get #isFree() {
      return !this.#hasWords && this.#recorder.isClosed && this.#extras.isEmpty;
    }

    #say(text) {
      this.querySelector("[data-say]").textContent = text;
    }

    #show(part, isShown) {
      this.querySelector(`[data-${part}]`).hidden = !isShown;
    }

    get #form() {
      return this.querySelector("form");
    }

    get #recorder() {
      return this.querySelector("reply-recorder");
    }

    get #drawing() {
      return this.querySelector("drawing-field");
    }

    get #extras() {
      return this.querySelector("composer-extras");
    }

    get #tray() {
      return this.querySelector("composer-tray");
    }

    get #moment() {
      return this.querySelector("composer-moment");
    }

    get #undo() {
      return this.querySelector("composer-undo");
    }

    get #body() {
      return this.querySelector("[data-body]");
    }

    get #instead() {
      return this.querySelector("[data-instead]");
    }
  },
);
