// Who else is at this card. `contact` goes out with what the page shows; the ids that come back are named by the server.
class LivePresence extends HTMLElement {
  connectedCallback() {
    this.addEventListener("presence", ({ detail: { who, src } }) => {
      this.toggleAttribute("alone", !who.length);
      if (!who.length) return this.replaceChildren();
      const ids = who.map(([user, state]) => `${user}.${state}`).join(",");
      window.htmx.ajax("GET", `${src}?contact=${this.getAttribute("contact")}&who=${ids}`, { target: this, swap: "innerHTML" });
    });
  }
}

customElements.define("live-presence", LivePresence);
