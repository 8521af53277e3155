/** Uploads that this browser began and has not finished: what is needed to go on after a reload. */
const KEY = "unfinished-uploads";
// The store drops the parts of an upload after a week.
const KEPT = 7 * 24 * 3600_000;

/** What is kept: { url, take, part_size, fingerprint, place, presenter, viewer, name, size, at }. */
export function rememberUpload(entry) {
  save([...all().filter(({ url }) => url !== entry.url), { ...entry, at: Date.now() }]);
}

export function forgetUpload(url) {
  save(all().filter((entry) => entry.url !== url));
}

/** The unfinished upload of this very file, at this place, by this person, for this presenter. */
export function knownUpload(wanted) {
  return all().find((entry) => Object.entries(wanted).every(([name, value]) => entry[name] === value)) ?? null;
}

export function unfinishedUploads(place, viewer) {
  return all().filter((entry) => entry.place === place && entry.viewer === viewer);
}

function all() {
  try {
    const entries = JSON.parse(localStorage.getItem(KEY) ?? "[]");
    return entries.filter(({ at }) => Date.now() - at < KEPT);
  } catch {
    return [];
  }
}

/** A browser that keeps nothing uploads all the same; only a reload then starts anew. */
function save(entries) {
  try {
    localStorage.setItem(KEY, JSON.stringify(entries));
  } catch {
    console.warn("This browser keeps nothing: an upload cannot go on after a reload.");
  }
}
