// The table of people becomes a grid: columns dragged, stretched and frozen, more rows as one scrolls, ranges of cells.
// Cells are drawn by the server; the grid only lays them out. Fires grid-ready, grid-rows; `layout` gets the columns.
// <people-grid rows="/people/rows/" layout="/people/layout/" after="KEY"><table>…</table></people-grid>
import { TabulatorFull as Tabulator } from "tabulator";

const WIDE = matchMedia("(min-width: 768px)");
const text = (cell) => cell.dataset.text ?? cell.textContent.trim();

class PeopleGrid extends HTMLElement {
  #after = "";
  #loading = null;
  #moved = false;
  #keeping = 0;

  connectedCallback() {
    const table = this.querySelector("table");
    if (!WIDE.matches || !table || this.grid) return;
    this.#after = this.getAttribute("after");
    this.keys = [...table.tHead.rows[0].cells].map((head) => head.dataset.key ?? "pick");
    const place = document.createElement("div");
    place.setAttribute("aria-label", table.getAttribute("aria-label"));
    const data = this.read(table.tBodies[0]);
    const [boxes, ...columns] = [...table.tHead.rows[0].cells].map((head) => this.#column(head));
    table.replaceWith(place);
    this.grid = new Tabulator(place, {
      data, columns, rowHeader: boxes, index: "id", height: "100%", layout: "fitData", nestedFieldSeparator: false, movableColumns: true,
      rowHeight: Number.parseFloat(getComputedStyle(this).getPropertyValue("--v-row")) || 28,
      selectableRange: 1, selectableRangeRows: true,
      renderVerticalBuffer: 400, rowFormatter: (row) => this.#dress(row),
    });
    this.grid.on("tableBuilt", () => {
      place.removeAttribute("aria-owns"); // the holder takes the keyboard, so it is the rowgroup, not the table within it
      for (const [part, role] of [["tableholder", "rowgroup"], ["table", "presentation"]]) place.querySelector(`.tabulator-${part}`).setAttribute("role", role);
      this.classList.add("built");
      this.dispatchEvent(new CustomEvent("grid-ready", { bubbles: true }));
      this.#more();
    });
    this.grid.on("scrollVertical", () => this.#more());
    for (const name of ["columnResized", "columnMoved"]) this.grid.on(name, () => this.#changed(name));
    this.addEventListener("click", (event) => this.#afterMove(event), true);
    this.addEventListener("contextmenu", (event) => this.#freeze(event));
  }

  disconnectedCallback() { this.grid?.destroy(); }

  // Rows of the server's markup as the grid's data: HTML by column, texts to copy, the number and the revision.
  read(body) {
    return [...body.rows].map((row) => {
      const data = { id: Number(row.dataset.id), revision: row.dataset.revision, texts: {} };
      [...row.cells].forEach((cell, place) => {
        data[this.keys[place]] = cell.innerHTML;
        data.texts[this.keys[place]] = text(cell);
      });
      return data;
    });
  }

  #column(head) {
    const key = head.dataset.key;
    if (!key) return { field: "pick", title: head.innerHTML, titleFormatter: "html", formatter: "html", width: 40, frozen: true, resizable: false, headerSort: false, cssClass: "pick" };
    return {
      field: key, title: head.innerHTML, titleFormatter: "html", formatter: "html", headerSort: false, minWidth: 40,
      width: Number(head.dataset.width), frozen: "frozen" in head.dataset, resizable: "header", hozAlign: head.classList.contains("r") ? "right" : "left",
      cssClass: "edited" in head.dataset ? "editable" : "", headerHozAlign: head.classList.contains("r") ? "right" : "left",
    };
  }

  #dress(row) {
    row.getElement().dataset.id = row.getData().id;
    this.dispatchEvent(new CustomEvent("grid-row", { bubbles: true, detail: row.getElement() }));
  }

  address(path, more = {}) {
    const query = new URLSearchParams(location.search);
    for (const name of ["after", "before", "columns"]) query.delete(name);
    query.set("columns", this.columns().join(","));
    for (const [name, value] of Object.entries(more)) query.set(name, value);
    return `${path}?${query}`;
  }

  columns() {
    return this.grid.getColumns().map((column) => column.getField()).filter((key) => key && key !== "pick");
  }

  async #more() {
    const holder = this.querySelector(".tabulator-tableholder");
    if (!this.#after || this.#loading || holder.scrollHeight - holder.scrollTop - holder.clientHeight > 1200) return;
    this.#loading = fetch(this.address(this.getAttribute("rows"), { after: this.#after }), { headers: { "HX-Request": "true" } });
    try {
      const answer = await this.#loading;
      if (!answer.ok) return;
      const body = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("tbody");
      const order = this.keys;
      this.keys = ["pick", ...this.columns()];
      const data = this.read(body);
      this.keys = order;
      this.#after = body.dataset.after;
      await this.grid.addData(data);
    } catch {
      setTimeout(() => this.#more(), 5000);
      return;
    } finally {
      this.#loading = null;
    }
    this.#more();
  }

  // Rows that came anew from the server take the places of the old ones.
  renew(body) {
    const order = this.keys;
    this.keys = ["pick", ...this.columns()];
    for (const data of this.read(body)) {
      const row = this.grid.getRow(data.id);
      if (row) row.update(data);
    }
    this.keys = order;
  }

  #changed(name) {
    this.#moved = name === "columnMoved";
    clearTimeout(this.#keeping);
    this.#keeping = setTimeout(() => this.#keep(), 300);
  }

  #keep() {
    const columns = this.grid.getColumns().filter((column) => ![undefined, "pick"].includes(column.getField())).map((column) => ({ key: column.getField(), width: Math.round(column.getWidth()), frozen: Boolean(column.getDefinition().frozen) }));
    const here = new URL(location.href);
    const form = new URLSearchParams({ columns: JSON.stringify(columns), view: here.searchParams.get("view") ?? "" });
    fetch(this.getAttribute("layout"), { method: "POST", body: form, headers: { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content }, keepalive: true });
    if (!here.searchParams.has("columns")) return;
    here.searchParams.set("columns", columns.map((column) => column.key).join(","));
    history.replaceState(history.state, "", here);
  }

  #afterMove(event) {
    if (this.#moved && event.target.closest(".tabulator-header")) event.preventDefault();
    this.#moved = false;
  }

  // A right click on a head freezes the column or lets it go.
  #freeze(event) {
    const head = event.target.closest(".tabulator-col");
    const column = head && this.grid.getColumns().find((each) => each.getElement() === head);
    if (!column || column.getField() === "pick") return;
    event.preventDefault();
    column.updateDefinition({ frozen: !column.getDefinition().frozen }).then(() => this.#keep());
  }
}

customElements.define("people-grid", PeopleGrid);
