// Ctrl+K: a dialog that asks the server (`src`, ?q=) while you type, and adds what the page itself offers (data-key,
// data-command). Arrows choose, Enter opens, Esc closes. Keeps the numbers of the records last seen ([data-seen]), no names.
import { called, declared, drawn } from "islands/shortcut-keys";

const PAUSE = 120;
const MOST_SEEN = 7;
const MOST_OWN = 8;

class CommandPalette extends HTMLElement {
  #timer = null;
  #asked = null;

  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.input = this.querySelector("input");
    this.found = this.querySelector("[role=listbox]");
    this.seen = this.#remember(document.querySelector("[data-seen]")?.dataset.seen);
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
    if (!this.input.value.trim()) url.searchParams.set("recent", this.seen.join());
    try {
      const headers = { "HX-Request": "true", "HX-Target": this.found.id };
      const response = await fetch(url, { headers, signal: this.#asked.signal });
      if (response.redirected) return location.reload();
      if (response.ok) this.found.innerHTML = await response.text();
      else this.found.replaceChildren(this.querySelector("template[data-failed]").content.cloneNode(true));
    } catch (error) {
      if (error.name === "AbortError") return;
      this.dispatchEvent(new CustomEvent("htmx:sendError", { bubbles: true }));
      return;
    }
    this.#offerOwn();
    this.#options().forEach((option, index) => (option.id ||= `found-${index}`));
    this.#mark(this.#options()[0]);
    this.dispatchEvent(new CustomEvent("palette-filled", { bubbles: true }));
  }

  // Numbers of records seen before this one, kept for each user of the browser.
  #remember(now) {
    const key = `veche-seen-${this.dataset.who}`;
    const before = (localStorage.getItem(key) ?? "").split(",").filter((one) => one && one !== now);
    if (now) localStorage.setItem(key, [now, ...before].slice(0, MOST_SEEN).join());
    return before;
  }

  // What the page offers and the text fits, in groups of the page's own and the frame's, after what the server found;
  // where only commands are asked for (">"), the page's own go first.
  #offerOwn() {
    const forms = this.found.querySelector("[data-forms]")?.dataset.forms.split("|");
    if (!forms) return;
    const commandsOnly = this.input.value.trim().startsWith(">");
    const keys = new Map([...declared()].map(([key, control]) => [control, key]));
    const taken = new Set(this.#options().map((option) => option.textContent.trim()));
    for (const part of this.querySelectorAll("template[data-own]")) {
      const controls = [...document.querySelectorAll(part.dataset.own)].filter((control) => {
        if (!(keys.has(control) || control.dataset.command) || control.disabled || taken.has(called(control))) return false;
        const words = called(control).toLowerCase().replaceAll("ё", "е").split(/[^\p{L}\p{N}]+/u);
        const fits = forms.some((form) => form.split(" ").every((word) => words.some((each) => each.startsWith(word))));
        if (fits) taken.add(called(control));
        return fits;
      });
      const options = controls.slice(0, MOST_OWN).map((control) => this.#optionFor(part, control, keys.get(control)));
      if (options.length) this.found.querySelector(".none")?.remove();
      const group = [part.content.querySelector(".cap").cloneNode(true), ...options];
      if (options.length) this.found[commandsOnly && "near" in part.dataset ? "prepend" : "append"](...group);
    }
  }

  #optionFor(part, control, key) {
    const option = part.content.querySelector("[role=option]").cloneNode(true);
    const icon = control.querySelector("svg")?.cloneNode(true);
    if (icon) option.querySelector("svg").replaceWith(icon);
    option.querySelector(".ell").textContent = called(control);
    if (key) option.querySelector(".why").append(...drawn(key));
    option.addEventListener("click", () => {
      this.dialog.close();
      control.click();
    });
    return option;
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
