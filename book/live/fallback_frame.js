// First script of a demo's page where no service worker serves it: asks the page around for all.
import { replaceWebSocket } from "./frame_socket.js";

const address = document.currentScript.dataset.address;
const here = () => new URL(address);
document.currentScript.remove();

const waiting = new Map();
let lastId = 0;
const tell = (kind, values) => parent.postMessage({ flaskLive: kind, ...values }, "*");
const isOurs = (url) => url.host === here().host;

addEventListener("message", ({ data }) => {
  if (data?.flaskLive !== "fetched") return;
  waiting.get(data.id)?.(data.answer);
  waiting.delete(data.id);
});

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link || event.defaultPrevented) return;
  const url = new URL(link.getAttribute("href"), here());
  event.preventDefault();
  if (url.hash && url.href.split("#")[0] === here().href.split("#")[0]) {
    document.getElementById(url.hash.slice(1))?.scrollIntoView();
  } else {
    tell("go", { method: "GET", address: url.href, headers: [], body: null });
  }
});

async function send(form, submitter) {
  const action = submitter?.getAttribute("formaction") ?? form.getAttribute("action") ?? "";
  const url = new URL(action, here());
  const data = new FormData(form, submitter);
  const fields = new URLSearchParams([...data].map(([name, value]) => [name, value.name ?? value]));
  if ((submitter?.getAttribute("formmethod") ?? form.getAttribute("method") ?? "get").toLowerCase() !== "post") {
    url.search = fields;
    return tell("go", { method: "GET", address: url.href, headers: [], body: null });
  }
  // The browser itself writes the body of a multipart form, and its boundary.
  const request = new Request("data:,", {
    method: "POST",
    body: form.enctype === "multipart/form-data" ? data : fields,
  });
  const headers = [["content-type", request.headers.get("content-type")], ["origin", here().origin]];
  return tell("go", { method: "POST", address: url.href, headers, body: await request.arrayBuffer() });
}

addEventListener("submit", (event) => {
  if (event.defaultPrevented) return;
  event.preventDefault();
  send(event.target, event.submitter);
});
HTMLFormElement.prototype.submit = function () {
  send(this);
};

const realFetch = window.fetch;
window.fetch = async (resource, options) => {
  const url = new URL(resource.url ?? resource, here());
  if (!isOurs(url)) return realFetch(resource, options);
  const request = new Request("data:,", { ...options, signal: undefined });
  const bare = ["GET", "HEAD"].includes(request.method);
  const answer = await new Promise((resolve) => {
    const id = ++lastId;
    waiting.set(id, resolve);
    const headers = [...request.headers];
    const body = bare ? null : request.arrayBuffer();
    Promise.resolve(body).then((content) =>
      tell("fetch", { id, method: request.method, address: url.href, headers, body: content }),
    );
  });
  if (!answer) throw new TypeError("Failed to fetch");
  const empty = [204, 205, 304].includes(answer.status);
  const headers = answer.headers.filter(([name]) => name.toLowerCase() !== "set-cookie");
  const response = new Response(empty ? null : answer.body, { status: answer.status, statusText: answer.reason, headers });
  Object.defineProperty(response, "url", { value: url.href });
  return response;
};

replaceWebSocket(here);
