/** <theme-toggle>: light, dark, or as the system has it. A cookie remembers, so the next page is drawn right at once. */
const YEAR = 365 * 86_400;

customElements.define(
  "theme-toggle",
  class extends HTMLElement {
    connectedCallback() {
      this.addEventListener("click", (event) => this.#choose(event.target.closest("button")));
      this.#mark();
    }

    #choose(button) {
      if (!button) return;
      const theme = button.value;
      if (theme) document.documentElement.dataset.theme = theme;
      else delete document.documentElement.dataset.theme;
      document.querySelector('meta[name="color-scheme"]').content = theme || "light dark";
      document.cookie = `theme=${theme}; path=/; max-age=${theme ? YEAR : 0}; samesite=lax`;
      document.querySelectorAll("theme-toggle").forEach((toggle) => toggle.#mark());
    }

    #mark() {
      const theme = document.documentElement.dataset.theme ?? "";
      for (const button of this.querySelectorAll("button")) button.ariaPressed = String(button.value === theme);
    }
  },
);
