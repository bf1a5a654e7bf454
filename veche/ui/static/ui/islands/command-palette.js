// Ctrl+K: a dialog that asks the server (`src`, ?q=) while you type. Arrows choose, Enter opens, Esc closes.
const PAUSE = 120;

class CommandPalette extends HTMLElement {
  #timer = null;
  #asked = null;

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.found = this.querySelector("[role=listbox]");
    this.onKey = (event) => {
      if ((event.ctrlKey || event.metaKey) && !event.altKey && !event.shiftKey && event.code === "KeyK") {
        event.preventDefault();
        this.open();
      }
    };
    document.addEventListener("keydown", this.onKey);
    this.addEventListener("open-layer", () => this.open());
    this.input.addEventListener("input", () => this.#askSoon());
    this.dialog.addEventListener("keydown", (event) => this.#steer(event));
    this.dialog.addEventListener("click", (event) => event.target === this.dialog && this.dialog.close());
    this.found.addEventListener("pointermove", (event) => this.#mark(event.target.closest("[role=option]")));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
    clearTimeout(this.#timer);
  }

  open() {
    if (!this.dialog.open) this.dialog.showModal();
    this.input.select();
    this.#ask();
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    this.#asked = new AbortController();
    const url = new URL(this.getAttribute("src"), location.href);
    url.searchParams.set("q", this.input.value);
    try {
      const headers = { "HX-Request": "true", "HX-Target": this.found.id };
      const response = await fetch(url, { headers, signal: this.#asked.signal });
      if (response.redirected) {
        location.reload();
        return;
      }
      this.found.innerHTML = await response.text();
    } catch (error) {
      if (error.name === "AbortError") return;
      this.dispatchEvent(new CustomEvent("htmx:sendError", { bubbles: true }));
      return;
    }
    this.#options().forEach((option, index) => (option.id ||= `found-${index}`));
    this.#mark(this.#options()[0]);
    this.dispatchEvent(new CustomEvent("palette-filled", { bubbles: true }));
  }

  #options() {
    return [...this.found.querySelectorAll("[role=option]")];
  }

  #mark(option) {
    if (!option || option.getAttribute("aria-selected") === "true") {
      if (!option) this.input.removeAttribute("aria-activedescendant");
      return;
    }
    for (const other of this.#options()) other.setAttribute("aria-selected", String(other === option));
    this.input.setAttribute("aria-activedescendant", option.id);
  }

  #steer(event) {
    const options = this.#options();
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (event.code === "Enter" || event.code === "NumpadEnter") {
      if (event.target !== this.input) return;
      event.preventDefault();
      options[now]?.click();
    } else if ((event.code === "ArrowDown" || event.code === "ArrowUp") && options.length) {
      event.preventDefault();
      const step = event.code === "ArrowDown" ? 1 : -1;
      const next = options[(now + step + options.length) % options.length];
      this.#mark(next);
      next.scrollIntoView({ block: "nearest" });
    }
  }
}

customElements.define("command-palette", CommandPalette);
