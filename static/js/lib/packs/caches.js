/**
 * Where packs lie in this browser: each in a cache of its own, with an entry `about` that says until when it may be used.
 * Page and worker read it alike.
 */
const PREFIX = "pack:";

/** What is shown of a pack that is over lies apart: it stays when the pack goes. */
export const OVER = "packs";

export const nameOf = (id) => PREFIX + id;

export const aboutAddress = (id) => `/packs/${id}/about`;

/** Every pack that lies here, by its id. */
export async function keptIds() {
  const names = await caches.keys();
  return names.filter((name) => name.startsWith(PREFIX)).map((name) => name.slice(PREFIX.length));
}

/** { id, address, state, expiresAt, moments, files }; null: it is not here, or not whole. */
export async function aboutOf(id) {
  if (!(await caches.has(nameOf(id)))) return null;
  const cache = await caches.open(nameOf(id));
  const answer = await cache.match(aboutAddress(id));
  return answer ? answer.json() : null;
}

export function isOver({ expiresAt }) {
  return new Date(expiresAt) <= new Date();
}

/** The cache of a pack that may still be used; what is over goes now. */
export async function openKept(id) {
  const about = await aboutOf(id);
  if (!about) return null;
  if (!isOver(about)) return caches.open(nameOf(id));
  await caches.delete(nameOf(id));
  return null;
}
