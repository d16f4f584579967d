// Paper is white: a page read in the dark is printed in the light.
const root = document.documentElement;
let read;
addEventListener("beforeprint", () => {
  read = root.dataset.theme;
  root.dataset.theme = "light";
});
addEventListener("afterprint", () => {
  root.dataset.theme = read;
});
