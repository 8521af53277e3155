/** Buttons open dialogs by data-opens="id" and close them by data-closes; a click beside a dialog closes it. */
import { on } from "./dom.js";

export function openDialogs(root = document) {
  on(root, "click", "[data-opens]", (event, opener) => {
    const dialog = document.getElementById(opener.dataset.opens);
    if (!dialog) return;
    event.preventDefault();
    show(dialog);
  });
  on(root, "click", "[data-closes]", (event, closer) => closer.closest("dialog")?.close());
  on(root, "pointerdown", "dialog", (event, dialog) => {
    if (event.target === dialog && isBeside(dialog, event) && !isHalfFilled(dialog)) dialog.close();
  });
  show(document.querySelector("dialog[data-open]"));
}

/** The first thing to fill in has the focus, not the cross. */
export function show(dialog) {
  dialog?.showModal();
  dialog?.querySelector("[autofocus], .dialog-body :is(input:not([type=hidden]), textarea, select, .btn)")?.focus();
}

function isBeside(dialog, { clientX, clientY }) {
  const box = dialog.getBoundingClientRect();
  return clientX < box.left || clientX > box.right || clientY < box.top || clientY > box.bottom;
}

/** What somebody typed is not thrown away by a stray click. */
function isHalfFilled(dialog) {
  return [...dialog.querySelectorAll("input:not([type=hidden]), textarea")].some(
    (input) => input.value !== input.defaultValue || input.checked !== input.defaultChecked,
  );
}
