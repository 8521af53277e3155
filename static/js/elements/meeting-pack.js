/**
 * <meeting-pack data-pack data-address data-state data-over>: whether this pack is on this device, and the way there and
 * back. Shown is the part whose data-when is the present state.
 */
import { announce } from "../lib/announce.js";
import { on } from "../lib/dom.js";
import { askJSON } from "../lib/http.js";
import { aboutOf, askAfter, canKeep, drop, isSame, keep, sizeOf } from "../lib/packs/keeping.js";
import { oneAtATime } from "../lib/refetch.js";
import { bytes } from "../lib/size.js";

const WORDS = { saving: "Saving.", kept: "Saved. It plays without a connection.", away: "Removed from this device.", failed: "It could not be saved." };

customElements.define(
  "meeting-pack",
  class extends HTMLElement {
    #leave = new AbortController();
    #state = null;

    connectedCallback() {
      if (this.querySelector('[data-when="insecure"]')) return;
      const { signal } = this.#leave;
      const look = oneAtATime(() => this.#look());
      on(this, "click", "[data-act]", (_, button) => this.#acts[button.dataset.act](), { signal });
      document.addEventListener("live-message", look, { signal });
      addEventListener("online", look, { signal });
      look();
    }

    disconnectedCallback() {
      this.#leave.abort();
    }

    #acts = {
      keep: () => this.#keep(),
      drop: async () => {
        await drop(this.dataset.pack);
        this.#show("away");
      },
    };

    get #pack() {
      const { pack: id, address, state, over } = this.dataset;
      return { id, address, state, over };
    }

    async #look() {
      if (this.#now === "saving") return;
      if (!canKeep()) return this.#show("unsupported");
      const before = await aboutOf(this.dataset.pack);
      const state = before ? await askAfter(this.dataset.pack) : await askJSON(this.dataset.state).catch(() => null);
      const about = await aboutOf(this.dataset.pack);
      if (before && state && before.moments.length > state.moments.length) return location.reload();
      // Without a connection what lies here is all there is; without a pack there is nothing to say.
      if (!state) return about && this.#show("kept", about);
      this.#state = state;
      this.#show(await this.#judged(about, state), about ?? state);
    }

    async #judged(about, state) {
      if (about) return isSame(about, state) || state.waiting ? "kept" : "changed";
      if (state.waiting) return "preparing";
      if (!state.files.length) return "empty";
      const { quota = Infinity, usage = 0 } = (await navigator.storage?.estimate?.()) ?? {};
      return sizeOf(state) > quota - usage ? "full" : "away";
    }

    async #keep() {
      this.#show("saving");
      try {
        this.#state = await askJSON(this.dataset.state);
        await keep(this.#pack, this.#state, (share) => (this.querySelector("[data-share]").value = share));
        this.#show("kept", this.#state);
      } catch (error) {
        console.error(error);
        this.#show(error.name === "QuotaExceededError" ? "full" : "failed");
      }
    }

    #show(when, sized = this.#state) {
      const before = this.#now;
      const hadFocus = this.contains(document.activeElement);
      for (const part of this.querySelectorAll("[data-when]")) part.hidden = part.dataset.when !== when;
      if (sized) for (const size of this.querySelectorAll("[data-size]")) size.textContent = bytes(sizeOf(sized));
      if (hadFocus) this.querySelector("[data-when]:not([hidden]) button")?.focus();
      if (before !== when && before !== "asking" && WORDS[when]) announce(WORDS[when]);
    }

    get #now() {
      return this.querySelector("[data-when]:not([hidden])")?.dataset.when;
    }
  },
);
