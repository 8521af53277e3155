/**
 * What the manifest of a take says. Pure: no store, no page.
 *
 * A take has one file or several: its screen beside its camera, and what was recorded on after a crash (`sequence` 1, 2,
 * …). The first file is described by the manifest itself and has the take's id; the further ones stand in `files`.
 */
import { timecode } from "../time.js";

const PICTURE_LAYOUT = "corner";

/** All files, the first one first: { id, role, sequence, offsetMs, durationMs, mimeType, container, upload }. */
export function filesOf(take) {
  const { id, role = "camera", durationMs, mimeType, container, upload } = take;
  const first = { id, role, sequence: 0, offsetMs: 0, durationMs, mimeType, container, upload };
  return [first, ...(take.files ?? [])];
}

/** The take that a file belongs to. */
export function takeIdOf(fileId) {
  return fileId.split(".")[0];
}

/** What each upload asks for: the take, described as this one of its files. */
export function describedAs(take, fileId) {
  return { ...take, ...filesOf(take).find(({ id }) => id === fileId) };
}

/** The manifest with a change of one file. */
export function changed(take, fileId, changes) {
  if (fileId === take.id) return { ...take, ...changes };
  return { ...take, files: take.files.map((file) => (file.id === fileId ? { ...file, ...changes } : file)) };
}

/** Files that were recorded side by side, one group for each time that recording began. */
export function stretchesOf(take) {
  const stretches = [];
  for (const file of filesOf(take)) (stretches[file.sequence] ??= []).push(file);
  return stretches;
}

/** The clock of a stretch is that of its camera or microphone. */
export function leadOf(stretch) {
  return stretch.find(({ role }) => role !== "screen") ?? stretch[0];
}

export function durationOf(take) {
  return stretchesOf(take).reduce((total, stretch) => total + leadOf(stretch).durationMs, 0);
}

/** How long what was kept is said to be: "0:00" would sound as if it were nothing. */
export function keptWords(durationMs) {
  return timecode(Math.max(1000, durationMs));
}

/** How it was recorded: "camera", "screen" (with or without a camera) or "sound". */
export function wayOf(take) {
  const roles = filesOf(take).map(({ role }) => role);
  if (roles.includes("screen")) return "screen";
  return roles.includes("audio") ? "sound" : "camera";
}

/** Null where there is nothing to lay out. */
export function layoutOf(take) {
  if (wayOf(take) !== "screen") return null;
  const hasCamera = filesOf(take).some(({ role }) => role === "camera");
  return hasCamera ? (take.layout ?? PICTURE_LAYOUT) : "screen";
}

/** Video replies lie in the same store; takes are begun at a scenario. */
export function isTake({ place }) {
  return place.endsWith("/recordings");
}

/** The page where it can be gone on with. */
export function studioOf({ place }) {
  return place.replace(/recordings$/, "studio");
}
