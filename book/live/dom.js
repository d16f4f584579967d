// Elements without ceremony.

/** Make an element: `make("button", { type: "button", textContent: "Lancer" }, ...children)`. */
export function make(name, properties = {}, ...children) {
  const element = document.createElement(name);
  for (const [key, value] of Object.entries(properties)) {
    if (key in element) element[key] = value;
    else element.setAttribute(key, value);
  }
  element.append(...children);
  return element;
}

/** Make a button with a name for all, an icon for those who see. */
export function iconButton(icon, name, onclick) {
  return make("button", { type: "button", title: name, "aria-label": name, textContent: icon, onclick });
}
