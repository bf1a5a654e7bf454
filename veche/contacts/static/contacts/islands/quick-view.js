// The person of a row, shown beside the list: Space or [data-quick] in the row opens, ↑ ↓ go on along the list, Enter opens
// the card, Esc and Space close. An edit within has the row drawn anew (row-changed).
// <quick-view src="/people/0/quick/"><dialog><button data-step="1">…</button><div data-content tabindex="-1"></div></dialog>
const TYPED = "input, textarea, select, [contenteditable], [popover], edit-in-place form";
const PRESSED = "a, button, summary, label";
const LAYER = "dialog:modal, [popover]:not(toast-stack, key-hints):popover-open";
const STEPS = { ArrowDown: 1, ArrowUp: -1 };
const PAUSE = 80; // milliseconds: whoever holds an arrow flies over people, and asks for the last one

class QuickView extends HTMLElement {
  #id = null;
  #turn = 0;
  #timer = 0;

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.content = this.querySelector("[data-content]");
    this.whenPressed = (event) => this.#press(event);
    this.whenClicked = (event) => this.#click(event);
    this.whenEdited = () => this.dialog.open && this.#drawRow();
    document.addEventListener("keydown", this.whenPressed);
    document.addEventListener("click", this.whenClicked);
    document.body.addEventListener("line-changed", this.whenEdited);
    this.dialog.addEventListener("keydown", (event) => this.#steer(event));
    this.dialog.addEventListener("close", () => this.#closed());
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.whenPressed);
    document.removeEventListener("click", this.whenClicked);
    document.body.removeEventListener("line-changed", this.whenEdited);
    clearTimeout(this.#timer);
  }

  get #grid() {
    return document.querySelector("#people people-grid")?.grid;
  }

  get #rows() {
    return [...document.querySelectorAll("#people .v-rows [data-id]")];
  }

  #order() {
    return this.#grid ? this.#grid.getData().map((row) => row.id) : this.#rows.map((row) => Number(row.dataset.id));
  }

  // The row with the keyboard: the one that holds the focus, else the one of the grid's active cell.
  #current() {
    const at = document.activeElement;
    const row = at.closest("#people [data-id]");
    if (row) return Number(row.dataset.id);
    if (at !== document.body && !at.closest("people-grid")) return null;
    return this.#grid?.getRanges()[0]?.getCells()?.flat()[0]?.getData().id ?? null;
  }

  #press(event) {
    const held = event.ctrlKey || event.metaKey || event.altKey || event.shiftKey;
    if (event.code !== "Space" || event.defaultPrevented || held || document.querySelector(LAYER)) return;
    if (event.target.closest?.(`${TYPED}, button, summary, label`)) return;
    const id = this.#current();
    if (!id) return;
    event.preventDefault();
    this.#open(id);
  }

  #click(event) {
    const row = event.target.closest("[data-quick]")?.closest("[data-id]");
    if (row) this.#open(Number(row.dataset.id));
    if (event.target === this.dialog) this.dialog.close();
    const step = this.contains(event.target) && event.target.closest("[data-step]");
    if (step) this.#go(Number(step.dataset.step));
  }

  // Within: arrows, Enter, Space, and the keys that the card's own buttons declare.
  #steer(event) {
    if (event.defaultPrevented || event.target.closest(TYPED) || event.target.closest("dialog") !== this.dialog) return;
    if (event.ctrlKey || event.metaKey || event.altKey || event.shiftKey) return;
    const free = !event.target.closest(PRESSED);
    const keyed = [...this.content.querySelectorAll("[data-key]")].find((each) => each.dataset.key === event.code && each.checkVisibility());
    if (event.code in STEPS) this.#go(STEPS[event.code]);
    else if (event.code === "Space" && free) this.dialog.close();
    else if (event.code === "Enter" && free) this.content.querySelector("[data-card]")?.click();
    else if (keyed) keyed.click();
    else return;
    event.preventDefault();
  }

  #open(id) {
    this.#mark(id);
    this.#load();
  }

  // What somebody is typing is not thrown away by an arrow: the field gets the keyboard back.
  #go(step) {
    const typed = [...this.content.querySelectorAll("textarea, input:not([type=hidden])")].find((field) => field.value !== field.defaultValue);
    if (typed) return typed.focus();
    const order = this.#order();
    const next = order[order.indexOf(this.#id) + step];
    if (next === undefined) return;
    this.#mark(next);
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#load(), PAUSE);
  }

  // The list goes along: the cell with the keyboard stands in the row that is looked at.
  #mark(id) {
    this.#id = id;
    const order = this.#order();
    for (const each of this.querySelectorAll("[data-step]")) each.disabled = order[order.indexOf(id) + Number(each.dataset.step)] === undefined;
    const [range, shown] = [this.#grid?.getRanges()[0], this.#grid?.getRow(id)];
    if (!range || !shown) return this.#rows.find((row) => Number(row.dataset.id) === id)?.scrollIntoView({ block: "nearest" });
    const cell = shown.getCell(range.getCells().flat()[0].getColumn());
    range.setBounds(cell, cell);
    this.#grid.scrollToRow(id, "nearest", false).catch(() => {});
  }

  async #load() {
    const [id, turn] = [this.#id, ++this.#turn];
    const asked = new URLSearchParams({ list: location.search.slice(1) });
    this.querySelector("[data-refusals]").replaceChildren();
    try {
      await window.htmx.ajax("GET", `${this.getAttribute("src").replace("/0/", `/${id}/`)}?${asked}`, { source: this.content, target: this.content, swap: "innerHTML" });
    } catch { /* a later one took its place, or the net is gone: the banner says so */ }
    if (turn !== this.#turn) return;
    if (this.content.querySelector("[data-who]")?.dataset.who !== String(id)) this.content.replaceChildren();
    if (!this.dialog.open) this.dialog.showModal();
    this.content.scrollTop = 0;
    this.content.focus({ preventScroll: true });
    this.querySelector("[data-said]").textContent = this.content.querySelector("h1")?.textContent ?? "";
  }

  #drawRow() {
    document.body.dispatchEvent(new CustomEvent("row-changed", { detail: { id: this.#id } }));
  }

  #closed() {
    clearTimeout(this.#timer);
    this.#turn += 1;
    this.content.replaceChildren();
    const row = this.#rows.find((each) => Number(each.dataset.id) === this.#id && each.checkVisibility());
    (row?.querySelector("[data-quick]") ?? document.querySelector("#people .tabulator-tableholder"))?.focus({ preventScroll: true });
  }
}

customElements.define("quick-view", QuickView);
