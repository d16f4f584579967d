// Une roue de points : le script les dessine, et la feuille de style les fait tourner.

const DOTS = 12;
const RADIUS = 38;

const wheel = document.getElementById("wheel");
const button = document.getElementById("wheel-button");
const lessMotion = window.matchMedia("(prefers-reduced-motion: reduce)");

function drawDot(rank) {
  const angle = (2 * Math.PI * rank) / DOTS;
  // Les éléments d’un dessin SVG ne sont pas du HTML : il faut dire de quel langage ils sont.
  const dot = document.createElementNS("http://www.w3.org/2000/svg", "circle");
  dot.setAttribute("cx", RADIUS * Math.cos(angle));
  dot.setAttribute("cy", RADIUS * Math.sin(angle));
  dot.setAttribute("r", 2 + (6 * rank) / DOTS);
  dot.setAttribute("fill", `hsl(${(360 * rank) / DOTS} 70% 50%)`);
  wheel.append(dot);
}

function setTurning(turning) {
  wheel.classList.toggle("turning", turning);
  button.textContent = turning ? "Pause" : "Reprendre";
}

function toggle() {
  setTurning(!wheel.classList.contains("turning"));
}

for (let rank = 0; rank < DOTS; rank++) {
  drawDot(rank);
}
setTurning(!lessMotion.matches);

button.addEventListener("click", toggle);
lessMotion.addEventListener("change", () => setTurning(!lessMotion.matches));

document.addEventListener("keydown", (event) => {
  // Dans un champ, sur un bouton ou sur un lien, la barre d’espace garde son rôle.
  if (event.key !== " " || event.target !== document.body) {
    return;
  }
  event.preventDefault(); // ailleurs, elle ferait défiler la page
  if (!event.repeat) {
    toggle();
  }
});
