/**
 * Recorded replies on their way to the server, where each arrives before the comment that carries it.
 *
 * A reply is { id, durationMs, hasVideo, recording }: a take of this browser's store, and the name that the server has
 * given it, once it has heard of it. It can be written down, and taken up again after a crash.
 */
import { openChunkStore } from "./studio/chunk-store.js";
import { GrowingUpload } from "./studio/growing-upload.js";

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

/** The upload of a reply that is recorded in this page. */
export function follow(id, upload) {
  uploads.set(id, upload);
}

/** Resolves with the recording's name when the server has all of it. `named` hears that name as soon as it is known. */
export async function bring(reply, { named = () => null, progress = () => null }) {
  const upload = uploads.get(reply.id) ?? (await unfinished(reply.id));
  if (!upload && reply.recording) return reply.recording;
  if (!upload) throw new Error(GONE);
  const hear = () => {
    progress(upload.percent);
    if (upload.recording && upload.recording !== reply.recording) named((reply.recording = upload.recording));
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
  if (!isHere || !(await kept.hold(id))) return null;
  uploads.set(id, new GrowingUpload(kept, id));
  return uploads.get(id);
}
