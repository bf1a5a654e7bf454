// A thing looked at without leaving the list: links with data-drawer load into the dialog inside. Esc gives focus back.
// <side-drawer id="drawer"><dialog class="v-drawer"><div data-content></div></dialog></side-drawer>
class SideDrawer extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.content = this.querySelector("[data-content]");
    this.onClick = (event) => {
      const link = event.target.closest(`[data-drawer="${this.id}"]`);
      if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
      event.preventDefault();
      this.#show(link);
    };
    document.addEventListener("click", this.onClick);
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.dialog.addEventListener("close", () => {
      this.content.replaceChildren();
      this.from?.focus();
    });
    document.body.addEventListener("close-drawer", () => this.dialog.close());
  }

  disconnectedCallback() {
    document.removeEventListener("click", this.onClick);
  }

  async #show(link) {
    this.from = link;
    const url = link.dataset.drawerUrl ?? link.href;
    await window.htmx.ajax("GET", url, { source: link, target: this.content, swap: "innerHTML" });
    if (!this.dialog.open) this.dialog.showModal();
  }
}

customElements.define("side-drawer", SideDrawer);
