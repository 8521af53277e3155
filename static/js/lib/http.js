/** Asking our server: the CSRF token is sent along, and what fails says so in words for people. */

export class HttpError extends Error {
  /** `status` is 0 when the server was not reached. */
  constructor(message, status, body = null) {
    super(message);
    this.name = "HttpError";
    this.status = status;
    this.body = body;
  }

  /** The field that the server names, when one does not fit. */
  get field() {
    return this.body?.error?.field ?? null;
  }

  get isOffline() {
    return this.status === 0;
  }
}

/** JSON in, JSON out. `json` or `form` is the body; `signal`, `headers`, `keepalive` as fetch takes them. */
export async function askJSON(url, options = {}) {
  const response = await send(url, { accept: "application/json", ...options });
  return response.status === 204 ? null : response.json();
}

/** A fragment of HTML, rendered by the page's own partial. */
export async function askHTML(url, options = {}) {
  const response = await send(url, { accept: "text/html", ...options });
  return response.text();
}

async function send(url, { method = "GET", json, form, accept, headers = {}, ...rest }) {
  let response;
  try {
    response = await fetch(url, {
      method,
      credentials: "same-origin",
      body: json === undefined ? form : JSON.stringify(json),
      headers: {
        Accept: accept,
        "X-Requested-With": "fetch",
        ...(method === "GET" ? {} : { "X-CSRFToken": csrfToken() }),
        ...(json === undefined ? {} : { "Content-Type": "application/json" }),
        ...headers,
      },
      ...rest,
    });
  } catch (error) {
    if (error.name === "AbortError") throw error;
    throw new HttpError("The server cannot be reached. What you typed is still here.", 0);
  }
  if (!response.ok) throw await failure(response);
  return response;
}

export function csrfToken() {
  return document.querySelector('meta[name="csrf-token"]')?.content ?? "";
}

const WORDS = {
  401: "You are signed out. Sign in in another tab, then try again.",
  403: "You may not do that here.",
  404: "This is no longer here.",
  409: "Somebody changed this meanwhile. Reload to see the newest.",
  413: "That is too large.",
  429: "That was a lot at once. Wait a moment, then try again.",
};

/** The server's own words when it sent some, else ours for the status. */
async function failure(response) {
  const isJSON = response.headers.get("Content-Type")?.includes("json");
  const body = isJSON ? await response.json().catch(() => null) : null;
  const message = body?.error?.message ?? WORDS[response.status] ?? "That did not work. Nothing was changed.";
  return new HttpError(message, response.status, body);
}
