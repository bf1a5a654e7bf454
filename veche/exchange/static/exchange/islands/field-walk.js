// Fields one below another: ↓ and ↑ go from one to the next, and after an answer replaced a line, the next field is ready.
// <field-walk><ul><li><form><input …></form></li>…</ul></field-walk>
const FIELDS = "input:not([type=hidden], [type=checkbox], [type=radio])";

class FieldWalk extends HTMLElement {
  #place = -1;

  connectedCallback() {
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("htmx:beforeRequest", (event) => {
      const line = event.target.closest("li, tr");
      this.#place = line?.contains(document.activeElement) ? this.#fields().findIndex((field) => line.contains(field)) : -1;
    });
    this.addEventListener("htmx:afterSettle", () => this.#goOn());
  }

  #fields() {
    return [...this.querySelectorAll(FIELDS)];
  }

  #key(event) {
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
    if (!step || event.altKey || !event.target.matches(FIELDS) || event.target.hasAttribute("list")) return;
    const fields = this.#fields();
    const next = fields[fields.indexOf(event.target) + step];
    if (!next) return;
    event.preventDefault();
    next.focus();
    next.select();
  }

  #goOn() {
    if (this.#place < 0) return;
    const fields = this.#fields();
    const field = this.querySelector("[aria-invalid=true]") ?? fields[Math.min(this.#place, fields.length - 1)];
    this.#place = -1;
    field?.focus();
    field?.select();
  }
}

customElements.define("field-walk", FieldWalk);
