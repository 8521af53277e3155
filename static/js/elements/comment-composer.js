/**
 * <comment-composer>: writing a comment. The first letter stops the video and pins its moment; posting goes on playing
 * if it was playing. What is written is kept in this browser until the server has it.
 *
 * Event: range-change when the range being written changed.
 */
import "./comment-feed.js";
import "./drawing-field.js";
import "./reply-recorder.js";
import { announce } from "../lib/announce.js";
import { fromHTML, icon, on, uuid } from "../lib/dom.js";
import { Draft } from "../lib/drafts.js";
import { habit } from "../lib/habits.js";
import { askHTML } from "../lib/http.js";
import { Outbox } from "../lib/outbox.js";
import { thePlayer } from "../lib/player.js";
import { bring } from "../lib/replies.js";
import { timecode } from "../lib/time.js";
import { toast } from "../lib/toast.js";

const LOOKS = { strength: "strength", try_instead: "try", question: "question" };
const SHORTEST_RANGE_MS = 200;
const LIVE = { pin: null, until: null };

customElements.define(
  "comment-composer",
  class extends HTMLElement {
    #leave = new AbortController();
    #moment = { ...LIVE };
    #isWriting = false;
    #resumes = false;
    #kind = null;

    connectedCallback() {
      this.#draft = new Draft(this.dataset.draft);
      this.#outbox = new Outbox(this.dataset.draft);
      this.#listen();
      this.#restore();
      this.#outbox.all().forEach((letter) => this.#lay(letter));
      this.#drawMoment();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #draft;
    #outbox;

    /** The range being written, or null. */
    get range() {
      const { pin, until } = this.#moment;
      return until === null ? null : { fromMs: pin, untilMs: until };
    }

    set range({ fromMs, untilMs }) {
      this.#pinTo(fromMs, untilMs);
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

    /** Takes the focus, with a kind chosen when one is given. */
    open(kind = null) {
      if (kind) this.#choose(kind);
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

    #listen() {
      const { signal } = this.#leave;
      const hear = (name, act, target = this) => target.addEventListener(name, act, { signal });
      hear("recorder-open", () => this.#beginWriting());
      hear("recorder-change", () => this.#drawRecorder());
      hear("drawing-change", () => this.#written(), document);
      hear("beforeinput", (event) => event.target.matches("textarea") && this.#beginWriting());
      hear("input", (event) => event.target.matches("textarea") && this.#written());
      hear("submit", (event) => this.#post(event));
      hear("keydown", (event) => this.#press(event));
      on(this, "click", "input[name=kind]", (_, radio) => this.#toggleKind(radio), { signal });
      on(this, "click", "[data-pin]", () => this.#pinTo(this.#now, null), { signal });
      on(this, "click", "[data-unpin]", () => this.clearRange(), { signal });
      on(this, "click", "[data-discard]", () => this.#discard(), { signal });
      hear("time-change", () => this.#moment.pin === null && this.#drawMoment(), document);
      hear("online", () => this.#outbox.all().forEach((letter) => this.#deliver(letter)), window);
    }

    #beginWriting() {
      if (this.#isWriting) return;
      this.#isWriting = true;
      const player = thePlayer();
      if (this.#moment.pin === null) this.#pinTo(this.#now, null);
      if (!player?.isPlaying || !habit("pauses", true)) return;
      this.#resumes = true;
      player.pause();
      this.#say("Paused while you type");
    }

    #written() {
      this.#show("discard", false);
      if (this.#hasWords || !this.#recorder.isClosed) return this.#keepDraft();
      // All is erased: the next first letter pins anew. A range that was marked on purpose stays.
      this.#draft.clear();
      this.#isWriting = this.#resumes = false;
      this.#say("");
      if (!this.range) this.#pinTo(null, null);
    }

    /** With a recording the words are its one line. */
    #drawRecorder() {
      const { isClosed } = this.#recorder;
      this.#body.placeholder = isClosed ? this.#body.dataset.written : "In one line: what is your reply about?";
      if (!isClosed) return this.#keepDraft();
      if (this.#hasWords || this.range) return;
      this.#draft.clear();
      this.#isWriting = this.#resumes = false;
      this.#say("");
      this.#pinTo(null, null);
    }

    #press(event) {
      const isSending = event.key === "Enter" && (event.ctrlKey || event.metaKey) && !event.shiftKey;
      if (isSending) this.#form.requestSubmit();
      else if (event.key === " " && event.shiftKey) thePlayer()?.toggle();
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
      this.#outbox.put(letter);
      this.#reset();
      this.#lay(letter);
      this.#deliver(letter);
      if (resumes) thePlayer()?.play();
    }

    /** Sends a letter; its note says how it goes. A second sending of the same key makes no second comment. */
    async #deliver(letter) {
      const note = this.#noteOf(letter);
      if (!note) return;
      this.#tell(note, "Sending …", false);
      try {
        const sent = letter.reply ? { ...letter, recording_id: await this.#bring(letter, note) } : letter;
        const html = await askHTML(this.#form.action, { method: "POST", form: formOf(sent) });
        this.#outbox.take(letter.client_key);
        this.#feed.take(html);
        note.remove();
        announce(`Posted at ${timecode(letter.at_ms)}.`);
      } catch (error) {
        this.#tell(note, `Not sent. ${error.message}`, true);
      }
    }

    /** What was said goes first; a letter that knows its recording's name finds it again after a crash. */
    #bring(letter, note) {
      return bring(letter.reply, {
        named: (recording) => this.#outbox.put({ ...letter, reply: { ...letter.reply, recording } }),
        progress: (percent) => this.#tell(note, `Sending your recording, ${percent} %`, false),
      });
    }

    /** Puts a letter as a note into the feed, unless the server has it already. */
    #lay(letter) {
      const key = CSS.escape(letter.client_key);
      if (this.#feed.querySelector(`[data-client-key="${key}"]`)) return this.#outbox.take(letter.client_key);
      const note = this.#draw(letter);
      note.querySelector("[data-again]").addEventListener("click", () => this.#deliver(letter));
      note.querySelector("[data-back]").addEventListener("click", () => this.#takeBack(letter, note));
      this.#feed.add(note);
      this.#tell(note, "Not sent yet.", true);
    }

    #draw(letter) {
      const note = fromHTML(this.querySelector("template").innerHTML);
      const look = LOOKS[letter.kind];
      note.dataset.sendingKey = letter.client_key;
      note.dataset.at = letter.at_ms;
      note.querySelector("[data-at-text]").textContent = span(letter);
      note.querySelector("[data-body-text]").textContent = letter.body;
      note.querySelector("[data-spoken]").hidden = !letter.reply;
      note.querySelector("[data-spoken-length]").textContent = letter.reply ? timecode(letter.reply.durationMs) : "";
      note.querySelector("[data-instead-text]").textContent = letter.instead;
      note.querySelector("[data-instead-text]").hidden = !letter.instead;
      if (!look) return note;
      note.classList.add(`kind-${look}`);
      const mark = this.querySelector("template").content.querySelector(`[data-mark="${look}"]`);
      note.querySelector("[data-kind-mark]").replaceWith(mark.firstElementChild.cloneNode(true));
      return note;
    }

    #takeBack(letter, note) {
      if (this.#hasWords || !this.#recorder.isClosed) return toast("Post or discard what you are writing first.", { tone: "info" });
      if (letter.reply) this.#recorder.takeBack(letter.reply);
      this.#outbox.take(letter.client_key);
      note.remove();
      this.#fill(letter);
      this.#body.focus();
    }

    #tell(note, text, hasFailed) {
      note.querySelector("[data-state]").textContent = text;
      note.querySelector("[data-failed]").hidden = !hasFailed;
      note.classList.toggle("note--failed", hasFailed);
    }

    #restore() {
      const kept = this.#draft.read();
      if (!kept?.body && !kept?.instead && !kept?.drawing && !kept?.isSpoken) return;
      this.#fill(kept);
      // What was only spoken is told by the recorder.
      if (!this.#hasWords) return;
      this.#say("Draft restored");
      this.#show("discard", true);
    }

    #fill({ body, instead, drawing, kind, at_ms: pin, until_ms: until }) {
      this.#drawing.value = drawing ?? "";
      this.#body.value = body;
      this.#instead.value = instead;
      if (kind) this.#choose(kind);
      this.#isWriting = true;
      this.#pinTo(pin, until);
    }

    #discard() {
      this.#reset();
      this.#say("");
    }

    #reset() {
      this.#draft.clear();
      this.#form.reset();
      this.#drawing.value = "";
      this.#kind = null;
      this.#isWriting = false;
      this.#resumes = false;
      this.#show("discard", false);
      this.#say("");
      this.#pinTo(null, null);
    }

    #choose(kind) {
      this.#kind = this.querySelector(`input[value="${kind}"]`);
      this.#kind.checked = true;
    }

    /** A chosen kind pressed again is no kind: a plain remark. */
    #toggleKind(radio) {
      if (radio === this.#kind) radio.checked = false;
      this.#kind = radio.checked ? radio : null;
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

    get #letter() {
      return {
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

    get #now() {
      return thePlayer()?.timeMs ?? 0;
    }

    #say(text) {
      this.querySelector("[data-say]").textContent = text;
    }

    #show(part, isShown) {
      this.querySelector(`[data-${part}]`).hidden = !isShown;
    }

    #noteOf({ client_key: key }) {
      return this.#feed.querySelector(`[data-sending-key="${CSS.escape(key)}"]`);
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

    get #body() {
      return this.querySelector("[data-body]");
    }

    get #instead() {
      return this.querySelector("[data-instead]");
    }

    get #feed() {
      return document.querySelector("comment-feed");
    }
  },
);

function span({ at_ms: from, until_ms: until }) {
  return until === null ? timecode(from) : `${timecode(from)} – ${timecode(until)}`;
}

function formOf(letter) {
  const form = new FormData();
  for (const [name, value] of Object.entries(letter)) if (name !== "reply") form.set(name, value ?? "");
  return form;
}
