// A range of the grid's cells is copied as a spreadsheet takes it, and what a spreadsheet copied is pasted into `src`:
// as one change with one undo. What was left alone, and why, is shown within this element; over what somebody changed
// meanwhile the same is put once more, when asked for.
// <grid-cells><people-grid>…</people-grid><cell-ranges src="/people/cells/"></cell-ranges></grid-cells>
class CellRanges extends HTMLElement {
  connectedCallback() {
    this.around = this.closest("grid-cells");
    this.addEventListener("click", (event) => {
      if (event.target.closest("[data-close]")) this.replaceChildren();
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
      this.#send(this.#targets(range, event.clipboardData.getData("text/plain")));
      return;
    }
    const plain = (cell) => (cell.getData().texts[cell.getField()] ?? "").replace(/[\t\r\n]+/g, " ");
    const lines = range.getStructuredCells().map((cells) => cells.map(plain).join("\t"));
    event.clipboardData.setData("text/plain", lines.join("\n"));
  }

  // The first cell of the range is where the pasted block begins; one value fills the whole range.
  #targets(range, pasted) {
    const lines = pasted.replace(/\r?\n$/, "").split(/\r?\n/).map((line) => line.split("\t"));
    const cells = range.getStructuredCells();
    const place = (row, key, text) => [row.id, key, text, Number(row.revision)];
    if (lines.length === 1 && lines[0].length === 1) {
      return cells.flat().map((cell) => place(cell.getData(), cell.getField(), lines[0][0]));
    }
    const [rows, columns] = [this.home.grid.getRows("active"), this.home.columns()];
    const top = rows.findIndex((row) => row.getData().id === cells[0][0].getData().id);
    const left = columns.indexOf(cells[0][0].getField());
    return lines.flatMap((line, down) =>
      line.flatMap((value, right) => {
        const [row, key] = [rows[top + down], columns[left + right]];
        return row && key ? [place(row.getData(), key, value)] : [];
      }),
    );
  }

  async #send(cells) {
    const headers = { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content, "HX-Request": "true" };
    const form = new URLSearchParams({ cells: JSON.stringify(cells) });
    this.replaceChildren();
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
