// Colleagues after "@" in any textarea inside: <mention-picker src="…?q="> with an empty [popover][role=listbox]. Arrows
// choose, Enter or Tab puts the name in, Esc closes. Whom was picked goes along with the form in hidden inputs "mentions".
const BEGUN = /(?:^|[^\p{L}\p{N}_@])@([\p{L}\p{N}_-]+(?: [\p{L}\p{N}_-]*)?|)$/u;
const PAUSE = 120;

class MentionPicker extends HTMLElement {
  #timer = null;
  #asked = null;
  #field = null;

  connectedCallback() {
    this.list = this.querySelector("[role=listbox]");
    this.addEventListener("input", (event) => event.target.matches("textarea") && this.#askSoon(event.target));
    this.addEventListener("keydown", (event) => this.#steer(event), true);
    this.addEventListener("focusout", (event) => !this.list.contains(event.relatedTarget) && this.#close());
    this.list.addEventListener("pointerdown", (event) => event.preventDefault());
    this.list.addEventListener("click", (event) => this.#take(event.target.closest("[role=option]")));
  }

  disconnectedCallback() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
  }

  #askSoon(field) {
    clearTimeout(this.#timer);
    this.#field = field;
    const begun = this.#begun();
    if (begun === null) return this.#close();
    this.#timer = setTimeout(() => this.#ask(begun), PAUSE);
  }

  #begun() {
    return this.#field.value.slice(0, this.#field.selectionStart).match(BEGUN)?.[1] ?? null;
  }

  async #ask(begun) {
    this.#asked?.abort();
    this.#asked = new AbortController();
    const url = new URL(this.getAttribute("src"), location.href);
    url.searchParams.set("q", begun);
    let text;
    try {
      const response = await fetch(url, { headers: { "HX-Request": "true" }, signal: this.#asked.signal });
      text = response.ok && !response.redirected ? await response.text() : "";
    } catch {
      return;
    }
    if (!this.#field?.isConnected || this.#begun() !== begun) return;
    this.list.innerHTML = text;
    if (!this.#options().length) return this.#close();
    this.#options().forEach((option, index) => (option.id ||= `colleague-${index}`));
    if (!this.list.matches(":popover-open")) this.list.showPopover();
    this.#place();
    this.#field.setAttribute("aria-controls", this.list.id);
    this.#mark(0);
  }

  #place() {
    const place = this.#field.getBoundingClientRect();
    const below = innerHeight - place.bottom > this.list.offsetHeight + 8;
    this.list.style.left = `${Math.min(place.left, innerWidth - this.list.offsetWidth - 8)}px`;
    this.list.style.top = `${below ? place.bottom + 4 : Math.max(4, place.top - this.list.offsetHeight - 4)}px`;
  }

  #options() {
    return [...this.list.querySelectorAll("[role=option]")];
  }

  #mark(index) {
    this.#options().forEach((option, at) => option.setAttribute("aria-selected", String(at === index)));
    this.#field.setAttribute("aria-activedescendant", this.#options()[index].id);
    this.#options()[index].scrollIntoView({ block: "nearest" });
  }

  #steer(event) {
    if (!this.list.matches(":popover-open")) return;
    const options = this.#options();
    const now = options.findIndex((option) => option.getAttribute("aria-selected") === "true");
    if (["Enter", "NumpadEnter", "Tab"].includes(event.code) && !event.ctrlKey && !event.metaKey) this.#take(options[now]);
    else if (event.code === "Escape") this.#close();
    else if (event.code === "ArrowDown") this.#mark((now + 1) % options.length);
    else if (event.code === "ArrowUp") this.#mark((now - 1 + options.length) % options.length);
    else return;
    event.preventDefault();
    event.stopPropagation();
  }

  #take(option) {
    if (!option) return;
    const [field, end] = [this.#field, this.#field.selectionStart];
    field.setRangeText(`${option.dataset.name} `, end - this.#begun().length, end, "end");
    if (!field.form.querySelector(`input[name=mentions][value="${CSS.escape(option.dataset.id)}"]`)) {
      const picked = Object.assign(document.createElement("input"), { type: "hidden", name: "mentions", value: option.dataset.id });
      field.form.append(picked);
    }
    this.#close();
    field.focus();
  }

  #close() {
    clearTimeout(this.#timer);
    this.#asked?.abort();
    if (this.list.matches(":popover-open")) this.list.hidePopover();
    this.#field?.removeAttribute("aria-activedescendant");
  }
}

customElements.define("mention-picker", MentionPicker);
