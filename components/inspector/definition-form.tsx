"use client";

import { type FormEvent, useEffect, useMemo, useRef, useState } from "react";
import type { z } from "zod";
import type { Json } from "../../lib/core/json";
import { type Fault, faultOf, faultsLeft, wholeFault } from "../forms/fault";
import { FormSection } from "../forms/form-section";
import { faultOfNodes } from "../forms/known";
import { labelOf } from "../forms/label";
import { namesOf } from "../forms/needs-field";
import { type FieldSpec, readField, writeField } from "../forms/schema";
import { SchemaField } from "../forms/schema-field";
import { sectioned } from "../forms/sections";
import type { Call } from "../state/call";
import { type Anew, useDoing } from "../state/doing";
import { useDraft } from "../state/drafts";
import { bringIntoView } from "../state/focus";
import { useSession } from "../state/provider";
import { useLiveStatus } from "../state/queries";
import { type Definition, isChanged, isMoved, type Typed } from "./typed";

/** What a form changes, and by which action. */
export interface FormOf {
  /** What the form is called. */
  label: string;
  /** The place that its draft is kept at. */
  draft: string;
  action: { name: string; input: z.ZodType };
  fields: FieldSpec[];
  /** What the action has to be told besides the fields. */
  about: Record<string, Json>;
  definition: Definition;
  revision: string;
  /** Reads the file anew; undefined where it can't be. */
  read: () => Promise<{ definition: Definition; revision: string } | undefined>;
  /** What is cleared along where a key is filled in, as both can't stand beside each other. */
  clears?: (key: string) => readonly string[];
  /** What a list of nodes can't hold. */
  without?: (key: string) => ReadonlySet<string>;
}

const nothing: Record<string, Typed> = {};

/** The form that changes a part of the file, made from the schema of the action that does it. */
export function DefinitionForm(props: FormOf) {
  const { label, draft, action, fields, about, definition, revision, clears, without } = props;
  const { edit } = useDoing();
  const [typed, setTyped] = useDraft(draft, nothing);
  const { desk } = useSession();
  const known = useLiveStatus(namesOf);
  const [faults, setFaults] = useState<Record<string, Fault[]>>({});
  const [tries, setTries] = useState(0);
  const [isSaved, setSaved] = useState(false);
  const form = useRef<HTMLFormElement>(null);
  const wrong = Object.values(faults).flat().length;
  const { main, sections } = useMemo(() => sectioned(fields), [fields]);
  const inFile = ({ key, kind }: FieldSpec) => writeField(kind, definition[key]);
  const changed = fields.filter((field) => isChanged(field, typed[field.key], definition));
  const undecided = changed.filter((field) => isMoved(field, typed[field.key], definition));

  useEffect(() => {
    setTyped((before) => {
      const open = Object.entries(before).filter(([key, own]) => {
        const field = fields.find((each) => each.key === key);
        return field && isChanged(field, own, definition);
      });
      return open.length === Object.keys(before).length ? before : Object.fromEntries(open);
    });
  }, [definition, fields, setTyped]);

  useEffect(() => {
    if (tries > 0) showFault(form.current);
  }, [tries]);

  const change = (field: FieldSpec, text: string) => {
    setSaved(false);
    const cleared = fields.filter(({ key }) => clears?.(field.key).includes(key));
    setTyped((before) => {
      const next = { ...before, ...typedInto(field, text, before) };
      if (text === inFile(field)) delete next[field.key];
      for (const other of cleared) {
        const now = next[other.key]?.text ?? inFile(other);
        // What was cleared along comes back with what it was cleared for.
        if (text.trim() === "") {
          if (now === "") delete next[other.key];
        } else if (now !== "") Object.assign(next, typedInto(other, "", next));
      }
      return next;
    });
    setFaults(({ [field.key]: found = [], ...others }) => {
      const left = faultsLeft(
        found,
        meantBy(field, typed[field.key]?.text ?? inFile(field)),
        meantBy(field, text),
      );
      return left.length > 0 ? { ...others, [field.key]: left } : others;
    });
  };
  const typedInto = (field: FieldSpec, text: string, before: Record<string, Typed>) => ({
    [field.key]: { base: inFile(field), ...before[field.key], text },
  });
  /** From now on it is a change of what the file says by now. */
  const keep = (field: FieldSpec) =>
    setTyped((before) => {
      const own = before[field.key];
      return own ? { ...before, [field.key]: { ...own, base: inFile(field) } } : before;
    });
  const forget = ({ key }: FieldSpec) => setTyped(({ [key]: _, ...others }) => others);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (undecided.length > 0) return;
    const read = readAll(changed, typed);
    const input = { ...about, ...read.values, ...(read.unset.length > 0 ? { unset: read.unset } : {}) };
    const parsed = action.input.safeParse(input);
    const found = { ...read.faults };
    for (const { key, kind } of changed) {
      const chosen = kind === "nodes" && known ? ((read.values[key] ?? []) as string[]) : [];
      const ids = known?.map(({ id }) => id) ?? [];
      const fault = faultOfNodes(chosen, ids, without?.(key));
      if (fault !== undefined) found[key] = [wholeFault(fault)];
    }
    if (!parsed.success)
      for (const issue of parsed.error.issues) {
        const isLeft = issue.path[0] === "unset";
        const key = isLeft ? (read.unset[Number(issue.path[1])] ?? "") : String(issue.path[0]);
        const example = fields.find((field) => field.key === key)?.example;
        const fault = isLeft ? wholeFault("It can't be left out.") : faultOf(issue, example);
        found[key] = [...(found[key] ?? []), fault];
      }
    // What the keys say together is judged once each of them can be read.
    const isReadable = Object.keys(found).length === 0;
    const all = isReadable ? await judged({ action: action.name, input }) : found;
    setFaults(all);
    setTries((before) => before + 1);
    if (Object.keys(all).length > 0) return;
    // Whoever types on meanwhile is not asked to choose between that and what they save here.
    setTyped((before) => ({ ...before, ...savedOf(changed, before) }));
    // What was typed stays until the file says the same: nothing flickers back meanwhile.
    const callOn = (base: string) => [{ action: action.name, input: { ...input, base } }];
    const anew = async (): Promise<Anew> => {
      const now = await props.read().catch(() => undefined);
      if (!now) return "unknown";
      // Where somebody else changed the same field, the form shows both by then.
      return changed.some((field) => isMoved(field, typed[field.key], now.definition))
        ? "shown"
        : callOn(now.revision);
    };
    setSaved(await edit(callOn(revision), { anew }));
  };

  const judged = async (call: Call) => {
    await desk.prepare();
    const sequence = desk.shown();
    if (!sequence) return {};
    const judge = await import("../forms/judged").catch(() => undefined);
    const found = judge?.judgeEdit(sequence, call) ?? {};
    // What no field shows is for the door to say.
    return Object.fromEntries(
      Object.entries(found).filter(([key]) => fields.some((field) => field.key === key)),
    );
  };

  const show = (field: FieldSpec) => {
    const own = typed[field.key];
    const theirs = inFile(field);
    const moved = isMoved(field, own, definition);
    return (
      <div key={field.key} data-field={field.key} className="contents">
        <SchemaField
          spec={field}
          text={own?.text ?? theirs}
          faults={moved ? undefined : faults[field.key]}
          {...(without ? { without: without(field.key) } : {})}
          note={
            moved ? (
              <Theirs text={theirs} onTake={() => forget(field)} onKeep={() => keep(field)} />
            ) : undefined
          }
          onChange={(text) => change(field, text)}
        />
      </div>
    );
  };

  return (
    <form
      ref={form}
      className="form form-whole"
      aria-label={label}
      onSubmit={(event) => void submit(event)}
      noValidate
    >
      {main.map(show)}
      {sections.map(({ title, fields: inside, isOpen }) => (
        <FormSection
          key={title}
          title={title}
          isOpen={isOpen || inside.some((field) => inFile(field) !== "")}
          mustOpen={inside.some((field) => faults[field.key] !== undefined || undecided.includes(field))}
          set={inside.filter((field) => inFile(field) !== "").map(({ key }) => labelOf(key))}
        >
          {inside.map(show)}
        </FormSection>
      ))}
      <div className="form-foot">
        <span className="mr-auto text-sm text-faint" role="status">
          {changed.length > 0 ? `${changed.length} changed` : isSaved ? "Saved" : ""}
          {wrong > 0 && (
            <span className="block text-failed">
              Not saved: {wrong === 1 ? "1 field to mend" : `${wrong} fields to mend`}
            </span>
          )}
          {undecided.length > 0 ? ", by somebody else too: choose first" : ""}
        </span>
        <button
          type="button"
          className="button"
          disabled={Object.keys(typed).length === 0}
          onClick={() => {
            setTyped({});
            setFaults({});
          }}
        >
          Discard
        </button>
        <button
          type="submit"
          className="button button-main"
          disabled={changed.length === 0 || undecided.length > 0}
        >
          Save
        </button>
      </div>
    </form>
  );
}

