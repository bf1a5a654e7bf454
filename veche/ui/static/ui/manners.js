// How every page behaves: islands load when they appear, htmx sends the CSRF token, refusals stay where the click was.

const map = JSON.parse(document.querySelector("script[type=importmap]").textContent).imports;

function wake(root) {
  const names = new Set();
  for (const element of [root, ...root.querySelectorAll("*")]) {
    if (element.localName.includes("-") && !customElements.get(element.localName)) names.add(element.localName);
  }
  for (const name of names) if (map[`islands/${name}`]) import(`islands/${name}`);
}

wake(document.body);
for (const tab of document.querySelectorAll(".v-tabs .on")) {
  const faded = innerWidth - 40; // where a phone's row of tabs fades out; a tab before it stands well, and the heading with it
  if (tab.getBoundingClientRect().right > faded) tab.scrollIntoView({ inline: "center", block: "nearest" });
}
document.body.addEventListener("htmx:load", (event) => wake(event.target));

const token = document.querySelector("meta[name=csrf-token]").content;

document.body.addEventListener("htmx:configRequest", (event) => {
  event.detail.headers["X-CSRFToken"] = token;
});

// A refusal is put beside what was clicked: [data-refusals] nearest above, else in the frame.
function refusalPlace(element) {
  const near = element.closest("form, dialog, [data-refusals], .v-panel, .v-sec");
  const own = near?.matches("[data-refusals]") ? near : near?.querySelector("[data-refusals]");
  return own ?? document.getElementById("refusals");
}

document.body.addEventListener("htmx:beforeSwap", (event) => {
  const { xhr, requestConfig } = event.detail;
  document.getElementById("offline")?.setAttribute("hidden", "");
  if (!xhr.getResponseHeader("X-Veche-Refusal")) return;
  const place = refusalPlace(requestConfig.elt);
  if (!place) return;
  event.detail.shouldSwap = true;
  event.detail.isError = false;
  event.detail.target = place;
  event.detail.swapOverride = "innerHTML show:none";
});

document.body.addEventListener("htmx:beforeRequest", (event) => {
  const place = refusalPlace(event.detail.elt);
  if (place && event.detail.requestConfig.verb !== "get") place.replaceChildren();
});

for (const name of ["htmx:sendError", "htmx:timeout"]) {
  document.body.addEventListener(name, () => document.getElementById("offline")?.removeAttribute("hidden"));
}
addEventListener("offline", () => document.getElementById("offline")?.removeAttribute("hidden"));
addEventListener("online", () => document.getElementById("offline")?.setAttribute("hidden", ""));

// What is swapped takes the focus with it: afterwards it goes to what stands in the same place.
let left = null;
document.body.addEventListener("htmx:beforeSwap", (event) => {
  const [at, piece] = [document.activeElement, event.detail.target];
  if (!event.detail.shouldSwap || at === document.body || !piece?.id || !piece.contains(at)) return;
  left = { piece: piece.id, src: at.closest("edit-in-place")?.getAttribute("src") };
});
document.body.addEventListener("htmx:afterSettle", () => {
  if (!left || document.activeElement !== document.body) return (left = null);
  const piece = document.getElementById(left.piece);
  const place = left.src && piece?.querySelector(`edit-in-place[src="${CSS.escape(left.src)}"]`);
  const own = place?.querySelector(".v-edit:enabled, [data-edit]");
  (own ?? piece?.querySelector("button:enabled, a[href], input, select, textarea"))?.focus({ preventScroll: true });
  left = null;
});

// data-opens="ID": a button opens the dialog, drawer or palette with that id; data-closes closes the one around it.
document.addEventListener("click", (event) => {
  const opener = event.target.closest("[data-opens]");
  if (opener) {
    const layer = document.getElementById(opener.dataset.opens);
    if (!layer) return;
    event.preventDefault();
    layer.dispatchEvent(new CustomEvent("open-layer", { detail: { from: opener } }));
    if (layer instanceof HTMLDialogElement) layer.showModal();
    return;
  }
  event.target.closest("[data-closes]")?.closest("dialog")?.close();
});
