// Before the first paint: light on paper; else what was chosen on the site, or the system's choice.
document.documentElement.dataset.theme = (() => {
  if (location.search.includes("print-pdf")) return "light";
  const chosen = localStorage.getItem("theme");
  if (["light", "dark"].includes(chosen)) return chosen;
  return matchMedia("(prefers-color-scheme: dark)").matches ? "dark" : "light";
})();
