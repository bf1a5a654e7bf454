// Keys by their place on the keyboard, as the page declares them (veche/ui/README.md, "Keys"), and the "?" sheet made of the same.
const KEPT = "veche-shortcuts-off";
const CONTROLS = ":is(a, button, input, label, select, summary, textarea)[data-key]:not(:disabled)";
const TYPED = "input:not([type=checkbox], [type=radio], [type=submit], [type=button]), textarea, select";
const CAPS = { ArrowLeft: "←", ArrowRight: "→", ArrowUp: "↑", ArrowDown: "↓", Escape: "Esc", Delete: "Del", Slash: "/", Period: ".", Comma: "," };
const SAVES = { "Ctrl+KeyS": "stay", "Ctrl+Enter": "", "Ctrl+Alt+Enter": "new" };

// What was pressed, as data-key writes it: "KeyN", "Ctrl+ArrowRight", "Ctrl+Alt+Enter".
function pressed(event, { alt = event.altKey } = {}) {
  const held = [(event.ctrlKey || event.metaKey) && "Ctrl", alt && "Alt", event.shiftKey && "Shift"].filter(Boolean);
  return [...held, event.code.replace("NumpadEnter", "Enter")].join("+");
}

// The caps to draw for a key: ["Ctrl", "→"].
export function caps(key) {
  return key.split("+").map((part) => CAPS[part] ?? part.replace(/^(Key|Digit)/, ""));
}

// Each declared key with its control: what stands in the page's own part goes before the frame.
export function declared() {
  const found = new Map();
  for (const root of [document.querySelector("main"), document.body]) {
    for (const control of root?.querySelectorAll(CONTROLS) ?? []) {
      if (!control.checkVisibility()) continue;
      for (const key of control.dataset.key.split(" ")) if (!found.has(key)) found.set(key, control);
    }
  }
  return found;
}

// What a control is called.
export function called(control) {
  const said = control.dataset.command || control.getAttribute("aria-label") || control.title;
  if (said) return said;
  const words = control.cloneNode(true);
  for (const cap of words.querySelectorAll("kbd, svg, .n")) cap.remove();
  return words.textContent.trim();
}

export function drawn(key) {
  return caps(key).flatMap((cap) => [Object.assign(document.createElement("kbd"), { textContent: cap }), " "]);
}

class ShortcutKeys extends HTMLElement {
  connectedCallback() {
    this.dialog = this.querySelector("dialog");
    this.onKey = (event) => this.#press(event);
    document.addEventListener("keydown", this.onKey);
    this.addEventListener("open-layer", () => this.#show());
    const box = this.querySelector("[data-off]");
    box.checked = localStorage.getItem(KEPT) === "1";
    box.addEventListener("change", () => localStorage.setItem(KEPT, box.checked ? "1" : "0"));
  }

  disconnectedCallback() {
    document.removeEventListener("keydown", this.onKey);
  }

  #press(event) {
    if (event.defaultPrevented || event.isComposing) return;
    const key = pressed(event);
    if (key in SAVES) return this.#save(event, SAVES[key]);
    if (key === "Ctrl+Slash") return this.#find(event);
    if (this.#isTyping(event.target)) return;
    const hinted = event.altKey && document.querySelector("key-hints:popover-open");
    const meant = hinted ? pressed(event, { alt: false }) : key;
    const off = localStorage.getItem(KEPT) === "1" && !hinted;
    if (off && !/^(Ctrl|Alt)\+/.test(meant)) return;
    const control = declared().get(meant);
    if (control) {
      event.preventDefault();
      control.click();
    } else if (meant === "Shift+Slash" || event.key === "?") {
      event.preventDefault();
      this.#show();
    } else if (meant === "Slash") this.#find(event);
    else if (meant === "KeyJ" || meant === "KeyK") this.#step(meant === "KeyJ" ? 1 : -1, event);
  }

  #isTyping(target) {
    if (document.querySelector("dialog:modal, [popover]:not(toast-stack, key-hints):popover-open")) return true;
    return target.isContentEditable || target.matches?.(TYPED);
  }

  #find(event) {
    event.preventDefault();
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

  #save(event, how) {
    const open = document.querySelector("dialog:modal");
    const main = how === "new" || open ? null : document.querySelector('main :is(a, button)[data-saves=""]');
    const form = event.target.closest?.("form") ?? (open ? null : document.querySelector("main form[data-saves]"));
    const meant = how || (pressed(event) === "Ctrl+Enter" && form?.dataset.saves); // <form data-saves="new"> goes on by Ctrl+Enter
    const named = meant && [...(form?.elements ?? [])].find((button) => button.dataset.saves === meant);
    if (!main && !named && (!form || how === "new")) return;
    event.preventDefault();
    if (named) form.requestSubmit(named);
    else if (main) main.click();
    else form.requestSubmit();
  }

  #show() {
    if (this.dialog.open) return;
    const own = this.querySelector("[data-page]");
    own.replaceChildren();
    for (const [key, control] of declared()) this.#line(own, drawn(key), called(control));
    for (const more of document.querySelectorAll("template[data-keys]")) own.append(more.content.cloneNode(true));
    for (const part of this.querySelectorAll("[data-if]")) part.hidden = !document.querySelector(part.dataset.if);
    this.querySelector("[data-none]").hidden = own.childElementCount > 0;
    this.dialog.showModal();
  }

  #line(list, keys, words) {
    const [key, said] = [document.createElement("dt"), document.createElement("dd")];
    key.append(...keys);
    said.textContent = words;
    list.append(key, said);
  }
}

customElements.define("shortcut-keys", ShortcutKeys);
