// <modal-now><dialog class="v-dialog">…: a dialog that came with a fragment and asks at once. Esc leaves things as they are.
class ModalNow extends HTMLElement {
  connectedCallback() {
    const dialog = this.querySelector("dialog");
    dialog.addEventListener("keydown", (event) => event.stopPropagation());
    dialog.showModal();
  }
}

customElements.define("modal-now", ModalNow);
