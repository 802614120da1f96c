"use client";

import { useQueryClient } from "@tanstack/react-query";
import { Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { jsonSchema } from "../../lib/core/sequence/json-schema";
import { sliceSource, spliceSource } from "../../lib/core/sequence/slice";
import { useAgents } from "../forms/agents";
import { loadable } from "../parts/loadable";
import { Said } from "../parts/said";
import { Lines } from "../parts/skeleton";
import { useDoing } from "../state/doing";
import { draftOf, useDraft } from "../state/drafts";
import { arrive, useMending } from "../state/mending";
import { useSession } from "../state/provider";
import { useLiveStatus } from "../state/queries";
import { isGate, type NodeState, type StatusDocument, type TextDocument } from "../state/wire";
import { completionsAt, type Schema } from "./complete-yaml";
import { faultsIn } from "./faults";
import { fileTextKey } from "./file-text";
import { lineOf } from "./line-of";
import { mergeTexts } from "./merge";
import { TextFoot } from "./text-foot";

const CodeEditor = loadable("editor", () =>
  import("../editor/code-editor").then(({ CodeEditor }) => CodeEditor),
);

const idsOf = (status: StatusDocument) => [...status.steps, ...status.gates].map(({ id }) => id);
const schema = jsonSchema("sequence") as unknown as Schema;

/** What was typed, and the text of the file that it was typed into. */
interface Typed {
  text: string;
  base: string;
}

/** An editor of the definition's text, or of the lines of `only` in it; what is saved is one change. `at` is shown first. */
export function FileEditor(props: { file: TextDocument; only?: NodeState; at?: string }) {
  const { file, only, at } = props;
  const { text: theirs, revision, fault: known } = file;
  const { act } = useDoing();
  const { api } = useSession();
  const client = useQueryClient();
  const list = only && (isGate(only) ? "gates" : "steps");
  const shownOf = (text: string) => (list && only ? sliceSource(text, list, only.id) : text);
  const [typed, setTyped] = useDraft<Typed | null>(only ? draftOf.yaml(only.id) : draftOf.file(), null);
  const [saving, setSaving] = useState(false);
  /** The text that was last to be saved. */
  const [tried, setTried] = useState<string>();
  const shown = shownOf(theirs);
  const text = typed?.text ?? shown;
  const base = typed ? shownOf(typed.base) : shown;
  const moved = typed !== null && base !== shown;
  const merged = moved ? mergeTexts(base, typed.text, shown) : undefined;

  // What somebody else changed elsewhere in it is taken over at once.
  useEffect(() => {
    if (merged !== undefined) setTyped(merged === shown ? null : { text: merged, base: theirs });
  }, [merged, shown, theirs, setTyped]);

  const result = list && only ? (spliceSource(theirs, list, only.id, text) ?? theirs) : text;
  const before = only ? (lineOf(theirs, only.id) ?? 1) - 1 : 0;
  const markers = useMemo(
    () =>
      // Of the text as it stands the server knows more than can be told here.
      (known && result === theirs ? [known] : faultsIn(result)).map((marker) => ({
        ...marker,
        line: Math.max(1, marker.line - before),
      })),
    [result, theirs, known, before],
  );
  const [fault] = markers;
  const complete = useCompletion(list);
  const isLed = useMending((mending) => mending.led);
  const first = known?.line ?? (at === undefined ? undefined : lineOf(theirs, at));
  const isChanged = typed !== null && text !== shown;
  const isTried = isChanged && tried === text;
  const save = async () => {
    if (!isChanged || saving) return;
    setTried(text);
    if (fault || (moved && merged === undefined)) return;
    setSaving(true);
    if (await act({ action: "sequence.write", input: { text: result, base: revision } })) {
      // Only once it is known as the file's own text: nothing flickers back meanwhile.
      const now = await api.text().catch(() => undefined);
      if (now) client.setQueryData(fileTextKey(now.revision, null), now);
      setTyped((now) => (now?.text === text ? null : now));
    }
    setSaving(false);
  };
  return (
    <>
      <h3 className="section-title font-mono">.threados/sequence.yaml</h3>
      <Suspense fallback={<Lines widths={["40%", "80%", "60%"]} />}>
        <CodeEditor
          label={only ? `YAML of ${only.id}` : "sequence.yaml"}
          language="yaml"
          text={text}
          markers={markers}
          line={only || typed ? undefined : first}
          firstNumber={before + 1}
          led={isLed && !only ? (fault ?? { line: 1, column: 1 }) : undefined}
          onLed={arrive}
          complete={complete}
          onChange={(next) => setTyped(next === shown ? null : { text: next, base: typed?.base ?? theirs })}
          onSave={() => void save()}
        />
      </Suspense>
      {fault && (
        <p className="field-error" role="alert">
          {isTried ? "Not saved: line" : "Line"} {fault.line + before}: <Said text={fault.message} />
        </p>
      )}
      <TextFoot
        what="file"
        conflict={
          moved && merged === undefined
            ? { theirs: () => setTyped(null), mine: () => setTyped({ text, base: theirs }) }
            : undefined
        }
        isChanged={isChanged}
        isTried={isTried}
        hint="Ctrl+Space completes, Ctrl+S saves."
        save="Save"
        canSave={fault === undefined && !saving}
        onDiscard={() => setTyped(null)}
        onSave={() => void save()}
      />
    </>
  );
}

/** Completion by the schema of the file, or of an item of one of its lists. */
function useCompletion(list: "steps" | "gates" | undefined) {
  const nodes = useLiveStatus(idsOf);
  const agents = useAgents();
  return useCallback(
    (text: string, at: number) => {
      const items = (of: Schema | undefined) => of?.items ?? of?.anyOf?.find((one) => one.items)?.items;
      const root = list === undefined ? schema : items(schema.properties?.[list]);
      return root && completionsAt(text, at, root, { nodes: nodes ?? [], agents });
    },
    [list, nodes, agents],
  );
}
