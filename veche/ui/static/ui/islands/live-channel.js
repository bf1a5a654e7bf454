// What the page shows goes out, news come in and become events on the body: card-changed, people-changed, jobs-changed,
// notices-changed. While the line is up, what is marked data-polls need not ask. A part somebody types in waits.
const EDIT_LASTS = 60_000; // ms after the last key for which somebody still counts as editing
const HIDDEN_LASTS = 60_000; // ms after which somebody whose tab is hidden is no longer there
const OWN_LASTS = 5_000; // ms within which a change of mine is what this page has just done

function isBusy(part) {
  const at = document.activeElement;
  if (part.contains(at) && at.matches("input, textarea, select, [contenteditable]")) return true;
  if (part.querySelector("edit-in-place form, details[open], dialog[open], :popover-open")) return true;
  return [...part.querySelectorAll("textarea, input:not([type=hidden])")].some(
    (field) => field.value !== field.defaultValue || field.checked !== field.defaultChecked,
  );
}

class LiveChannel extends HTMLElement {
  #up = false;
  #later = new Set();
  #typed = 0;
  #hidden = 0;
  #sent = 0;

  async connectedCallback() {
    this.port = await this.#join();
    this.port.onmessage = ({ data }) => (data.line ? this.#line(data.line) : this.#news(data.event, data.data));
    this.port.start?.();
    for (const name of ["input", "focusin"]) document.addEventListener(name, (event) => this.#touch(event));
    document.addEventListener("visibilitychange", () => this.#turn());
    addEventListener("online", () => this.port.postMessage({ say: "retry" }));
    addEventListener("pagehide", () => this.port.postMessage({ say: "bye" }));
    addEventListener("pageshow", (event) => event.persisted && location.reload());
    document.body.addEventListener("htmx:beforeRequest", (event) => this.#ask(event));
    document.body.addEventListener("htmx:beforeSwap", (event) => this.#swap(event));
    setInterval(() => this.#catchUp(), 1_000);
    setInterval(() => this.#say(), 20_000);
    this.#say();
  }

  async #join() {
    const url = this.getAttribute("worker");
    try {
      return new SharedWorker(url, { type: "module", name: "veche-live" }).port;
    } catch {
      const channel = new MessageChannel();
      (await import(url)).take(channel.port2);
      return channel.port1;
    }
  }

  get #shown() {
    return [...new Set([...document.querySelectorAll("live-presence[contact]")].map((each) => each.getAttribute("contact")))];
  }

  #say() {
    const now = Date.now();
    const away = this.#hidden && now - this.#hidden > HIDDEN_LASTS;
    const state = away ? "" : now - this.#typed < EDIT_LASTS ? "editing" : "looking";
    const [user, since] = [Number(this.getAttribute("user")), Number(this.getAttribute("since"))];
    const urls = { events: this.getAttribute("events"), watch: this.getAttribute("watch") };
    const list = Boolean(document.querySelector("[data-live-list]"));
    this.port.postMessage({ say: "here", user, since, urls, list, contacts: Object.fromEntries(this.#shown.map((id) => [id, state])) });
    this.said = state;
  }

  #touch(event) {
    if (!event.target.closest?.(".v-page") || !event.target.matches("input, textarea, select")) return;
    this.#typed = Date.now();
    if (this.said !== "editing") this.#say();
  }

  #turn() {
    this.#hidden = document.hidden ? Date.now() : 0;
    if (!document.hidden) {
      this.port.postMessage({ say: "retry" });
      this.#say();
    }
  }

  #line(state) {
    this.#up = state === "up";
    this.toggleAttribute("up", this.#up);
  }

  #news(event, data) {
    if (event === "presence") {
      for (const place of document.querySelectorAll(`live-presence[contact="${data.id}"]`)) {
        place.dispatchEvent(new CustomEvent("presence", { detail: { who: data.who, src: this.getAttribute("presence") } }));
      }
    } else if (event === "contact") {
      const mine = data.by === Number(this.getAttribute("user")) && Date.now() - this.#sent < OWN_LASTS;
      if (!mine && this.#shown.includes(String(data.id))) this.#trigger("card-changed");
    } else this.#trigger(`${event}-changed`);
  }

  #trigger(name) {
    document.body.dispatchEvent(new CustomEvent(name, { detail: { live: true } }));
  }

  #ask(event) {
    const { elt, requestConfig } = event.detail;
    if (requestConfig.verb !== "get") this.#sent = Date.now();
    else if (this.#up && !requestConfig.triggeringEvent && elt.matches("[data-polls]") && requestConfig.path === elt.getAttribute("hx-get")) event.preventDefault();
    else if (requestConfig.triggeringEvent?.detail?.live && isBusy(elt)) this.#wait(event, elt);
  }

  #swap(event) {
    const { elt, requestConfig } = event.detail;
    if (!requestConfig.triggeringEvent?.detail?.live || !isBusy(elt)) return;
    event.detail.shouldSwap = false;
    this.#later.add(elt);
  }

  #wait(event, part) {
    event.preventDefault();
    this.#later.add(part);
  }

  #catchUp() {
    if (this.said === "editing" && Date.now() - this.#typed > EDIT_LASTS) this.#say();
    for (const part of this.#later) {
      if (part.isConnected && isBusy(part)) continue;
      this.#later.delete(part);
      const target = part.getAttribute("hx-target") ?? part;
      if (part.isConnected) window.htmx.ajax("GET", part.getAttribute("hx-get"), { source: part, target, swap: part.getAttribute("hx-swap") });
    }
  }
}

customElements.define("live-channel", LiveChannel);
