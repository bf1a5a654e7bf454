// A range of the grid's cells is copied as a spreadsheet takes it, and what a spreadsheet copied is pasted into `src`:
// as one change with one undo. What was left alone, and why, is shown within this element; over what somebody changed
// meanwhile the same is put once more, when asked for. Delete clears the range.
// <grid-cells><people-grid>…</people-grid><cell-ranges src="/people/cells/"><template data-beyond>…<b data-number></b>…
const QUOTED = /[\t\r\n]/;
const CELL = /"((?:[^"]|"")*)"(?=[\t\r\n]|$)|[^\t\r\n]*/y;
const END = /\t|\r?\n|\r|$/y;

// Lines of cells as spreadsheets write them: what has a line break or a tab in it stands between quotes, its own doubled.
function linesOf(text) {
  const lines = [[]];
  for (let at = 0; ; ) {
    CELL.lastIndex = at;
    const [whole, quoted] = CELL.exec(text);
    lines.at(-1).push(quoted && QUOTED.test(quoted) ? quoted.replaceAll('""', '"') : whole);
    END.lastIndex = at + whole.length;
    const [end] = END.exec(text);
    at = END.lastIndex;
    if (end === "\t") continue;
    if (!end || at === text.length) return lines;
    lines.push([]);
  }
}

class CellRanges extends HTMLElement {
  connectedCallback() {
    this.around = this.closest("grid-cells");
    this.around.addEventListener("keydown", (event) => this.#clear(event));
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) this.#wipe();
      const again = event.target.closest("[data-again]");
      if (again) this.#send(JSON.parse(again.dataset.again));
    });
    this.clip = (event) => this.#clip(event);
    for (const name of ["copy", "paste"]) document.addEventListener(name, this.clip);
  }

  disconnectedCallback() {
    for (const name of ["copy", "paste"]) document.removeEventListener(name, this.clip);
  }

  get home() {
    return this.around.querySelector("people-grid");
  }

  #clip(event) {
    const range = this.home?.grid?.getRanges()[0];
    const typing = event.target.closest?.("input:not([type=checkbox]), textarea, select, dialog");
    if (!range || typing || getSelection().toString() || !this.around.contains(document.activeElement)) return;
    event.preventDefault();
    if (event.type === "paste") {
      this.#put(range, event.clipboardData.getData("text/plain"));
      return;
    }
    const quoted = (text) => (QUOTED.test(text) ? `"${text.replaceAll('"', '""')}"` : text);
    const plain = (cell) => quoted(cell.getData().texts[cell.getField()] ?? "");
    const lines = range.getStructuredCells().map((cells) => cells.map(plain).join("\t"));
    event.clipboardData.setData("text/plain", lines.join("\n"));
  }

  #clear(event) {
    const range = event.code === "Delete" && !event.target.closest("input, textarea, select") && this.home?.grid?.getRanges()[0];
    if (!range || event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    event.preventDefault();
    const cells = range.getStructuredCells().flat();
    const changed = cells.filter((cell) => cell.getColumn().getDefinition().cssClass === "editable" && cell.getData().texts[cell.getField()]);
    if (changed.length) this.#send(changed.map((cell) => this.#place(cell.getData(), cell.getField(), "")));
  }

  #place(row, key, text) {
    return [row.id, key, text, Number(row.revision)];
  }

  // The first cell of the range is where the pasted block begins; one value fills the whole range.
  async #put(range, pasted) {
    const lines = linesOf(pasted);
    const cells = range.getStructuredCells();
    if (lines.length === 1 && lines[0].length === 1) {
      return this.#send(cells.flat().map((cell) => this.#place(cell.getData(), cell.getField(), lines[0][0])));
    }
    const top = this.home.grid.getData().findIndex((row) => row.id === cells[0][0].getData().id);
    const left = this.home.columns().indexOf(cells[0][0].getField());
    await this.home.reach(top + lines.length);
    const [rows, columns] = [this.home.grid.getData().slice(top), this.home.columns().slice(left)];
    const placed = lines.slice(0, rows.length).flatMap((line, down) =>
      line.slice(0, columns.length).map((value, right) => this.#place(rows[down], columns[right], value)),
    );
    await this.#send(placed);
    if (lines.length > rows.length) this.#tell(lines.length - rows.length);
  }

  // Lines that went nowhere, for the list has ended.
  #tell(number) {
    const note = this.querySelector("template[data-beyond]").content.cloneNode(true);
    note.querySelector("[data-number]").textContent = number;
    this.append(note);
  }

  #wipe() {
    for (const note of this.querySelectorAll(":scope > :not(template)")) note.remove();
  }

  async #send(cells) {
    const headers = { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content, "HX-Request": "true" };
    const form = new URLSearchParams({ cells: JSON.stringify(cells) });
    this.#wipe();
    this.setAttribute("aria-busy", "true");
    this.around.classList.add("busy");
    try {
      const answer = await fetch(this.home.address(this.getAttribute("src")), { method: "POST", body: form, headers });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.append(...page.querySelectorAll("body > .v-note"));
      const body = page.querySelector("tbody");
      if (body) this.home.renew(body);
      this.around.told(answer);
    } catch {
      document.getElementById("offline")?.removeAttribute("hidden");
    } finally {
      this.removeAttribute("aria-busy");
      this.around.classList.remove("busy");
    }
  }
}

customElements.define("cell-ranges", CellRanges);
