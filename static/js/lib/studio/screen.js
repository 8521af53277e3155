/** A shared screen, window or tab. What goes wrong has the names of `DeviceError`. */
import { DeviceError } from "./devices.js";

// Reading is what a screen is for: sharp letters before smooth movement.
const CLEAR_SCREEN = { width: { max: 1920 }, height: { max: 1080 }, frameRate: { ideal: 24, max: 30 } };

/** Phones offer no screen to share, some browsers there only pretend to. */
export function canShareScreen() {
  const isTouchOnly = matchMedia("(hover: none) and (pointer: coarse)").matches;
  return Boolean(navigator.mediaDevices?.getDisplayMedia) && !isTouchOnly;
}

/** Only in answer to a click or a key; the browser asks what is to be shown. */
export async function openScreen() {
  try {
    const stream = await navigator.mediaDevices.getDisplayMedia({
      video: CLEAR_SCREEN,
      audio: { echoCancellation: false, noiseSuppression: false, autoGainControl: false },
      surfaceSwitching: "include",
      systemAudio: "include",
    });
    for (const track of stream.getVideoTracks()) track.contentHint = "detail";
    return stream;
  } catch (error) {
    throw new DeviceError(error.name === "NotAllowedError" ? "denied" : "busy", error);
  }
}
