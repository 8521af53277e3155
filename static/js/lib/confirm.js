/** Asking before something that cannot be taken back. Prefer undo; ask only where undo is impossible. */
import { make } from "./dom.js";

/** Resolves with true when the person says yes. `act` names what will be done: "Delete take", never "OK". */
export function confirm({ title, text = "", act, danger = true }) {
  const yes = make("button", { class: `btn btn--primary${danger ? " btn--danger" : ""}`, value: "yes" }, act);
  const no = make("button", { class: "btn", value: "no", autofocus: true }, "Cancel");
  const dialog = make(
    "dialog",
    { class: "dialog", "aria-labelledby": "confirm-title" },
    make(
      "form",
      { method: "dialog", class: "dialog-body dialog-body--ask" },
      make("h2", { id: "confirm-title" }, title),
      ...(text ? [make("p", { class: "tone-quiet" }, text)] : []),
      make("div", { class: "dialog-acts" }, no, yes),
    ),
  );
  document.body.append(dialog);
  dialog.showModal();
  return new Promise((resolve) => {
    dialog.addEventListener("close", () => {
      resolve(dialog.returnValue === "yes");
      dialog.remove();
    });
  });
}

/** Forms with data-confirm="The question?" (and data-confirm-act, data-confirm-text) ask before they are sent. */
export function confirmForms(root = document) {
  root.addEventListener("submit", async (event) => {
    const form = event.target;
    const { confirm: title, confirmText: text, confirmAct: act = "Continue" } = form.dataset;
    if (!title || form.confirmed) return;
    event.preventDefault();
    if (!(await confirm({ title, text, act }))) return;
    form.confirmed = true;
    form.requestSubmit(event.submitter);
    form.confirmed = false;
  });
}
