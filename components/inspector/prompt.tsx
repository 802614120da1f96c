"use client";

import { keepPreviousData, useQuery, useQueryClient } from "@tanstack/react-query";
import { Suspense, useEffect, useState } from "react";
import { loadable } from "../parts/loadable";
import { Lines } from "../parts/skeleton";
import { useDoing } from "../state/doing";
import { draftOf, useDraft } from "../state/drafts";
import { useSession } from "../state/provider";
import { useLiveStatus } from "../state/queries";
import type { StatusDocument } from "../state/wire";
import { mergeTexts } from "./merge";
import { TextFoot } from "./text-foot";

const CodeEditor = loadable("editor", () =>
  import("../editor/code-editor").then(({ CodeEditor }) => CodeEditor),
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
  /** The text that was last to be saved. */
  const [tried, setTried] = useState<string>();
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
    if (!data || !isChanged) return;
    setTried(text);
    if (typed.base !== theirs) return;
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
      <TextFoot
        what="prompt"
        conflict={
          moved ? { theirs: () => setTyped(null), mine: () => setTyped({ text, base: theirs }) } : undefined
        }
        isChanged={isChanged}
        isTried={isChanged && tried === text}
        hint={data?.text === null ? "no file yet" : ""}
        save="Save prompt"
        canSave
        onDiscard={() => setTyped(null)}
        onSave={() => void save()}
      />
    </section>
  );
}
