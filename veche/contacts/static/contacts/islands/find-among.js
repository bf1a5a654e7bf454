// A long list is narrowed to what has all the words that are typed, each as a part of the text.
// <find-among><input role="searchbox" data-find> <div data-among>…</div> … <p data-none hidden>…</p></find-among>
const folded = (text) => text.toLowerCase().replaceAll("ё", "е");

class FindAmong extends HTMLElement {
  connectedCallback() {
    const search = this.querySelector("[data-find]");
    search.addEventListener("input", () => this.#find(search.value));
    if (search.value) this.#find(search.value); // typed before the island was awake
  }

  #find(text) {
    const words = folded(text).split(/\s+/).filter(Boolean);
    const each = [...this.querySelectorAll("[data-among]")];
    for (const one of each) one.hidden = !words.every((word) => folded(one.textContent).includes(word));
    this.querySelector("[data-none]").hidden = each.some((one) => !one.hidden);
  }
}

customElements.define("find-among", FindAmong);
