// Who is chosen in the list: boxes, Shift for a stretch, X for the row with the keyboard, all that are found. The bar of
// what can be done with them is loaded from `src` with `ids`, or with `all=1` and the list's address in `asked`.
// <people-selection src="/people/bulk/" asked="tag=7"><input data-none> <b data-count> <button data-all> <div data-bar>…
const box = (row) => row.querySelector("input[name=ids]");

class PeopleSelection extends HTMLElement {
  #ids = new Set();
  #all = false;
  #last = null;
  #timer = 0;

  connectedCallback() {
    this.list = this.closest("#people");
    this.list.addEventListener("click", (event) => event.target.matches("input[name=ids]") && this.#pick(event), true);
    this.list.addEventListener("grid-row", (event) => this.#dress(event.detail));
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-none]")) this.clear();
      if (event.target.closest("[data-all]")) this.#chooseAll();
    });
    this.onkey = (event) => this.#key(event);
    this.ondone = () => this.clear();
    document.addEventListener("keydown", this.onkey);
    document.body.addEventListener("selection-done", this.ondone);
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onkey);
    document.body.removeEventListener("selection-done", this.ondone);
  }

  clear() {
    this.#ids.clear();
    this.#all = false;
    this.#told();
  }

  #pick(event) {
    const id = event.target.value;
    const stretch = event.shiftKey && this.#last ? this.#between(this.#order(), this.#last, id) : [id];
    this.#all = false;
    for (const each of stretch) event.target.checked ? this.#ids.add(each) : this.#ids.delete(each);
    this.#last = id;
    this.#told();
  }

  #order() {
    const grid = this.list.querySelector("people-grid")?.grid;
    return grid ? grid.getData().map((row) => String(row.id)) : [...this.list.querySelectorAll("[data-id] input[name=ids]")].map((each) => each.value);
  }

  #between(order, from, to) {
    const places = [order.indexOf(from), order.indexOf(to)].sort((one, other) => one - other);
    return order.slice(places[0], places[1] + 1);
  }

  #chooseAll() {
    this.#all = true;
    this.#told();
  }

  #key(event) {
    const typing = event.target.closest("input:not([type=checkbox]), textarea, select, dialog, [contenteditable], [popover]");
    if (typing || event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.code === "Escape" && !this.hidden) this.clear();
    if (event.code === "KeyX") {
      const row = document.activeElement.closest("[data-id]") ?? this.list.querySelector(".tabulator-range-selected")?.closest("[data-id]");
      if (row) box(row)?.click();
    }
  }

  #dress(row) {
    const each = box(row);
    if (!each) return;
    const chosen = this.#all || this.#ids.has(each.value);
    each.checked = chosen;
    row.classList.toggle("is-sel", chosen);
  }

  #told() {
    for (const each of this.list.querySelectorAll("[data-id] input[name=ids]")) this.#dress(each.closest("[data-id]"));
    this.hidden = !this.#all && this.#ids.size === 0;
    this.querySelector("[data-count]").textContent = this.#ids.size;
    this.querySelector("[data-count]").closest("b").hidden = this.#all;
    this.querySelector("[data-all]").hidden = this.#all;
    this.querySelector("[data-all-chosen]").hidden = !this.#all;
    clearTimeout(this.#timer);
    if (!this.hidden) this.#timer = setTimeout(() => this.#load(), 250);
  }

  #load() {
    const asked = new URLSearchParams(this.#all ? { all: "1", asked: this.getAttribute("asked") } : { ids: [...this.#ids].join(",") });
    window.htmx.ajax("GET", `${this.getAttribute("src")}?${asked}`, { target: this.querySelector("[data-bar]"), swap: "innerHTML" });
  }
}

customElements.define("people-selection", PeopleSelection);
