/**
 * Writes takes into private files; in a worker, because only here a browser writes without copying the whole file.
 * Each message names an act and is answered with its result, in the order of asking; each chunk is flushed to disk.
 */
const open = new Map();
let last = Promise.resolve();

addEventListener("message", ({ data }) => (last = last.then(() => answer(data))));

async function answer({ number, act, args }) {
  try {
    const result = await ACTS[act](...args);
    postMessage({ number, result }, result instanceof ArrayBuffer ? [result] : []);
  } catch ({ name, message }) {
    postMessage({ number, error: { name, message } });
  }
}

const ACTS = {
  /** Some browsers offer files and lose what is written: a byte is sent there and back before they are trusted. */
  async begin() {
    const name = `probe-${Math.random()}`;
    const handle = await handleOf(name);
    handle.write(new Uint8Array([42]), { at: 0 });
    handle.flush();
    const back = new Uint8Array(1);
    handle.read(back, { at: 0 });
    const size = handle.getSize();
    ACTS.close(name);
    await (await folder()).removeEntry(name);
    if (back[0] !== 42 || size !== 1) throw new Error("Files do not keep what is written.");
  },

  async append(name, bytes) {
    const handle = await handleOf(name);
    const size = handle.getSize();
    if (handle.write(bytes, { at: size }) < bytes.byteLength) {
      handle.truncate(size);
      throw new DOMException("The device is full.", "QuotaExceededError");
    }
    handle.flush();
    return size + bytes.byteLength;
  },

  async read(name, from, until) {
    const bytes = new Uint8Array(until - from);
    const count = (await handleOf(name)).read(bytes, { at: from });
    return count === bytes.length ? bytes.buffer : bytes.slice(0, count).buffer;
  },

  async size(name) {
    return (await handleOf(name)).getSize();
  },

  close(name) {
    open.get(name)?.close();
    open.delete(name);
  },
};

/** One handle a file, for as long as it grows: it keeps other tabs from writing. */
async function handleOf(name) {
  if (!open.has(name)) {
    const file = await (await folder()).getFileHandle(name, { create: true });
    open.set(name, await file.createSyncAccessHandle());
  }
  return open.get(name);
}

async function folder() {
  return (await navigator.storage.getDirectory()).getDirectoryHandle("takes", { create: true });
}
