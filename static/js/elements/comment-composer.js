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
import { ComposerForm } from "../lib/composer-form.js";
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
    #form;
    #draft;
    #letters;

    connectedCallback() {
      this.#form = new ComposerForm(this.querySelector("form"));
      this.#draft = new Draft(this.dataset.draft, "comment");
      this.#form.letters = new Letters(this, this.dataset.draft);
      this.#listen();
      standOnKeyboard(this);
      this.#restore(this.#draft.read());
      this.#form.letters.restore();
      this.#draft.newer().then((words) => words !== undefined && !this.contains(document.activeElement) && this.#replace(words));
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    /** The range being written, or null. */
    get range() {
      return this.#form.moment.range;
    }

    set range({ fromMs, untilMs }) {
      this.#form.moment.pinTo(fromMs, untilMs);
      this.#say(`${timecode(fromMs)} to ${timecode(untilMs)}`);
    }

    /** What is being written belongs here: { pin, until } in milliseconds; null is not pinned, not a range. */
    get moment() {
      return this.#form.moment.places;
    }

    /** Begins to write at the moment in view, if that has not begun; answers where it is pinned. */
    hold() {
      this.#beginWriting();
      return this.moment.pin;
    }

    /** Takes the focus, with a kind and a line of the rubric ({ id, name }) chosen when they are given. */
    open(kind = null, { criterion = null } = {}) {
      if (kind) this.#form.choose(kind);
      if (criterion) this.#form.extras.set("criterion_id", criterion.id, criterion.name);
      this.#form.body.focus();
    }

    /** Says it instead of writing it. */
    record() {
      this.#form.recorder.open();
    }

    /** A range begins here. */
    begin() {
      this.#form.moment.begin();
      this.#say(`Range begins at ${timecode(this.#form.moment.values.at_ms)}. Press O where it ends.`);
    }

    /** A range ends here. */
    end() {
      if (!this.#form.moment.end()) return this.#say("Press I where the range begins, then O where it ends.");
      this.#say(`${timecode(this.range.fromMs)} to ${timecode(this.range.untilMs)}`);
    }

    /** Takes the range back, or the moment when nothing is written yet. Answers whether there was one. */
    clearRange() {
      const had = this.range || (this.#form.moment.isPinned && !this.#isWriting);
      if (had) this.#form.moment.pinTo(this.#isWriting ? this.#form.moment.values.at_ms : null);
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
      if (!this.#form.isFree) {
        toast("Post or discard what you are writing first.", { tone: "info" });
        return false;
      }
      if (letter.reply) this.#form.recorder.takeBack(letter.reply);
      this.#fill(letter);
      this.#form.body.focus();
      return true;
    }

    /** Where letters go, and what their notes look like. */
    get action() {
      return this.querySelector("form").action;
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
      hear("range-change", () => this.#form.hasWords && this.#keepDraft());
      hear("tray-pick", ({ detail }) => this.#picked(detail));
      hear("undo-over", () => this.#isWriting || this.#say(""));
      hear("posting-undone", (event) => this.#undone(event));
      hear("beforeinput", (event) => event.target.matches("textarea") && this.#beginWriting());
      hear("input", (event) => event.target.matches("textarea") && this.#written());
      hear("submit", (event) => this.#post(event));
      hear("keydown", (event) => this.#press(event));
      click("input[name=kind]", (radio) => this.#kindChosen(radio));
      click("[data-discard]", () => this.#reset());
      click("[data-away]", () => document.activeElement.blur());
      click("[data-tool]", ({ dataset }) => this.#reach(dataset.tool));
      hear("online", () => this.#form.letters.sendAll(), window);
    }

    #beginWriting() {
      if (this.#isWriting) return;
      this.#isWriting = true;
      const player = thePlayer();
      if (!this.#form.moment.isPinned) this.#form.moment.pinTo(this.#form.moment.now);
      if (!player?.isPlaying || !habit("pauses", true)) return;
      this.#resumes = true;
      player.pause();
      this.#say("Paused while you type");
    }

    #written() {
      this.#show("discard", false);
      this.#settle();
    }

    #drawRecorder() {
      this.#form.ask();
      this.#settle();
    }

    /** What was chosen belongs to a moment, too. */
    #extrasChanged() {
      this.#form.drawExtras();
      if (!this.#form.isFree) this.#beginWriting();
      this.#settle();
    }

    /** Keeps what is there. All erased, the next first letter pins anew; a range that was marked on purpose stays. */
    #settle() {
      if (!this.#form.isFree) return this.#keepDraft();
      this.#draft.clear();
      this.#isWriting = this.#resumes = false;
      this.#say("");
      if (!this.range) this.#form.moment.pinTo(null);
    }

    #reach(tool) {
      if (tool === "private") this.#form.extras.set("is_private", this.#form.extras.isPrivate ? "" : "1");
      else if (tool === "mention") this.#mention();
      else return this.#tray.open(tool);
      this.#form.body.focus();
    }

    #mention() {
      this.#beginWriting();
      this.#form.insert("@");
    }

    #picked({ tool, id, label, ...phrase }) {
      if (tool === "criteria") return this.#form.extras.set("criterion_id", id, label);
      if (tool === "exemplars") return this.#form.extras.set("exemplar_id", id, label);
      this.#beginWriting();
      this.#form.putPhrase(phrase);
    }

    #press(event) {
      const isSending = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      if (isSending) this.querySelector("form").requestSubmit();
      else if (event.key === " " && event.shiftKey) thePlayer()?.toggle();
      else if (event.key === "/" && event.target === this.#form.body && !this.#form.body.value) this.#tray.open("phrases");
      else if (event.key === "Escape") this.clearRange() || event.target.blur();
      else return;
      event.preventDefault();
    }

    #post(event) {
      event.preventDefault();
      if (!this.#form.body.value.trim()) return this.#form.body.focus();
      if (this.#form.recorder.isBusy) return this.#say("Stop the recording first.");
      const letter = { ...this.#form.letter, client_key: uuid(), reply: this.#form.recorder.handOver() };
      const resumes = this.#resumes;
      this.#reset();
      this.#form.letters.post(letter);
      if (resumes) thePlayer()?.play();
    }

    /** Its words come back, unless something else is being written by now. */
    #undone(event) {
      if (!this.#form.isFree) return;
      event.preventDefault();
      this.#fill(event.detail);
      this.#keepDraft();
      this.#form.body.focus();
      this.#say("Taken back; nobody reads it.");
    }

    #restore(kept) {
      if (!kept?.body && !kept?.instead && !kept?.drawing && !kept?.isSpoken && !kept?.criterion_id && !kept?.exemplar_id) return;
      this.#fill(kept);
      // What was only spoken is told by the recorder.
      if (!this.#form.hasWords) return;
      this.#say("Draft restored");
      this.#show("discard", true);
    }

    /** Another browser was the last to write. */
    #replace(words) {
      this.#empty();
      if (words) this.#restore(words);
    }

    #fill(letter) {
      this.#form.fill(letter);
      this.#isWriting = true;
      this.#form.moment.pinTo(letter.at_ms, letter.until_ms);
      this.#filled(letter);
    }

    #reset() {
      this.#draft.clear();
      this.#empty();
    }

    #empty() {
      this.#form.empty();
      this.#tray.close({ refocus: false });
      this.#isWriting = false;
      this.#resumes = false;
      this.#show("discard", false);
      this.#undo.close();
      this.#say("");
      this.#form.moment.pinTo(null);
      this.#filled({});
    }

    #filled(letter) {
      this.#form.drawExtras();
      this.dispatchEvent(new CustomEvent("composer-fill", { bubbles: true, detail: letter }));
    }

    #kindChosen(radio) {
      this.#form.toggleKind(radio);
      if (!this.#form.isFree) this.#keepDraft();
    }

    /** What is spoken keeps its moment, too. */
    #keepDraft() {
      this.#draft.keep({ ...this.#form.letter, isSpoken: !this.#form.recorder.isClosed });
    }

    #say(text) {
      this.querySelector("[data-say]").textContent = text;
    }

    #show(part, isShown) {
      this.querySelector(`[data-${part}]`).hidden = !isShown;
    }

    get #tray() {
      return this.querySelector("composer-tray");
    }

    get #undo() {
      return this.querySelector("composer-undo");
    }
  },
);
