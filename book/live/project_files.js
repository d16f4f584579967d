// A demo's files: as published, and as the reader has changed them. Changes stay in this browser.

export class ProjectFiles {
  #original;
  #edited;
  #key;
  #large;

  /**
   * @param {Object<string, string>} original the text of each file
   * @param {Object<string, string>} hidden the text of files that are not shown
   * @param {Object<string, string>} fetched where to fetch those that are large
   */
  constructor(name, original, hidden, fetched) {
    this.name = name;
    this.hidden = hidden;
    this.fetched = fetched;
    this.#original = original;
    this.#key = `flask-live:${location.pathname}:${name}`;
    this.#edited = this.#recall();
  }

  get names() {
    return Object.keys(this.#original);
  }

  get isEdited() {
    return Object.keys(this.#edited).length > 0;
  }

  read(name) {
    return this.#edited[name] ?? this.#original[name];
  }

  hasEdits(name) {
    return name in this.#edited;
  }

  write(name, text) {
    if (text === this.#original[name]) delete this.#edited[name];
    else this.#edited[name] = text;
    this.#keep();
  }

  reset() {
    this.#edited = {};
    this.#keep();
  }

  /** Return every file: texts, and the bytes of those that are fetched. */
  async all() {
    this.#large ??= Object.entries(this.fetched).map(async ([name, url]) => {
      const response = await fetch(url);
      return [name, new Uint8Array(await response.arrayBuffer())];
    });
    const texts = this.names.map((name) => [name, this.read(name)]);
    return { ...this.hidden, ...Object.fromEntries([...texts, ...(await Promise.all(this.#large))]) };
  }

  /** Hand the folder over to the reader, as a zip that runs with `python app.py`. */
  async download() {
    const { strToU8, zipSync } = await import("fflate");
    const entries = Object.entries(await this.all()).map(([name, content]) => [
      `${this.name}/${name}`,
      typeof content === "string" ? strToU8(content) : content,
    ]);
    const link = document.createElement("a");
    link.href = URL.createObjectURL(new Blob([zipSync(Object.fromEntries(entries))], { type: "application/zip" }));
    link.download = `${this.name}.zip`;
    link.click();
    setTimeout(() => URL.revokeObjectURL(link.href), 60_000);
  }

  #recall() {
    try {
      const kept = JSON.parse(localStorage.getItem(this.#key) ?? "{}");
      return Object.fromEntries(
        Object.entries(kept).filter(([name, text]) => name in this.#original && typeof text === "string"),
      );
    } catch {
      return {}; // forbidden, or spoilt
    }
  }

  #keep() {
    try {
      if (this.isEdited) localStorage.setItem(this.#key, JSON.stringify(this.#edited));
      else localStorage.removeItem(this.#key);
    } catch {
      // Forbidden or full: edits last as long as the page.
    }
  }
}
