// Sends the form inside a second after the last change and when a field is left. The server's answer says "saved".
const PAUSE = 1000;

class AutoSave extends HTMLElement {
  #timer = null;
  #dirty = false;

  connectedCallback() {
    this.addEventListener("input", () => {
      this.#dirty = true;
      clearTimeout(this.#timer);
      this.#timer = setTimeout(() => this.#send(), PAUSE);
    });
    this.addEventListener("change", () => {
      this.#dirty = true;
      this.#send();
    });
    this.addEventListener("htmx:afterRequest", (event) => {
      if (!event.detail.successful) this.#dirty = true;
    });
    this.leaving = (event) => this.#dirty && event.preventDefault();
    addEventListener("beforeunload", this.leaving);
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    removeEventListener("beforeunload", this.leaving);
  }

  #send() {
    clearTimeout(this.#timer);
    if (!this.#dirty) return;
    this.#dirty = false;
    this.querySelector("form")?.requestSubmit();
  }
}

customElements.define("auto-save", AutoSave);
