// <copy-button text="+79040002740"><button>…</button></copy-button>: copies, then says so through `said` (aria-live).
class CopyButton extends HTMLElement {
  connectedCallback() {
    this.addEventListener("click", async (event) => {
      if (!event.target.closest("button")) return;
      await navigator.clipboard.writeText(this.getAttribute("text"));
      const message = this.getAttribute("said");
      if (message) document.body.dispatchEvent(new CustomEvent("toast", { detail: { message } }));
    });
  }
}

customElements.define("copy-button", CopyButton);
