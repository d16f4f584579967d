const form = document.querySelector("form");
const state = document.getElementById("state");
const sentences = {
  message: (data) => `${data.name} : ${data.text}`,
  refused: (data) => `Refusé : ${data.reason}`,
};
let socket;

function connect() {
  // La page et le chat ont la même adresse, au protocole près : ws pour http, wss pour https.
  socket = new WebSocket(location.origin.replace("http", "ws") + location.pathname);
  socket.onmessage = (event) => {
    const data = JSON.parse(event.data);
    if (data.type === "present") {
      state.textContent = `En direct, ${data.count} ici`;
      return;
    }
    const line = document.createElement("li");
    line.textContent = sentences[data.type](data); // du texte, jamais du HTML
    document.getElementById("messages").append(line);
  };
  socket.onclose = () => {
    state.textContent = "Connexion perdue, nouvel essai…";
    setTimeout(connect, 500 + 1000 * Math.random()); // pas tous au même instant
  };
}

form.addEventListener("submit", (event) => {
  event.preventDefault(); // la page reste : c’est la connexion qui porte le message
  const { name, text } = form.elements;
  socket.send(JSON.stringify({ name: name.value, text: text.value }));
  text.value = "";
  text.focus();
});
connect();
