// Single keys by their place on the keyboard: N, /, J K, E, ? and Ctrl+S or Ctrl+Enter: the form, or the page's [data-saves] button. Off while typing; can be turned off for good.
const KEPT = "veche-shortcuts-off";

class ShortcutKeys extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.onKey = (event) => this.#press(event);
    document.addEventListener("keydown", this.onKey);
    this.addEventListener("open-layer", () => this.dialog.showModal());
    const box = this.querySelector("[data-off]");
    box.checked = localStorage.getItem(KEPT) === "1";
    box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "1" : "0"));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  #press(event) {
    if ((event.ctrlKey || event.metaKey) && ["KeyS", "Enter"].includes(event.code)) this.#save(event);
    if (event.defaultPrevented || event.ctrlKey || event.metaKey || event.altKey) return;
    if (localStorage.getItem(KEPT) === "1" || this.#isTyping(event.target)) return;
    if (event.code === "Slash") {
      event.preventDefault();
      if (event.shiftKey) this.dialog.showModal();
      else this.#find();
    } else if (event.code === "KeyJ" || event.code === "KeyK") {
      this.#step(event.code === "KeyJ" ? 1 : -1, event);
    } else if (!event.shiftKey) {
      const place = document.querySelector(`main [data-key="${event.code}"]`);
      const target = place ?? document.querySelector(`[data-key="${event.code}"]`);
      if (!target) return;
      event.preventDefault();
      target.click();
    }
  }

  #isTyping(target) {
    if (document.querySelector("dialog:modal, [popover]:not(toast-stack):popover-open")) return true;
    return target.isContentEditable || target.matches("input:not([type=checkbox], [type=radio], [type=submit]), textarea, select");
  }

  #find() {
    const own = document.querySelector("main input[type=search]");
    if (own) own.focus();
    else document.getElementById("palette")?.open?.();
  }

  // Rows are [data-row] (a link, or a row with a link in it); the one with the keyboard gets .is-cur.
  #step(step, event) {
    const rows = [...document.querySelectorAll("main [data-row]")];
    if (!rows.length) return;
    event.preventDefault();
    const now = rows.findIndex((row) => row.classList.contains("is-cur"));
    const next = rows[now < 0 ? 0 : Math.min(rows.length - 1, Math.max(0, now + step))];
    rows[now]?.classList.remove("is-cur");
    next.classList.add("is-cur");
    (next.matches("a") ? next : next.querySelector("a, button"))?.focus({ preventScroll: true });
    next.scrollIntoView({ block: "nearest" });
  }

  #save(event) {
    const button = document.querySelector("dialog:modal") ? null : document.querySelector("main :is(a, button)[data-saves]");
    const form = event.target.closest?.("form") ?? document.querySelector("main form[data-saves]");
    if (!button && !form) return;
    event.preventDefault();
    if (button) button.click();
    else form.requestSubmit();
  }
}

customElements.define("shortcut-keys", ShortcutKeys);
