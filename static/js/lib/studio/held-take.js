/** A take that lies in this browser's store: it can be watched, laid out, sent and thrown away. */
import { durationOf, filesOf, layoutOf, leadOf, stretchesOf, studioOf, wayOf } from "./manifest.js";
import { TakeUpload } from "./take-upload.js";

export class HeldTake {
  /** `manifest`: as the store gives it. */
  constructor(store, manifest) {
    this.store = store;
    this.manifest = manifest;
    this.upload = new TakeUpload(store, manifest.id);
  }

  get id() {
    return this.manifest.id;
  }

  get title() {
    return this.manifest.title;
  }

  get place() {
    return this.manifest.place;
  }

  /** The studio's page of its scenario. */
  get studio() {
    return studioOf(this.manifest);
  }

  get startedAt() {
    return new Date(this.manifest.startedAt);
  }

  get durationMs() {
    return durationOf(this.manifest);
  }

  get way() {
    return wayOf(this.manifest);
  }

  /** Null where there is nothing to choose. */
  get layout() {
    return this.way === "screen" && this.hasCamera ? layoutOf(this.manifest) : null;
  }

  get hasCamera() {
    return filesOf(this.manifest).some(({ role }) => role === "camera");
  }

  async chooseLayout(layout) {
    await this.#update({ layout });
  }

  /** What is watched: { durationMs, lead, screen, screenAfterMs } for each stretch; files as Blobs, `screen` may be null. */
  async stretches() {
    this.manifest = await this.store.get(this.id);
    const whole = stretchesOf(this.manifest);
    return Promise.all(whole.map(async (stretch) => {
      const lead = leadOf(stretch);
      const screen = stretch.find((file) => file !== lead) ?? null;
      return {
        durationMs: lead.durationMs,
        lead: await this.store.blob(lead.id),
        screen: screen && (await this.store.blob(screen.id)),
        screenAfterMs: screen ? screen.offsetMs - lead.offsetMs : 0,
      };
    }));
  }

  /** Its first file, to be watched. */
  blob() {
    return this.store.blob(this.id);
  }

  /** Sends what is missing and has the take put together; `wish` "submit" submits it then. Returns its upload. */
  continue(wish = "keep") {
    const wishes = { wish, layout: layoutOf(this.manifest) };
    this.manifest = { ...this.manifest, ...wishes };
    this.upload.finish(wishes);
    return this.upload;
  }

  discard() {
    return this.upload.discard();
  }

  async #update(changes) {
    this.manifest = { ...this.manifest, ...changes };
    await this.store.update(this.id, changes);
  }
}
