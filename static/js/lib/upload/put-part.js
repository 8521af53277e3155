/**
 * Sends one part to the address that was signed for it. By XMLHttpRequest, since fetch() tells no progress.
 * A part that stands still is given up, so that it can be sent anew: some networks never say that they are gone.
 */
const STALL = 45_000;
// All bytes are out but not yet answered: they may still lie in buffers of a slow line.
const ANSWER_STALL = 150_000;

export class PartError extends Error {
  /** `status` is 0 when no answer came. */
  constructor(status) {
    super(status ? `The store answered ${status}.` : "The connection was lost.");
    this.name = "PartError";
    this.status = status;
  }
}

/** `checksum`: its MD5 in base64, by which the store knows whether it came through unchanged. */
export function putPart(address, blob, { checksum, signal, onprogress }) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    let stall = null;
    const watch = (patience) => {
      clearTimeout(stall);
      stall = setTimeout(() => request.abort(), patience);
    };
    const stop = () => request.abort();

    request.upload.addEventListener("progress", ({ loaded }) => {
      watch(loaded < blob.size ? STALL : ANSWER_STALL);
      onprogress(loaded);
    });
    request.addEventListener("loadend", () => {
      clearTimeout(stall);
      signal.removeEventListener("abort", stop);
      if (signal.aborted) reject(signal.reason);
      else if (request.status >= 200 && request.status < 300) resolve();
      else reject(new PartError(request.status));
    });
    signal.addEventListener("abort", stop);
    request.open("PUT", address);
    request.setRequestHeader("Content-MD5", checksum);
    watch(STALL);
    request.send(blob);
  });
}
