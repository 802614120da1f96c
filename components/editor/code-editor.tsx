"use client";

import { autocompletion, type CompletionSource, completionKeymap } from "@codemirror/autocomplete";
import { defaultKeymap, history, historyKeymap } from "@codemirror/commands";
import { markdown } from "@codemirror/lang-markdown";
import { yaml } from "@codemirror/lang-yaml";
import { HighlightStyle, syntaxHighlighting } from "@codemirror/language";
import { type Diagnostic, lintGutter, setDiagnostics } from "@codemirror/lint";
import { highlightSelectionMatches, search, searchKeymap } from "@codemirror/search";
import { Compartment, EditorState } from "@codemirror/state";
import { drawSelection, EditorView, keymap, lineNumbers } from "@codemirror/view";
import { tags } from "@lezer/highlight";
import { useEffect, useRef } from "react";

/** A fault within the text; line and column count from 1. */
export interface Marker {
  line: number;
  column: number;
  length: number;
  message: string;
}

interface Props {
  label: string;
  language: "markdown" | "yaml";
  text: string;
  readOnly?: boolean;
  markers?: Marker[];
  /** The line (from 1) to be shown first. */
  line?: number | undefined;
  /** The number that the first line has in the file that the text is a part of. */
  firstNumber?: number;
  /** Where a person who was led here goes on typing; `onLed` is told once they can. */
  led?: { line: number; column: number } | undefined;
  onLed?: () => void;
  /** What may stand at an offset. */
  complete?:
    | ((text: string, at: number) => { from: number; options: CompletionOption[] } | undefined)
    | undefined;
  onChange?: (text: string) => void;
  onSave?: () => void;
}

/** One thing that may be put at a place. */
interface CompletionOption {
  label: string;
  apply?: string;
  kind: "key" | "value";
  hint?: string;
}

const colours = HighlightStyle.define([
  { tag: [tags.propertyName, tags.definition(tags.propertyName)], color: "var(--yaml-key)" },
  { tag: [tags.string, tags.quote, tags.monospace], color: "var(--yaml-text)" },
  { tag: [tags.comment, tags.meta, tags.processingInstruction], color: "var(--faint)" },
  { tag: tags.heading, fontWeight: "700" },
  { tag: tags.strong, fontWeight: "700" },
  { tag: tags.emphasis, fontStyle: "italic" },
  { tag: [tags.link, tags.url], color: "var(--focus)" },
]);

const look = EditorView.theme({
  "&": { background: "var(--inset)", color: "var(--ink)", fontSize: "12px", maxHeight: "52vh" },
  "&.cm-focused": { outline: "none" },
  // The line numbers lie over an outline.
  "&.cm-focused::after": {
    content: '""',
    position: "absolute",
    zIndex: "300",
    inset: "0",
    border: "2px solid var(--focus)",
    borderRadius: "inherit",
    pointerEvents: "none",
  },
  ".cm-scroller": { fontFamily: "var(--font-mono)", lineHeight: "18px" },
  ".cm-content": { minHeight: "108px", caretColor: "var(--ink)" },
  ".cm-gutters": { background: "var(--inset)", color: "var(--faint)", border: "none" },
  ".cm-cursor": { borderLeftColor: "var(--ink)" },
  "& .cm-selectionBackground, &.cm-focused > .cm-scroller > .cm-selectionLayer .cm-selectionBackground": {
    background: "color-mix(in srgb, var(--focus) 24%, transparent)",
  },
  ".cm-tooltip": {
    border: "1px solid var(--line-strong)",
    borderRadius: "7px",
    background: "var(--surface)",
    color: "var(--ink)",
    overflow: "hidden",
  },
  ".cm-tooltip-autocomplete > ul": { fontFamily: "var(--font-mono)", maxHeight: "200px" },
  ".cm-tooltip-autocomplete > ul > li[aria-selected]": { background: "var(--hover)", color: "var(--ink)" },
  ".cm-tooltip.cm-completionInfo": { padding: "5px 8px", maxWidth: "220px", fontFamily: "var(--font-sans)" },
  ".cm-panels": { background: "var(--surface)", color: "var(--ink)" },
});

/**
 * A text editor. It lives in a shadow root: there its styles are constructed sheets, while in the page itself they would
 * be style elements, which our content policy forbids.
 */
