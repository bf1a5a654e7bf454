// Changes the theme at once and tells the server; without this island the form inside does the same with a reload.
class ThemeSwitch extends HTMLElement {
  connectedCallback() {
    this.addEventListener("submit", (event) => this.#choose(event));
  }

  async #choose(event) {
    const button = event.submitter;
    if (!button?.value) return;
    event.preventDefault();
    const form = event.target;
    const root = document.documentElement;
    root.dataset.theme = button.value;
    root.dispatchEvent(new Event("theme-chosen"));
    for (const other of document.querySelectorAll("theme-switch button[name=theme]")) {
      other.setAttribute("aria-pressed", String(other.value === button.value));
    }
    const body = new FormData(form, button);
    await fetch(form.action, { method: "POST", body, headers: { "X-Requested-With": "fetch" } });
  }
}

customElements.define("theme-switch", ThemeSwitch);
