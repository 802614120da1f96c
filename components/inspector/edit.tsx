"use client";

import { type FormEvent, useEffect, useMemo, useState } from "react";
import { z } from "zod";
import { gateEdit } from "../../lib/core/actions/gate-edit";
import { stepEdit } from "../../lib/core/actions/step";
import type { Json } from "../../lib/core/json";
import { graphOf } from "../canvas/graph";
import { afterOf } from "../canvas/judge";
import { faultSaid } from "../forms/fault";
import { FormSection } from "../forms/form-section";
import { labelOf } from "../forms/label";
import { type FieldSpec, type FormSchema, fieldsOf, readField, writeField } from "../forms/schema";
import { SchemaField } from "../forms/schema-field";
import { sectioned } from "../forms/sections";
import { Lines } from "../parts/skeleton";
import { useDoing } from "../state/doing";
import { draftOf, useDraft } from "../state/drafts";
import { useSession } from "../state/provider";
import { useDefinition, useStatus } from "../state/queries";
import { isGate, type NodeState } from "../state/wire";
import { PromptEditor } from "./prompt";
import { type Definition, isChanged, isMoved, type Typed } from "./typed";

const notAsked = new Set(["id", "unset", "base"]);
const forms = {
  step: {
    action: stepEdit,
    fields: fieldsOf(z.toJSONSchema(stepEdit.input, { io: "input" }) as FormSchema, notAsked),
  },
  gate: {
    action: gateEdit,
    fields: fieldsOf(z.toJSONSchema(gateEdit.input, { io: "input" }) as FormSchema, notAsked),
  },
} as const;

/** The form that changes a step or gate, made from the schema of the action that does it. */
export function Edit({ node }: { node: NodeState }) {
  const { data, error } = useDefinition(node.id);
  if (error) return <p className="break-words text-failed">{error.message}</p>;
  if (!data) return <Lines widths={["40%", "90%", "40%", "90%"]} />;
  return (
    <>
      {!isGate(node) && node.model !== "shell" && <PromptEditor id={node.id} />}
      <Form node={node} definition={data.definition} revision={data.revision} />
    </>
  );
}

const nothing: Record<string, Typed> = {};

function Form(props: { node: NodeState; definition: Definition; revision: string }) {
  const { node, definition, revision } = props;
  const { api } = useSession();
  const { action, fields } = forms[isGate(node) ? "gate" : "step"];
  const { edit } = useDoing();
  const plan = useStatus(graphOf) ?? [];
  const [typed, setTyped] = useDraft(draftOf.edit(node.id), nothing);
  const [faults, setFaults] = useState<Record<string, string>>({});
  const later = useMemo(() => new Set([node.id, ...afterOf(plan, node.id)]), [plan, node.id]);
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

  const change = (field: FieldSpec, text: string) => {
    if (text === inFile(field)) forget(field);
    else
      setTyped((before) => ({
        ...before,
        [field.key]: { text, base: before[field.key]?.base ?? inFile(field) },
      }));
    setFaults(({ [field.key]: _, ...others }) => others);
  };
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
    const input = { id: node.id, ...read.values, ...(read.unset.length > 0 ? { unset: read.unset } : {}) };
    const parsed = action.input.safeParse(input);
    const found = { ...read.faults };
    if (!parsed.success)
      for (const issue of parsed.error.issues) {
        const key =
          issue.path[0] === "unset" ? (read.unset[Number(issue.path[1])] ?? "") : String(issue.path[0]);
        found[key] ??= issue.path[0] === "unset" ? "It can't be left out." : faultSaid(issue);
      }
    setFaults(found);
    if (Object.keys(found).length > 0) return;
    // What was typed stays until the file says the same: nothing flickers back meanwhile.
    const callOn = (base: string) => [{ action: action.name, input: { ...input, base } }];
    await edit(callOn(revision), async () => {
      const now = await api.step(node.id).catch(() => undefined);
      if (!now) return "unknown";
      // Where somebody else changed the same field, the form shows both by then.
      return changed.some((field) => isMoved(field, typed[field.key], now.definition))
        ? "shown"
        : callOn(now.revision);
    });
  };

  const show = (field: FieldSpec) => {
    const own = typed[field.key];
    const theirs = inFile(field);
    const moved = isMoved(field, own, definition);
    return (
      <SchemaField
        key={field.key}
        spec={field}
        text={own?.text ?? theirs}
        error={moved ? undefined : faults[field.key]}
        without={field.key === "depends_on" ? later : new Set([node.id])}
        note={
          moved ? <Theirs text={theirs} onTake={() => forget(field)} onKeep={() => keep(field)} /> : undefined
        }
        onChange={(text) => change(field, text)}
      />
    );
  };

  return (
    <form className="form" aria-label={`Edit ${node.id}`} onSubmit={(event) => void submit(event)} noValidate>
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
          {changed.length > 0 ? `${changed.length} changed` : ""}
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

function readAll(changed: FieldSpec[], typed: Record<string, Typed>) {
  const values: Record<string, Json> = {};
  const unset: string[] = [];
  const faults: Record<string, string> = {};
  for (const { key, kind } of changed) {
    const read = readField(kind, typed[key]?.text ?? "");
    if ("fault" in read) faults[key] = read.fault;
    else if (read.value === undefined) unset.push(key);
    else values[key] = read.value;
  }
  return { values, unset, faults };
}
