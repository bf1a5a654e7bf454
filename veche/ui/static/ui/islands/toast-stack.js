// One toast at a time, 8 s, waits under the pointer and under the focus. Fed by the `toast` event of HX-Trigger.
const SECONDS = 8;

class ToastStack extends HTMLElement {
  #queue = [];
  #timer = null;

  connectedCallback() {
    this.onToast = (event) => this.#add(event.detail);
    document.body.addEventListener("toast", this.onToast);
    this.addEventListener("pointerenter", () => clearTimeout(this.#timer));
    this.addEventListener("pointerleave", () => this.#arm());
    this.addEventListener("focusin", () => clearTimeout(this.#timer));
    this.addEventListener("focusout", () => this.#arm());
    this.addEventListener("click", (event) => this.#onClick(event));
    const { message, level, undo } = this.dataset;
    if (message) this.#add({ message, level, undo });
  }

  disconnectedCallback() {
    document.body.removeEventListener("toast", this.onToast);
    clearTimeout(this.#timer);
  }

  #add(toast) {
    this.#queue.push(toast);
    if (this.querySelector(".v-toast")) this.#drop();
    else this.#next();
  }

  #next() {
    const toast = this.#queue.shift();
    if (!toast) {
      if (this.matches(":popover-open")) this.hidePopover();
      return;
    }
    const box = this.querySelector("template").content.cloneNode(true).firstElementChild;
    box.querySelector("[data-text]").textContent = toast.message;
    box.dataset.level = toast.level ?? "ok";
    const undo = box.querySelector("[data-undo-button]");
    if (toast.undo) {
      undo.hidden = false;
      undo.dataset.url = toast.undo;
    } else undo.remove();
    if (!this.matches(":popover-open")) this.showPopover();
    this.append(box);
    this.#arm();
  }

  #arm() {
    clearTimeout(this.#timer);
    if (!this.querySelector(".v-toast")) return;
    if (this.matches(":hover") || this.contains(document.activeElement)) return;
    this.#timer = setTimeout(() => this.#drop(), SECONDS * 1000);
  }

  #drop() {
    clearTimeout(this.#timer);
    this.querySelector(".v-toast")?.remove();
    this.#next();
  }

  #onClick(event) {
    const undo = event.target.closest("[data-undo-button]");
    if (undo) {
      window.htmx.ajax("POST", undo.dataset.url, { source: document.body, swap: "none" });
      this.#drop();
    } else if (event.target.closest("[data-closes]")) this.#drop();
  }
}

customElements.define("toast-stack", ToastStack);
