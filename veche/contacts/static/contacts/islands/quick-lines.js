// Enter sends the lines (form[data-lines]) and the box is free for the next at once: what was sent waits in a line of its
// own, and comes back into the box when the server can't be reached.
class QuickLines extends HTMLElement {
  connectedCallback() {
    this.box = this.querySelector("textarea");
    this.preview = this.querySelector("#quick-preview");
    this.added = this.querySelector("#quick-added");
    this.addEventListener("submit", (event) => this.#send(event));
    this.addEventListener("keydown", (event) => this.#key(event));
    this.addEventListener("click", (event) => event.target.closest("[data-drop]")?.closest("form").remove());
    this.onTaken = (event) => this.#takeBack(event.detail.ids);
    document.body.addEventListener("taken-back", this.onTaken);
    if (this.box.value) this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  disconnectedCallback() {
    document.body.removeEventListener("taken-back", this.onTaken);
  }

  #key(event) {
    if (event.target !== this.box || event.isComposing || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    if (event.code !== "Enter" && event.code !== "NumpadEnter") return;
    event.preventDefault();
    this.box.form.requestSubmit();
  }

  #send(event) {
    const form = event.target.closest("form[data-lines]");
    if (!form) return;
    event.preventDefault();
    const values = new FormData(form);
    const text = values.get("text");
    const isBox = form === this.box.form;
    if (!text.trim()) return this.box.focus();
    const line = this.querySelector("[data-waiting]").content.cloneNode(true).firstElementChild;
    line.querySelector("[data-line]").textContent = text;
    if (isBox) {
      window.htmx.trigger(this.box, "htmx:abort");
      this.box.value = "";
      this.preview.replaceChildren();
      this.added.querySelector("[data-none]")?.remove();
      this.added.prepend(line);
      this.box.focus();
    } else form.replaceWith(line);
    for (const name of ["htmx:sendError", "htmx:timeout", "htmx:responseError"]) {
      line.addEventListener(name, () => this.#giveBack(line, text));
    }
    window.htmx.ajax("POST", form.action, { source: line, target: line, swap: "outerHTML", values: Object.fromEntries(values) });
  }

  #giveBack(line, text) {
    line.remove();
    this.box.value = [text, this.box.value].filter(Boolean).join("\n");
    this.box.dispatchEvent(new Event("input", { bubbles: true }));
  }

  #takeBack(ids) {
    for (const id of ids) this.added.querySelector(`[data-id="${id}"]`)?.remove();
    this.box.focus();
  }
}

customElements.define("quick-lines", QuickLines);
