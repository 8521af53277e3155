/** <tick-all>: rows to tick, all of them at once; the form below says how many, and asks before what cannot be taken back. */
customElements.define(
  "tick-all",
  class extends HTMLElement {
    connectedCallback() {
      const all = this.querySelector("[data-all]");
      all.hidden = false;
      all.addEventListener("change", ({ target }) => {
        this.ticks.forEach((tick) => (tick.checked = target.checked));
      });
      this.addEventListener("change", () => this.#changed());
      this.#changed();
    }

    #changed() {
      const count = this.ticks.filter((tick) => tick.checked).length;
      this.querySelector("[data-all] input").checked = count === this.ticks.length;
      const form = this.querySelector("form.bulk");
      form.querySelector("[data-count]").textContent = count ? `${count} chosen` : "";
      const isDanger = form.elements.act.value === "take_down";
      if (isDanger) Object.assign(form.dataset, this.#question(count, form.dataset.dangerText));
      else delete form.dataset.confirm;
    }

    #question(count, confirmText) {
      const confirm = count === 1 ? "Take this moment down?" : `Take ${count} moments down?`;
      return { confirm, confirmText, confirmAct: "Take down" };
    }

    get ticks() {
      return [...this.querySelectorAll("[data-tick]")];
    }
  },
);
