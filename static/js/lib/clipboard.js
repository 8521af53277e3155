/** Copying a link; on plain HTTP, where the clipboard is closed to scripts, the link is shown to be copied by hand. */
import { toast } from "./toast.js";

export async function copy(text, done) {
  try {
    await navigator.clipboard.writeText(text);
    toast(done, { tone: "success" });
  } catch {
    toast(text, { tone: "info" });
  }
}
