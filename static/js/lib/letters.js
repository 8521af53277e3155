/**
 * Comments on their way: each stands in the feed as a note that says how it goes, and is kept in this browser until the
 * server has it. `composer` answers for where letters go (action, template, feed) and takes one back to be changed.
 */
import { announce } from "./announce.js";
import { callsIn } from "./call-names.js";
import { fromHTML } from "./dom.js";
import { askHTML } from "./http.js";
import { Outbox } from "./outbox.js";
import { bring } from "./replies.js";
import { timecode } from "./time.js";

const LOOKS = { strength: "strength", try_instead: "try", question: "question" };
// What only this browser needs to know.
const OURS = ["reply", "labels"];

export class Letters {
  #composer;
  #outbox;

  constructor(composer, key) {
    this.#composer = composer;
    this.#outbox = new Outbox(key);
  }

  /** Shows what an earlier visit could not send. */
  restore() {
    this.#outbox.all().forEach((letter) => this.#lay(letter));
  }

  post(letter) {
    this.#outbox.put(letter);
    this.#lay(letter);
    return this.#deliver(letter);
  }

  sendAll() {
    this.#outbox.all().forEach((letter) => this.#deliver(letter));
  }

  /** Sends a letter; its note says how it goes. A second sending of the same key makes no second comment. */
  async #deliver(letter) {
    const note = this.#noteOf(letter);
    if (!note) return;
    tell(note, "Sending …", false);
    try {
      const sent = { ...letter, mention: await callsIn(letter.body) };
      if (letter.reply) sent.recording_id = await this.#bring(letter, note);
      const html = await askHTML(this.#composer.action, { method: "POST", form: formOf(sent) });
      this.#outbox.take(letter.client_key);
      const thread = this.#feed.take(html);
      note.remove();
      announce(`Posted at ${timecode(letter.at_ms)}.`);
      if (thread) this.#composer.posted(letter, thread.dataset.id);
    } catch (error) {
      tell(note, `Not sent. ${error.message}`, true);
    }
  }

  /** What was said goes first; a letter that knows its recording's name finds it again after a crash. */
  #bring(letter, note) {
    return bring(letter.reply, {
      named: (recording) => this.#outbox.put({ ...letter, reply: { ...letter.reply, recording } }),
      progress: (percent) => tell(note, `Sending your recording, ${percent} %`, false),
    });
  }

  /** Puts a letter as a note into the feed, unless the server has it already. */
  #lay(letter) {
    const key = CSS.escape(letter.client_key);
    if (this.#feed.querySelector(`[data-client-key="${key}"]`)) return this.#outbox.take(letter.client_key);
    const note = draw(this.#composer.template, letter);
    note.querySelector("[data-again]").addEventListener("click", () => this.#deliver(letter));
    note.querySelector("[data-back]").addEventListener("click", () => this.#takeBack(letter, note));
    this.#feed.add(note);
    tell(note, "Not sent yet.", true);
  }

  #takeBack(letter, note) {
    if (!this.#composer.takeBack(letter)) return;
    this.#outbox.take(letter.client_key);
    note.remove();
  }

  #noteOf({ client_key: key }) {
    return this.#feed.querySelector(`[data-sending-key="${CSS.escape(key)}"]`);
  }

  get #feed() {
    return document.querySelector("comment-feed");
  }
}

/** "1:05", or "1:05 – 1:11". */
export function span({ at_ms: from, until_ms: until }) {
  return until === null ? timecode(from) : `${timecode(from)} – ${timecode(until)}`;
}

function draw(template, letter) {
  const note = fromHTML(template.innerHTML);
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
  const mark = template.content.querySelector(`[data-mark="${look}"]`);
  note.querySelector("[data-kind-mark]").replaceWith(mark.firstElementChild.cloneNode(true));
  return note;
}

function tell(note, text, hasFailed) {
  note.querySelector("[data-state]").textContent = text;
  note.querySelector("[data-failed]").hidden = !hasFailed;
  note.classList.toggle("note--failed", hasFailed);
}

function formOf(letter) {
  const form = new FormData();
  for (const [name, value] of Object.entries(letter)) {
    if (OURS.includes(name)) continue;
    for (const one of [value].flat()) form.append(name, one ?? "");
  }
  return form;
}
