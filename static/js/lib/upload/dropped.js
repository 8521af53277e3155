/** What was dropped on the page: its files, and the names of its folders, which browsers hand over as if they were files. */
export function dropped({ items }) {
  const things = [...items].filter(({ kind }) => kind === "file").map((item) => [item.getAsFile(), item.webkitGetAsEntry?.()]);
  const [folders, files] = [true, false].map((wanted) => things.filter(([, entry]) => Boolean(entry?.isDirectory) === wanted));
  return { files: files.map(([file]) => file).filter(Boolean), folders: folders.map(([, entry]) => entry.name) };
}
