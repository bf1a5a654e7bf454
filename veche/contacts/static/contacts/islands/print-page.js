// A button that opens the browser's own dialog for printing. <print-page><button type="button">…</button></print-page>
class PrintPage extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", () => print());
  }
}

customElements.define("print-page", PrintPage);
