// Cells of the grid within: Enter or a double click edits one where it stands, Tab goes on to the right, Esc leaves it.
// The server gives the control, 422 gives it back with its error, 409 with three values; what was typed stays in it.
// <grid-cells src="/people/0/cells/KEY/" row="/people/0/row/"><people-grid>…</people-grid><div data-editor></grid-cells>
const token = () => document.querySelector("meta[name=csrf-token]").content;

class GridCells extends HTMLElement {
  #cell = null;

  connectedCallback() {
    this.editor = this.querySelector("[data-editor]");
    this.addEventListener("dblclick", (event) => this.#open(event.target.closest(".tabulator-cell.editable")));
    this.addEventListener("keydown", (event) => this.#key(event), true);
    this.editor.addEventListener("submit", (event) => this.#save(event));
    this.editor.addEventListener("click", (event) => event.target.closest("[data-cancel]") && this.#cancel(event.target));
    this.onrow = (event) => this.#drawAnew(event.detail.id);
    document.body.addEventListener("row-changed", this.onrow);
  }

  disconnectedCallback() {
    document.body.removeEventListener("row-changed", this.onrow);
  }

  get home() {
    return this.querySelector("people-grid");
  }

  #range() {
    return this.home?.grid?.getRanges()[0];
  }

  #key(event) {
    if (this.editor.contains(event.target)) return this.#inEditor(event);
    if (event.target.closest("input, a, button")) return;
    const cell = this.#range()?.getCells()?.flat()[0];
    if (cell && (event.code === "Enter" || event.code === "F2") && cell.getElement().classList.contains("editable")) {
      event.preventDefault();
      event.stopPropagation();
      this.#open(cell.getElement());
    }
  }

  #inEditor(event) {
    if (event.code === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#cancel(event.target);
    } else if (event.key === "Enter" && event.target.matches("textarea") && !event.shiftKey) {
      event.preventDefault();
      event.target.form.requestSubmit();
    } else if (event.code === "Tab" && !event.shiftKey && !this.editor.querySelector("[data-reload]")) {
      event.preventDefault();
      this.editor.querySelector("form").requestSubmit();
      this.#onward = true;
    } else if (!event.target.closest("[data-own-keys]")) event.stopPropagation();
  }

  #onward = false;

  async #open(element) {
    const grid = this.home?.grid;
    if (!element || !grid) return;
    const row = grid.getRow(Number(element.closest("[data-id]").dataset.id));
    this.#cell = { row: row.getData(), key: element.getAttribute("tabulator-field"), place: element.getBoundingClientRect() };
    this.#onward = false;
    const answer = await fetch(this.#url(), { headers: { "HX-Request": "true" } });
    if (answer.ok) this.#show(await answer.text());
  }

  #url() {
    return this.home.address(this.getAttribute("src").replace("/0/", `/${this.#cell.row.id}/`).replace("KEY", encodeURIComponent(this.#cell.key)));
  }

  #show(html) {
    const { place } = this.#cell;
    this.editor.innerHTML = html;
    this.editor.hidden = false;
    window.htmx.trigger(this.editor, "htmx:load"); // islands within wake up
    const within = this.getBoundingClientRect();
    const width = Math.max(place.width, 280);
    this.editor.style.width = `${width}px`;
    this.editor.style.left = `${Math.max(0, Math.min(place.left - within.left, within.width - width - 8))}px`;
    this.editor.style.top = `${Math.max(0, Math.min(place.top - within.top, within.height - this.editor.offsetHeight - 8))}px`;
    const control = this.editor.querySelector("[autofocus], input:not([type=hidden]), select, textarea");
    control?.focus();
    control?.select?.();
  }

  async #save(event) {
    event.preventDefault();
    const form = new FormData(event.target);
    form.set("was", this.#cell.row.texts[this.#cell.key] ?? "");
    let answer;
    try {
      answer = await fetch(this.#url(), { method: "POST", body: form, headers: { "X-CSRFToken": token(), "HX-Request": "true" } });
    } catch {
      document.getElementById("offline")?.removeAttribute("hidden");
      return;
    }
    const html = await answer.text();
    if (answer.status === 422 || answer.status === 409) return this.#show(html);
    if (!answer.ok) return;
    this.told(answer);
    this.home.renew(new DOMParser().parseFromString(html, "text/html").querySelector("tbody"));
    this.#close();
  }

  // The toast with "Undo" travels in a header that htmx would have read.
  told(answer) {
    const events = JSON.parse(answer.headers.get("HX-Trigger") ?? "{}");
    for (const [name, detail] of Object.entries(events)) document.body.dispatchEvent(new CustomEvent(name, { bubbles: true, detail }));
  }

  #close() {
    const { row, key } = this.#cell;
    const element = this.home.grid.getRow(row.id)?.getCell(key)?.getElement();
    this.editor.hidden = true;
    this.editor.replaceChildren();
    this.querySelector(".tabulator-tableholder")?.focus();
    let next = element?.nextElementSibling;
    while (next && !next.classList.contains("editable")) next = next.nextElementSibling;
    if (this.#onward && next) this.#open(next);
  }

  async #cancel(button) {
    const again = button.closest?.("[data-reload]") || this.editor.querySelector("[data-reload]");
    this.#onward = false;
    if (again) await this.#drawAnew(this.#cell.row.id);
    this.#close();
  }

  async #drawAnew(id) {
    const url = this.getAttribute("row").replace("/0/", `/${id}/`);
    const answer = await fetch(this.home.grid ? this.home.address(url) : `${url}${location.search}`);
    if (!answer.ok) return;
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    if (this.home.grid) this.home.renew(page.querySelector("tbody"));
    const [line, old] = [page.querySelector(".v-rows [data-id]"), document.querySelector(`#people .v-rows [data-id="${id}"]`)];
    if (!line || !old) return;
    old.replaceWith(line);
    line.dispatchEvent(new CustomEvent("grid-row", { bubbles: true, detail: line })); // whether it is chosen
  }
}

customElements.define("grid-cells", GridCells);
