/** Where this browser keeps what the studio records: manifests of takes, and, where it has no files, their bytes. */
import { openDB } from "idb";

export function openStudioDatabase() {
  return openDB("studio", 1, {
    upgrade(opening) {
      opening.createObjectStore("takes", { keyPath: "id" });
      opening.createObjectStore("chunks", { keyPath: ["take", "from"] });
    },
  });
}

/** The name of the lock that a page holds as long as it records or sends this take. */
export function lockOf(takeId) {
  return `take:${takeId}`;
}
