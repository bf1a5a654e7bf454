// <passkey-form act="get|create"> around a form with an input named "credential" and a button [data-ask].
// Options of the ceremony come from `src` (GET, JSON) or from the JSON script whose id `options` names.
// [data-failed] inside is shown when the browser or its owner declined; [data-unable] when it knows no passkeys.
class PasskeyForm extends HTMLElement {
  connectedCallback() {
    this.form = this.querySelector("form");
    this.button = this.querySelector("[data-ask]");
    if (!window.PublicKeyCredential?.parseRequestOptionsFromJSON) {
      this.button.disabled = true;
      this.show("unable");
      return;
    }
    this.button.addEventListener("click", (event) => {
      event.preventDefault();
      this.ask();
    });
  }

  async ask() {
    this.hide("failed");
    this.button.disabled = true;
    try {
      const credential = this.getAttribute("act") === "create" ? await this.create() : await this.get();
      this.form.elements.credential.value = JSON.stringify(credential.toJSON());
      this.form.submit();
    } catch {
      this.show("failed");
      this.button.disabled = false;
    }
  }

  async get() {
    const { publicKey } = (await this.options()).request_options;
    return navigator.credentials.get({ publicKey: PublicKeyCredential.parseRequestOptionsFromJSON(publicKey) });
  }

  async create() {
    const { publicKey } = (await this.options()).creation_options;
    // A passkey that signs in alone must be found without a name and must check its owner.
    publicKey.authenticatorSelection = {
      ...publicKey.authenticatorSelection, residentKey: "required", requireResidentKey: true, userVerification: "required",
    };
    return navigator.credentials.create({ publicKey: PublicKeyCredential.parseCreationOptionsFromJSON(publicKey) });
  }

  async options() {
    const id = this.getAttribute("options");
    if (id) return JSON.parse(document.getElementById(id).textContent);
    const response = await fetch(this.getAttribute("src"), { headers: { Accept: "application/json" } });
    if (!response.ok) throw new Error(response.statusText);
    return response.json();
  }

  show(name) {
    this.querySelector(`[data-${name}]`)?.removeAttribute("hidden");
  }

  hide(name) {
    this.querySelector(`[data-${name}]`)?.setAttribute("hidden", "");
  }
}

customElements.define("passkey-form", PasskeyForm);
