// The one channel on which the service worker, the page and its Python speak of requests.
//
// {kind: "request", id, instance, visitor, origin, method, target, headers, body}
// {kind: "taken", id}             the page knows the instance: the answer may take its time
// {kind: "answer", id, answer}    null when nothing serves that origin
// {kind: "stopped", instance}     whoever waits for this instance waits in vain

export const CHANNEL = "flask-live";
