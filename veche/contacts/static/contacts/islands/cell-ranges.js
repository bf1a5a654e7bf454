// A range of the grid's cells is copied as a spreadsheet takes it, and what a spreadsheet copied is pasted into `src`:
// each cell by itself, with the rights of its own edit. What the server says of it is shown within this element.
// <grid-cells><people-grid>…</people-grid><cell-ranges src="/people/cells/"></cell-ranges></grid-cells>
const MOST = 100; // cells in one request

class CellRanges extends HTMLElement {
  connectedCallback() {
    this.around = this.closest("grid-cells");
    this.addEventListener("click", (event) => event.target.closest("[data-close]") && this.replaceChildren());
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
      this.#paste(range, event.clipboardData.getData("text/plain"));
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
    if (lines.length === 1 && lines[0].length === 1) {
      return cells.flat().map((cell) => [`${cell.getData().id}:${cell.getField()}`, lines[0][0]]);
    }
    const [rows, columns] = [this.home.grid.getRows("active"), this.home.columns()];
    const top = rows.findIndex((row) => row.getData().id === cells[0][0].getData().id);
    const left = columns.indexOf(cells[0][0].getField());
    return lines.flatMap((line, down) =>
      line.flatMap((value, right) => {
        const [row, key] = [rows[top + down], columns[left + right]];
        return row && key ? [[`${row.getData().id}:${key}`, value]] : [];
      }),
    );
  }

  async #paste(range, pasted) {
    const targets = this.#targets(range, pasted);
    this.replaceChildren();
    for (let done = 0; done < targets.length; done += MOST) {
      const form = new FormData();
      for (const [place, value] of targets.slice(done, done + MOST)) {
        form.append("cell", place);
        form.append("value", value);
      }
      if (!(await this.#send(form))) return;
    }
  }

  async #send(form) {
    const headers = { "X-CSRFToken": document.querySelector("meta[name=csrf-token]").content, "HX-Request": "true" };
    try {
      const answer = await fetch(this.home.address(this.getAttribute("src")), { method: "POST", body: form, headers });
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      this.append(...page.querySelectorAll("body > .v-note"));
      const body = page.querySelector("tbody");
      if (body) this.home.renew(body);
      return answer.ok;
    } catch {
      document.getElementById("offline")?.removeAttribute("hidden");
      return false;
    }
  }
}

customElements.define("cell-ranges", CellRanges);
