// The deck: reveal.js, its words in French, the bar's buttons.
const LABELS = {
  "navigate-left": "Diapositive précédente",
  "navigate-right": "Diapositive suivante",
  "navigate-up": "Diapositive au-dessus",
  "navigate-down": "Diapositive au-dessous",
};

const ready = Reveal.initialize({
  width: 1280,
  height: 720,
  margin: 0,
  center: false,
  hash: true,
  help: false,
  slideNumber: "c/t",
  transition: "none",
  backgroundTransition: "none",
  pdfSeparateFragments: false,
  scrollActivationWidth: null,
  plugins: [RevealNotes],
});

const ACTIONS = {
  theme() {
    const { dataset } = document.documentElement;
    dataset.theme = dataset.theme === "light" ? "dark" : "light";
    localStorage.setItem("theme", dataset.theme);
  },
  notes: () => Reveal.getPlugin("notes").open(),
  overview: () => Reveal.toggleOverview(),
  print() {
    location.search = "print-pdf";
  },
};

for (const button of document.querySelectorAll("[data-do]")) {
  button.addEventListener("click", () => {
    ACTIONS[button.dataset.do]();
    button.blur(); // the keys turn the slides again
  });
}

// On paper, all slides are there, for a screen reader too.
Reveal.on("pdf-ready", () => {
  for (const slide of document.querySelectorAll(".pdf-page section")) {
    slide.removeAttribute("hidden");
    slide.removeAttribute("aria-hidden");
  }
});

ready.then(() => {
  for (const [name, label] of Object.entries(LABELS)) {
    for (const button of document.querySelectorAll(`.${name}`)) {
      button.setAttribute("aria-label", label);
    }
  }
});
