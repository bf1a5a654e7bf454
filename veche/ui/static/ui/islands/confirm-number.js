// Something irreversible: the last button works only when the number in the heading has been typed.
// <confirm-number number="312"><dialog class="v-dialog"><form>… <input data-number> … <button data-last> …
class ConfirmNumber extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("[data-number]");
    this.last = this.querySelector("[data-last]");
    this.last.disabled = true;
    this.addEventListener("open-layer", () => {
      this.input.value = "";
      this.last.disabled = true;
      this.dialog.showModal();
    });
    this.input.addEventListener("input", () => {
      const typed = this.input.value.replaceAll(/\D/g, "");
      this.last.disabled = typed !== this.getAttribute("number");
    });
    this.addEventListener("submit", (event) => this.last.disabled && event.preventDefault());
  }
}

customElements.define("confirm-number", ConfirmNumber);
