// While Alt is held, each control that has a key shows it; the key then works with Alt as it does alone.
import { declared, drawn } from "islands/shortcut-keys";

const HOLD = 350;

class KeyHints extends HTMLElement {
  #timer = null;

  connectedCallback() {
    this.stopping = new AbortController();
    const { signal } = this.stopping;
    document.addEventListener("keydown", (event) => this.#down(event), { signal });
    document.addEventListener("keyup", (event) => this.#up(event), { signal });
    for (const name of ["blur", "resize"]) addEventListener(name, () => this.#hide(), { signal });
    for (const name of ["pointerdown", "scroll"]) document.addEventListener(name, () => this.#hide(), { signal, capture: true });
  }

  disconnectedCallback() {
    this.stopping.abort();
    clearTimeout(this.#timer);
  }

  #down(event) {
    if (event.key === "Alt" && event.repeat) return;
    clearTimeout(this.#timer);
    const alone = event.key === "Alt" && !event.ctrlKey && !event.metaKey && !event.shiftKey;
    if (alone) this.#timer = setTimeout(() => this.#show(), HOLD);
    else setTimeout(() => this.#hide()); // after the key has been heard by those who do it
  }

  #up(event) {
    if (event.key !== "Alt") return;
    if (this.matches(":popover-open")) event.preventDefault(); // the browser's menu stays closed
    this.#hide();
  }

  #show() {
    if (document.querySelector("dialog:modal")) return;
    const badges = [];
    for (const [key, control] of declared()) {
      const place = control.getBoundingClientRect();
      if (place.bottom < 0 || place.top > innerHeight || !place.width) continue;
      const badge = document.createElement("span");
      badge.append(...drawn(key));
      badge.style.left = `${Math.max(2, Math.min(innerWidth - 60, place.left + place.width / 2))}px`;
      badge.style.top = `${Math.min(innerHeight - 24, place.bottom - 4)}px`;
      badges.push(badge);
    }
    if (!badges.length) return;
    this.replaceChildren(...badges);
    this.showPopover();
  }

  #hide() {
    clearTimeout(this.#timer);
    if (this.matches(":popover-open")) this.hidePopover();
  }
}

customElements.define("key-hints", KeyHints);
