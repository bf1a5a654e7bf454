// Lines of choices: a line's button (and its number on the keyboard, the first nine from the top) goes on to the line's
// next value; what would stay is shown at its end.
const MOST = 9;

class ValueChoices extends HTMLElement {
  connectedCallback() {
    this.numbered = [...this.querySelectorAll(".conflict [data-next]")].slice(0, MOST);
    this.numbered.forEach((button, place) => {
      button.dataset.key = `Digit${place + 1} Numpad${place + 1}`;
      button.replaceChildren(Object.assign(document.createElement("kbd"), { textContent: place + 1 }));
    });
    this.addEventListener("click", (event) => this.#next(event.target.closest("[data-next]")));
    this.addEventListener("change", (event) => this.#show(event.target));
    for (const chosen of this.querySelectorAll("input[type=radio]:checked")) this.#show(chosen);
  }

  #next(button) {
    if (!button) return;
    const choices = [...button.closest(".line").querySelectorAll("input[type=radio]")];
    const chosen = choices[(choices.findIndex((each) => each.checked) + 1) % choices.length];
    if (!chosen) return;
    chosen.checked = true;
    chosen.dispatchEvent(new Event("change", { bubbles: true }));
    chosen.closest(".line").scrollIntoView({ block: "nearest" });
  }

  #show(input) {
    const result = input.type === "radio" && input.closest(".line").querySelector("[data-result]");
    if (result) result.textContent = input.dataset.says;
  }
}

customElements.define("value-choices", ValueChoices);
