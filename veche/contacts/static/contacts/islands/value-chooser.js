// Cards side by side: keys choose whose value stays, line by line, and the last column shows what will stay.
// <value-chooser><table>… <tr data-line><td><label><input type="radio"> <span>…</span></label></td>… <td><output></td></tr>
// 1–9 choose the card in the line with the focus (or the first one) and go on to the next; ↑ ↓ go from line to line.
// Where the head is a line, too, it says which card stays: 0 goes to the next card.
class ValueChooser extends HTMLElement {
  connectedCallback() {
    this.abort = new AbortController();
    const { signal } = this.abort;
    this.addEventListener("change", (event) => this.#show(event.target.closest("tr")), { signal });
    this.addEventListener("click", (event) => event.target.closest("[data-all]") && this.#unfold(), { signal });
    document.addEventListener("keydown", (event) => this.#press(event), { signal });
    for (const line of this.#lines) this.#show(line);
  }

  disconnectedCallback() {
    this.abort.abort();
  }

  get #lines() {
    return [...this.querySelectorAll("tr[data-line]")];
  }

  #show(line) {
    const chosen = line?.querySelector("input:checked");
    if (chosen) line.querySelector("output").textContent = chosen.closest("label").textContent.trim();
  }

  #unfold() {
    this.classList.add("all");
    this.querySelector("[data-all]").remove();
  }

  #press(event) {
    const elsewhere = event.target.closest("input:not([type=radio], [type=checkbox]), textarea, select, [contenteditable], dialog, [popover]");
    if (event.defaultPrevented || elsewhere || event.ctrlKey || event.metaKey || event.altKey) return;
    const lines = this.#lines;
    const at = lines.indexOf(event.target.closest("tr[data-line]"));
    const first = Math.max(lines.findIndex((line) => line.closest("tbody")), 0);
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
    if (step && lines.length) {
      event.preventDefault();
      this.#focus(lines[at < 0 ? first : at + step]);
    }
    const number = /^(?:Digit|Numpad)([0-9])$/.exec(event.code)?.[1];
    if (number === "0") this.#nextCard(event);
    const line = lines[at < 0 ? first : at];
    const radio = number && line?.cells[number]?.querySelector("input[type=radio]");
    if (!radio) return;
    event.preventDefault();
    radio.click();
    this.#focus(lines[lines.indexOf(line) + 1] ?? line);
  }

  #nextCard(event) {
    const cards = [...this.querySelectorAll("thead input[type=radio]")];
    if (!cards.length) return;
    event.preventDefault();
    cards[(cards.findIndex((card) => card.checked) + 1) % cards.length].click();
  }

  #focus(line) {
    line?.querySelector("input:checked, input")?.focus();
  }
}

customElements.define("value-chooser", ValueChooser);
