// La liste des livres, écrite par le navigateur avec ce que l’API lui répond.

const list = document.getElementById("books");
const form = document.getElementById("add");
const refusal = document.getElementById("refusal");
const total = document.getElementById("total");
const previous = document.getElementById("previous");
const next = document.getElementById("next");

let page = 1;

function labelOf(name) {
  return form.elements[name]?.labels[0].textContent.trim() ?? name;
}

// Rend ce que l’API répond, ou null après avoir dit pourquoi elle refuse.
async function ask(url, method = "GET", data = undefined) {
  refusal.textContent = "";
  try {
    const response = await fetch(url, {
      method,
      headers: data && { "Content-Type": "application/json" },
      body: data && JSON.stringify(data),
    });
    if (response.status === 204) {
      return {};
    }
    const answer = await response.json();
    if (response.ok) {
      return answer;
    }
    const problems = Object.entries(answer.fields ?? {}).map(([name, problem]) => `${labelOf(name)} : ${problem}.`);
    refusal.textContent = [answer.error, ...problems].join(" ");
  } catch {
    refusal.textContent = "Le serveur ne répond pas.";
  }
  return null;
}

function makeRow(book) {
  const row = document.createElement("tr");
  for (const text of [book.title, book.author, book.year]) {
    row.insertCell().textContent = text; // du texte reste du texte, quoi qu’on y ait écrit
  }
  const button = document.createElement("button");
  button.textContent = "✕";
  button.setAttribute("aria-label", `Effacer ${book.title}`);
  button.addEventListener("click", async () => {
    await ask(`${list.dataset.url}/${book.id}`, "DELETE");
    await show();
  });
  row.insertCell().append(button);
  return row;
}

async function show() {
  const answer = await ask(`${list.dataset.url}?page=${page}`);
  if (!answer) {
    return;
  }
  list.replaceChildren(...answer.items.map(makeRow));
  total.textContent = `${answer.total} ${answer.total < 2 ? "livre" : "livres"}`;
  previous.hidden = page === 1;
  next.hidden = page * answer.per_page >= answer.total;
}

function turn(step) {
  page += step;
  show();
}

previous.addEventListener("click", () => turn(-1));
next.addEventListener("click", () => turn(1));

form.addEventListener("submit", async (event) => {
  event.preventDefault();
  const { title, author, year } = Object.fromEntries(new FormData(form));
  const book = { title, author, year: /^\d+$/.test(year.trim()) ? Number(year) : null };
  if (await ask(list.dataset.url, "POST", book)) {
    form.reset();
    page = 1;
    show();
  }
});

show();
