/** The bytes of takes in IndexedDB, a row for each chunk: for browsers without private files. */
const END = Number.MAX_SAFE_INTEGER;

export class DatabaseBytes {
  #database;

  constructor(database) {
    this.#database = database;
  }

  async append(takeId, bytes) {
    // "strict": the chunk is on the disk, not only handed to the system, when this resolves.
    const rows = this.#database.transaction("chunks", "readwrite", { durability: "strict" });
    const from = await endOf(rows.store, takeId);
    await Promise.all([rows.store.add({ take: takeId, from, bytes }), rows.done]);
    return from + bytes.byteLength;
  }

  async read(takeId, from, until) {
    const rows = this.#database.transaction("chunks");
    const starts = (await rows.store.getAllKeys(all(takeId))).map(([, start]) => start);
    const wanted = starts.filter((start, index) => start < until && (starts[index + 1] ?? END) > from);
    const pieces = [];
    for (const start of wanted) {
      const { bytes } = await rows.store.get([takeId, start]);
      // A Blob at once: the browser may lay it aside, and the buffer can go.
      pieces.push(new Blob([bytes]).slice(Math.max(0, from - start), until - start));
    }
    return new Blob(pieces);
  }

  size(takeId) {
    return endOf(this.#database.transaction("chunks").store, takeId);
  }

  async seal() {}

  async remove(takeId) {
    await this.#database.delete("chunks", all(takeId));
  }
}

function all(takeId) {
  return IDBKeyRange.bound([takeId, 0], [takeId, END]);
}

async function endOf(rows, takeId) {
  const last = await rows.openCursor(all(takeId), "prev");
  return last ? last.value.from + last.value.bytes.byteLength : 0;
}