export function CodeEditor({
  label,
  language,
  text,
  readOnly = false,
  markers,
  line,
  firstNumber = 1,
  led,
  onLed,
  complete,
  onChange,
  onSave,
}: Props) {
  const host = useRef<HTMLDivElement>(null);
  const view = useRef<EditorView>(null);
  const told = useRef({ onChange, onSave, onLed, complete });
  told.current = { onChange, onSave, onLed, complete };
  const first = useRef(text);
  const locked = useRef(new Compartment());
  const numbers = useRef(new Compartment());
  const numbered = useRef(firstNumber);
  numbered.current = firstNumber;
  /** What was typed and has not come back as the text yet: coming late, it must not undo what was typed since. */
  const echoes = useRef<string[]>([]);

  useEffect(() => {
    const element = host.current;
    if (!element) return;
    const root = element.shadowRoot ?? element.attachShadow({ mode: "open" });
    const editor = new EditorView({
      root,
      parent: root as unknown as HTMLElement,
      state: EditorState.create({
        doc: first.current,
        extensions: [
          history(),
          drawSelection(),
          search({ top: true }),
          highlightSelectionMatches(),
          EditorView.lineWrapping,
          language === "yaml"
            ? [yaml(), numbers.current.of(numbersFrom(numbered.current)), lintGutter()]
            : markdown(),
          syntaxHighlighting(colours),
          look,
          locked.current.of([]),
          autocompletion({ override: [offer(() => told.current.complete)], icons: false }),
          EditorView.contentAttributes.of({ "aria-label": label, tabindex: "0" }),
          keymap.of([
            ...["Mod-s", "Mod-Enter"].map((key) => ({
              key,
              run: () => {
                told.current.onSave?.();
                return told.current.onSave !== undefined;
              },
            })),
            ...completionKeymap,
            ...defaultKeymap,
            ...historyKeymap,
            ...searchKeymap,
          ]),
          EditorView.updateListener.of((update) => {
            if (!update.docChanged || !told.current.onChange) return;
            const typed = update.state.doc.toString();
            echoes.current.push(typed);
            told.current.onChange(typed);
          }),
        ],
      }),
    });
    view.current = editor;
    return () => editor.destroy();
  }, [label, language]);

  useEffect(() => {
    const lock = [EditorState.readOnly.of(readOnly), EditorView.editable.of(true)];
    view.current?.dispatch({ effects: locked.current.reconfigure(lock) });
  }, [readOnly]);

  useEffect(() => {
    view.current?.dispatch({ effects: numbers.current.reconfigure(numbersFrom(firstNumber)) });
  }, [firstNumber]);

  useEffect(() => {
    const editor = view.current;
    const echo = echoes.current.indexOf(text);
    echoes.current = echo < 0 ? [] : echoes.current.slice(echo + 1);
    if (!editor || echo >= 0 || editor.state.doc.toString() === text) return;
    editor.dispatch({ changes: { from: 0, to: editor.state.doc.length, insert: text } });
  }, [text]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || line === undefined || line > editor.state.doc.lines) return;
    const { from } = editor.state.doc.line(line);
    // Only the editor itself is scrolled: the heading above it stays in sight.
    editor.requestMeasure({
      read: () => editor.lineBlockAt(from).top,
      write: (top) => {
        editor.scrollDOM.scrollTop = top - 24;
      },
    });
  }, [line]);

  const [ledLine, ledColumn] = [led?.line, led?.column];
  useEffect(() => {
    const editor = view.current;
    if (!editor || ledLine === undefined || ledColumn === undefined) return;
    const { from, to } = editor.state.doc.line(Math.min(ledLine, editor.state.doc.lines));
    const at = Math.min(from + ledColumn - 1, to);
    editor.dispatch({
      selection: { anchor: at },
      effects: EditorView.scrollIntoView(at, { y: "center" }),
    });
    editor.focus();
    told.current.onLed?.();
  }, [ledLine, ledColumn]);

  useEffect(() => {
    const editor = view.current;
    if (!editor || !markers) return;
    editor.dispatch(
      setDiagnostics(
        editor.state,
        markers.flatMap((marker) => diagnosticOf(editor, marker)),
      ),
    );
  }, [markers]);

  return <div ref={host} className="code-editor" />;
}

const numbersFrom = (first: number) => lineNumbers({ formatNumber: (line) => String(line - 1 + first) });

/** While a word is typed, or where it was asked for. */
const offer =
  (complete: () => Props["complete"]): CompletionSource =>
  ({ state, pos, explicit }) => {
    const found = complete()?.(state.doc.toString(), pos);
    if (!found || (!explicit && found.from === pos && state.sliceDoc(pos - 1, pos) !== " ")) return null;
    return {
      from: found.from,
      options: found.options.map(({ label, apply = label, kind, hint }) => ({
        label,
        apply,
        type: kind === "key" ? "property" : "constant",
        ...(hint === undefined ? {} : { info: hint }),
      })),
      validFor: /^[\w-]*$/,
    };
  };

function diagnosticOf(editor: EditorView, { line, column, length, message }: Marker): Diagnostic[] {
  const { doc } = editor.state;
  if (line > doc.lines) return [];
  const from = Math.min(doc.line(line).from + column - 1, doc.length);
  return [{ from, to: Math.min(from + Math.max(1, length), doc.length), severity: "error", message }];
}
