// Port-Clair : trois éclats toutes les douze secondes, sauf pour qui préfère le calme.
const lighthouse = document.getElementById("phare");
const calm = matchMedia("(prefers-reduced-motion: reduce)");

function flash(delay) {
  setTimeout(() => lighthouse.classList.add("eclat"), delay);
  setTimeout(() => lighthouse.classList.remove("eclat"), delay + 300);
}

function turn() {
  if (!calm.matches) [0, 900, 1800].forEach(flash);
}

turn();
setInterval(turn, 12000);
