// How a demo's pages reach their frame: by a service worker, or, where there is none, one by one.

const HERE = new URL(".", import.meta.url);

/** Under this address stand the pages of the demos; a service worker makes them. */
export const SCOPE = new URL("app/", HERE);

let registered;

/** Register the service worker; resolve with whether there is one. */
export function hasServiceWorker() {
  return (registered ??= register().catch(() => false));
}

async function register() {
  if (!navigator.serviceWorker) return false; // not a secure context, or the browser has none
  const script = new URL("service_worker.js", HERE);
  const registration = await navigator.serviceWorker.register(script, { scope: SCOPE.href });
  if (!registration) return false; // forbidden without saying so
  forgetFormerVersions();
  const worker = registration.active ?? registration.waiting ?? registration.installing;
  await becomesActive(worker);
  return true;
}

function becomesActive(worker) {
  return new Promise((resolve, reject) => {
    const look = () => {
      if (worker.state === "activated") resolve();
      if (worker.state === "redundant") reject(new Error("redundant"));
    };
    worker.addEventListener("statechange", look);
    look();
  });
}

/** Unregister the service workers of former versions of this site. */
async function forgetFormerVersions() {
  const ours = new URL("../", HERE).href;
  for (const registration of await navigator.serviceWorker.getRegistrations()) {
    if (registration.scope.startsWith(ours) && registration.scope !== SCOPE.href) {
      registration.unregister();
    }
  }
}
