/** Why nothing can be recorded here, told before anybody has spoken; the names are those of the studio's troubles. */
import { openChunkStore } from "./chunk-store.js";
import { listDevices } from "./devices.js";

// A minute of picture in our quality, and some more; with less left it is no use to begin.
const LEAST_ROOM_BYTES = 30 * 1024 * 1024;

/** Opens the store on the way: { store, obstacle }, each of them may be null. */
export async function findObstacle(quotaLeft) {
  if (!window.isSecureContext) return { store: null, obstacle: "insecure" };
  if (!window.MediaRecorder || !navigator.mediaDevices) return { store: null, obstacle: "unsupported" };
  try {
    const store = await openChunkStore();
    return { store, obstacle: await lackOfRoom(store, quotaLeft) };
  } catch (error) {
    console.warn(error);
    return { store: null, obstacle: "closed" };
  }
}

async function lackOfRoom(store, quotaLeft) {
  const room = await store.room();
  if (room !== null && room < LEAST_ROOM_BYTES) return "device-full";
  return quotaLeft < LEAST_ROOM_BYTES ? "full" : null;
}

/** What exactly is not there, so that the sentence can say it. */
export async function missingDevices() {
  const { cameras, microphones } = await listDevices();
  if (microphones.length) return "no-camera";
  return cameras.length ? "no-microphone" : "none";
}
