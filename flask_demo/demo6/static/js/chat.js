// La conversation, côté navigateur. io() vient de socket.io, chargé juste avant.

const MAX_LINES = 500; // dans la page ; les plus anciennes s’effacent

const form = document.querySelector("form.chat");
const username = document.querySelector("input.username");
const room = document.querySelector("input.room");
const message = document.querySelector("input.message");
const holder = document.querySelector("div.message_holder");
const state = document.getElementById("state");
const countText = document.getElementById("count");
const timeText = document.getElementById("time");
const refusal = document.getElementById("refusal");

const socket = io();
let openedAt = null; // sur l’horloge de cette page

function addLine(className, ...content) {
  const line = document.createElement("p");
  line.className = className;
  line.append(...content); // du texte reste du texte, quoi qu’on y ait écrit
  holder.append(line);
  while (holder.childElementCount > MAX_LINES) {
    holder.firstElementChild.remove();
  }
  holder.scrollTop = holder.scrollHeight;
}

function showMessage(data) {
  const name = document.createElement("b");
  name.textContent = data.user_name;
  const place = data.room ? ` (${data.room})` : "";
  addLine("message-line", name, `${place} : ${data.message}`);
}

function enter() {
  if (username.value.trim()) {
    socket.emit("enter", { user_name: username.value, room: room.value.trim() });
  }
}

function showTime() {
  if (openedAt === null) {
    return;
  }
  const seconds = Math.floor((performance.now() - openedAt) / 1000);
  const parts = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60];
  timeText.textContent = "· depuis " + parts.map((part) => String(part).padStart(2, "0")).join(":");
}

socket.on("connect", () => {
  state.textContent = "En direct";
  enter(); // au premier contact comme après une coupure
});
socket.on("disconnect", () => {
  state.textContent = "Connexion perdue, nouvel essai…";
  countText.textContent = timeText.textContent = "";
  openedAt = null;
});
socket.on("connect_error", (error) => {
  state.textContent = socket.active ? "Serveur injoignable, nouvel essai…" : error.message;
});

socket.on("the_response", showMessage);
socket.on("history", (data) => {
  holder.replaceChildren();
  data.messages.forEach(showMessage);
});
socket.on("arrival", (data) => addLine("notice", `${data.user_name} arrive${data.room ? ` (${data.room})` : ""}.`));
socket.on("departure", (data) => addLine("notice", `${data.user_name} s’en va${data.room ? ` (${data.room})` : ""}.`));
socket.on("nb_clients", (data) => {
  countText.textContent = `· ${data.count} ${data.count > 1 ? "participants" : "participant"}`;
});
socket.on("chat_time", (data) => {
  openedAt = performance.now() - data.seconds * 1000;
  showTime();
});
socket.on("refused", (data) => {
  refusal.textContent = data.reason;
});
setInterval(showTime, 1000);

username.addEventListener("change", enter);
room.addEventListener("change", enter);

form.addEventListener("submit", (event) => {
  event.preventDefault(); // la page reste : c’est la connexion qui porte le message
  const data = { user_name: username.value, message: message.value };
  if (room.value.trim()) {
    data.room = room.value.trim();
  }
  refusal.textContent = "";
  socket.emit("receive_msg", data);
  message.value = "";
  message.focus();
});
