/**
 * <studio-kept-notice data-viewer data-place>: outside the studio, tells of takes that this browser kept for this person,
 * with the way back to them; with `data-place` only of takes that were begun there. Where nothing is kept it is empty.
 */
import { fromHTML } from "../lib/dom.js";
import { lockOf, openStudioDatabase } from "../lib/studio/database.js";
import { durationOf, isTake, keptWords, studioOf } from "../lib/studio/manifest.js";
import { ago } from "../lib/time.js";

const PATIENCE_MS = 3_000;

customElements.define(
  "studio-kept-notice",
  class extends HTMLElement {
    async connectedCallback() {
      const { viewer, place } = this.dataset;
      const belongs = (take) => take.viewer === viewer && isTake(take) && (!place || take.place === place);
      const kept = await keptManifests(belongs);
      this.append(...kept.map((take) => this.#row(take)));
      this.hidden = kept.length === 0;
    }

    #row(take) {
      const row = fromHTML(this.querySelector("template").innerHTML);
      row.querySelector("b").textContent = `We kept ${keptWords(durationOf(take))} of your take on “${take.title}”`;
      row.querySelector(".notice-text span").textContent = `Recorded ${ago(new Date(take.startedAt))}, in this browser; it was not sent to its end.`;
      row.querySelector("a").href = studioOf(take);
      return row;
    }
  },
);

async function keptManifests(belongs) {
  try {
    const database = await openStudioDatabase();
    const takes = (await database.getAll("takes")).filter((take) => belongs(take) && durationOf(take) > 0);
    database.close();
    const isLeft = await Promise.all(takes.map(({ id }) => isLeftBehind(id)));
    return takes.filter((_, index) => isLeft[index]);
  } catch (error) {
    // A browser that keeps nothing has nothing to tell.
    console.warn(error);
    return [];
  }
}

/** False for what another tab records or sends just now. The page that was just left may still be letting go of it. */
async function isLeftBehind(takeId) {
  if (!navigator.locks) return true;
  const signal = AbortSignal.timeout(PATIENCE_MS);
  return navigator.locks.request(lockOf(takeId), { signal }, () => true).catch(() => false);
}
