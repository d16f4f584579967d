// La page de l’enseignant ou de l’enseignante : qui est là, regardé toutes les trois secondes.

import { ask, takeFragment } from "./client.js";

const PERIOD = 3000; // millisecondes
const HERE = 120; // secondes depuis la dernière demande
const at = (id) => document.getElementById(id);

function presence({ user, idle }) {
  if (!user) return "invitation à prendre";
  return idle !== null && idle < HERE ? "est là" : "absent";
}

function row(guest) {
  const line = document.createElement("tr");
  const cells = [guest.label, guest.user?.name ?? "", guest.user?.status ?? "", presence(guest)];
  for (const text of cells) line.insertCell().textContent = text; // du texte, jamais du HTML
  return line;
}

async function look() {
  try {
    const guests = await ask("invitations");
    const here = guests.filter((guest) => presence(guest) === "est là").length;
    const words = `${here} sur ${guests.length}`;
    if (at("count").textContent !== words) at("count").textContent = words;
    at("guests").replaceChildren(...guests.map(row));
    at("problem").textContent = "";
  } catch (error) {
    at("problem").textContent = error.message;
  }
}

takeFragment();
at("address").textContent = new URL("./", location.href).href;
await look();
setInterval(look, PERIOD);
