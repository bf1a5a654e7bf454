// The form that chooses the columns of the list: found by a part of their names, hundreds of own fields as well. Alt with
// ↑ or ↓ moves the column with the keyboard. Boxes above `most` wait until another is let go.
// <column-picker most="40"><form><input data-find> <div data-list><div><input name="column">… <p data-none> <p data-full>…
const folded = (text) => text.toLowerCase().replaceAll("ё", "е");

class ColumnPicker extends HTMLElement {
  connectedCallback() {
    this.list = this.querySelector("[data-list]");
    this.find = this.querySelector("[data-find]");
    this.find.addEventListener("input", () => this.#find());
    this.find.addEventListener("keydown", (event) => this.#take(event));
    this.list.addEventListener("keydown", (event) => this.#move(event), true);
    this.list.addEventListener("change", () => this.#count());
    this.#count();
  }

  #find() {
    const words = folded(this.find.value).split(/\s+/).filter(Boolean);
    for (const row of this.list.children) row.hidden = !words.every((word) => folded(row.textContent).includes(word));
    this.#say("[data-none]", ![...this.list.children].some((row) => !row.hidden));
  }

  // Enter in the search ticks the first that is found; with nothing typed it sends the form, as everywhere.
  #take(event) {
    if (!["Enter", "NumpadEnter"].includes(event.code) || !this.find.value.trim()) return;
    event.preventDefault();
    const box = this.list.querySelector(":scope > :not([hidden]) [name=column]:not(:disabled)");
    if (!box) return;
    box.checked = !box.checked;
    this.#count();
    this.find.select();
  }

  #move(event) {
    const row = event.altKey && [...this.list.children].find((each) => each.contains(event.target));
    const beside = { ArrowUp: row?.previousElementSibling, ArrowDown: row?.nextElementSibling }[event.code];
    if (!row || !["ArrowUp", "ArrowDown"].includes(event.code)) return;
    event.preventDefault();
    event.stopPropagation();
    if (event.code === "ArrowUp") beside?.before(row);
    else beside?.after(row);
    event.target.focus();
  }

  #count() {
    const boxes = [...this.list.querySelectorAll("[name=column]")];
    const full = boxes.filter((box) => box.checked).length >= Number(this.getAttribute("most"));
    for (const box of boxes) box.disabled = full && !box.checked;
    this.#say("[data-full]", full);
  }

  #say(which, is) {
    this.querySelector(which).hidden = !is;
  }
}

customElements.define("column-picker", ColumnPicker);
