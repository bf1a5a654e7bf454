// Several of a list found by typing: the arrows walk, Enter puts the one under them on or takes it off, and sends the form
// when none is. <mark-chooser><input role="combobox"><div role="listbox"><label role="option"><input type="checkbox">…
class MarkChooser extends HTMLElement {
  #at = null;

  connectedCallback() {
    this.search = this.querySelector("[role=combobox]");
    if (!this.search) return; // an empty one stands in the list, so that the first chooser is ready at once
    this.options = [...this.querySelectorAll("[role=option]")];
    this.none = this.querySelector("[data-none]");
    this.search.addEventListener("input", () => this.#find());
    this.search.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("change", (event) => this.#told(event.target.closest("[role=option]")));
    this.addEventListener("click", (event) => event.target.closest("[role=option]") && this.search.focus());
  }

  #shown() {
    return this.options.filter((option) => !option.hidden);
  }

  #find() {
    const sought = this.search.value.trim().toLowerCase();
    for (const option of this.options) option.hidden = !option.textContent.toLowerCase().includes(sought);
    const shown = this.#shown();
    this.none.hidden = shown.length > 0;
    this.#go(sought ? (shown.find((option) => option.textContent.trim().toLowerCase().startsWith(sought)) ?? shown[0]) : null);
  }

  #go(option) {
    this.#at?.classList.remove("on");
    this.#at = option ?? null;
    this.#at?.classList.add("on");
    this.#at?.scrollIntoView({ block: "nearest" });
    if (this.#at) this.search.setAttribute("aria-activedescendant", this.#at.id);
    else this.search.removeAttribute("aria-activedescendant");
  }

  #key(event) {
    const shown = this.#shown();
    const step = { ArrowDown: 1, ArrowUp: -1 }[event.code];
    if (step && shown.length) {
      const place = shown.indexOf(this.#at);
      this.#go(shown[place < 0 && step < 0 ? shown.length - 1 : (place + step + shown.length) % shown.length]);
    } else if (["Enter", "NumpadEnter"].includes(event.code) && !event.isComposing) {
      if (this.#at && !event.ctrlKey && !event.metaKey) this.#toggle();
      else if (!this.search.value.trim() || event.ctrlKey || event.metaKey) this.search.form.requestSubmit();
    } else if (event.code === "KeyS" && (event.ctrlKey || event.metaKey)) this.search.form.requestSubmit();
    else return event.stopPropagation();
    event.preventDefault();
    event.stopPropagation();
  }

  #toggle() {
    const box = this.#at.querySelector("input");
    box.checked = !box.checked;
    this.#told(this.#at);
    this.search.value = "";
    const at = this.#at;
    this.#find();
    at.scrollIntoView({ block: "nearest" });
  }

  #told(option) {
    option?.setAttribute("aria-selected", String(option.querySelector("input").checked));
  }
}

customElements.define("mark-chooser", MarkChooser);
