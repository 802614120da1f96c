"use client";

import { keepPreviousData, useQuery } from "@tanstack/react-query";
import { lazy, Suspense, useCallback, useEffect, useMemo, useState } from "react";
import { jsonSchema } from "../../lib/core/sequence/json-schema";
import { sliceSource, spliceSource } from "../../lib/core/sequence/slice";
import { useAgents } from "../forms/agents";
import { Lines } from "../parts/skeleton";
import { useDoing } from "../state/doing";
import { draftOf, useDraft } from "../state/drafts";
import { useSession } from "../state/provider";
import { useLiveStatus } from "../state/queries";
import { useView } from "../state/view";
import { isGate, type NodeState, type StatusDocument } from "../state/wire";
import { BrokenFile } from "./broken-file";
import { completionsAt, type Schema } from "./complete-yaml";
import { faultsIn } from "./faults";
import { lineOf } from "./line-of";
import { mergeTexts } from "./merge";

const CodeEditor = lazy(() =>
  import("../editor/code-editor").then(({ CodeEditor }) => ({ default: CodeEditor })),
);

const idsOf = (status: StatusDocument) => [...status.steps, ...status.gates].map(({ id }) => id);
const file = jsonSchema("sequence") as unknown as Schema;

/** What was typed, and the text of the file that it was typed into. */
interface Typed {
  text: string;
  base: string;
}

/** The node's own lines of the file, or the whole of it: to be read, changed with completion, and saved as one change. */
export function YamlTab({ node }: { node: NodeState }) {
  const { api } = useSession();
  const revision = useLiveStatus((status) => status.revision);
  const { data, error } = useQuery({
    queryKey: ["sequence", revision],
    queryFn: api.sequence,
    placeholderData: keepPreviousData,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  const [whole, setWhole] = useState(false);
  const broken = useView((view) => view.refusal !== null);
  if (error && broken) return <BrokenFile />;
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (!data) return <Lines widths={["40%", "80%", "60%", "70%"]} />;
  return (
    <section aria-label="YAML" className="flex flex-col gap-2">
      {broken && <BrokenFile />}
      <fieldset className="switch" aria-label="What to show">
        <button type="button" aria-pressed={!whole} onClick={() => setWhole(false)}>
          {isGate(node) ? "This gate" : "This step"}
        </button>
        <button type="button" aria-pressed={whole} onClick={() => setWhole(true)}>
          The whole file
        </button>
      </fieldset>
      <Editing key={String(whole)} node={node} whole={whole} theirs={data.text} revision={data.revision} />
    </section>
  );
}

function Editing(props: { node: NodeState; whole: boolean; theirs: string; revision: string }) {
  const { node, whole, theirs, revision } = props;
  const { act } = useDoing();
  const list = isGate(node) ? "gates" : "steps";
  const shownOf = (text: string) => (whole ? text : sliceSource(text, list, node.id));
  const [typed, setTyped] = useDraft<Typed | null>(whole ? draftOf.file() : draftOf.yaml(node.id), null);
  const [saving, setSaving] = useState(false);
  const shown = shownOf(theirs);
  const text = typed?.text ?? shown;
  const base = typed ? shownOf(typed.base) : shown;
  const moved = typed !== null && base !== shown;
  const merged = moved ? mergeTexts(base, typed.text, shown) : undefined;

  // What somebody else changed elsewhere in it is taken over at once.
  useEffect(() => {
    if (merged !== undefined) setTyped(merged === shown ? null : { text: merged, base: theirs });
  }, [merged, shown, theirs, setTyped]);

  const result = whole ? text : (spliceSource(theirs, list, node.id, text) ?? theirs);
  const before = whole ? 0 : (lineOf(theirs, node.id) ?? 1) - 1;
  const markers = useMemo(
    () => faultsIn(result).map((marker) => ({ ...marker, line: Math.max(1, marker.line - before) })),
    [result, before],
  );
  const [fault] = markers;
  const complete = useCompletion(whole ? undefined : list);
  const isChanged = typed !== null && text !== shown;
  const save = async () => {
    if (!isChanged || fault || (moved && merged === undefined) || saving) return;
    setSaving(true);
    await act({ action: "sequence.write", input: { text: result, base: revision } });
    setSaving(false);
  };
  return (
    <>
      <h3 className="section-title font-mono">.threados/sequence.yaml</h3>
      <Suspense fallback={<Lines widths={["40%", "80%", "60%"]} />}>
        <CodeEditor
          label={whole ? "sequence.yaml" : `YAML of ${node.id}`}
          language="yaml"
          text={text}
          markers={markers}
          line={whole && !typed ? lineOf(theirs, node.id) : undefined}
          complete={complete}
          onChange={(next) => setTyped(next === shown ? null : { text: next, base: typed?.base ?? theirs })}
          onSave={() => void save()}
        />
      </Suspense>
      {fault && (
        <p className="field-error" role="alert">
          Line {fault.line}: {fault.message}
        </p>
      )}
      {moved && merged === undefined && (
        <div className="field-error flex flex-wrap items-baseline gap-x-2" role="alert">
          The file changed in the same lines meanwhile.
          <button type="button" className="link" onClick={() => setTyped(null)}>
            Take theirs
          </button>
          <button type="button" className="link" onClick={() => setTyped({ text, base: theirs })}>
            Keep mine
          </button>
        </div>
      )}
      <div className="form-foot">
        <span className="mr-auto text-sm text-faint" role="status">
          {isChanged ? "not saved" : "Ctrl+Space completes, Ctrl+S saves."}
        </span>
        <button type="button" className="button" disabled={!isChanged} onClick={() => setTyped(null)}>
          Discard
        </button>
        <button
          type="button"
          className="button button-main"
          disabled={!isChanged || fault !== undefined || (moved && merged === undefined) || saving}
          onClick={() => void save()}
        >
          Save
        </button>
      </div>
    </>
  );
}

/** Completion by the schema of the file, or of an item of one of its lists. */
function useCompletion(list: "steps" | "gates" | undefined) {
  const nodes = useLiveStatus(idsOf);
  const agents = useAgents();
  return useCallback(
    (text: string, at: number) => {
      const items = (schema: Schema | undefined) =>
        schema?.items ?? schema?.anyOf?.find((one) => one.items)?.items;
      const root = list === undefined ? file : items(file.properties?.[list]);
      return root && completionsAt(text, at, root, { nodes: nodes ?? [], agents });
    },
    [list, nodes, agents],
  );
}
