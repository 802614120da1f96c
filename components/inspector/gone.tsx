"use client";

import { useQuery } from "@tanstack/react-query";
import { Suspense, useEffect, useRef, useState } from "react";
import { Field } from "../forms/field";
import { loadable } from "../parts/loadable";
import { Lines } from "../parts/skeleton";
import { type Doing, useDoing } from "../state/doing";
import { draftOf, keepDraft, useDraft, useHasDraft } from "../state/drafts";
import { isLost } from "../state/focus";
import { tell } from "../state/news";
import { useSession } from "../state/provider";
import { useLiveStatus } from "../state/queries";
import { stoodOf, useGone } from "../state/stranded";
import { stayHere } from "../state/trail";
import { select } from "../state/view";
import type { StatusDocument } from "../state/wire";
import type { Again } from "./again";
import { Heading } from "./heading";
import { asText, listed, type Words } from "./left-words";
import { mergeTexts } from "./merge";
import { removedBy } from "./remover";
import type { Typed } from "./typed";

const WholeFile = loadable("file", () => import("./whole-file").then(({ WholeFile }) => WholeFile));
/** What adds a node again is loaded while it is still there: the line to the server may be gone later. */
export const loadAgain = () => import("./again");

const nothing: Record<string, Typed> = {};
const idsOf = (status: StatusDocument) => [...status.steps, ...status.gates].map(({ id }) => id);

/** Said where a step or gate is not in the sequence (any more), with whatever was typed for it and is not saved. */
export function Gone({ id }: { id: string }) {
  const ids = useLiveStatus(idsOf);
  const [fields] = useDraft(draftOf.edit(id), nothing);
  const [prompt] = useDraft<Typed | null>(draftOf.prompt(id), null);
  const [yaml] = useDraft<Typed | null>(draftOf.yaml(id), null);
  const [gate] = useDraft<Words["gate"]>(draftOf.gate(id), null);
  const isFileTyped = useHasDraft(draftOf.file());
  const words = { fields, prompt, yaml, gate };
  // In a run that is looked at again it may be missing, and still stand in the file.
  const isGone = ids !== undefined && !ids.includes(id);
  return isGone && listed(words).length > 0 ? (
    <Left id={id} words={words} present={ids} />
  ) : (
    <div className="flex h-full flex-col">
      <Heading title="Not in this sequence" />
      <div className="tab">
        <p className="text-muted">
          There is no step or gate <code className="font-mono break-all">{id}</code>. It may have been removed
          or renamed.
        </p>
        {isFileTyped && (
          <Suspense fallback={<Lines widths={["40%", "80%", "60%"]} />}>
            <WholeFile />
          </Suspense>
        )}
      </div>
    </div>
  );
}

function Left({ id, words, present }: { id: string; words: Words; present: string[] }) {
  const { api } = useSession();
  const doing = useDoing();
  const box = useRef<HTMLTextAreaElement>(null);
  const by = useRemover(id);
  const again = useAgain(id, words, present);
  const what = listed(words);
  useEffect(() => {
    // Whoever was typing goes on typing for a moment: those keys are not meant for the graph.
    if (isLost()) box.current?.focus();
  }, []);
  const copy = () =>
    navigator.clipboard.writeText(asText(what)).then(
      () => tell("done", `Copied what you typed into ${id}`),
      () => tell("failed", "the clipboard can't be written", "select the words and press Ctrl+C instead"),
    );
  return (
    <div className="flex h-full flex-col">
      <Heading title={id}>
        <p className="text-sm text-faint">Not in this sequence any more</p>
      </Heading>
      <section className="tab" aria-label={`What you typed into ${id}`}>
        <p role="alert" className="break-words text-failed">
          '{id}' was removed {by === undefined ? "" : `${by} `}while you edited it. What you typed is not
          saved; it is kept here.
        </p>
        {what.map(({ label, text }, index) => (
          <Field key={label} label={label}>
            {(ids) => (
              <textarea
                {...ids}
                ref={index === 0 ? box : undefined}
                readOnly
                className="font-mono"
                rows={Math.min(14, text.split("\n").length)}
                placeholder="(emptied)"
                value={text}
              />
            )}
          </Field>
        ))}
        {again && "fault" in again && <p className="break-words text-muted">{again.fault}</p>}
        <div className="flex flex-wrap gap-1.5">
          <button
            type="button"
            className="button button-main basis-full"
            disabled={again === undefined || "fault" in again}
            onClick={() => again && !("fault" in again) && void addAgain(id, again, words, doing, api)}
          >
            Add it again with your words
          </button>
          <button type="button" className="button" onClick={() => void copy()}>
            Copy
          </button>
          <button type="button" className="button" onClick={() => forget(id)}>
            Discard
          </button>
        </div>
      </section>
    </div>
  );
}

/** Who removed it, as the audit log has it. */
function useRemover(id: string): string | undefined {
  const { api } = useSession();
  const revision = useGone((gone) => gone[id]);
  const { data } = useQuery({
    queryKey: ["removed", id, revision],
    queryFn: async () => removedBy((await api.audit({ limit: 100 })).entries, id, revision) ?? null,
    staleTime: Number.POSITIVE_INFINITY,
    retry: false,
  });
  return data ?? undefined;
}

/** What would add it again; undefined until what finds that out is loaded. */
function useAgain(id: string, words: Words, present: string[]): Again | undefined {
  const [made, setMade] = useState<typeof import("./again")>();
  useEffect(() => void loadAgain().then(setMade, () => undefined), []);
  return made?.againOf(id, stoodOf(id), words, present);
}

async function addAgain(
  id: string,
  again: Exclude<Again, { fault: string }>,
  { prompt }: Words,
  doing: Doing,
  api: ReturnType<typeof useSession>["api"],
): Promise<void> {
  if (!(await doing.edit(again.calls))) return;
  keepDraft(draftOf.edit(id), null);
  keepDraft(draftOf.yaml(id), null);
  if (again.id !== id) {
    stayHere();
    select(again.id);
  }
  const left =
    again.left.length > 0 ? `left out what is not known here: ${again.left.join(", ")}` : undefined;
  tell("done", `Added ${again.id} again, as it stood, with what you typed`, left);
  if (prompt === null) return;
  const there = await api.prompt(again.id).catch(() => undefined);
  const text = there && mergeTexts(prompt.base, prompt.text, there.text ?? prompt.base);
  // What can't be told from what stands there by now stays unsaved in the prompt's editor, which shows both.
  if (there === undefined || text === undefined) return;
  const call = { action: "prompt.edit", input: { id: again.id, text, base: there.sha256 } };
  if (await doing.act(call)) keepDraft(draftOf.prompt(id), null);
}

/** Gives up all that was typed for a node. */
function forget(id: string): void {
  for (const place of [draftOf.edit(id), draftOf.prompt(id), draftOf.yaml(id), draftOf.gate(id)])
    keepDraft(place, null);
}
