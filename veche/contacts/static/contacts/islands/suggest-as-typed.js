// What the field's text may go on as, asked from `src` (?q=) while it is typed. The answer holds [role=option] with
// data-text, and a [data-read] that says how the text is understood, which goes into this element's own [data-read].
// Arrows choose, Enter or Tab takes what was chosen, Esc closes; Enter without a choice is the form's. Once taken the
// field asks again, for what comes next.
// <suggest-as-typed src="…"><input> <div class="v-menu" popover="manual" role="listbox"></div> <div data-read></div></suggest-as-typed>
const PAUSE = 100;
let lists = 0;

class SuggestAsTyped extends HTMLElement {
  #timer = null;
  #asked = null;

  connectedCallback() {
    this.field = this.querySelector("input, textarea");
    this.list = this.querySelector("[role=listbox]");
    this.read = this.querySelector("[data-read]");
    this.list.id ||= `suggested-${++lists}`;
    const told = { role: "combobox", "aria-autocomplete": "list", "aria-expanded": "false", "aria-controls": this.list.id };
    for (const [name, value] of Object.entries(told)) this.field.setAttribute(name, value);
    this.field.addEventListener("input", () => this.#askSoon());
    this.field.addEventListener("keydown", (event) => this.#steer(event));
    this.field.addEventListener("blur", () => this.#close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#take(event.target.closest("[role=option]")));
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
  }

  #askSoon() {
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => this.#ask(), PAUSE);
  }

  async #ask() {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const typed = this.field.value;
    const url = new URL(this.getAttribute("src"), location.href);
    url.searchParams.set("q", typed);
    let text;
    try {
      const response = await fetch(url, { headers: { "HX-Request": "true" }, signal: this.#asked.signal });
      text = response.ok && !response.redirected ? await response.text() : "";
    } catch {
      return;
    }
    if (!this.isConnected || this.field.value !== typed) return;
    const page = new DOMParser().parseFromString(text, "text/html");
    this.read?.replaceChildren(...(page.querySelector("[data-read]")?.childNodes ?? []));
    const options = [...page.querySelectorAll("[role=option]")].filter((option) => option.dataset.text !== typed);
    options.forEach((option, index) => (option.id = `${this.list.id}-${index}`));
    this.list.replaceChildren(...options);
    if (options.length && document.activeElement === this.field) this.#open();
    else this.#close();
  }

  #open() {
    if (!this.isOpen) this.list.showPopover();
    this.field.setAttribute("aria-expanded", "true");
    this.field.removeAttribute("aria-activedescendant");
    const place = this.field.getBoundingClientRect();
    const below = innerHeight - place.bottom > this.list.offsetHeight + 8;
    this.list.style.minWidth = `${place.width}px`;
    this.list.style.left = `${Math.max(8, Math.min(place.left, innerWidth - this.list.offsetWidth - 8))}px`;
    this.list.style.top = `${below ? place.bottom + 4 : Math.max(4, place.top - this.list.offsetHeight - 4)}px`;
  }

  #close() {
    if (this.isOpen) this.list.hidePopover();
    this.field.setAttribute("aria-expanded", "false");
    this.field.removeAttribute("aria-activedescendant");
  }

  get isOpen() {
    return this.list.matches(":popover-open");
  }

  get options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  #mark(index) {
    this.options.forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.field.setAttribute("aria-activedescendant", this.options[index].id);
    this.options[index].scrollIntoView({ block: "nearest" });
  }

  #steer(event) {
    if (!this.isOpen) return;
    const [now, all] = [this.options.findIndex((option) => option.ariaSelected === "true"), this.options.length];
    if (event.code === "ArrowDown") this.#mark((now + 1) % all);
    else if (event.code === "ArrowUp") this.#mark((now + (now < 0 ? 0 : -1) + all) % all);
    else if (event.code === "Escape") this.#close();
    else if (["Enter", "NumpadEnter", "Tab"].includes(event.code) && now >= 0 && !event.ctrlKey) this.#take(this.options[now]);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take(option) {
    if (!option) return;
    this.field.value = option.dataset.text;
    this.field.setSelectionRange(this.field.value.length, this.field.value.length);
    this.#close();
    this.field.focus();
    this.field.dispatchEvent(new Event("input", { bubbles: true }));
  }
}

customElements.define("suggest-as-typed", SuggestAsTyped);
