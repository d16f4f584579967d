// A small browser: address bar, back, forward, reload, and a frame. Each visitor has one.
import { iconButton, make } from "./dom.js";
import { ServedFrame, WrittenFrame } from "./frames.js";
import { python } from "./python.js";

export class BrowserWindow {
  #owner;
  #way = null;
  #history = [];
  #position = -1;
  #sockets = new Set();
  #isTyping = false; // in the address bar: what arrives meanwhile does not write over it

  /**
   * @param {string} instance of the demo
   * @param {string} visitor whose cookies these are
   * @param {string} title shown above; none if empty
   * @param {string} start the path first shown
   */
  constructor(instance, visitor, title, start) {
    this.#owner = { instance, visitor };
    this.start = start;
    this.origin = null;
    const label = title ? ` de ${title}` : "";
    this.address = make("input", { type: "text", "aria-label": `Adresse dans le navigateur${label}`, spellcheck: false, autocapitalize: "off" });
    this.frame = make("iframe", { title: `Navigateur${label}` });
    this.back = iconButton("←", "Page précédente", () => this.#move(-1));
    this.forward = iconButton("→", "Page suivante", () => this.#move(1));
    this.reload = iconButton("⟳", "Recharger", () => this.refresh());
    const bar = make("form", { className: "live-bar" }, this.back, this.forward, this.reload, this.address);
    this.address.addEventListener("input", () => (this.#isTyping = true));
    this.address.addEventListener("blur", () => (this.#isTyping = false));
    bar.addEventListener("submit", (event) => {
      event.preventDefault();
      this.go(this.address.value);
    });
    const heading = title ? [make("p", { className: "live-visitor", textContent: title })] : [];
    this.element = make("div", { className: "live-window", role: "group", "aria-label": `Navigateur${label}` }, ...heading, bar, this.frame);
    addEventListener("message", (event) => {
      if (event.source === this.frame.contentWindow && event.data?.flaskLive) this.#hear(event.data);
    });
    python.addEventListener("socket", ({ detail }) => this.#pushPacket(detail));
    this.#update();
  }

  /** Show the application that now listens at `origin`, where we were if we were there. */
  connect(origin, served) {
    this.#way ??= new (served ? ServedFrame : WrittenFrame)(this.frame, this.#owner, (address) => this.#arrived(address));
    const current = this.#history[this.#position];
    const address = current?.startsWith(`${this.origin}/`)
      ? origin + current.slice(this.origin.length)
      : origin + this.start;
    this.origin = origin;
    this.#way.show(address);
  }

  /** Go where the reader says: a path, or an address with or without its scheme. */
  go(typed) {
    if (!this.#way) return;
    this.#isTyping = false;
    const text = typed.trim();
    const full = /^[a-z]+:\/\//i.test(text) || text.startsWith("/") ? text : `http://${text}`;
    const url = URL.parse(full, this.origin);
    if (url) this.#way.show(url.href.replace(/^https:/, "http:"));
  }

  refresh() {
    if (this.#position >= 0) this.#way.show(this.#history[this.#position]);
  }

  /** Tell the page that its connections are cut. */
  cutSockets() {
    for (const socket of this.#sockets) this.#tell("socket-closed", { socket, reason: "arrêté" });
    this.#sockets.clear();
  }

  /** Forget where we were. */
  forget() {
    this.#history = [];
    this.#position = -1;
    this.#update();
  }

  #arrived(address) {
    if (address !== this.#history[this.#position]) {
      this.#history = [...this.#history.slice(0, this.#position + 1), address];
      this.#position = this.#history.length - 1;
    }
    this.#update();
    this.element.dispatchEvent(new CustomEvent("arrive", { bubbles: true, detail: address }));
  }

  #move(step) {
    this.#position += step;
    this.#update();
    this.refresh();
  }

  #update() {
    if (!this.#isTyping) this.address.value = this.#history[this.#position] ?? "";
    this.address.disabled = this.#position < 0;
    this.reload.disabled = this.#position < 0;
    this.back.disabled = this.#position <= 0;
    this.forward.disabled = this.#position >= this.#history.length - 1;
  }

  #hear({ flaskLive: kind, ...values }) {
    if (kind === "at") this.#arrived(values.address);
    else if (kind === "go") this.#way.go(values);
    else if (kind === "fetch") this.#way.fetch(values);
    else if (kind === "socket-open") this.#openSocket(values);
    else if (kind === "socket-send") python.send("receive", { ...this.#owner, ...values });
    else if (kind === "socket-close") this.#closeSocket(values);
  }

  async #openSocket({ socket, target }) {
    this.#sockets.add(socket);
    const reason = await python.ask("openSocket", { ...this.#owner, socket, target });
    if (reason) this.#tell("socket-closed", { socket, reason });
  }

  #closeSocket({ socket }) {
    this.#sockets.delete(socket);
    python.send("closeSocket", { ...this.#owner, socket });
  }

  #pushPacket({ socket, packet }) {
    if (this.#sockets.has(socket)) this.#tell("socket-packet", { socket, packet });
  }

  #tell(kind, values) {
    this.frame.contentWindow.postMessage({ flaskLive: kind, ...values }, "*");
  }
}
