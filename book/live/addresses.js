// Where a demo's pages live: <folder>/app/<instance>/<visitor>/<host>/…, served by the service
// worker, stand for http://<host>/… as the student's browser would show it.

const LOOPBACK = /^(127\.0\.0\.1|localhost):\d+$/;

/** Return what a path of the site stands for, or null if it is not under `scope`. */
export function parseAddress(scope, url) {
  if (url.origin !== location.origin || !url.pathname.startsWith(scope)) return null;
  const [instance, visitor, host, ...path] = url.pathname.slice(scope.length).split("/");
  if (!host || path.length === 0) return null;
  return { instance, visitor, host, target: `/${path.join("/")}${url.search}`, hash: url.hash };
}

/** Return the path of the site under which a visitor's browser shows http://host/target. */
export function placeOf({ instance, visitor, host }, target) {
  return `${instance}/${visitor}/${host}${target}`;
}

/**
 * Return where in the site a link of a demo's page leads, or null if it leads elsewhere.
 *
 * A link to /wheel means the demo's own /wheel, though the browser reads it as the site's.
 */
export function redirectInside(scope, here, url) {
  if (url.origin === location.origin) {
    if (url.pathname.startsWith(scope)) return null;
    return scope + placeOf(here, url.pathname + url.search) + url.hash;
  }
  if (url.protocol === "http:" && LOOPBACK.test(url.host)) {
    return scope + placeOf({ ...here, host: url.host }, url.pathname + url.search) + url.hash;
  }
  return null;
}
