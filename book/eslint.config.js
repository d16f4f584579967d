// The rules for live/*.js, what runs in pages, in a worker, in a service worker; and for the decks.
import js from "@eslint/js";

const BROWSER = [
  "addEventListener", "Blob", "BroadcastChannel", "clearTimeout", "CloseEvent", "crypto", "customElements",
  "CustomEvent", "document", "DOMParser", "Event", "EventTarget", "fetch", "FileReader", "FormData", "Headers",
  "HTMLElement", "HTMLFormElement", "localStorage", "location", "matchMedia", "MessageEvent", "navigator", "parent",
  "performance", "postMessage", "Request", "Response", "self", "setTimeout", "TextDecoder", "URL",
  "URLSearchParams", "window", "Worker",
];

export default [
  { ignores: ["node_modules/"] },
  js.configs.recommended,
  {
    files: ["live/*.js", "slides/_static/*.js"],
    languageOptions: {
      globals: Object.fromEntries([...BROWSER, "PYTHON_FOLDER", "Reveal", "RevealNotes"].map((name) => [name, "readonly"])),
    },
    rules: {
      eqeqeq: "error",
      "no-var": "error",
      "prefer-const": "error",
      "no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_" }],
      "max-lines-per-function": ["error", { max: 60, skipComments: true, skipBlankLines: true }],
    },
  },
];
