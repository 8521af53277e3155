/** <kind-balance>: how many strengths and how many tries are said, of everybody or of one author. */
customElements.define(
  "kind-balance",
  class extends HTMLElement {
    #leave = new AbortController();

    connectedCallback() {
      document.addEventListener("comments-change", ({ target }) => this.#count(target.marks), { signal: this.#leave.signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #count(marks) {
      const { author } = this.dataset;
      const counted = author ? marks.filter(({ authorId }) => authorId === author) : marks;
      for (const chip of this.children) {
        const number = counted.filter(({ look }) => look === chip.dataset.kind).length;
        chip.hidden = !number;
        chip.querySelector("[data-count]").textContent = number;
        const word = chip.querySelector("[data-word]");
        if (word) word.textContent = number === 1 ? word.dataset.one : word.dataset.many;
      }
    }
  },
);
