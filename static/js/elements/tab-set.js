/**
 * <tab-set>: tabs and their panels as the server drew them; a panel with data-src is fetched when it is first looked at.
 * Arrow keys move; the tab chosen stands in the address.
 */
import { make } from "../lib/dom.js";
import { askHTML } from "../lib/http.js";

customElements.define(
  "tab-set",
  class extends HTMLElement {
    connectedCallback() {
      this.#list.addEventListener("click", (event) => this.select(event.target.closest("[role=tab]")));
      this.#list.addEventListener("keydown", (event) => this.#walk(event));
      const wanted = location.hash && this.#tabs.find((tab) => tab.getAttribute("aria-controls") === location.hash.slice(1));
      this.#show(wanted || this.#tabs.find((tab) => tab.ariaSelected === "true") || this.#tabs[0]);
    }

    /** Shows a tab, given as its element or as the id of its panel. */
    select(wanted) {
      const tab = typeof wanted === "string" ? this.#tabs.find((one) => one.getAttribute("aria-controls") === wanted) : wanted;
      if (!tab) return;
      this.#show(tab);
      this.dispatchEvent(new CustomEvent("tab-change", { bubbles: true, detail: { panel: tab.getAttribute("aria-controls") } }));
    }

    #show(chosen) {
      for (const tab of this.#tabs) {
        const isChosen = tab === chosen;
        tab.ariaSelected = String(isChosen);
        tab.tabIndex = isChosen ? 0 : -1;
        const panel = document.getElementById(tab.getAttribute("aria-controls"));
        if (panel) panel.hidden = !isChosen;
        if (panel && isChosen) fill(panel);
      }
    }

    #walk(event) {
      const tabs = this.#tabs;
      const now = tabs.indexOf(document.activeElement);
      const next = { ArrowRight: now + 1, ArrowLeft: now - 1, Home: 0, End: tabs.length - 1 }[event.key];
      if (next === undefined || now < 0) return;
      event.preventDefault();
      const tab = tabs.at(next % tabs.length);
      tab.focus();
      this.select(tab);
    }

    get #list() {
      return this.querySelector("[role=tablist]");
    }

    get #tabs() {
      return [...this.#list.querySelectorAll("[role=tab]")];
    }
  },
);

async function fill(panel) {
  const { src } = panel.dataset;
  if (!src) return;
  delete panel.dataset.src;
  try {
    panel.innerHTML = await askHTML(src);
  } catch (error) {
    // Looked at again it is asked for again.
    panel.dataset.src = src;
    panel.replaceChildren(make("p", { class: "meta" }, error.message));
  }
}
