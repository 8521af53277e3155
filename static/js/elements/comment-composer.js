/**
 * <comment-composer>: writing a comment. The first letter stops the video and pins its moment; posting goes on playing
 * if it was playing. What is written is kept in this browser and at the server until it is posted; for ten seconds after
 * that it can be taken back.
 *
 * Events: range-change when the range being written changed; composer-fill when the form was filled or emptied by us.
 */
import "./comment-feed.js";
import "./drawing-field.js";
import "./composer-extras.js";
import "./composer-tray.js";
import "./reply-recorder.js";
import { icon, on, uuid } from "../lib/dom.js";
import { Draft } from "../lib/drafts.js";
import { habit } from "../lib/habits.js";
import { askHTML } from "../lib/http.js";
import { Letters, span } from "../lib/letters.js";
import { thePlayer } from "../lib/player.js";
import { timecode } from "../lib/time.js";
import { toast, undoable } from "../lib/toast.js";

const SHORTEST_RANGE_MS = 200;
const UNDO_MS = 10_000;
const LIVE = { pin: null, until: null };

customElements.define(
  "comment-composer",
  class extends HTMLElement {
    #leave = new AbortController();
    #moment = { ...LIVE };
    #isWriting = false;
    #resumes = false;
    #kind = null;
    #undoTimer = null;
    #draft;
    #letters;

    connectedCallback() {
      this.#draft = new Draft(this.dataset.draft, "comment");
      this.#letters = new Letters(this, this.dataset.draft);
      this.#listen();
      this.#restore(this.#draft.read());
      this.#letters.restore();
      this.#drawMoment();
      this.#draft.newer().then((words) => words !== undefined && !this.#isFocused && this.#replace(words));
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    /** The range being written, or null. */
    get range() {
      const { pin, until } = this.#moment;
      return until === null ? null : { fromMs: pin, untilMs: until };
    }

    set range({ fromMs, untilMs }) {
      this.#pinTo(fromMs, untilMs);
      this.#say(`${timecode(fromMs)} to ${timecode(untilMs)}`);
    }

    /** What is being written belongs here: { pin, until } in milliseconds; null is not pinned, not a range. */
    get moment() {
      return { ...this.#moment };
    }

    /** Begins to write at the moment in view, if that has not begun; answers where it is pinned. */
    hold() {
      this.#beginWriting();
      return this.#moment.pin;
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
      const ms = this.#now;
      const { until } = this.#moment;
      this.#pinTo(ms, until !== null && until > ms + SHORTEST_RANGE_MS ? until : null);
      this.#say(`Range begins at ${timecode(ms)}. Press O where it ends.`);
    }

    /** A range ends here. */
    end() {
      const { pin } = this.#moment;
      const ms = this.#now;
      if (pin === null || ms < pin + SHORTEST_RANGE_MS) return this.#say("Press I where the range begins, then O where it ends.");
      this.#pinTo(pin, ms);
      this.#say(`${timecode(pin)} to ${timecode(ms)}`);
    }

    /** Takes the range back, or the moment when nothing is written yet. Answers whether there was one. */
    clearRange() {
      const had = this.#moment.until !== null || (this.#moment.pin !== null && !this.#isWriting);
      if (had) this.#pinTo(this.#isWriting ? this.#moment.pin : null, null);
      if (had) this.#say("");
      return had;
    }

    /** A letter has arrived as this comment: for a while it can be taken back without a question. */
    posted(letter, id) {
      clearTimeout(this.#undoTimer);
      const button = this.querySelector("[data-undo]");
      button.hidden = false;
      button.onclick = () => this.#undo(letter, id);
      if (!this.#isWriting) this.#say("Added");
      this.#undoTimer = setTimeout(() => this.#forgetUndo(), UNDO_MS);
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
      hear("tray-pick", ({ detail }) => this.#picked(detail));
      hear("beforeinput", (event) => event.target.matches("textarea") && this.#beginWriting());
      hear("input", (event) => event.target.matches("textarea") && this.#written());
      hear("submit", (event) => this.#post(event));
      hear("keydown", (event) => this.#press(event));
      click("input[name=kind]", (radio) => this.#toggleKind(radio));
      click("[data-pin]", () => this.#pinTo(this.#now, null));
      click("[data-unpin]", () => this.clearRange());
      click("[data-discard]", () => this.#reset());
      click("[data-away]", () => document.activeElement.blur());
      click("[data-tool]", ({ dataset }) => this.#reach(dataset.tool));
      hear("time-change", () => this.#moment.pin === null && this.#drawMoment(), document);
      hear("online", () => this.#letters.sendAll(), window);
    }

    #beginWriting() {
      if (this.#isWriting) return;
      this.#isWriting = true;
      this.#forgetUndo();
      const player = thePlayer();
      if (this.#moment.pin === null) this.#pinTo(this.#now, null);
      if (!player?.isPlaying || !habit("pauses", true)) return;
      this.#resumes = true;
      player.pause();
      this.#say("Paused while you type");
    }

    #written() {
      this.#show("discard", false);
      if (!this.#isFree) return this.#keepDraft();
      // All is erased: the next first letter pins anew. A range that was marked on purpose stays.
      this.#rest();
    }

    /** With a recording the words are its one line. */
    #drawRecorder() {
      const { isClosed } = this.#recorder;
      this.#body.placeholder = isClosed ? this.#body.dataset.written : "In one line: what is your reply about?";
      if (!this.#isFree) return this.#keepDraft();
      this.#rest();
    }

    /** What was chosen belongs to a moment, too. */
    #extrasChanged() {
      this.#drawExtras();
      if (this.#isFree) return this.#rest();
      this.#beginWriting();
      this.#keepDraft();
    }

    #rest() {
      this.#draft.clear();
      this.#isWriting = this.#resumes = false;
      this.#say("");
      if (!this.range) this.#pinTo(null, null);
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

    async #undo(letter, id) {
      this.#forgetUndo();
      const ask = async (act) => document.querySelector("comment-feed").take(await askHTML(`/comments/${id}/${act}`, { method: "POST" }), id);
      try {
        await ask("deletion");
      } catch (error) {
        return toast(error.message, { tone: "error" });
      }
      // What was recorded is at the server by now; it can only come back as it was.
      if (letter.reply || !this.#isFree) return undoable("Taken back.", () => ask("restoration"));
      this.#fill(letter);
      this.#keepDraft();
      this.#body.focus();
      this.#say("Taken back; nobody reads it.");
    }

    #forgetUndo() {
      clearTimeout(this.#undoTimer);
      this.#show("undo", false);
      if (!this.#isWriting) this.#say("");
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
      this.#pinTo(letter.at_ms, letter.until_ms);
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
      this.#forgetUndo();
      this.#say("");
      this.#pinTo(null, null);
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

    #pinTo(pin, until) {
      this.#moment = { pin, until };
      this.#drawMoment();
      this.dispatchEvent(new CustomEvent("range-change", { bubbles: true }));
      if (this.#hasWords) this.#keepDraft();
    }

    /** What is spoken keeps its moment, too. */
    #keepDraft() {
      this.#draft.keep({ ...this.#letter, isSpoken: !this.#recorder.isClosed });
    }

    #drawMoment() {
      const { pin, until } = this.#moment;
      const chip = this.querySelector("[data-pin]");
      chip.classList.toggle("is-pinned", pin !== null);
      chip.firstElementChild.replaceWith(icon(until === null ? "clock" : "brackets"));
      this.querySelector("[data-moment-text]").textContent = span({ at_ms: pin ?? this.#now, until_ms: until });
      this.#show("unpin", until !== null);
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
        at_ms: this.#moment.pin ?? this.#now,
        until_ms: this.#moment.until,
      };
    }

    get #hasWords() {
      return Boolean(this.#body.value.trim() || this.#instead.value.trim() || this.#drawing.value);
    }

    /** Nothing would be lost. */
    get #isFree() {
      return !this.#hasWords && this.#recorder.isClosed && this.#extras.isEmpty;
    }

    get #isFocused() {
      return this.contains(document.activeElement);
    }

    get #now() {
      return thePlayer()?.timeMs ?? 0;
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

    get #body() {
      return this.querySelector("[data-body]");
    }

    get #instead() {
      return this.querySelector("[data-instead]");
    }
  },
);
