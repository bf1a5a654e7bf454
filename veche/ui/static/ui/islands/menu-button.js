// A button and its popover menu: stands beside the button, arrow keys move, Tab leaves. The browser gives Esc and focus.
// With data-form the menu holds a form: Tab goes on within it, and Home and End are the text's.
class MenuButton extends HTMLElement {
  connectedCallback() {
    this.button = this.querySelector("[popovertarget]");
    this.menu = this.querySelector("[popover]");
    if (!this.menu) return;
    this.button.setAttribute("aria-haspopup", "true");
    this.button.setAttribute("aria-expanded", "false");
    this.menu.addEventListener("beforetoggle", (event) => this.#toggle(event));
    this.menu.addEventListener("toggle", (event) => this.#opened(event));
    this.menu.addEventListener("keydown", (event) => this.#move(event));
    this.button.addEventListener("keydown", (event) => {
      if (event.code === "ArrowDown" || event.code === "ArrowUp") {
        event.preventDefault();
        this.menu.showPopover();
      }
    });
  }

  #toggle(event) {
    this.button.setAttribute("aria-expanded", String(event.newState === "open"));
  }

  #opened(event) {
    if (event.newState !== "open") return;
    this.#place();
    this.#items()[0]?.focus({ preventScroll: true });
  }

  #items() {
    return [...this.menu.querySelectorAll("a[href], button, input")].filter((item) => !item.disabled && item.checkVisibility());
  }

  #place() {
    const from = this.button.getBoundingClientRect();
    const size = this.menu.getBoundingClientRect();
    const below = innerHeight - from.bottom >= size.height + 8 || from.top < size.height;
    const left = from.left + size.width + 8 > innerWidth ? from.right - size.width : from.left;
    this.menu.style.top = `${below ? from.bottom + 4 : from.top - size.height - 4}px`;
    this.menu.style.left = `${Math.max(8, left)}px`;
  }

  #move(event) {
    const holdsForm = "form" in this.dataset;
    if (holdsForm && (["Tab", "Home", "End"].includes(event.code) || event.target.matches("select, [type=date]"))) return;
    if (event.code === "Tab") {
      this.menu.hidePopover();
      return;
    }
    const step = { ArrowDown: 1, ArrowUp: -1, Home: -Infinity, End: Infinity }[event.code];
    if (!step) return;
    event.preventDefault();
    const items = this.#items();
    const now = items.indexOf(document.activeElement);
    const next = Math.abs(step) === 1 ? (now + step + items.length) % items.length : step < 0 ? 0 : items.length - 1;
    items[next].focus();
  }
}

customElements.define("menu-button", MenuButton);
