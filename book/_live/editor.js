// The editor of a cell: CodeMirror with no more than a cell needs.
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { python } from "@codemirror/lang-python";
import { bracketMatching, indentOnInput, indentUnit, syntaxHighlighting } from "@codemirror/language";
import { EditorState, Prec, StateEffect, StateField } from "@codemirror/state";
import { Decoration, EditorView, keymap } from "@codemirror/view";
import { classHighlighter } from "@lezer/highlight";

// The line where an error happened, until somebody changes something
const setWrong = StateEffect.define();
const wrongLine = StateField.define({
  create: () => Decoration.none,
  update(marks, transaction) {
    for (const effect of transaction.effects) {
      if (!effect.is(setWrong)) continue;
      const { doc } = transaction.state;
      if (!effect.value || effect.value > doc.lines) return Decoration.none;
      return Decoration.set([Decoration.line({ class: "live-wrong" }).range(doc.line(effect.value).from)]);
    }
    return transaction.docChanged ? Decoration.none : marks;
  },
  provide: (field) => EditorView.decorations.from(field),
});

// An editor of `text` in `parent`. `run(onward)` is what Ctrl+Enter does, and Shift+Enter with `onward`; `leave()` what
// Escape does; `changed(text)` hears of every change. The Tab key leaves it, as it leaves any field.
export function edit(parent, { text, label, run, leave, changed }) {
  const go = (onward) => () => {
    run(onward);
    return true;
  };
  const keys = [
    { key: "Mod-Enter", run: go(false) },
    { key: "Shift-Enter", run: go(true) },
    {
      key: "Escape",
      run: () => {
        leave();
        return true;
      },
    },
  ];
  const attributes = {
    "aria-label": label,
    "aria-multiline": "true",
    autocapitalize: "off",
    autocorrect: "off",
    spellcheck: "false",
  };
  const view = new EditorView({
    parent,
    state: EditorState.create({
      doc: text,
      extensions: [
        Prec.highest(keymap.of(keys)),
        history(),
        indentOnInput(),
        indentUnit.of("    "),
        bracketMatching(),
        syntaxHighlighting(classHighlighter),
        python(),
        wrongLine,
        EditorView.lineWrapping, // else a phone scrolls sideways
        keymap.of([...defaultKeymap, ...historyKeymap]),
        EditorView.contentAttributes.of(attributes),
        EditorView.updateListener.of((update) => update.docChanged && changed(update.state.doc.toString())),
      ],
    }),
  });
  return {
    focus: () => view.focus(),
    wrong: (line) => view.dispatch({ effects: setWrong.of(line) }),
    replace: (text) => view.dispatch({ changes: { from: 0, to: view.state.doc.length, insert: text } }),
  };
}
