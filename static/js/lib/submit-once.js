/** A form that is on its way cannot be sent twice; its button shows that it waits. */

const SENT = new WeakSet();

export function submitOnce(root = document) {
  // After every other listener, which may have answered the form itself.
  root.addEventListener("submit", (event) => queueMicrotask(() => guard(event)));
  root.addEventListener("submit", stopSecond, { capture: true });
  // A page that comes back from the history must be usable again.
  addEventListener("pageshow", () => root.querySelectorAll("form").forEach(release));
}

function stopSecond(event) {
  if (!SENT.has(event.target)) return;
  event.preventDefault();
  event.stopImmediatePropagation();
}

function guard(event) {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.target) return;
  SENT.add(form);
  event.submitter?.classList.add("is-waiting");
  event.submitter?.setAttribute("aria-disabled", "true");
}

function release(form) {
  SENT.delete(form);
  form.querySelectorAll(".is-waiting").forEach((button) => {
    button.classList.remove("is-waiting");
    button.removeAttribute("aria-disabled");
  });
}
