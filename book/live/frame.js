// First script of every page that the service worker serves: keeps its links inside the demo.
import { parseAddress, redirectInside } from "./addresses.js";
import { replaceWebSocket } from "./frame_socket.js";

const scope = new URL("app/", document.currentScript.src).pathname;
document.currentScript.remove(); // the page's own scripts must not meet it
const here = () => parseAddress(scope, new URL(location.href));
const virtual = () => new URL(`http://${here().host}${here().target}${here().hash}`);
const inside = (address) => redirectInside(scope, here(), new URL(address, location.href));

const isOutside = (url) => /^https?:$/.test(url.protocol) && url.origin !== location.origin;

addEventListener("click", (event) => {
  const link = event.target.closest?.("a[href]");
  if (!link) return;
  const place = inside(link.href);
  if (place) link.href = place;
  else if (isOutside(new URL(link.href))) Object.assign(link, { target: "_blank", rel: "noopener" });
  if (!isOutside(new URL(link.href))) link.removeAttribute("target"); // no other tab serves the demo
}, true);

/** Bring the address of a form, or of the button that submits it, inside. */
function keepInside(form, submitter) {
  const [element, attribute] = submitter?.hasAttribute("formaction")
    ? [submitter, "formaction"]
    : [form, "action"];
  const place = inside(element.getAttribute(attribute) ?? location.href);
  if (place) element.setAttribute(attribute, place);
}

addEventListener("submit", (event) => keepInside(event.target, event.submitter), true);
const { submit } = HTMLFormElement.prototype;
HTMLFormElement.prototype.submit = function () {
  keepInside(this);
  submit.call(this);
};

// `location = "/x"` in a script, where the browser lets us know.
window.navigation?.addEventListener("navigate", (event) => {
  if (!event.cancelable || event.hashChange || event.formData) return;
  const place = inside(event.destination.url);
  if (!place) return;
  event.preventDefault();
  location.href = place;
});

const tellWhere = () => parent.postMessage({ flaskLive: "at", address: virtual().href }, "*");
addEventListener("hashchange", tellWhere);
addEventListener("popstate", tellWhere);
window.navigation?.addEventListener("navigatesuccess", tellWhere);
tellWhere();

replaceWebSocket(virtual);
