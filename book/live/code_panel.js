// The demo's files, a tab each: coloured as in the book until the reader goes in, then an editor.
import { make } from "./dom.js";

const MOVES = { ArrowRight: 1, ArrowLeft: -1 };

export class CodePanel {
  #files;
  #listing;
  #onRun;
  #tabs = new Map();
  #panel;
  #editor = null;
  #current;

  /**
   * @param {ProjectFiles} files
   * @param {Map<string, HTMLElement>} listing what the page shows of each file without scripts
   * @param {string} first the file shown first
   * @param {() => void} onRun asked from the keyboard
   */
  constructor(files, listing, first, onRun) {
    this.#files = files;
    this.#listing = listing;
    this.#onRun = onRun;
    this.#panel = make("div", { className: "live-panel", role: "tabpanel", id: `live-panel-${crypto.randomUUID()}` });
    const tabs = files.names.map((name) => this.#makeTab(name));
    const list = make("div", { className: "live-tabs", role: "tablist", "aria-label": "Fichiers" }, ...tabs);
    list.addEventListener("keydown", (event) => this.#moveTab(event));
    for (const kind of ["click", "focus"]) {
      this.#panel.addEventListener(kind, () => this.edit().then(() => this.#editor.focus()));
    }
    this.element = make("div", { className: "live-code" }, list, this.#panel);
    this.show(first);
  }

  /** Show a file. */
  show(name) {
    this.#current = name;
    for (const [each, tab] of this.#tabs) {
      tab.setAttribute("aria-selected", String(each === name));
      tab.tabIndex = each === name ? 0 : -1;
    }
    this.#panel.setAttribute("aria-labelledby", this.#tabs.get(name).id);
    if (this.#editor) this.#editor.show(name, this.#files.read(name));
    else this.#showListing(name);
  }

  /** Put the editor in place of the listing, if it is not there yet. */
  async edit() {
    if (!this.#editor) {
      const { Editor } = await import("./editor.js");
      if (this.#editor) return; // two clicks
      this.#panel.replaceChildren();
      this.#panel.removeAttribute("tabindex");
      this.#editor = new Editor(this.#panel, (name, text) => this.#changed(name, text), this.#onRun);
      this.show(this.#current);
    }
  }

  /** Show a file and the line where it fails. */
  async showError(name, line) {
    if (!this.#tabs.has(name)) return;
    await this.edit();
    this.show(name);
    this.#editor.markError(line);
  }

  clearError() {
    this.#editor?.markError(0);
  }

  /** Show the files as they now are, all of them changed. */
  refresh() {
    this.#editor?.forget();
    this.#tabs.forEach((tab, name) => this.#markTab(tab, name));
    this.show(this.#current);
  }

  #makeTab(name) {
    const tab = make("button", { type: "button", role: "tab", id: `live-tab-${crypto.randomUUID()}`, textContent: name, onclick: () => this.show(name) });
    tab.setAttribute("aria-controls", this.#panel.id);
    this.#tabs.set(name, tab);
    this.#markTab(tab, name);
    return tab;
  }

  #markTab(tab, name) {
    tab.classList.toggle("live-edited", this.#files.hasEdits(name));
    tab.title = this.#files.hasEdits(name) ? `${name}, modifié` : name;
  }

  #changed(name, text) {
    this.#files.write(name, text);
    this.#markTab(this.#tabs.get(name), name);
  }

  #showListing(name) {
    const plain = make("pre", { textContent: this.#files.read(name) });
    const coloured = this.#listing.get(name);
    this.#panel.replaceChildren(this.#files.hasEdits(name) || !coloured ? plain : coloured.cloneNode(true));
    this.#panel.tabIndex = 0;
  }

  #moveTab(event) {
    const step = MOVES[event.key];
    if (!step) return;
    event.preventDefault();
    const names = [...this.#tabs.keys()];
    const next = names[(names.indexOf(this.#current) + step + names.length) % names.length];
    this.show(next);
    this.#tabs.get(next).focus();
  }
}
