// A file input that takes a dropped file anywhere on the zone, shows its name and size, and sends it with a bar.
// The form works without this island. `max-bytes`: a larger file shows [data-too-large] and isn't sent.
class FileDrop extends HTMLElement {
  connectedCallback() {
    this.input = this.querySelector("input[type=file]");
    this.zone = this.querySelector(".v-drop");
    this.bar = this.querySelector("progress");
    this.form = this.closest("form");
    for (const name of ["dragenter", "dragover"]) this.zone.addEventListener(name, (event) => this.#over(event, true));
    for (const name of ["dragleave", "drop"]) this.zone.addEventListener(name, (event) => this.#over(event, false));
    this.zone.addEventListener("drop", (event) => this.#take(event.dataTransfer.files));
    this.input.addEventListener("change", () => this.#chosen());
    this.form.addEventListener("submit", (event) => this.#send(event));
  }

  #over(event, isOver) {
    event.preventDefault();
    this.zone.classList.toggle("over", isOver);
  }

  #take(files) {
    if (!files.length) return;
    this.input.files = files;
    this.#chosen();
  }

  #chosen() {
    const file = this.input.files[0];
    this.#show("[data-file]", Boolean(file));
    this.#show("[data-empty]", !file);
    if (!file) return;
    this.querySelector("[data-name]").textContent = file.name;
    this.querySelector("[data-size]").textContent = this.#size(file.size);
    const tooLarge = file.size > Number(this.getAttribute("max-bytes") ?? Infinity);
    this.#show("[data-too-large]", tooLarge);
    this.dispatchEvent(new CustomEvent("file-chosen", { bubbles: true, detail: { file } }));
    if (!tooLarge && this.hasAttribute("send-at-once")) this.form.requestSubmit();
  }

  #size(bytes) {
    const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
    const power = Math.min(3, Math.floor(Math.log2(Math.max(1, bytes)) / 10));
    const options = { style: "unit", unit: units[power], maximumFractionDigits: power > 1 ? 1 : 0 };
    return new Intl.NumberFormat(document.documentElement.lang, options).format(bytes / 1024 ** power);
  }

  #show(selector, isShown) {
    for (const part of this.querySelectorAll(selector)) part.hidden = !isShown;
  }

  #send(event) {
    if (!this.input.files.length) return;
    event.preventDefault();
    if (this.request) return;
    this.#show("[data-sending]", true);
    const request = (this.request = new XMLHttpRequest());
    request.upload.addEventListener("progress", (moved) => {
      if (!moved.lengthComputable) return;
      this.bar.max = moved.total;
      this.bar.value = moved.loaded;
    });
    request.addEventListener("load", () => this.#answered(request));
    request.addEventListener("error", () => this.#failed());
    request.open("POST", this.form.action);
    request.setRequestHeader("HX-Request", "true");
    request.send(new FormData(this.form));
  }

  #answered(request) {
    this.request = null;
    const move = request.getResponseHeader("HX-Redirect");
    if (move) {
      location.assign(move);
      return;
    }
    this.#show("[data-sending]", false);
    const refused = request.getResponseHeader("X-Veche-Refusal");
    const place = this.form.querySelector("[data-refusals]") ?? document.getElementById("refusals");
    if (refused && place) place.innerHTML = request.responseText;
    else if (request.responseText) {
      const target = this.form.closest(this.getAttribute("answer-in") ?? "form");
      target.outerHTML = request.responseText;
      window.htmx.process(document.body);
    }
  }

  #failed() {
    this.request = null;
    this.#show("[data-sending]", false);
    document.getElementById("offline")?.removeAttribute("hidden");
  }
}

customElements.define("file-drop", FileDrop);
