// L’application : qui est là, une conversation, mon statut, en direct.

import { Refused, ask, conversation, listen, takeFragment, token } from "./client.js";

const at = (id) => document.getElementById(id);
const people = new Map(); // identifiant → utilisateur
const unread = new Map(); // identifiant → nombre de messages non lus
let me;
let peer; // l’identifiant de celui ou celle à qui l’on parle
let shown = new Map(); // identifiant → message, de la conversation affichée
let leaving = new AbortController();

function tell(error) {
  at("problem").textContent = error ? error.message : "";
}

/** Fait ce qu’un formulaire demande ; la page reste, et dit ce qui ne va pas. */
function onSubmit(id, action) {
  at(id).addEventListener("submit", async (event) => {
    event.preventDefault();
    const button = at(id).querySelector("button");
    button.disabled = true; // un double clic n’envoie pas deux fois
    try {
      await action(at(id).elements);
      tell();
    } catch (error) {
      tell(error);
    }
    button.disabled = false;
  });
}

// Les gens

function personButton(user) {
  const button = document.createElement("button");
  const status = document.createElement("small");
  button.type = "button";
  button.append(user.id === me.id ? `${user.name} (moi)` : user.name); // du texte, jamais du HTML
  status.textContent = user.status;
  if (user.id === peer) button.setAttribute("aria-current", "true");
  const count = unread.get(user.id);
  if (count) {
    const badge = document.createElement("span");
    const words = document.createElement("span");
    badge.className = "count";
    words.className = "unseen";
    words.textContent = " non lus";
    badge.append(`${count}`, words);
    button.append(" ", badge);
  }
  button.append(status);
  button.dataset.id = user.id;
  return button;
}

function showPeople() {
  const focused = document.activeElement?.dataset?.id;
  const sorted = [...people.values()].sort((a, b) => a.name.localeCompare(b.name, "fr"));
  const lines = sorted.map((user) => {
    const line = document.createElement("li");
    line.append(personButton(user));
    return line;
  });
  at("people").replaceChildren(...lines);
  if (focused) at("people").querySelector(`[data-id="${focused}"]`)?.focus();
  const user = people.get(peer);
  if (user) at("peer").textContent = `${user.name}, ${user.status}`;
}

at("people").addEventListener("click", (event) => {
  const button = event.target.closest("button");
  if (button) choose(Number(button.dataset.id)).catch(tell);
});

// La conversation

async function choose(id) {
  peer = id;
  unread.delete(id);
  shown = new Map();
  showPeople();
  showMessages();
  at("write").hidden = false;
  at("write").elements.text.focus();
  await readConversation();
}

async function readConversation() {
  const mine = shown;
  for (const message of await conversation(peer)) mine.set(message.id, message);
  if (mine === shown) showMessages(); // on n’a pas choisi quelqu’un d’autre entre-temps
}

function showMessages() {
  const sorted = [...shown.values()].sort((a, b) => a.id - b.id);
  at("messages").replaceChildren(...sorted.map(messageLine));
  at("log").scrollTop = at("log").scrollHeight;
}

function messageLine(message) {
  const line = document.createElement("li");
  const time = document.createElement("time");
  const author = document.createElement("span");
  if (message.from === me.id) line.className = "mine";
  author.className = "unseen";
  author.textContent = message.from === me.id ? "Moi : " : `${people.get(message.from)?.name} : `;
  time.dateTime = message.at;
  time.textContent = new Date(message.at).toLocaleString("fr", {
    dateStyle: "short",
    timeStyle: "short",
  });
  line.append(author, message.text, time); // du texte, jamais du HTML
  return line;
}

function keep(message) {
  if (shown.has(message.id)) return; // un message peut nous venir par deux chemins
  shown.set(message.id, message);
  if (Math.max(...shown.keys()) > message.id) return showMessages();
  at("messages").append(messageLine(message));
  at("log").scrollTop = at("log").scrollHeight;
}

const arrivals = {
  user(user) {
    people.set(user.id, user);
    if (user.id === me.id) me = user;
    showPeople();
  },
  message(message) {
    if (message.from === peer) return keep(message);
    unread.set(message.from, (unread.get(message.from) ?? 0) + 1);
    showPeople();
  },
};

onSubmit("write", async ({ text }) => {
  const to = peer;
  const message = await ask("messages", { method: "POST", body: { to, text: text.value } });
  text.value = "";
  if (to === peer) keep(message);
});

at("write").elements.text.addEventListener("keydown", (event) => {
  if (event.key !== "Enter" || event.shiftKey || event.isComposing) return;
  event.preventDefault();
  at("write").requestSubmit();
});

onSubmit("status", async ({ status }) => {
  arrivals.user(await ask("users/me", { method: "PATCH", body: { status: status.value } }));
});

// Entrer et sortir

async function enter() {
  me = await ask("users/me");
  at("me").textContent = me.name;
  at("status").elements.status.value = me.status;
  leaving = new AbortController();
  listen({
    signal: leaving.signal,
    async opened() {
      // Le flux est ouvert : ce qui change désormais, il le dira. On lit donc l’état ensuite.
      at("state").textContent = "En direct";
      for (const user of await ask("users")) people.set(user.id, user);
      showPeople();
      if (!peer) return;
      await readConversation(); // le serveur était peut-être parti quand on l’a choisie
      tell();
    },
    event: (name, data) => arrivals[name]?.(data),
    lost(error) {
      if (error.status === 401) return leave(error);
      at("state").textContent = "Connexion perdue, nouvel essai…";
    },
  });
  at("entrance").hidden = true;
  at("inside").hidden = false;
}

function leave(reason) {
  leaving.abort();
  token.forget();
  at("inside").hidden = true;
  at("entrance").hidden = false;
  tell(reason);
}

at("leave").addEventListener("click", () => {
  leave();
  location.reload();
});

onSubmit("join", async ({ invitation, name }) => {
  token.forget();
  const body = { invitation: invitation.value, name: name.value };
  const account = await ask("users", { method: "POST", body });
  token.set(account.token);
  await enter();
});

onSubmit("return", async ({ token: field }) => {
  token.set(field.value.trim());
  await enter().catch(leave);
});

const given = takeFragment();
at("join").elements.invitation.value = given.get("invitation") ?? "";
at("join").elements.name.value = given.get("nom") ?? "";
if (token.get() && !given.get("invitation")) {
  enter().catch((error) => (error instanceof Refused ? leave(error) : tell(error)));
} else {
  at("entrance").hidden = false;
}
