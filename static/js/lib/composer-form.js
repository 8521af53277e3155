/** The fields of the composer as one letter: its words, kind, drawing, moment, and what goes along. */

export class ComposerForm {
  #form;
  #kind = null;

  constructor(form) {
    this.#form = form;
  }

  /** What is written, as it is kept and sent. */
  get letter() {
    return {
      ...this.extras.values,
      body: this.body.value,
      instead: this.#kind?.value === "try_instead" ? this.#instead.value : "",
      drawing: this.#drawing.value,
      kind: this.#kind?.value ?? "",
      ...this.moment.values,
    };
  }

  get hasWords() {
    return Boolean(this.body.value.trim() || this.#instead.value.trim() || this.#drawing.value);
  }

  /** Nothing would be lost. */
  get isFree() {
    return !this.hasWords && this.recorder.isClosed && this.extras.isEmpty;
  }

  fill(letter) {
    this.#drawing.value = letter.drawing ?? "";
    this.body.value = letter.body;
    this.#instead.value = letter.instead;
    this.extras.fill(letter);
    if (letter.kind) this.choose(letter.kind);
  }

  empty() {
    this.#form.reset();
    this.#drawing.value = "";
    this.extras.fill({});
    this.#kind = null;
  }

  choose(kind) {
    this.#kind = this.#form.querySelector(`input[value="${kind}"]`);
    this.#kind.checked = true;
  }

  /** A chosen kind pressed again is no kind: a plain remark. */
  toggleKind(radio) {
    if (radio === this.#kind) radio.checked = false;
    this.#kind = radio.checked ? radio : null;
  }

  /** A saved phrase: its kind and its second half go where nothing stands yet, its words to the caret. */
  putPhrase({ kind, body, instead }) {
    if (kind && !this.#kind) this.choose(kind);
    if (instead && this.#kind?.value === "try_instead") this.#instead.value ||= instead;
    this.insert(body);
  }

  /** Puts words in where the caret stands, with a space before them where one is missing. */
  insert(words) {
    const { value, selectionStart: from, selectionEnd: to } = this.body;
    const space = from > 0 && !/\s$/.test(value.slice(0, from)) ? " " : "";
    this.body.focus();
    this.body.setRangeText(space + words, from, to, "end");
    this.body.dispatchEvent(new Event("input", { bubbles: true }));
  }

  /** With a recording the words are its one line. */
  ask() {
    this.body.placeholder = this.recorder.isClosed ? this.body.dataset.written : "In one line: what is your reply about?";
  }

  drawExtras() {
    this.#form.querySelector('[data-tool="private"]').setAttribute("aria-pressed", this.extras.isPrivate);
    this.#form.classList.toggle("is-private", this.extras.isPrivate);
  }

  get body() {
    return this.#form.querySelector("[data-body]");
  }

  get moment() {
    return this.#form.querySelector("composer-moment");
  }

  get extras() {
    return this.#form.querySelector("composer-extras");
  }

  get recorder() {
    return this.#form.querySelector("reply-recorder");
  }

  get #instead() {
    return this.#form.querySelector("[data-instead]");
  }

  get #drawing() {
    return this.#form.querySelector("drawing-field");
  }
}
