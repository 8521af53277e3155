/**
 * <studio-kept-notice data-viewer data-place>: outside the studio, tells of takes that this browser kept for this person,
 * with the way back to them; with `data-place` only of takes that were begun there. Where nothing is kept it is empty.
 */
import { fromHTML } from "../lib/dom.js";
import { lockOf, openStudioDatabase } from "../lib/studio/database.js";
import { durationOf, isTake, studioOf } from "../lib/studio/manifest.js";
import { ago, timecode } from "../lib/time.js";

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
      row.querySelector("b").textContent = `We kept ${timecode(durationOf(take))} of your take on “${take.title}”`;
      row.querySelector(".notice-text span").textContent = `Recorded ${ago(new Date(take.startedAt))}, in this browser; it was not sent to its end.`;
      row.querySelector("a").href = studioOf(take);
      return row;
    }
  },
);

/** What another tab records or sends just now is not left behind. A browser that keeps nothing has nothing to tell. */
async function keptManifests(belongs) {
  try {
    const database = await openStudioDatabase();
    const takes = (await database.getAll("takes")).filter((take) => belongs(take) && durationOf(take) >= 1000);
    database.close();
    const { held = [] } = (await navigator.locks?.query()) ?? {};
    const names = new Set(held.map(({ name }) => name));
    return takes.filter(({ id }) => !names.has(lockOf(id)));
  } catch (error) {
    console.warn(error);
    return [];
  }
}
