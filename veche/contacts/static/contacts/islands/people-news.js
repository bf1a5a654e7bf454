// <people-news data-live-list hidden>…</people-news>: shown once somebody of the base was changed while the list is open
// (`people-changed` of live-channel). The list itself stays as it is: rows must not jump under the hand.
class PeopleNews extends HTMLElement {
  #show = () => {
    this.hidden = false;
  };

  connectedCallback() {
    document.body.addEventListener("people-changed", this.#show);
  }

  disconnectedCallback() {
    document.body.removeEventListener("people-changed", this.#show);
  }
}

customElements.define("people-news", PeopleNews);
