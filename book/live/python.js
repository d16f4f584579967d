// The page's side of its one Python: started at the first need, shared by all live demos.
import { CHANNEL } from "./channel.js";

const STOP_PATIENCE = 700; // ms given to a program to stop by itself before it is killed

class PagePython extends EventTarget {
  #worker = null;
  #ready = null;
  #isReady = false;
  #waiting = new Map();
  #lastId = 0;
  #channel = null;
  #listeners = new Map();

  /** Have `listener` told of what happens to an instance: logs, exchanges, sockets, its end. */
  register(instance, listener) {
    this.#listeners.set(instance, listener);
  }

  get isStarted() {
    return this.#worker !== null;
  }

  /** Whether Python has started; it may be busy. */
  get isReady() {
    return this.#isReady;
  }

  /** Start Python, if need be; resolve once it can run programs. */
  start() {
    if (!this.#worker) {
      this.#channel ??= this.#openChannel();
      this.#worker = new Worker(new URL("./worker.js", import.meta.url), { type: "module" });
      this.#ready = new Promise((resolve, reject) => {
        this.#worker.onerror = (event) => reject(new Error(event.message));
        this.#worker.onmessage = ({ data }) => this.#receive(data, resolve, reject);
      });
      this.#ready.then(() => (this.#isReady = true), () => this.kill());
    }
    return this.#ready;
  }

  /** Have an order of `worker.js` carried out; resolve with its result. */
  async ask(order, values) {
    await this.start();
    const id = ++this.#lastId;
    return new Promise((resolve, reject) => {
      this.#waiting.set(id, { resolve, reject });
      this.#worker.postMessage({ id, order, ...values });
    });
  }

  /** Send an order whose result matters to nobody. */
  send(order, values) {
    this.#worker?.postMessage({ id: 0, order, ...values });
  }

  /** Stop a demo; if its Python does not answer, an endless loop say, end it with all demos. */
  async stop(instance) {
    if (!this.#worker) return;
    const tooLong = new Promise((resolve) => setTimeout(resolve, STOP_PATIENCE, "too long"));
    if ((await Promise.race([this.ask("stop", { instance }), tooLong])) === "too long") this.kill();
    this.#tellStopped(instance);
  }

  /** End Python at once, whatever it is doing. */
  kill() {
    this.#worker?.terminate();
    this.#worker = this.#ready = null;
    this.#isReady = false;
    for (const { reject } of this.#waiting.values()) reject(new Error("stopped"));
    this.#waiting.clear();
    for (const [instance, listener] of this.#listeners) {
      this.#tellStopped(instance);
      listener({ kind: "killed" });
    }
  }

  #tellStopped(instance) {
    this.#channel?.postMessage({ kind: "stopped", instance, at: Date.now() });
  }

  #openChannel() {
    const channel = new BroadcastChannel(CHANNEL);
    channel.onmessage = ({ data }) => {
      if (data.kind === "request" && this.#worker && this.#listeners.has(data.instance)) {
        channel.postMessage({ kind: "taken", id: data.id });
      }
    };
    return channel;
  }

  #receive(data, resolve, reject) {
    if (data.kind === "ready") resolve();
    else if (data.kind === "broken") reject(new Error(data.text));
    else if (data.kind === "done") this.#settle(data);
    else if (data.kind === "socket") this.dispatchEvent(new CustomEvent("socket", { detail: data }));
    else this.#listeners.get(data.instance)?.(data);
  }

  #settle({ id, result, error }) {
    const { resolve, reject } = this.#waiting.get(id) ?? {};
    this.#waiting.delete(id);
    if (error) reject?.(new Error(error));
    else resolve?.(result);
  }
}

export const python = new PagePython();
