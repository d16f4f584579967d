// The one channel on which the service worker, the page and its Python speak of requests.
//
// {kind: "request", id, instance, visitor, origin, method, target, headers, body}
// {kind: "taken", id}             the page knows the instance: the answer may take its time
// {kind: "answer", id, answer}    null when nothing serves that origin
// {kind: "stopped", instance, at} who has waited for this instance since before `at` waits in vain;
//                                 this may arrive after what is asked of the program run next

export const CHANNEL = "flask-live";
