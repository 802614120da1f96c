"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { lazy, Suspense, useEffect } from "react";
import { Lines } from "../parts/skeleton";
import { useDoing } from "../state/doing";
import { draftOf, useDraft } from "../state/drafts";
import { useSession } from "../state/provider";
import { useLiveStatus } from "../state/queries";
import type { StatusDocument } from "../state/wire";
import { mergeTexts } from "./merge";

const CodeEditor = lazy(() =>
  import("../editor/code-editor").then(({ CodeEditor }) => ({ default: CodeEditor })),
);

const recordOf = (status: StatusDocument) => status.audit?.seq ?? 0;

/** What was typed, and the prompt that it was typed into. */
interface Typed {
  text: string;
  base: string;
}

/** What an agent's step is told, in Markdown; saved into the step's prompt file. */
export function PromptEditor({ id }: { id: string }) {
  const { api } = useSession();
  const { act } = useDoing();
  const client = useQueryClient();
  // A prompt that somebody else writes is recorded, and known by that.
  const record = useLiveStatus(recordOf);
  const { data, error } = useQuery({
    queryKey: ["prompt", id, record],
    queryFn: () => api.prompt(id),
    placeholderData: keepPreviousData,
    retry: false,
  });
  const [typed, setTyped] = useDraft<Typed | null>(draftOf.prompt(id), null);
  const theirs = data?.text ?? "";
  const text = typed?.text ?? theirs;
  const isChanged = typed !== null && typed.text !== theirs;
  const merged = isChanged && typed.base !== theirs ? mergeTexts(typed.base, typed.text, theirs) : undefined;
  const moved = isChanged && typed.base !== theirs && merged === undefined;

  // What somebody else changed in other lines is taken over at once.
  useEffect(() => {
    if (merged !== undefined) setTyped(merged === theirs ? null : { text: merged, base: theirs });
  }, [merged, theirs, setTyped]);

  const save = async () => {
    if (!data || !isChanged || typed.base !== theirs) return;
    const isDone = await act({ action: "prompt.edit", input: { id, text, base: data.sha256 } });
    await client.invalidateQueries({ queryKey: ["prompt", id] });
    if (isDone) setTyped((now) => (now?.text === text ? null : now));
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
            onChange={(next) =>
              setTyped(next === theirs ? null : { text: next, base: typed?.base ?? theirs })
            }
            onSave={() => void save()}
          />
        </Suspense>
      )}
      {moved && (
        <div className="field-error flex flex-wrap items-baseline gap-x-2" role="alert">
          The prompt changed in the same lines meanwhile.
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
          {isChanged ? "not saved" : data?.text === null ? "no file yet" : ""}
        </span>
        <button type="button" className="button" disabled={!isChanged} onClick={() => setTyped(null)}>
          Discard
        </button>
        <button
          type="button"
          className="button button-main"
          disabled={!isChanged || moved}
          onClick={() => void save()}
        >
          Save prompt
        </button>
      </div>
    </section>
  );
}
