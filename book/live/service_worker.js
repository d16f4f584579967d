// Serves a demo's pages in its frame: what is asked under app/ is asked of the page's Python.
//
// It keeps no state: a browser stops and starts it as it likes.
import { CHANNEL } from "./channel.js";
import { parseAddress, redirectInside } from "./addresses.js";

const SCOPE = new URL(self.registration.scope).pathname;
const FRAME_SCRIPT = new URL("frame.js", self.location).pathname;
const PATIENCE = 5000; // ms before concluding that no page knows the instance: one may be busy

// What a demo's page may load: nothing from elsewhere.
const POLICY =
  "default-src 'self' data: blob: 'unsafe-inline' 'unsafe-eval' http://127.0.0.1:* http://localhost:*; " +
  "form-action 'self' http://127.0.0.1:* http://localhost:*";
const REFUSED = `<!doctype html><html lang="fr"><meta charset="utf-8"><title>Connexion refusée</title>
<style>body { font: 1rem/1.5 system-ui; margin: 2rem; } :root { color-scheme: light dark; }</style>
<h1>Connexion refusée</h1><p>Aucun serveur n’écoute à cette adresse. Appuyez sur « Lancer », ou vérifiez le port.</p>`;

const channel = new BroadcastChannel(CHANNEL);
const waiting = new Map();

channel.onmessage = ({ data }) => {
  if (data.kind === "taken") waiting.get(data.id)?.taken();
  if (data.kind === "answer") waiting.get(data.id)?.answered(data.answer);
  if (data.kind === "stopped") {
    for (const each of waiting.values()) {
      if (each.instance === data.instance && each.asked <= data.at) each.answered(null);
    }
  }
};

self.addEventListener("install", () => self.skipWaiting());
self.addEventListener("activate", (event) => event.waitUntil(self.clients.claim()));
self.addEventListener("fetch", (event) => {
  const url = new URL(event.request.url);
  if (url.pathname === FRAME_SCRIPT) return;
  const here = parseAddress(SCOPE, url);
  if (here) event.respondWith(serve(event.request, here));
  else if (event.clientId) event.respondWith(serveLink(event, url));
});

/** Serve what a demo's page asks for by an address of its own site, such as /static/style.css. */
async function serveLink(event, url) {
  const client = await self.clients.get(event.clientId);
  const page = client && parseAddress(SCOPE, new URL(client.url));
  const place = page && redirectInside(SCOPE, page, url);
  if (!place) return fetch(event.request);
  return serve(event.request, parseAddress(SCOPE, new URL(place, self.location)));
}

async function serve(request, here) {
  const origin = `http://${here.host}`;
  const body = ["GET", "HEAD"].includes(request.method) ? null : await request.arrayBuffer();
  const answer = await ask({
    instance: here.instance,
    visitor: here.visitor,
    origin,
    method: request.method,
    target: here.target,
    headers: requestHeaders(request, origin),
    body,
  });
  if (!answer) return new Response(REFUSED, { status: 502, headers: { "content-type": "text/html" } });
  const headers = answerHeaders(answer, here, origin);
  const empty = [204, 205, 304].includes(answer.status) || answer.status < 200;
  const content = request.mode === "navigate" ? withFrameScript(answer.body, headers) : answer.body;
  return new Response(empty ? null : content, { status: answer.status, statusText: answer.reason, headers });
}

function ask(question) {
  const id = crypto.randomUUID();
  return new Promise((resolve) => {
    const answered = (answer) => {
      clearTimeout(timer);
      waiting.delete(id);
      resolve(answer);
    };
    const timer = setTimeout(() => answered(null), PATIENCE);
    const taken = () => clearTimeout(timer);
    waiting.set(id, { instance: question.instance, asked: Date.now(), answered, taken });
    channel.postMessage({ kind: "request", id, ...question });
  });
}

/** Return the headers of a request, with those that browsers add after us. */
function requestHeaders(request, origin) {
  const headers = [...request.headers];
  if (!request.headers.has("user-agent")) headers.push(["user-agent", navigator.userAgent]);
  const referrer = request.referrer && parseAddress(SCOPE, new URL(request.referrer));
  if (referrer) headers.push(["referer", `http://${referrer.host}${referrer.target}`]);
  if (!["GET", "HEAD"].includes(request.method)) headers.push(["origin", origin]);
  return headers;
}

/** Return the headers of an answer, as a frame of the site can bear them. */
function answerHeaders(answer, here, origin) {
  const headers = new Headers();
  for (const [name, value] of answer.headers) {
    const lower = name.toLowerCase();
    if (["x-frame-options", "set-cookie", "content-length"].includes(lower)) continue;
    if (lower === "location") {
      const url = new URL(value, origin + here.target);
      const inside = { ...here, host: url.host };
      headers.set("location", redirectInside(SCOPE, inside, url) ?? url.href);
    } else if (lower === "content-security-policy") {
      headers.append(name, value.replace(/frame-ancestors[^;]*(;|$)/i, ""));
    } else {
      headers.append(name, value);
    }
  }
  headers.append("content-security-policy", POLICY);
  headers.set("cache-control", "no-store");
  return headers;
}

/** Put the script that keeps links inside first in a page of HTML. */
function withFrameScript(body, headers) {
  if (!/^text\/html/i.test(headers.get("content-type") ?? "")) return body;
  const html = new TextDecoder().decode(body);
  const head = /<head[^>]*>/i.exec(html) ?? /<html[^>]*>/i.exec(html) ?? /^\s*<!doctype[^>]*>/i.exec(html);
  const start = head ? head.index + head[0].length : 0;
  return `${html.slice(0, start)}<script src="${FRAME_SCRIPT}"></script>${html.slice(start)}`;
}
