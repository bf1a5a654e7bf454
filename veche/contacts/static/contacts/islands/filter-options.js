// Several answers to one question of the list: found by a part of their name, sent when the menu around them closes and
// something was changed; Esc leaves everything as it was.
// <filter-options><form><input data-find> <label class="v-choice">… <p data-none hidden>…</form></filter-options>
const folded = (text) => text.toLowerCase().replaceAll("ё", "е");

class FilterOptions extends HTMLElement {
  #left = false;

  connectedCallback() {
    this.form = this.querySelector("form");
    this.menu = this.closest("[popover]");
    this.was = this.#asked();
    const search = this.querySelector("[data-find]");
    search?.addEventListener("input", () => this.#find(search.value));
    if (search?.value) this.#find(search.value); // typed before the island was awake
    this.onkey = (event) => this.#key(event);
    this.onclose = (event) => this.#closed(event);
    this.menu?.addEventListener("keydown", this.onkey);
    this.menu?.addEventListener("toggle", this.onclose);
  }

  disconnectedCallback() {
    this.menu?.removeEventListener("keydown", this.onkey);
    this.menu?.removeEventListener("toggle", this.onclose);
  }

  #asked() {
    return new URLSearchParams(new FormData(this.form)).toString();
  }

  #find(text) {
    const words = folded(text).split(/\s+/).filter(Boolean);
    const labels = [...this.querySelectorAll(".v-choice")];
    for (const label of labels) label.hidden = !words.every((word) => folded(label.textContent).includes(word));
    this.querySelector("[data-none]")?.toggleAttribute("hidden", labels.some((label) => !label.hidden));
  }

  // Enter in the search takes the first that is found; on a box it sends, as everywhere in a form.
  #key(event) {
    this.#left = event.code === "Escape";
    if (!event.target.matches("[data-find]") || !["Enter", "NumpadEnter"].includes(event.code)) return;
    event.preventDefault();
    const box = event.target.value.trim() && this.querySelector(".v-choice:not([hidden]) input");
    if (box) box.checked = true;
    this.form.requestSubmit();
  }

  #closed(event) {
    if (event.newState === "open") this.#left = false;
    else if (this.#left) {
      this.form.reset();
      this.#find("");
    } else if (this.#asked() !== this.was) this.form.requestSubmit();
  }
}

customElements.define("filter-options", FilterOptions);
