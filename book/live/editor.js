// The editor, CodeMirror: loaded when the reader first goes into the code.
import { autocompletion, closeBrackets, closeBracketsKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap, indentWithTab } from "@codemirror/commands";
import { css } from "@codemirror/lang-css";
import { html } from "@codemirror/lang-html";
import { javascript } from "@codemirror/lang-javascript";
import { jinja } from "@codemirror/lang-jinja";
import { json } from "@codemirror/lang-json";
import { python } from "@codemirror/lang-python";
import { HighlightStyle, bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, drawSelection, highlightActiveLine, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";

const LANGUAGES = {
  py: () => [python(), indentUnit.of("    ")],
  html: () => [jinja({ base: html() }), indentUnit.of("  ")],
  css: () => [css(), indentUnit.of("  ")],
  js: () => [javascript(), indentUnit.of("  ")],
  json: () => [json(), indentUnit.of("  ")],
  svg: () => [html(), indentUnit.of("  ")],
};

// The colours themselves are in live.css, which knows light and dark.
const COLOURS = syntaxHighlighting(
  HighlightStyle.define([
    { tag: [tags.keyword, tags.tagName, tags.operatorKeyword], class: "live-keyword" },
    { tag: [tags.string, tags.attributeValue], class: "live-string" },
    { tag: tags.comment, class: "live-comment" },
    { tag: [tags.number, tags.bool, tags.null, tags.color, tags.unit], class: "live-number" },
    { tag: [tags.definition(tags.variableName), tags.function(tags.variableName), tags.className], class: "live-name" },
    { tag: [tags.attributeName, tags.propertyName, tags.meta], class: "live-attribute" },
  ]),
);

const setErrorLine = StateEffect.define();
const errorLine = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (effect.is(setErrorLine)) marks = markLine(transaction.state, effect.value);
    }
    return marks.map(transaction.changes);
  },
  provide: (field) => EditorView.decorations.from(field),
});

function markLine(state, line) {
  if (!line || line > state.doc.lines) return Decoration.none;
  const mark = Decoration.line({ class: "live-error-line", attributes: { "aria-invalid": "true" } });
  return Decoration.set([mark.range(state.doc.line(line).from)]);
}

export class Editor {
  #view;
  #states = new Map();
  #name = null;
  #onChange;
  #onRun;

  /**
   * @param {HTMLElement} parent where the editor stands
   * @param {(name: string, text: string) => void} onChange
   * @param {() => void} onRun asked by Ctrl-Enter
   */
  constructor(parent, onChange, onRun) {
    this.#onChange = onChange;
    this.#onRun = onRun;
    this.#view = new EditorView({ parent });
  }

  /** Show a file, as it was left if it has been shown before. */
  show(name, text) {
    if (this.#name !== null) this.#states.set(this.#name, this.#view.state);
    this.#name = name;
    this.#view.setState(this.#states.get(name) ?? this.#newState(name, text));
  }

  /** Forget every file: their texts have changed elsewhere. */
  forget() {
    this.#states.clear();
    this.#name = null;
  }

  /** Mark a line of the file shown, none if 0, and go to it. */
  markError(line) {
    this.#view.dispatch({ effects: setErrorLine.of(line) });
    if (line && line <= this.#view.state.doc.lines) {
      const { from } = this.#view.state.doc.line(line);
      this.#view.dispatch({ selection: { anchor: from }, scrollIntoView: true });
    }
  }

  focus() {
    this.#view.focus();
  }

  #newState(name, text) {
    const language = LANGUAGES[name.split(".").pop()] ?? (() => []);
    return EditorState.create({
      doc: text,
      extensions: [
        lineNumbers(),
        history(),
        drawSelection(),
        indentOnInput(),
        bracketMatching(),
        closeBrackets(),
        autocompletion(),
        highlightActiveLine(),
        errorLine,
        COLOURS,
        keymap.of([
          { key: "Mod-Enter", run: () => (this.#onRun(), true) },
          ...closeBracketsKeymap,
          ...defaultKeymap,
          ...historyKeymap,
          indentWithTab,
        ]),
        EditorView.contentAttributes.of({ tabindex: "0", "aria-label": `Code de ${name} ; Échap puis Tab pour en sortir` }),
        EditorView.updateListener.of((update) => {
          if (update.docChanged) this.#onChange(name, update.state.doc.toString());
        }),
        ...language(),
      ],
    });
  }
}
