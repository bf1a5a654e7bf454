// One line to the live channel for all tabs of a browser: this runs as a SharedWorker, or inside the page where there are
// none. It keeps one EventSource, comes back with growing pauses, and says what the tabs show and since when they know it.
const QUIET = 50_000; // ms without a beat (the server's come every 20 s) after which the line counts as dead
const FORGOTTEN = 150_000; // ms after which a tab that said nothing is gone
const [FIRST, LONGEST] = [1_000, 60_000]; // ms between two tries, doubling, more or less by half

class Line {
  #tabs = new Map(); // port -> {contacts: {id: [state, since]}, list, user, at}
  #source = null;
  #token = null;
  #since = 0;
  #heard = 0;
  #tries = 0;
  #user = null; // whom the line was opened for
  #timer = null;
  #saying = null;
  #told = new Set(); // contacts of which the server has been telling us

  constructor() {
    setInterval(() => this.#look(), 10_000);
  }

  take(port) {
    port.onmessage = ({ data }) => this.#said(port, data);
    port.start?.();
  }

  #said(port, data) {
    if (data.say === "bye") this.#tabs.delete(port);
    else if (data.say === "retry") {
      if (!this.#source) this.#open();
    } else {
      const before = this.#tabs.get(port);
      const stranger = !before && this.#user !== null && this.#user !== data.user; // another signed in, or looks as another
      this.#tabs.set(port, { ...data, at: Date.now() });
      this.urls = data.urls;
      if (!this.#since) this.#since = data.since;
      if (!before && this.#token) port.postMessage({ line: "up" });
      if (stranger) this.#again(0);
      else if (!this.#source && !this.#timer) this.#open();
    }
    this.#say();
  }

  #open() {
    clearTimeout(this.#timer);
    this.#timer = null;
    this.#source?.close();
    this.#heard = Date.now();
    const source = new EventSource(`${this.urls.events}?since=${this.#since}`);
    this.#source = source;
    source.onerror = () => this.#again();
    source.addEventListener("bye", () => this.#again());
    source.addEventListener("beat", (event) => this.#hear(event));
    source.addEventListener("hello", (event) => {
      ({ token: this.#token, user: this.#user } = JSON.parse(event.data));
      this.#tries = 0;
      this.#hear(event);
      this.#tell({ line: "up" });
      this.#say(0);
    });
    for (const name of ["contact", "people", "jobs", "notices", "presence"]) {
      source.addEventListener(name, (event) => {
        this.#hear(event);
        this.#tell({ event: name, data: JSON.parse(event.data) });
      });
    }
  }

  #hear(event) {
    this.#heard = Date.now();
    this.#since = Math.max(this.#since, Number(event.lastEventId) || 0);
  }

  #again(pause = Math.min(LONGEST, FIRST * 2 ** this.#tries++) * (0.5 + Math.random())) {
    this.#source?.close();
    if (this.#token) this.#tell({ line: "down" });
    this.#source = this.#token = null;
    clearTimeout(this.#timer);
    this.#timer = setTimeout(() => (this.#tabs.size ? this.#open() : (this.#timer = null)), pause);
  }

  // Also after a sleep: timers of a laptop go on when it wakes.
  #look() {
    const now = Date.now();
    for (const [port, tab] of this.#tabs) if (now - tab.at > FORGOTTEN) this.#tabs.delete(port);
    if (this.#source && now - this.#heard > QUIET) this.#again(0);
    if (!this.#tabs.size && this.#source) {
      this.#source.close();
      this.#source = this.#token = null;
    }
  }

  #tell(message) {
    for (const port of this.#tabs.keys()) port.postMessage(message);
  }

  #say(pause = 60) {
    clearTimeout(this.#saying);
    this.#saying = setTimeout(() => this.#watch(), pause);
  }

  async #watch() {
    if (!this.#token) return;
    const token = this.#token;
    const contacts = {};
    let list = null;
    for (const tab of this.#tabs.values()) {
      if (tab.list) list = Math.min(list ?? Infinity, tab.since);
      for (const [id, state] of Object.entries(tab.contacts)) {
        const since = this.#told.has(id) ? Math.max(tab.since, this.#since) : tab.since;
        const known = contacts[id];
        const rank = ["", "looking", "editing"];
        const most = known && rank.indexOf(known[0]) > rank.indexOf(state) ? known[0] : state;
        contacts[id] = [most, Math.min(known?.[1] ?? Infinity, since)];
      }
    }
    const body = JSON.stringify({ token, contacts, list });
    const answer = await fetch(this.urls.watch, { method: "POST", body, headers: { "Content-Type": "application/json" } }).catch(() => null);
    if (answer?.status === 204) this.#told = new Set(Object.keys(contacts));
    else if (answer?.status === 410 && token === this.#token) this.#again();
    else if (token === this.#token) this.#say(5_000);
  }
}

const line = new Line();
if ("onconnect" in self) self.onconnect = (event) => line.take(event.ports[0]);
export const take = (port) => line.take(port);
