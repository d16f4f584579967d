// What goes over the wire, drawn as the book's own diagrams are (sandbox/wire): same classes.
import { make } from "./dom.js";

const MAX_EXCHANGES = 60;
const MAX_TEXT = 700; // characters of a body shown at once
const TEXTUAL = /^(text\/|application\/(json|javascript|xml|x-www-form-urlencoded)|image\/svg)/i;

export class Exchanges {
  #list = make("div", { className: "live-exchange-list" });
  #count = 0;
  #title = make("summary", { textContent: "Échanges HTTP" });

  constructor() {
    this.element = make("details", { className: "live-exchanges" }, this.#title, this.#list);
  }

  /** Draw one exchange above the former ones. `severalVisitors`: say whose it is. */
  add(exchange, severalVisitors) {
    this.#count += 1;
    this.#title.textContent = `Échanges HTTP (${this.#count})`;
    const who = severalVisitors ? `${exchange.visitor} : ` : "";
    const summary = make("summary", {}, `${who}${exchange.method} ${exchange.target} → `, make("b", { textContent: exchange.status }));
    if (exchange.status >= 400) summary.className = "live-bad";
    const details = make("details", { className: "live-exchange" }, summary);
    // Drawn when it is looked at.
    details.addEventListener("toggle", () => details.append(draw(exchange)), { once: true });
    this.#list.prepend(details);
    while (this.#list.childElementCount > MAX_EXCHANGES) this.#list.lastElementChild.remove();
  }

  clear() {
    this.#count = 0;
    this.#title.textContent = "Échanges HTTP";
    this.#list.replaceChildren();
  }
}

function draw({ method, target, sent, requestBody, status, reason, headers, body }) {
  const ends = make("div", { className: "wire-ends" }, make("b", { textContent: "navigateur" }), make("span"), make("b", { textContent: "app.py" }));
  const asked = arrow("go", "navigateur → serveur", `${method} ${target} HTTP/1.1`, sent, requestBody);
  const answered = arrow("back", "serveur → navigateur", `HTTP/1.1 ${status} ${reason}`, headers, body);
  const list = make("ol", {}, asked, answered);
  const connection = make("div", { className: "wire-connection", role: "group", "aria-label": "échange" }, ends, list);
  return make("div", { className: "wire", role: "group", "aria-label": "Ce qui est passé sur le réseau" }, connection);
}

function arrow(way, who, title, headers, body) {
  const caption = make("p", { className: "wire-caption" }, make("span", { className: "wire-who", textContent: `${who} : ` }), title);
  const fields = make("pre", { className: "wire-fields" });
  for (const [name, value] of headers) {
    fields.append(make("b", { textContent: `${name}:` }), ` ${value}\n`);
  }
  const content = make("div", { className: "wire-content" }, fields);
  if (body.length > 0) content.append(drawBody(body, typeOf(headers)));
  const line = make("div", { className: "wire-arrow", "aria-hidden": "true" });
  return make("li", { className: `wire-message wire-${way}` }, caption, line, content);
}

const typeOf = (headers) => headers.find(([name]) => name.toLowerCase() === "content-type")?.[1] ?? "";

function drawBody(body, type) {
  const readable = TEXTUAL.test(type) || type.startsWith("multipart/");
  const text = readable ? new TextDecoder().decode(body) : `⟨${body.length} octets : ${type || "de type inconnu"}⟩`;
  const start = make("pre", { className: "wire-body", textContent: text.slice(0, MAX_TEXT) });
  if (text.length <= MAX_TEXT) return start;
  const rest = make("pre", { textContent: text.slice(MAX_TEXT) });
  return make("div", { className: "wire-body" }, start, make("details", {}, make("summary", { textContent: "la suite" }), rest));
}
