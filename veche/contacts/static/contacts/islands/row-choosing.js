// On a phone: a button that turns the list of links into a list of boxes and back; then a tap on a row chooses it.
// <row-choosing><button aria-pressed="false">…</button></row-choosing>, within #people beside people-selection.
class RowChoosing extends HTMLElement {
  connectedCallback() {
    this.list = this.closest("#people");
    this.button = this.querySelector("button");
    this.button.addEventListener("click", () => this.#turn());
    this.list.addEventListener("click", (event) => this.#tap(event), true);
  }

  #turn() {
    const on = this.list.classList.toggle("choosing");
    this.button.setAttribute("aria-pressed", String(on));
    if (!on) this.list.querySelector("people-selection")?.clear();
  }

  #tap(event) {
    const row = this.list.classList.contains("choosing") && event.target.closest(".pick-row");
    if (!row || event.target.closest(".pick")) return;
    event.preventDefault();
    event.stopPropagation();
    row.querySelector("input[name=ids]").click();
  }
}

customElements.define("row-choosing", RowChoosing);
