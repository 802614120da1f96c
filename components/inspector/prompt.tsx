"use client";

import { useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense } from "react";
import { Lines } from "../parts/skeleton";
import { useDoing } from "../state/doing";
import { draftOf, useDraft } from "../state/drafts";
import { useSession } from "../state/provider";

const CodeEditor = lazy(() =>
  import("../editor/code-editor").then(({ CodeEditor }) => ({ default: CodeEditor })),
);

/** What an agent's step is told, in Markdown; saved into the step's prompt file. */
export function PromptEditor({ id }: { id: string }) {
  const { api } = useSession();
  const { act } = useDoing();
  const client = useQueryClient();
  const { data, error } = useQuery({ queryKey: ["prompt", id], queryFn: () => api.prompt(id), retry: false });
  const [typed, setTyped] = useDraft<string | null>(draftOf.prompt(id), null);
  const text = typed ?? data?.text ?? "";
  const isChanged = typed !== null && typed !== (data?.text ?? "");
  const save = async () => {
    if (!(await act({ action: "prompt.edit", input: { id, text } }))) return;
    await client.invalidateQueries({ queryKey: ["prompt", id] });
    setTyped((now) => (now === text ? null : now));
  };
  return (
    <section aria-label="Prompt" className="flex flex-col gap-1.5">
      <h3 className="section-title flex items-baseline gap-2">
        Prompt {data && <span className="truncate font-mono font-normal">{data.path}</span>}
      </h3>
      {error && <p className="break-words text-failed">{error.message}</p>}
      {!data && !error && <Lines widths={["80%", "60%"]} />}
      {data && (
        <Suspense fallback={<Lines widths={["80%", "60%"]} />}>
          <CodeEditor
            label={`Prompt of ${id}`}
            language="markdown"
            text={text}
            onChange={(next) => setTyped(next === (data.text ?? "") ? null : next)}
            onSave={() => void save()}
          />
        </Suspense>
      )}
      <div className="form-foot">
        <span className="mr-auto text-sm text-faint" role="status">
          {isChanged ? "not saved" : data?.text === null ? "no file yet" : ""}
        </span>
        <button type="button" className="button" disabled={!isChanged} onClick={() => setTyped(null)}>
          Discard
        </button>
        <button
          type="button"
          className="button button-main"
          disabled={!isChanged}
          onClick={() => void save()}
        >
          Save prompt
        </button>
      </div>
    </section>
  );
}
