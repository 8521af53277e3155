/**
 * Links with data-sheet="Title" show the page they lead to, as far as it is a form, in a dialog over this page. Without
 * scripts, or when the server cannot be reached, they are links.
 */
import { icon, make, on } from "./dom.js";
import { show } from "./dialogs.js";
import { askHTML } from "./http.js";

export function openSheets(root = document) {
  on(root, "click", "a[data-sheet]", (event, link) => {
    if (event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    open(link);
  });
}

async function open(link) {
  const html = await askHTML(link.href).catch(() => null);
  if (html === null) return location.assign(link.href);
  const dialog = sheet(link.dataset.sheet, html);
  document.body.append(dialog);
  dialog.addEventListener("close", () => dialog.remove());
  show(dialog);
}

/** The same markup as the macro `dialog` draws, around what our own server rendered. */
function sheet(title, html) {
  const close = make("button", { class: "btn btn--ghost btn--icon", type: "button", "aria-label": "Close", "data-closes": true }, icon("x"));
  const head = make("div", { class: "dialog-head" }, make("h2", { id: "sheet-title" }, title), close);
  const body = make("div", { class: "dialog-body" });
  body.innerHTML = html;
  return make("dialog", { class: "dialog", "aria-labelledby": "sheet-title" }, head, body);
}
