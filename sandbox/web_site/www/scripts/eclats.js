// La liste des feux n'est pas dans la page : elle arrive à part, en JSON.
const list = document.getElementById("phares");

function describe(light) {
  const item = document.createElement("li");
  const name = document.createElement("strong");
  name.textContent = light.nom;
  item.append(name, light.periode ? ` : ${light.feu} toutes les ${light.periode} s` : ` : ${light.feu}`);
  return item;
}

fetch("donnees/phares.json")
  .then((response) => response.json())
  .then((lights) => list.replaceChildren(...lights.map(describe)));
