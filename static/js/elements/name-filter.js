/** <name-filter>: a list of people to tick, with a field that leaves only those whose name holds the words typed. */
customElements.define(
  "name-filter",
  class extends HTMLElement {
    connectedCallback() {
      const field = this.querySelector("input[type=search]");
      field?.addEventListener("input", () => this.#filter(field.value));
      // Enter in the field finds; it does not send the form.
      field?.addEventListener("keydown", (event) => event.key === "Enter" && event.preventDefault());
    }

    #filter(typed) {
      const words = typed.toLowerCase().split(/\s+/).filter(Boolean);
      const people = [...this.querySelectorAll("[data-name]")];
      for (const person of people) {
        // Who is chosen stays in sight.
        const fits = words.every((word) => person.dataset.name.includes(word));
        person.hidden = !fits && !person.querySelector("input").checked;
      }
      this.querySelector("[data-none]").hidden = people.some((person) => !person.hidden);
    }
  },
);
