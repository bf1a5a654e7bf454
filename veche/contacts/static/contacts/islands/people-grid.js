// The table of people becomes a grid: columns dragged and stretched, more rows as one scrolls, ranges of cells.
// Cells are drawn by the server; the grid only lays them out. Fires grid-ready, grid-row.
// <people-grid rows="/people/rows/" after="KEY"><table>…</table></people-grid>
import { TabulatorFull as Tabulator } from "tabulator";

const WIDE = matchMedia("(min-width: 768px)");
const SPARE = 200; // pixels of height: more than that is drawn beyond the edge
const text = (cell) => cell.dataset.text ?? cell.textContent.trim();

class PeopleGrid extends HTMLElement {
  #after = "";
  #loading = null;
  #drawn = null;
  #sized = new ResizeObserver(([entry]) => this.#fit(entry.contentRect));

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
      selectableRange: 1, selectableRangeRows: true, autoResize: false,
      renderVerticalBuffer: 400, rowFormatter: (row) => this.#dress(row),
    });
    this.grid.on("tableBuilt", () => {
      place.removeAttribute("aria-owns"); // the holder takes the keyboard, so it is the rowgroup, not the table within it
      for (const [part, role] of [["tableholder", "rowgroup"], ["table", "presentation"]]) place.querySelector(`.tabulator-${part}`).setAttribute("role", role);
      for (const each of [this, this.parentElement]) each.classList.add("built");
      this.#sized.observe(this);
      this.dispatchEvent(new CustomEvent("grid-ready", { bubbles: true }));
      this.#more();
    });
    this.grid.on("scrollVertical", () => this.#more());
  }

  disconnectedCallback() {
    this.#sized.disconnect();
    this.grid?.destroy();
  }

  // By itself Tabulator draws every row anew when its height changes, as it does under the bar of the chosen.
  #fit({ width, height }) {
    const before = this.#drawn;
    if (before && width === before.width && Math.abs(height - before.height) < SPARE) return;
    this.#drawn = { width, height };
    if (before && width) this.grid.redraw();
  }

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
    if (await this.#next()) this.#more();
    else if (this.#after) setTimeout(() => this.#more(), 5000);
  }

  // At least so many rows, where the list has them: what is pasted goes on below those that were looked at.
  async reach(count) {
    while (this.#after && this.grid.getDataCount() < count && (await this.#next()));
  }

  // The rows after the last one; whether they came.
  #next() {
    this.#loading ??= this.#load().catch(() => false).finally(() => {
      this.#loading = null;
    });
    return this.#loading;
  }

  async #load() {
    const answer = await fetch(this.address(this.getAttribute("rows"), { after: this.#after }), { headers: { "HX-Request": "true" } });
    if (!answer.ok) return false;
    const body = new DOMParser().parseFromString(await answer.text(), "text/html").querySelector("tbody");
    const order = this.keys;
    this.keys = ["pick", ...this.columns()];
    const data = this.read(body);
    this.keys = order;
    this.#after = body.dataset.after;
    await this.grid.addData(data);
    return true;
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
}

customElements.define("people-grid", PeopleGrid);
