/** <feed-news>: how many comments are new since the visit before; a click leads from one to the next. */
const NEW = "is-new";

customElements.define(
  "feed-news",
  class extends HTMLElement {
    #leave = new AbortController();
    /** @type {string[]} in the order of their moments once the feed knows them */
    #ids = [];
    #seen = new Set();

    connectedCallback() {
      const { signal } = this.#leave;
      document.addEventListener("news-change", ({ detail }) => this.#take(detail.ids), { signal });
      document.addEventListener("comments-change", () => this.#draw(), { signal });
      document.addEventListener("comment-current", () => this.#note(), { signal });
      this.querySelector("[data-next]").addEventListener("click", () => this.#next(), { signal });
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #take(ids) {
      this.#ids = ids;
      this.#draw();
    }

    /** What somebody looked at is not new any more. */
    #note() {
      const id = this.#feed.currentId;
      if (!this.#left.some((mark) => mark.id === id)) return;
      this.#seen.add(id);
      this.#draw();
    }

    #next() {
      const next = this.#left[0];
      if (next) this.#feed.open(next.id);
    }

    #draw() {
      const left = this.#left;
      for (const { id } of this.#feed.marks) document.getElementById(`comment-${id}`)?.classList.toggle(NEW, left.some((mark) => mark.id === id));
      this.hidden = !left.length;
      const told = `${left.length} new since you were here`;
      const text = this.querySelector("[data-told]");
      if (left.length && text.textContent !== told) text.textContent = told;
    }

    get #left() {
      return this.#ids.length ? this.#feed.marks.filter(({ id }) => this.#ids.includes(id) && !this.#seen.has(id)) : [];
    }

    get #feed() {
      return this.closest("comment-feed");
    }
  },
);
