/** Two windows changed the same comment: what stands there now is shown beside one's own words, and its author chooses. */
import { announce } from "./announce.js";
import { on } from "./dom.js";

/** `html` is the thread as it stands now; `leave` gives up one's own words. */
export function explainConflict(form, html, { leave }) {
  leaveConflict(form);
  const theirs = saidIn(html, form.dataset.editor);
  const box = document.getElementById("conflict-parts").content.firstElementChild.cloneNode(true);
  const { body, version } = form.elements;
  const text = theirs?.querySelector('textarea[name="body"]').value ?? "";
  box.querySelector("[data-theirs]").textContent = theirs ? text : "It was deleted.";
  box.querySelector(".btn-row").hidden = !theirs;
  const choices = {
    mine: () => form.requestSubmit(),
    theirs: leave,
    both: () => {
      body.value = `${text}\n\n${body.value}`;
      leaveConflict(form);
      body.focus();
      body.dispatchEvent(new Event("input", { bubbles: true }));
    },
  };
  on(box, "click", "[data-merge]", (_, button) => choices[button.dataset.merge]());
  form.querySelector("[data-say]").parentElement.before(box);
  if (theirs) version.value = theirs.querySelector('input[name="version"]').value;
  box.querySelector("[data-merge]").focus();
  announce("This was changed in another window. Your words are still in the box.", { urgent: true });
}

export function leaveConflict(form) {
  form.querySelector("[data-conflict]")?.remove();
}

function saidIn(html, id) {
  const template = document.createElement("template");
  template.innerHTML = html;
  return template.content.querySelector(`[data-editor="${id}"]`);
}
