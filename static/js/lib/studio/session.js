/** The session of a page that stays open for long: it may end, and begin anew in another tab, while a take is made. */
import { HttpError } from "../http.js";
import { rest } from "../upload/rest.js";

const LOOK_EVERY = 4_000;

/**
 * Resolves once the same person is signed in (again), and takes over the token of the session that the browser has now.
 * Looks every few seconds, and when the page gets the focus; `onwait` is told before each wait. Rejects when somebody
 * else is signed in: a take must not become theirs.
 */
export async function signedInAgain(signal, onwait) {
  let page;
  while (!(page = await thisPage(signal))) {
    onwait();
    await rest(LOOK_EVERY, signal, "focus");
  }
  if (viewerOf(page) !== viewerOf(document)) throw new HttpError(SOMEBODY_ELSE, 403);
  tokenOf(document).content = tokenOf(page).content;
}

const SOMEBODY_ELSE =
  "Somebody else is signed in now. Your take is safe in this browser: sign in as yourself to send it.";

/** This very page as the server would draw it now; null when it would not, or nobody answers. */
async function thisPage(signal) {
  try {
    // Who is signed out is sent to the sign-in page; that must not be taken for ours.
    const response = await fetch(location.href, { redirect: "manual", headers: { Accept: "text/html" }, signal });
    return response.ok ? new DOMParser().parseFromString(await response.text(), "text/html") : null;
  } catch {
    signal.throwIfAborted();
    return null;
  }
}

function tokenOf(page) {
  return page.querySelector('meta[name="csrf-token"]');
}

function viewerOf(page) {
  return page.querySelector("[data-viewer]")?.dataset.viewer;
}
