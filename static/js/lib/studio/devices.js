/** Cameras and microphones: opened as they were chosen last, listed, and what goes wrong in five words. */
import { recall, remember } from "../memory.js";

const KEY = "studio-devices";
const CLEAR_VOICE = { echoCancellation: true, noiseSuppression: true, autoGainControl: true };
const CLEAR_PICTURE = { width: { ideal: 1280 }, height: { ideal: 720 }, frameRate: { ideal: 30 } };

export class DeviceError extends Error {
  /** `kind`: denied, none, busy, insecure or gone. */
  constructor(kind, cause) {
    super(kind, { cause });
    this.name = "DeviceError";
    this.kind = kind;
  }
}

const KIND_OF = {
  NotAllowedError: "denied",
  SecurityError: "denied",
  NotFoundError: "none",
  OverconstrainedError: "gone",
  NotReadableError: "busy",
  AbortError: "busy",
};

/** A stream of the wanted devices. Rejects with a `DeviceError`. */
export async function openDevices({ camera = true, microphone = true } = {}) {
  if (!window.isSecureContext || !navigator.mediaDevices) throw new DeviceError("insecure");
  try {
    return await navigator.mediaDevices.getUserMedia({
      video: camera && { ...CLEAR_PICTURE, ...chosen("camera") },
      audio: microphone && { ...CLEAR_VOICE, ...chosen("microphone") },
    });
  } catch (error) {
    throw new DeviceError(KIND_OF[error.name] ?? "busy", error);
  }
}

/** Wished for, not demanded: a device that was unplugged is replaced by another. */
function chosen(which) {
  const id = chosenDevice(which);
  return id ? { deviceId: { ideal: id } } : {};
}

/** `which`: "camera" or "microphone". Null when nothing was chosen yet. */
export function chosenDevice(which) {
  return recall(KEY, {})[which] ?? null;
}

export function chooseDevice(which, deviceId) {
  remember(KEY, { ...recall(KEY, {}), [which]: deviceId });
}

/** The device that a stream has in the end, which may be another than the chosen one. */
export function usedDevice(stream, which) {
  const [track] = which === "camera" ? stream.getVideoTracks() : stream.getAudioTracks();
  return track?.getSettings().deviceId ?? null;
}

/** Names are empty until devices were once allowed. */
export async function listDevices() {
  const devices = (await navigator.mediaDevices?.enumerateDevices()) ?? [];
  const of = (kind) => devices.filter((device) => device.kind === kind && device.deviceId !== "communications");
  return { cameras: of("videoinput"), microphones: of("audioinput") };
}

/** Tells when something is plugged in or out, until the signal aborts. */
export function onDevicesChange(listener, signal) {
  navigator.mediaDevices?.addEventListener("devicechange", listener, { signal });
}

/** Lets go of the devices: their lights go out. */
export function closeStream(stream) {
  for (const track of stream?.getTracks() ?? []) track.stop();
}
