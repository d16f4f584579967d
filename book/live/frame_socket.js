// In a demo's page: a WebSocket that leads to the page's Python, and Socket.IO made to use it.

const OPEN = 1;
const CLOSED = 3;
const sockets = new Map();
let lastNumber = 0;
const tell = (kind, values) => parent.postMessage({ flaskLive: kind, ...values }, "*");

/** Stands for the browser's WebSocket towards a demo's own server. */
class PageSocket extends EventTarget {
  static CONNECTING = 0;
  static OPEN = OPEN;
  static CLOSING = 2;
  static CLOSED = CLOSED;

  readyState = PageSocket.CONNECTING;
  binaryType = "blob";
  bufferedAmount = 0;
  protocol = "";
  extensions = "";

  constructor(url) {
    super();
    this.url = String(url);
    this.identifier = `${Math.random().toString(36).slice(2)}-${++lastNumber}`;
    sockets.set(this.identifier, this);
    setTimeout(() => this.#open());
  }

  send(packet) {
    tell("socket-send", { socket: this.identifier, packet });
  }

  close() {
    if (this.readyState === CLOSED) return;
    tell("socket-close", { socket: this.identifier });
    this.ended("");
  }

  received(packet) {
    this.#fire(new MessageEvent("message", { data: packet?.buffer ?? packet }));
  }

  ended(reason) {
    this.readyState = CLOSED;
    sockets.delete(this.identifier);
    this.#fire(new CloseEvent("close", { code: reason ? 1006 : 1000, reason }));
  }

  #open() {
    this.readyState = OPEN;
    this.#fire(new Event("open"));
    const { pathname, search } = new URL(this.url);
    tell("socket-open", { socket: this.identifier, target: pathname + search });
  }

  #fire(event) {
    this[`on${event.type}`]?.(event);
    this.dispatchEvent(event);
  }
}

/**
 * Have this page's WebSockets lead to Python.
 *
 * @param {() => URL} here the address of the page, as its own browser shows it
 */
export function replaceWebSocket(here) {
  const RealSocket = window.WebSocket;
  window.WebSocket = new Proxy(PageSocket, {
    construct(_class, [url, ...rest]) {
      const address = new URL(url, here());
      const ours = [here().host, location.host, "localhost:5000"].includes(address.host);
      return ours ? new PageSocket(address) : new RealSocket(url, ...rest);
    },
  });
  addEventListener("message", ({ data }) => {
    const socket = sockets.get(data?.socket);
    if (data?.flaskLive === "socket-packet") socket?.received(data.packet);
    if (data?.flaskLive === "socket-closed") socket?.ended(data.reason);
  });
  addEventListener("pagehide", () => sockets.forEach((socket) => socket.close()));
  useWebSocketOnly(here);
}

/** Socket.IO begins by long polling, which a page's Python cannot hold: straight to WebSocket. */
function useWebSocketOnly(here) {
  let given;
  Object.defineProperty(window, "io", {
    configurable: true,
    get: () => given,
    set(io) {
      const connect = (url, options) => {
        const [address, chosen] = typeof url === "object" ? [undefined, url] : [url, options];
        return io(address ?? here().origin, { ...chosen, transports: ["websocket"] });
      };
      given = Object.assign(connect, io);
    },
  });
}
