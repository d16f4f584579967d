// L’API, vue d’une page : demander, et écouter. Rien ici ne touche à ce qui s’affiche.

const KEY = "messagerie.jeton"; // le navigateur s’en souvient d’une visite à l’autre

export const token = {
  get: () => localStorage.getItem(KEY),
  set: (value) => localStorage.setItem(KEY, value),
  forget: () => localStorage.removeItem(KEY),
};

/** Ce que la page trouve après le « # » de son adresse, et qu’elle en efface aussitôt. */
export function takeFragment() {
  const given = new URLSearchParams(location.hash.slice(1));
  if (given.get("jeton")) token.set(given.get("jeton"));
  if (location.hash.includes("=")) {
    // Ni l’historique, ni un voisin ne le lira. « #champs », lui, n’est qu’un endroit de la page.
    history.replaceState(null, "", location.pathname);
  }
  return given;
}

/** Un refus du serveur ; le message est le « detail » de son problème (RFC 9457). */
export class Refused extends Error {
  constructor(status, detail) {
    super(detail);
    this.status = status;
  }
}

/** Fait une demande à l’API ; rend la réponse, ou lève Refused. */
async function call(path, { method = "GET", body, headers = {}, signal } = {}) {
  const response = await fetch(`api/${path}`, {
    method,
    signal,
    headers: {
      ...(token.get() && { Authorization: `Bearer ${token.get()}` }),
      ...(body && { "Content-Type": "application/json" }),
      ...headers,
    },
    body: body && JSON.stringify(body),
  });
  if (!response.ok) {
    const problem = await response.json().catch(() => ({}));
    throw new Refused(response.status, problem.detail ?? `Erreur ${response.status}.`);
  }
  return response;
}

/** Fait une demande à l’API ; rend le JSON de sa réponse. */
export async function ask(path, options) {
  return (await call(path, options)).json();
}

/** Rend tous les messages échangés avec quelqu’un, cent par cent. */
export async function conversation(peer) {
  const all = [];
  for (;;) {
    const since = all.at(-1)?.id ?? 0;
    const some = await ask(`messages?with=${peer}&since=${since}`);
    all.push(...some);
    if (some.length < 100) return all;
  }
}

/** Lit un événement : des lignes « champ: valeur ». */
function parse(block) {
  const event = {};
  for (const line of block.split("\n")) {
    const [, field, value] = /^(\w+): ?(.*)$/.exec(line) ?? [];
    if (field) event[field] = value;
  }
  return event;
}

/** Donne un à un les événements d’un flux, jusqu’à sa fin. */
async function* read(response) {
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let text = "";
  for (;;) {
    const { value, done } = await reader.read();
    if (done) return;
    const blocks = (text + value).split("\n\n"); // un morceau n’est pas un événement
    text = blocks.pop();
    yield* blocks.map(parse);
  }
}

/**
 * Écoute les événements sans fin, en revenant après chaque coupure là où l’on en était.
 * EventSource fait cela tout seul, mais ne sait pas montrer de jeton.
 */
export async function listen({ opened, event, lost, signal }) {
  let last;
  let retry = 2000;
  while (!signal.aborted) {
    try {
      const headers = last ? { "Last-Event-ID": last } : {};
      const response = await call("events", { headers, signal });
      await opened();
      for await (const each of read(response)) {
        last = each.id ?? last;
        retry = Number(each.retry ?? retry);
        if (each.data) event(each.event, JSON.parse(each.data));
      }
      continue; // le flux est fini, rien n’est cassé : on revient aussitôt
    } catch (error) {
      if (signal.aborted) return;
      lost(error);
    }
    await new Promise((resume) => setTimeout(resume, retry * (0.75 + Math.random() / 2)));
  }
}
