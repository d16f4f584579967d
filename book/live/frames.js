// The two ways of showing a demo's pages in a frame; both have `show`, and tell where they are.
import { parseAddress, placeOf, redirectInside } from "./addresses.js";
import { python } from "./python.js";
import { SCOPE } from "./serving.js";

/** Pages served by the service worker, under addresses of this site that stand for the demo's. */
export class ServedFrame {
  constructor(frame, owner, onArrive) {
    this.frame = frame;
    this.owner = owner;
    frame.addEventListener("load", () => {
      const place = new URL(frame.contentWindow.location.href);
      const address = addressOf(place);
      if (address) return onArrive(address);
      // A script has gone to /x, which is the demo's and not the site's.
      const inside = this.last && redirectInside(SCOPE.pathname, this.last, place);
      if (inside) frame.contentWindow.location.replace(inside);
    });
  }

  show(address) {
    const { host, pathname, search } = new URL(address);
    this.last = { ...this.owner, host };
    const place = new URL(placeOf(this.last, pathname + search), SCOPE).href;
    // Not assign: our own buttons do not fill the history of the reader's browser.
    this.frame.contentWindow.location.replace(place);
  }
}

function addressOf(place) {
  const parsed = parseAddress(SCOPE.pathname, place);
  return parsed && `http://${parsed.host}${parsed.target}${parsed.hash}`;
}

const MAX_REDIRECTS = 20;
const KEEP_METHOD = [307, 308];
const REFUSED = "<h1>Connexion refusée</h1><p>Aucun serveur n’écoute à cette adresse.";

/** Pages written one by one in an opaque frame: it can reach nothing, not even our site. */
export class WrittenFrame {
  constructor(frame, owner, onArrive) {
    this.frame = frame;
    this.owner = owner;
    this.onArrive = onArrive;
    this.turn = 0;
    frame.setAttribute("sandbox", "allow-scripts allow-forms allow-modals allow-popups");
    this.script = fetch(new URL("./fallback_frame.js", import.meta.url)).then((r) => r.text());
  }

  show(address) {
    return this.go({ method: "GET", address, headers: [], body: null });
  }

  /** Follow a request to the page that it leads to, and show it. */
  async go(request) {
    const turn = ++this.turn;
    let answer = await this.ask(request);
    for (let hops = 0; isRedirect(answer) && hops < MAX_REDIRECTS; hops++) {
      const address = new URL(headerOf(answer, "location"), request.address).href;
      request = KEEP_METHOD.includes(answer.status)
        ? { ...request, address }
        : { method: "GET", address, headers: [], body: null };
      answer = await this.ask(request);
    }
    const page = await this.#write(answer, request.address);
    if (turn !== this.turn) return; // the reader has gone elsewhere
    this.frame.srcdoc = page;
    this.onArrive(request.address);
  }

  /** Answer a `fetch` of the frame. */
  async fetch({ id, ...request }) {
    const answer = await this.ask(request);
    this.frame.contentWindow.postMessage({ flaskLive: "fetched", id, answer }, "*");
  }

  ask({ method, address, headers, body }) {
    const { origin, pathname, search } = new URL(address);
    const all = [...headers, ["user-agent", navigator.userAgent]];
    if (!all.some(([name]) => name === "accept")) all.push(["accept", "text/html,*/*;q=0.8"]);
    const target = pathname + search;
    const request = { ...this.owner, origin, method, target, headers: all, body };
    return python.ask("request", request).catch(() => null); // stopped meanwhile
  }

  async #write(answer, address) {
    const type = answer ? (headerOf(answer, "content-type") ?? "") : "text/html";
    const text = answer ? new TextDecoder().decode(answer.body) : REFUSED;
    const page = new DOMParser().parseFromString(type.startsWith("text/html") ? text : "", "text/html");
    if (!type.startsWith("text/html")) page.body.append(Object.assign(page.createElement("pre"), { textContent: text }));
    await Promise.all([...page.querySelectorAll("link[rel~=stylesheet], link[rel~=icon], script[src], img[src]")].map((element) => this.#inline(element, address)));
    const script = page.createElement("script");
    script.dataset.address = address;
    script.textContent = await this.script;
    const policy = page.createElement("meta");
    policy.httpEquiv = "Content-Security-Policy";
    policy.content = "default-src 'unsafe-inline' 'unsafe-eval' data: blob:";
    page.head.prepend(policy, script);
    return `<!doctype html>${page.documentElement.outerHTML}`;
  }

  /** Put what an element refers to in the page itself. */
  async #inline(element, address) {
    const attribute = element.localName === "link" ? "href" : "src";
    const url = new URL(element.getAttribute(attribute), address);
    if (element.rel === "icon" || url.origin !== new URL(address).origin) return element.remove();
    const answer = await this.ask({ method: "GET", address: url.href, headers: [["accept", "*/*"]], body: null });
    if (answer?.status !== 200) return undefined;
    const text = () => new TextDecoder().decode(answer.body);
    if (element.localName === "link") {
      const style = element.ownerDocument.createElement("style");
      style.textContent = text();
      return element.replaceWith(style);
    }
    if (element.localName === "script") {
      // What is inlined cannot be deferred: at the end of the page comes to the same.
      if (element.defer) element.ownerDocument.body.append(element);
      element.removeAttribute("src");
      element.textContent = text().replaceAll("</script", "<\\/script");
      return undefined;
    }
    element.src = await dataUrl(answer);
    return undefined;
  }
}

const isRedirect = (answer) => answer && answer.status >= 300 && answer.status < 400 && headerOf(answer, "location");
const headerOf = (answer, wanted) => answer.headers.find(([name]) => name.toLowerCase() === wanted)?.[1];

function dataUrl(answer) {
  return new Promise((resolve) => {
    const reader = new FileReader();
    reader.onload = () => resolve(reader.result);
    reader.readAsDataURL(new Blob([answer.body], { type: headerOf(answer, "content-type") }));
  });
}
