// The time of another zone, kept right while the page stands open: <local-clock zone="Asia/Omsk">18:05</local-clock>
const EVERY = 15_000;

class LocalClock extends HTMLElement {
  #timer = null;

  connectedCallback() {
    const written = { hour: "2-digit", minute: "2-digit", hour12: false, timeZone: this.getAttribute("zone") };
    const clock = new Intl.DateTimeFormat("ru", written);
    this.#timer = setInterval(() => {
      const now = clock.format(new Date());
      if (now !== this.textContent) this.textContent = now;
    }, EVERY);
  }

  disconnectedCallback() {
    clearInterval(this.#timer);
  }
}

customElements.define("local-clock", LocalClock);
