/**
 * The service worker of meeting packs. It answers for pages under /packs/ only, out of what a person saved: pages from
 * the server first, files from the pack first. It stores nothing by itself.
 */
import { OVER, keptIds, openKept } from "../lib/packs/caches.js";
import { stretchOf } from "../lib/packs/stretch.js";

// A line that hangs is as good as none.
const PATIENCE_MS = 4000;
const OVER_PAGE = "/packs/over";

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const { request } = event;
  const { origin, pathname } = new URL(request.url);
  if (request.method !== "GET" || origin !== self.location.origin) return;
  if (request.mode === "navigate") event.respondWith(page(request, pathname));
  else if (pathname.startsWith("/media/") || pathname.startsWith("/static/")) event.respondWith(file(request));
});

async function page(request, pathname) {
  const kept = await found(pathname);
  try {
    const answer = await (kept ? Promise.race([fetch(request), hang()]) : fetch(request));
    return kept && answer.status >= 500 ? kept : answer;
  } catch {
    return kept ?? (await (await caches.open(OVER)).match(OVER_PAGE)) ?? Response.error();
  }
}

function hang() {
  return new Promise((_, reject) => setTimeout(() => reject(new Error("The server does not answer.")), PATIENCE_MS));
}

async function file(request) {
  const kept = (await found(request.url)) ?? (await (await caches.open(OVER)).match(request.url));
  if (!kept) return fetch(request);
  const range = request.headers.get("Range");
  return range ? stretchOf(kept, range) : kept;
}

/** In any pack that may still be used. */
async function found(address) {
  for (const id of await keptIds()) {
    const cache = await openKept(id);
    const kept = await cache?.match(address, { ignoreVary: true });
    if (kept) return kept;
  }
  return null;
}
