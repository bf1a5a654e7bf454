// Something irreversible or very large: the last buttons work only when the number in the heading has been typed.
// <confirm-number number="312"><dialog class="v-dialog"><form>… <input data-number> … <button data-last> …
class ConfirmNumber extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("[data-number]");
    this.last = [...this.querySelectorAll("[data-last]")];
    this.#allow(false);
    this.addEventListener("open-layer", () => {
      this.input.value = "";
      this.#allow(false);
      this.dialog.showModal();
    });
    this.input.addEventListener("input", () => {
      const typed = this.input.value.replaceAll(/\D/g, "");
      this.#allow(typed === this.getAttribute("number"));
    });
    this.addEventListener("submit", (event) => this.#refuse(event), true); // before htmx hears of it
  }

  #refuse(event) {
    if (!this.last[0].disabled) return;
    event.preventDefault();
    event.stopImmediatePropagation();
  }

  #allow(sure) {
    for (const button of this.last) button.disabled = !sure;
  }
}

customElements.define("confirm-number", ConfirmNumber);