/** Said where the file was changed while somebody typed: both versions, and the choice. */
function Theirs({ text, onTake, onKeep }: { text: string; onTake: () => void; onKeep: () => void }) {
  return (
    <>
      The file says <code className="font-mono whitespace-pre-wrap">{text === "" ? "nothing" : text}</code> by
      now.{" "}
      <button type="button" className="link" onClick={onTake}>
        Take theirs
      </button>{" "}
      or{" "}
      <button type="button" className="link" onClick={onKeep}>
        keep mine
      </button>
      ?
    </>
  );
}

/** Brings the first field with a fault into view, and the focus into it. */
function showFault(within: HTMLElement | null): void {
  const at = within?.querySelector<HTMLElement>('[aria-invalid="true"], [data-invalid="true"]');
  const field = at?.matches("fieldset")
    ? at.querySelector<HTMLElement>("input, textarea, select, button")
    : at;
  if (field) bringIntoView(field);
}

/** What a text of a field stands for; of one that can't be read, the text. */
const meantBy = ({ kind }: FieldSpec, text: string): Json | undefined => {
  const read = readField(kind, text);
  return "fault" in read ? text : read.value;
};

/** What was typed into these fields, as what is saved. */
const savedOf = (fields: FieldSpec[], typed: Record<string, Typed>) =>
  Object.fromEntries(
    fields.flatMap(({ key }) => {
      const own = typed[key];
      return own ? [[key, { ...own, saved: own.text }]] : [];
    }),
  );

function readAll(changed: FieldSpec[], typed: Record<string, Typed>) {
  const values: Record<string, Json> = {};
  const unset: string[] = [];
  const faults: Record<string, Fault[]> = {};
  for (const { key, kind } of changed) {
    const read = readField(kind, typed[key]?.text ?? "");
    if ("fault" in read) faults[key] = [wholeFault(read.fault)];
    else if (read.value === undefined) unset.push(key);
    else values[key] = read.value;
  }
  return { values, unset, faults };
}
