// How the columns of the grid beside it are laid out goes to `src`: their order, widths, which are frozen. A right click on
// a head freezes its column or lets it go. A head that was dragged is not pressed.
// <grid-cells><people-grid>…</people-grid><column-keeper src="/people/layout/"></column-keeper></grid-cells>
const PAUSE = 300;

class ColumnKeeper extends HTMLElement {
  #moved = false;
  #timer = 0;

  connectedCallback() {
    this.home = this.parentElement.querySelector("people-grid");
    if (this.home.classList.contains("built")) this.#watch();
    else this.home.addEventListener("grid-ready", () => this.#watch(), { once: true });
  }

  #watch() {
    for (const name of ["columnResized", "columnMoved"]) this.home.grid.on(name, () => this.#changed(name));
    this.home.addEventListener("click", (event) => this.#afterMove(event), true);
    this.home.addEventListener("contextmenu", (event) => this.#freeze(event));
  }

  #changed(name) {
    this.#moved = name === "columnMoved";
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#keep(), PAUSE);
  }

  #columns() {
    return this.home.grid.getColumns().filter((column) => ![undefined, "pick"].includes(column.getField()));
  }

  #keep() {
    const laid = (column) => ({ key: column.getField(), width: Math.round(column.getWidth()), frozen: Boolean(column.getDefinition().frozen) });
    const columns = this.#columns().map(laid);
    const here = new URL(location.href);
    const form = new URLSearchParams({ columns: JSON.stringify(columns), view: here.searchParams.get("view") ?? "" });
    const headers = { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content };
    fetch(this.getAttribute("src"), { method: "POST", body: form, headers, keepalive: true });
    if (!here.searchParams.has("columns")) return;
    here.searchParams.set("columns", columns.map((column) => column.key).join(","));
    history.replaceState(history.state, "", here);
  }

  #afterMove(event) {
    if (this.#moved && event.target.closest(".tabulator-header")) event.preventDefault();
    this.#moved = false;
  }

  #freeze(event) {
    const head = event.target.closest(".tabulator-col");
    const column = head && this.#columns().find((each) => each.getElement() === head);
    if (!column) return;
    event.preventDefault();
    // Frozen ones stand together at the left: behind one that moves away, Tabulator would stick it to the right edge.
    const [others, frozen] = [this.#columns().filter((each) => each !== column), (each) => each.getDefinition().frozen];
    const last = others.findLast(frozen);
    if (last ?? others[0]) this.home.grid.moveColumn(column, last ?? others[0], Boolean(last));
    this.#moved = false; // it was not dragged: the next press on a head is one
    column.updateDefinition({ frozen: !frozen(column) }).then(() => this.#keep());
  }
}

customElements.define("column-keeper", ColumnKeeper);
