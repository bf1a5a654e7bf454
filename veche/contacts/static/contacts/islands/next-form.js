// The button with value "new" sends the form behind the reader's back: it is empty for the next one at once, but for the
// fields of [data-kept]. What was sent waits in a line of [data-added]; refused or unsent, it comes back when asked for.
class NextForm extends HTMLElement {
  #given = new WeakMap();

  connectedCallback() {
    this.form = this.querySelector("form");
    this.added = this.querySelector("[data-added]");
    this.addEventListener("submit", (event) => event.submitter?.value === "new" && this.#send(event), true);
    this.addEventListener("click", (event) => event.target.closest("[data-back]") && this.#giveBack(event.target));
    this.onTaken = (event) => this.#takeBack(event.detail.ids);
    document.body.addEventListener("taken-back", this.onTaken);
  }

  disconnectedCallback() {
    document.body.removeEventListener("taken-back", this.onTaken);
  }

  #fields() {
    return [...this.form.elements].filter((field) => field.name && field.type !== "hidden" && field.type !== "submit");
  }

  #own() {
    return this.#fields().filter((field) => !field.closest("[data-kept]"));
  }

  #first() {
    return this.form.querySelector("[autofocus]");
  }

  #isBlank() {
    return this.#own().every((field) => field.matches("select") || !field.value.trim());
  }

  #send(event) {
    event.preventDefault();
    event.stopPropagation();
    this.#first().focus();
    if (this.#isBlank()) return;
    const values = Object.fromEntries(new FormData(this.form, event.submitter));
    const line = this.querySelector("[data-waiting]").content.cloneNode(true).firstElementChild;
    this.#given.set(line, values);
    line.querySelector("[data-line]").textContent = this.#own().filter((field) => !field.matches("select")).map((field) => field.value.trim()).filter(Boolean).join(", ");
    const unsent = this.querySelector("[data-unsent]").content.cloneNode(true);
    for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) line.addEventListener(name, () => line.querySelector(".v-spin")?.replaceWith(unsent));
    line.addEventListener("htmx:afterSwap", () => line.querySelector("[data-back]") && this.#isBlank() && this.#giveBack(line.querySelector("[data-back]")));
    this.added.prepend(line);
    this.added.closest("[hidden]")?.removeAttribute("hidden");
    this.#empty();
    window.htmx.ajax("POST", this.form.action, { source: line, target: line, swap: "innerHTML", values });
  }

  #empty() {
    for (const field of this.#own()) field.matches("select") ? (field.selectedIndex = 0) : (field.value = "");
    for (const wrong of this.form.querySelectorAll("[aria-invalid=true]")) wrong.removeAttribute("aria-invalid");
    for (const words of this.form.querySelectorAll(".error")) words.remove();
    this.#first().dispatchEvent(new Event("change", { bubbles: true })); // the hints are of the one before
  }

  #giveBack(button) {
    const line = [...this.added.children].find((each) => each.contains(button));
    const values = this.#given.get(line);
    for (const field of this.#fields()) {
      if (field.type === "radio") field.checked = field.value === values[field.name];
      else if (field.name in values) field.value = values[field.name];
    }
    const wrong = this.form.elements[button.dataset.back] ?? this.#first();
    (wrong.focus ? wrong : wrong[0]).focus();
    line.querySelector("[data-back]").remove();
  }

  #takeBack(ids) {
    for (const id of ids) this.added.querySelector(`[data-id="${id}"]`)?.remove();
    this.#first().focus();
  }
}

customElements.define("next-form", NextForm);
