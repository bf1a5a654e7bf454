// Checkboxes in lists: a checked one moves to the end of [data-chosen], where its [data-up] and [data-down] and a drag
// order it (Alt with an arrow does the same); an unchecked one goes home to the [data-group] that its data-home names.
// The form sends them in the order of the page. [data-count] shows how many are chosen.
class ColumnOrder extends HTMLElement {
  connectedCallback() {
    this.chosen = this.querySelector("[data-chosen]");
    this.addEventListener("change", (event) => event.target.matches("[name=column]") && this.#place(event.target));
    this.addEventListener("click", (event) => this.#click(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.chosen.addEventListener("dragstart", (event) => this.#drag(event));
    this.chosen.addEventListener("dragover", (event) => this.#over(event));
    this.chosen.addEventListener("dragend", () => this.#drop());
    this.#settle();
  }

  #place(box) {
    const line = box.closest("li");
    const home = this.querySelector(`[data-group="${line.dataset.home}"] ul`);
    (box.checked ? this.chosen : home).append(line);
    this.#settle();
    box.focus();
  }

  #click(event) {
    const button = event.target.closest("[data-up], [data-down]");
    if (button) this.#move(button.closest("li"), button.hasAttribute("data-up"), button);
  }

  #key(event) {
    const line = event.target.closest("[data-chosen] > li");
    if (!line || !event.altKey || !["ArrowUp", "ArrowDown"].includes(event.code)) return;
    event.preventDefault();
    this.#move(line, event.code === "ArrowUp", event.target);
  }

  #move(line, up, focused) {
    const other = up ? line.previousElementSibling : line.nextElementSibling;
    if (!other) return;
    if (up) other.before(line);
    else other.after(line);
    this.#settle();
    focused.focus();
    line.scrollIntoView({ block: "nearest" });
  }

  #drag(event) {
    this.dragged = event.target.closest("li");
    this.dragged.classList.add("dragged");
    event.dataTransfer.effectAllowed = "move";
  }

  #over(event) {
    const line = event.target.closest("[data-chosen] > li");
    if (!this.dragged) return;
    event.preventDefault();
    if (!line || line === this.dragged) return;
    const box = line.getBoundingClientRect();
    if (event.clientY < box.top + box.height / 2) line.before(this.dragged);
    else line.after(this.dragged);
  }

  #drop() {
    this.dragged?.classList.remove("dragged");
    this.dragged = null;
    this.#settle();
  }

  #settle() {
    for (const line of this.querySelectorAll("li")) line.draggable = line.parentElement === this.chosen;
    for (const group of this.querySelectorAll("[data-group]")) group.hidden = !group.querySelector("li");
    this.querySelector("[data-count]").textContent = this.chosen.children.length;
    this.dispatchEvent(new CustomEvent("columns-changed", { bubbles: true }));
  }
}

customElements.define("column-order", ColumnOrder);
