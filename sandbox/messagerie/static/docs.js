// La page d’essai de l’API, écrite d’après sa description : rien n’y est dit deux fois.

import { takeFragment, token } from "./client.js";

const EVENTS_SHOWN = 5000; // millisecondes pendant lesquelles on regarde un flux
const description = await (await fetch("openapi.json")).json();

/** Suit un « $ref » : "#/components/responses/Problem404". */
function resolve(object) {
  const path = object.$ref?.split("/").slice(1) ?? [];
  return path.reduce((found, name) => found[name], object.$ref ? description : object);
}

function labelled(text, field, wide = false) {
  const label = document.createElement("label");
  label.append(text, field);
  label.classList.toggle("wide", wide);
  return label;
}

function parameterField(parameter) {
  const input = document.createElement("input");
  input.name = parameter.name;
  input.title = parameter.description ?? "";
  input.required = Boolean(parameter.required);
  return labelled(`${parameter.name} (${parameter.schema.type})`, input);
}

function bodyField(operation) {
  const area = document.createElement("textarea");
  area.name = "body";
  area.className = "code";
  area.rows = 2;
  area.value = JSON.stringify(operation.requestBody.content["application/json"].example);
  return labelled("Corps (JSON)", area, true);
}

/** Rend ce que fetch doit demander, d’après ce qui est écrit dans le formulaire. */
function requestOf(path, method, operation, form) {
  const query = new URLSearchParams();
  const headers = {};
  for (const { name, in: place } of operation.parameters) {
    const value = form.elements[name].value;
    if (place === "path") path = path.replace(`{${name}}`, encodeURIComponent(value));
    else if (value && place === "query") query.set(name, value);
    else if (value) headers[name] = value;
  }
  if (!operation.security && token.get()) headers.Authorization = `Bearer ${token.get()}`;
  const body = form.elements.body?.value;
  if (body !== undefined) headers["Content-Type"] = "application/json";
  return [path.slice(1) + (query.size ? `?${query}` : ""), { method, headers, body }];
}

/** Demande, et montre la réponse comme elle vient : un flux d’événements ne finit pas. */
async function attempt(target, options, output) {
  const stop = new AbortController();
  const timer = target.startsWith("api/events") && setTimeout(() => stop.abort(), EVENTS_SHOWN);
  output.hidden = false;
  output.textContent = "…";
  try {
    const response = await fetch(target, { ...options, signal: stop.signal });
    const shown = ["content-type", "location", "retry-after", "allow"].filter((name) =>
      response.headers.has(name),
    );
    const head = shown.map((name) => `${name}: ${response.headers.get(name)}\n`).join("");
    output.textContent = `${response.status} ${response.statusText}\n${head}\n`;
    const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
    for (let piece = await reader.read(); !piece.done; piece = await reader.read()) {
      output.textContent += piece.value;
    }
  } catch (error) {
    output.textContent += stop.signal.aborted ? "\n(on raccroche)" : `\n${error.message}`;
  }
  clearTimeout(timer);
}

function show(path, method, operation) {
  const section = document.getElementById("operation").content.cloneNode(true);
  const form = section.querySelector("form");
  const output = section.querySelector("pre");
  section.querySelector("h2 code").textContent = `${method.toUpperCase()} ${path}`;
  section.querySelector(".summary").textContent = `${operation.summary}.`;
  section.querySelector(".description").textContent = operation.description;
  section.querySelector(".statuses").textContent = Object.entries(operation.responses)
    .map(([status, response]) => `${status} (${resolve(response).description})`)
    .join(", ");
  output.setAttribute("aria-label", `Réponse de ${operation.summary}`);
  const fields = operation.parameters.map(parameterField);
  if (operation.requestBody) fields.push(bodyField(operation));
  form.prepend(...fields);
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    attempt(...requestOf(path, method.toUpperCase(), operation, form), output);
  });
  return section;
}

document.getElementById("about").textContent = description.info.description;
takeFragment();
const who = document.getElementById("who").elements.token;
who.value = token.get() ?? "";
who.addEventListener("input", () => token.set(who.value.trim()));
document.getElementById("who").addEventListener("submit", (event) => event.preventDefault());
for (const [path, item] of Object.entries(description.paths)) {
  for (const [method, operation] of Object.entries(item)) {
    document.getElementById("operations").append(show(path, method, operation));
  }
}
