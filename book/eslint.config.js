// The rules for all our JavaScript and style sheets; run from the repository's root.
import css from "@eslint/css";
import js from "@eslint/js";

const BROWSER = [
  "addEventListener", "Blob", "BroadcastChannel", "clearTimeout", "CloseEvent", "console", "crypto", "customElements",
  "CustomEvent", "DecompressionStream", "devicePixelRatio", "document", "DOMParser", "Event", "EventTarget", "fetch", "FileReader", "FormData", "getComputedStyle", "Headers",
  "HTMLElement", "HTMLFormElement", "localStorage", "location", "matchMedia", "MessageEvent", "navigator", "parent",
  "performance", "postMessage", "Request", "Response", "self", "setInterval", "setTimeout", "TextDecoder", "URL",
  "URLSearchParams", "WebSocket", "window", "Worker",
];

const RULES = {
  eqeqeq: "error",
  "no-irregular-whitespace": ["error", { skipComments: true, skipTemplates: true }], // French: « », no-break spaces
  "no-var": "error",
  "prefer-const": "error",
  "no-unused-vars": ["error", { args: "all", argsIgnorePattern: "^_" }],
  "max-lines-per-function": ["error", { max: 60, skipComments: true, skipBlankLines: true }],
};
const known = (...names) => Object.fromEntries(names.map((name) => [name, "readonly"]));

export default [
  { ignores: ["**/node_modules/", "**/vendor/", "**/*.min.js", "_build/", ".venv*/", "mes_notebooks/", "tests/"] },
  {
    files: ["**/*.js"],
    ...js.configs.recommended,
    rules: { ...js.configs.recommended.rules, ...RULES },
    languageOptions: { globals: known(...BROWSER) },
  },
  { files: ["book/live/*.js"], languageOptions: { globals: known("PYTHON_FOLDER") } },
  { files: ["book/live/snapshot.js"], languageOptions: { globals: known("process") } }, // run by the build
  {
    files: ["book/slides/**/*.js", "flask_demo/**/*.js", "sandbox/**/*.js"],
    languageOptions: { sourceType: "script", globals: known("io", "Reveal", "RevealNotes", "uPlot") },
  },
  {
    files: ["sandbox/messagerie/static/*.js"],
    languageOptions: { sourceType: "module", globals: known("AbortController", "history", "TextDecoderStream") },
  },
  {
    files: ["**/*.css"],
    plugins: { css },
    language: "css/css",
    languageOptions: { tolerant: true },
    rules: {
      "css/no-duplicate-imports": "error",
      "css/no-empty-blocks": "error",
      "css/no-invalid-properties": ["error", { allowUnknownVariables: true }],
      "css/no-invalid-at-rules": "error",
    },
  },
  // Boxes in the margins of a printed page: the linter does not know them.
  { files: ["book/_static/printed_book.css"], rules: { "css/no-invalid-at-rules": "off" } },
];
