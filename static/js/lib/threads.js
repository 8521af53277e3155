/**
 * Bringing what the server says now into the list of threads that is on the page.
 * A thread whose data-version is the same is left alone. Where somebody is writing (an open editor, an open reply), only
 * the parts around it change; words that are not sent yet are never lost.
 */

// Being changed, or being listened to.
const BUSY = "[data-editor]:not([hidden]), reply-player.is-playing";
const RECORDED = 'reply-recorder:not([data-state="closed"])';

/** Threads as the server drew them, each put in its place. */
export function putThreads(list, html, marks) {
  for (const thread of parse(html)) putThread(list, thread, marks);
}

/** One thread as the server drew it, put in its place; answers what now stands in the list. */
export function putThread(list, thread, marks) {
  // What was sent from here and has arrived takes the place of its own "sending" note.
  const key = thread.dataset.clientKey;
  if (key) list.querySelector(`[data-sending-key="${CSS.escape(key)}"]`)?.remove();
  const standing = document.getElementById(thread.id);
  if (!standing) return insert(list, thread, marks);
  if (standing.dataset.version === thread.dataset.version) return standing;
  if (isWritten(standing)) return mergeOne(standing, thread);
  thread.classList.toggle("is-now", standing.classList.contains("is-now"));
  standing.replaceWith(thread);
  return thread;
}

export function parseThread(html) {
  return parse(html)[0] ?? null;
}

/** Takes a thread away, unless somebody is writing in it. */
export function withdraw(thread) {
  if (!isWritten(thread)) return thread.remove();
  thread.classList.add("note--gone");
}

export const threadsOf = (list) => [...list.querySelectorAll(":scope > comment-thread")];

/** In the order of their moments; what has the same moment stands in the order of the marks, else of coming. */
export function insert(list, note, marks = null) {
  list.insertBefore(note, (marks && nextStanding(list, note, marks)) ?? laterThan(list, note));
  return note;
}

function nextStanding(list, { dataset }, marks) {
  for (const { id } of marks.after(dataset.id)) {
    const standing = document.getElementById(`comment-${id}`);
    if (standing?.parentElement === list) return standing;
  }
  return null;
}

function laterThan(list, { dataset }) {
  return [...list.children].find((other) => Number(other.dataset.at) > Number(dataset.at)) ?? null;
}

function isWritten(thread) {
  const replies = [...thread.querySelectorAll("details[data-reply][open] textarea")];
  return Boolean(thread.querySelector(`${BUSY}, ${RECORDED}`)) || replies.some(({ value }) => value.trim());
}

function mergeOne(standing, thread) {
  const replies = standing.querySelector("[data-replies]");
  const found = [...thread.querySelectorAll("[data-said]")];
  const kept = new Set(found.map(({ dataset }) => dataset.said));
  for (const said of found) mergeSaid(standing, replies, said);
  for (const said of standing.querySelectorAll("[data-said]")) {
    if (!kept.has(said.dataset.said) && !isEdited(said)) said.remove();
  }
  // What is being edited still stands as it was: only a thread without such a gap is what the server knows.
  if (found.every((said) => isMerged(standing, said))) standing.dataset.version = thread.dataset.version;
  return standing;
}

function isMerged(standing, { dataset }) {
  return standing.querySelector(`[data-said="${dataset.said}"]`)?.dataset.version === dataset.version;
}

function mergeSaid(standing, replies, said) {
  const old = standing.querySelector(`[data-said="${said.dataset.said}"]`);
  if (!old) replies.append(said);
  else if (old.dataset.version !== said.dataset.version && !isEdited(old)) old.replaceWith(said);
}

const isEdited = (said) => Boolean(said.querySelector(BUSY));

function parse(html) {
  const template = document.createElement("template");
  template.innerHTML = html;
  const threads = [...template.content.querySelectorAll("comment-thread")];
  // From here on they belong to the page, so that their elements come alive as soon as they stand in it.
  return threads.map((thread) => document.importNode(thread, true));
}
