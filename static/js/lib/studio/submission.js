/** Submitting a take that has arrived, by the way that its own page has. */
import { HttpError, csrfToken } from "../http.js";

/** Rejects with an `HttpError`, in the server's words where it refuses. */
export async function submitTake(address) {
  const headers = { Accept: "application/json", "X-Requested-With": "fetch", "X-CSRFToken": csrfToken() };
  let response;
  try {
    // The answer leads to the take's page, where it is also said; that page is not to be read here.
    response = await fetch(`${address}/submission`, { method: "POST", headers, redirect: "manual" });
  } catch {
    throw new HttpError("The server cannot be reached.", 0);
  }
  if (response.type === "opaqueredirect" || response.ok) return;
  const body = await response.json().catch(() => null);
  throw new HttpError(body?.error?.message ?? "It could not be submitted.", response.status, body);
}
