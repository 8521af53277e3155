/**
 * Recorded replies: in this browser's store, and on their way to the server, where each arrives before the comment that
 * carries it. What is written down of one, to be taken up again after a crash, is a slip: { id, durationMs, hasVideo,
 * recording }; the last is the name that the server has given it, once it has heard of it.
 */
import { openChunkStore } from "./studio/chunk-store.js";
import { GrowingUpload } from "./studio/growing-upload.js";
import { TakeRecorder } from "./studio/take-recorder.js";

const GONE = "This browser does not have the recording any more. Record it again, or write it.";

const uploads = new Map();
let store = null;

/** The one store of this page. */
export function replyStore() {
  store ??= openChunkStore().catch((error) => {
    store = null;
    throw error;
  });
  return store;
}

/** A reply that lies in this browser's store. */
export class HeldReply {
  #store;
  #keptMs;

  /** `manifest`: place, viewer, title and spot, for the visit that may have to go on with it. */
  static async begin(store, manifest) {
    return new HeldReply(store, await store.create(manifest));
  }

  constructor(store, { id, durationMs }) {
    this.#store = store;
    this.#keptMs = durationMs;
    this.id = id;
    this.upload = uploadOf(store, id);
    this.recorder = new TakeRecorder(store, id);
  }

  async start(stream, format) {
    await this.recorder.start(stream, format);
    this.recorder.addEventListener("chunk", () => this.upload.grew());
    this.upload.begin();
  }

  get durationMs() {
    return this.recorder.durationMs || this.#keptMs;
  }

  /** What <studio-playback> asks of a take: it is one file, with nothing to lay out. */
  async stretches() {
    return [{ durationMs: this.durationMs, lead: await this.#store.blob(this.id), screen: null, screenAfterMs: 0 }];
  }

  get layout() {
    return null;
  }

  discard() {
    return this.upload.discard();
  }
}

/** Resolves with the recording's name when the server has all of it. `named` hears that name as soon as it is known. */
export async function bring(slip, { named = () => null, progress = () => null }) {
  const upload = uploads.get(slip.id) ?? (await unfinished(slip.id));
  if (!upload && slip.recording) return slip.recording;
  if (!upload) throw new Error(GONE);
  const hear = () => {
    progress(upload.percent);
    if (upload.recording && upload.recording !== slip.recording) named((slip.recording = upload.recording));
  };
  upload.addEventListener("change", hear);
  hear();
  await upload.finish();
  upload.removeEventListener("change", hear);
  if (upload.state !== "arrived") throw new Error(upload.message || GONE);
  return upload.recording;
}

/** What an earlier visit began; null when it has arrived, or another tab sends it. */
async function unfinished(id) {
  const kept = await replyStore();
  const isHere = (await kept.list()).some((take) => take.id === id);
  return isHere && (await kept.hold(id)) ? uploadOf(kept, id) : null;
}

function uploadOf(store, id) {
  if (!uploads.has(id)) uploads.set(id, new GrowingUpload(store, id));
  return uploads.get(id);
}
