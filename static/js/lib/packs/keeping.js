/**
 * Keeping packs in this browser, and letting them go: when they are over, when somebody in them takes consent back,
 * when this person signs out. Every page that is reached asks after the packs that are here (main.js).
 */
import { askHTML, askJSON } from "../http.js";
import { forget, remember } from "../memory.js";
import { OVER, aboutAddress, aboutOf, isOver, keptIds, nameOf } from "./caches.js";

export { aboutOf } from "./caches.js";

const WORKER = "/sw.js";
const SCOPE = "/packs/";
// Says to every page, without a look into the caches, that there is something to ask after.
const MARK = "packs";
const LOOKS = /\.(css|woff2|svg)$/;

/** Can this browser keep one at all? */
export function canKeep() {
  return window.isSecureContext && "serviceWorker" in navigator && "caches" in window;
}

/**
 * Saves a pack whole, or not at all: what was saved of it before stays until the new one is here.
 * @param {{ id: string, address: string, state: string, over: string }} pack
 * @param {{ expires_at: string, moments: string[], files: { address: string, bytes: number }[] }} state
 */
export async function keep(pack, state, onShare = () => null) {
  await navigator.serviceWorker.register(WORKER, { scope: SCOPE });
  await navigator.serviceWorker.ready;
  remember(MARK, true);
  const before = await aboutOf(pack.id);
  try {
    const cache = await caches.open(nameOf(pack.id));
    await keepFiles(cache, state.files, onShare);
    for (const address of partsOfPage()) await cache.add(address);
    await keepOver(pack.over);
    await keepPage(cache, pack.address);
    await note(cache, pack, state);
    for (const address of missing(before, state)) await cache.delete(address);
  } catch (error) {
    if (!before) await drop(pack.id);
    throw error;
  }
  navigator.storage?.persist?.();
}

async function keepFiles(cache, files, onShare) {
  const all = sizeOf({ files });
  let here = 0;
  for (const { address, bytes } of files) {
    if (!(await cache.match(address))) await keepFile(cache, address, (share) => onShare((here + share) / all));
    onShare((here += bytes) / all);
  }
}

async function keepFile(cache, address, onBytes) {
  const answer = await fetch(address);
  if (!answer.ok) throw new Error(`A file of the pack could not be fetched (${answer.status}).`);
  const chunks = [];
  let here = 0;
  for await (const chunk of chunksOf(answer.body)) {
    chunks.push(chunk);
    onBytes((here += chunk.length));
  }
  // An answer of its own: the one that came was sent on to the store.
  await cache.put(address, new Response(new Blob(chunks), { headers: { "Content-Type": answer.headers.get("Content-Type") } }));
}

async function* chunksOf(stream) {
  const reader = stream.getReader();
  for (let part = await reader.read(); !part.done; part = await reader.read()) yield part.value;
}

/** Styles, scripts, letters and signs that this page has loaded; their names change with their content. */
function partsOfPage() {
  const loaded = performance.getEntriesByType("resource").map(({ name }) => new URL(name));
  const ours = loaded.filter(({ origin, pathname }) => origin === location.origin && pathname.startsWith("/static/"));
  return [...new Set(ours.map(({ pathname }) => pathname))];
}

async function keepPage(cache, address) {
  const html = await askHTML(address);
  await cache.put(address, new Response(html, { headers: { "Content-Type": "text/html; charset=utf-8" } }));
}

async function keepOver(address) {
  const cache = await caches.open(OVER);
  for (const part of partsOfPage().filter((name) => LOOKS.test(name))) await cache.add(part);
  await keepPage(cache, address);
}

function note(cache, { id, address, state: place }, { expires_at: expiresAt, moments, files }) {
  const about = { id, address, state: place, expiresAt, moments, files, savedAt: new Date().toISOString() };
  return cache.put(aboutAddress(id), Response.json(about));
}

export function sizeOf({ files }) {
  return files.reduce((sum, { bytes }) => sum + bytes, 0);
}

/** Addresses of what lies here and is not to be shown any more. */
function missing(about, state) {
  const shown = new Set(state.files.map(({ address }) => address));
  return (about?.files ?? []).map(({ address }) => address).filter((address) => !shown.has(address));
}

/** Does what lies here show what the server would show now? */
export function isSame(about, state) {
  const addresses = ({ files }) => files.map(({ address }) => address).sort().join();
  return addresses(about) === addresses(state) && about.moments.join() === state.moments.join();
}

/** At each contact: what is over or may not be shown any more goes, with the page that told of it. */
export async function askAfterAll() {
  for (const id of await keptIds()) await askAfter(id);
  if (!(await keptIds()).length) await dropAll();
}

/** Answers the state at the server; null when it was not reached, or the pack is no more. */
export async function askAfter(id) {
  const about = await aboutOf(id);
  if (!about || isOver(about)) return drop(id);
  let state = null;
  try {
    state = await askJSON(about.state);
  } catch (error) {
    if ([401, 403, 404].includes(error.status)) await drop(id);
    return null;
  }
  await takeOut(about, state);
  return state;
}

/** What was taken back goes at once; what is new waits until somebody saves it. */
async function takeOut(about, state) {
  const gone = missing(about, state);
  const moments = about.moments.filter((moment) => state.moments.includes(moment));
  if (!gone.length && moments.length === about.moments.length) return;
  const cache = await caches.open(nameOf(about.id));
  for (const address of [...gone, about.address]) await cache.delete(address);
  const files = about.files.filter(({ address }) => !gone.includes(address));
  await note(cache, about, { expires_at: about.expiresAt, moments, files });
  await keepPage(cache, about.address);
}

export async function drop(id) {
  await caches.delete(nameOf(id));
  return null;
}

/** Nothing of any pack is left, nor anything that would answer for one. */
export async function dropAll() {
  for (const id of await keptIds()) await drop(id);
  await caches.delete(OVER);
  forget(MARK);
  await navigator.serviceWorker?.getRegistration(SCOPE).then((worker) => worker?.unregister());
}
