// <flask-live>: a demo that runs in the page. Loads nothing but itself until the reader presses
// « Lancer » or goes into the code.
import { BrowserWindow } from "./browser_window.js";
import { CodePanel } from "./code_panel.js";
import { Exchanges } from "./exchanges.js";
import { ProjectFiles } from "./project_files.js";
import { make } from "./dom.js";
import { python } from "./python.js";
import { hasServiceWorker } from "./serving.js";
import { tasksPanel } from "./tasks_panel.js";

const MAX_LOG = 20_000; // characters kept

class FlaskLive extends HTMLElement {
  #instance;
  #files;
  #code;
  #windows;
  #exchanges = new Exchanges();
  #parts = {};
  #isRunning = false;

  connectedCallback() {
    if (this.#instance) return; // moved in the page
    const { name, texts, hidden, fetched, first, start, visitors, tasks } = JSON.parse(
      this.querySelector("script[type='application/json']").textContent,
    );
    this.#instance = `${name}-${crypto.randomUUID().slice(0, 8)}`;
    this.#files = new ProjectFiles(name, texts, hidden, fetched);
    const listing = this.querySelector(".live-listing");
    const coloured = [...listing.querySelectorAll("[data-file]")].map((each) => [each.dataset.file, each.querySelector(".highlight")]);
    this.#code = new CodePanel(this.#files, new Map(coloured), first, () => this.run());
    this.#windows = visitors.map((visitor) => new BrowserWindow(this.#instance, visitor, visitors.length > 1 ? visitor : "", start));
    listing.hidden = true;
    this.append(this.#build(tasks));
    python.register(this.#instance, (event) => this.#hear(event));
    this.#say(this.#files.isEdited ? "Prêt. Vos modifications sont là." : "Prêt.");
  }

  /** Run the files as they are, and show what they answer. */
  async run() {
    this.#say("Lancement…");
    if (python.isReady) await python.stop(this.#instance); // an endless loop would not let us in
    this.#begin();
    try {
      const failure = await this.#load();
      if (failure) return this.#fail(failure);
    } catch (error) {
      if (error.message !== "stopped") this.#fail({ text: `Python n’a pas pu démarrer : ${error.message}`, file: "", line: 0 });
      return;
    }
    await this.#show();
  }

  async stop() {
    this.#log("^C\n");
    await python.stop(this.#instance);
    this.#ended();
  }

  async reset() {
    const wasRunning = this.#isRunning;
    this.#files.reset();
    this.#code.refresh();
    this.#hideError();
    this.#exchanges.clear();
    for (const each of this.#windows) each.forget();
    if (python.isReady) await python.stop(this.#instance);
    if (python.isReady) await python.ask("erase", { instance: this.#instance });
    if (wasRunning) await this.run();
    else this.#say("Revenu à l’original.");
  }

  /** Run the files, have Python check them, and run them anew: what the check did must not stay. */
  async check(source) {
    this.#begin();
    try {
      const failure = await this.#load();
      if (failure) this.#fail(failure);
      const verdict = await python.ask("check", { instance: this.#instance, source });
      if (!failure) {
        await this.#load();
        await this.#show();
      }
      return verdict;
    } catch (error) {
      return { passed: false, message: `La vérification n’a pas abouti : ${error.message}` };
    }
  }

  /** Show what the application answers, in every window. */
  async #show() {
    const served = await hasServiceWorker();
    for (const each of this.#windows) each.connect(this.origin, served);
    this.#say(served ? `En marche : ${this.origin}` : `En marche, sans service worker : ${this.origin} (voir « Flask dans la page »)`);
  }

  /** Have Python run the files; resolve with what went wrong, null if nothing. */
  async #load() {
    if (!python.isReady) this.#say("Python se charge : quelques secondes, la première fois…");
    hasServiceWorker(); // meanwhile
    const files = await this.#files.all();
    const { origin, failure } = await python.ask("run", { instance: this.#instance, name: this.#files.name, files });
    this.origin = origin;
    this.#isRunning = !failure;
    return failure ?? null;
  }

  #begin() {
    this.#hideError();
    this.#code.clearError();
    this.#parts.log.textContent = "";
    this.#log("$ python app.py\n");
    this.#parts.stop.disabled = false;
  }

  #fail({ text, file, line }) {
    this.#say("Arrêté sur une erreur.");
    this.#showError(text, file, line);
  }

  #showError(text, file, line) {
    const { error } = this.#parts;
    error.replaceChildren(make("b", { textContent: text }));
    if (file) {
      const where = `${file}${line ? `, ligne ${line}` : ""}`;
      error.append(make("button", { type: "button", textContent: where, onclick: () => this.#code.showError(file, line) }));
    }
    error.hidden = false;
    if (line) this.#code.showError(file, line);
  }

  #hideError() {
    this.#parts.error.hidden = true;
  }

  #ended() {
    this.#isRunning = false;
    this.#parts.stop.disabled = true;
    for (const each of this.#windows) each.cutSockets();
    this.#say("Arrêté.");
  }

  #hear(event) {
    if (event.kind === "log") this.#log(`${event.text}\n`);
    else if (event.kind === "killed" && !this.#parts.stop.disabled) this.#ended();
    else if (event.kind === "exchange") {
      this.#exchanges.add(event, this.#windows.length > 1);
      if (event.failure) this.#showError(event.failure.text, event.failure.file, event.failure.line);
      // A page that works takes away the error of the one before; a style sheet does not.
      else if (event.status < 400 && !event.target.startsWith("/static/")) this.#hideError();
    }
  }

  #log(text) {
    const { log } = this.#parts;
    log.textContent = (log.textContent + text).slice(-MAX_LOG);
    log.scrollTop = log.scrollHeight;
  }

  #say(text) {
    this.#parts.status.textContent = text;
  }

  #build(tasks) {
    const button = (textContent, onclick, properties) => make("button", { type: "button", textContent, onclick, ...properties });
    const parts = {
      run: button("Lancer", () => this.run(), { className: "live-run", title: "Ctrl + Entrée dans le code" }),
      stop: button("Arrêter", () => this.stop(), { disabled: true }),
      reset: button("Revenir à l’original", () => this.reset()),
      download: button("Télécharger (zip)", () => this.#files.download()),
      status: make("p", { className: "live-status", role: "status" }),
      error: make("p", { className: "live-error", role: "alert", hidden: true }),
      log: make("pre", { className: "live-log", tabIndex: 0, role: "log", "aria-label": "Journal du serveur" }),
    };
    this.#parts = parts;
    const actions = make("div", { className: "live-actions" }, parts.run, parts.stop, parts.reset, parts.download);
    const journal = make("details", { open: true }, make("summary", { textContent: "Journal du serveur" }), parts.log);
    const left = make("div", { className: "live-left" }, this.#code.element, actions, parts.status, parts.error, journal);
    const windows = make("div", { className: "live-windows" }, ...this.#windows.map((each) => each.element));
    const right = make("div", { className: "live-right" }, windows, this.#exchanges.element);
    const all = make("div", { className: "live", "data-visitors": this.#windows.length }, left, right);
    if (tasks.length > 0) all.append(tasksPanel(this.#files.name, tasks, (source) => this.check(source)));
    return all;
  }
}

customElements.define("flask-live", FlaskLive);
