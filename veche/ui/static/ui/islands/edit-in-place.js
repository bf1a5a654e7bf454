// A value is a button; pressing it loads the field from `src`. Esc puts the value back, Enter and Ctrl+S send the form.
// While the answer is under way the form waits with it: what was sent can't be typed over, and is not sent again.
// <edit-in-place src="/people/7/birthday/"><button class="v-edit">12 May 1980</button></edit-in-place>
class EditInPlace extends HTMLElement {
  #before = null;

  connectedCallback() {
    this.addEventListener("click", (event) => event.target.closest(".v-edit, [data-edit]") && this.#edit(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("click", (event) => event.target.closest("[data-cancel]") && this.#cancel());
    this.addEventListener("htmx:beforeRequest", (event) => this.#wait(event, true));
    this.addEventListener("htmx:afterRequest", (event) => this.#wait(event, false));
    this.addEventListener("submit", (event) => this.#isBusy() && this.#stop(event), true);
    this.addEventListener("htmx:afterSwap", () => this.#settle());
  }

  #edit(event) {
    event.preventDefault();
    if (this.querySelector("form")) return;
    this.#before = [...this.childNodes];
    window.htmx.ajax("GET", this.getAttribute("src"), { source: this, target: this, swap: "innerHTML" });
  }

  #settle() {
    const field = this.querySelector("form [aria-invalid=true], form input:not([type=hidden]), form textarea, form select");
    if (field) {
      field.focus();
      field.select?.();
    } else {
      this.#before = null;
      this.querySelector(".v-edit, [data-edit]")?.focus();
    }
  }

  #cancel() {
    if (!this.#before) return;
    const then = this.querySelector("[data-cancel]")?.dataset.then; // an event for the page: what was here is old now
    this.replaceChildren(...this.#before);
    this.#before = null;
    this.querySelector(".v-edit, [data-edit]")?.focus();
    if (then) document.body.dispatchEvent(new CustomEvent(then));
  }

  #isBusy() {
    return Boolean(this.querySelector("form[aria-busy=true]"));
  }

  #wait(event, busy) {
    const form = event.target.closest("form");
    if (!form || !this.contains(form) || event.detail.requestConfig.verb === "get") return;
    form.ariaBusy = busy ? "true" : null;
    for (const field of form.querySelectorAll("input, textarea")) {
      if (busy && field.readOnly) continue; // it was so before, and stays so afterwards
      if (busy || "waits" in field.dataset) field.readOnly = busy;
      if (busy) field.dataset.waits = "";
      else delete field.dataset.waits;
    }
  }

  #key(event) {
    if (!this.querySelector("form")) return;
    if (this.#isBusy() && event.code !== "Tab") this.#stop(event);
    else if (event.code === "Escape") {
      this.#stop(event);
      this.#cancel();
    }
  }

  #stop(event) {
    event.preventDefault();
    event.stopPropagation();
  }
}

customElements.define("edit-in-place", EditInPlace);
