// A value is a button; pressing it loads the field from `src`. Esc puts the value back, Enter and Ctrl+S send the form.
// <edit-in-place src="/people/7/birthday/"><button class="v-edit">12 May 1980</button></edit-in-place>
class EditInPlace extends HTMLElement {
  #before = null;

  connectedCallback() {
    this.addEventListener("click", (event) => event.target.closest(".v-edit, [data-edit]") && this.#edit(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("click", (event) => event.target.closest("[data-cancel]") && this.#cancel());
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

  #key(event) {
    if (!this.querySelector("form")) return;
    if (event.code === "Escape") {
      event.preventDefault();
      event.stopPropagation();
      this.#cancel();
    }
  }
}

customElements.define("edit-in-place", EditInPlace);
