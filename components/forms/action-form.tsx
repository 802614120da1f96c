"use client";

import { type FormEvent, useState } from "react";
import { z } from "zod";
import { findAction } from "../../lib/core/actions";
import type { Json } from "../../lib/core/json";
import { lineOf } from "../commands/lines";
import { Dialog } from "../dialog/dialog";
import { FormFoot } from "../parts/form-foot";
import { useDoing } from "../state/doing";
import { draftOf, keepDraft, useDraft } from "../state/drafts";
import { select, useView } from "../state/view";
import { faultSaid } from "./fault";
import { keepingText, type Texts } from "./kept";
import { KeptNote } from "./kept-note";
import { type FormSchema, fieldsOf, readField } from "./schema";
import { SchemaField } from "./schema-field";

const close = () => useView.setState({ form: null });

/** Nothing typed. */
const nothing: Texts = {};

/** The form of any action, made from its schema. What is typed outlives the window, until it is sent or given up. */
export function ActionForm({ name }: { name: string }) {
  const action = findAction(name);
  const { edit, act } = useDoing();
  const [first] = useState<Texts>(() => {
    const { selected } = useView.getState();
    const [key] = action?.positional ?? [];
    return selected !== null && (key === "id" || key === "step") ? { [key]: selected } : {};
  });
  const place = draftOf.form(name);
  const [typed, keep] = useDraft(place, nothing);
  const [begun] = useState(typed);
  const [wasKept, setWasKept] = useState(typed !== nothing);
  const texts = { ...first, ...typed };
  const forget = () => {
    keepDraft(place, null);
    setWasKept(false);
  };
  const [faults, setFaults] = useState<Record<string, string>>({});
  if (!action) return null;
  const schema = z.toJSONSchema(action.input, { io: "input" }) as FormSchema & { required?: string[] };
  const required = new Set(schema.required);
  const positional: readonly string[] = action.positional ?? [];
  const fields = fieldsOf(schema);
  const [needed, others] = [
    fields.filter(({ key }) => required.has(key) || positional.includes(key)),
    fields.filter(({ key }) => !required.has(key) && !positional.includes(key)),
  ];

  // What was typed there before is not hidden from whoever comes back to it.
  const isOpen = needed.length === 0 || others.some(({ key }) => key in begun) || undefined;

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    const input: Record<string, Json> = {};
    const found: Record<string, string> = {};
    for (const { key, kind } of fields) {
      const read = readField(kind, texts[key] ?? "");
      if ("fault" in read) found[key] = read.fault;
      else if (read.value !== undefined) input[key] = read.value;
    }
    const parsed = action.input.safeParse(input);
    if (!parsed.success)
      for (const issue of parsed.error.issues) found[String(issue.path[0] ?? "")] ??= faultSaid(issue);
    setFaults(found);
    if (!parsed.success || Object.keys(found).length > 0) return;
    const call = { action: name, input };
    if (!(await (action.effect.kind === "edit" ? edit([call]) : act(call)))) return;
    forget();
    close();
    const target = action.target?.(parsed.data);
    if (target && action.effect.kind === "edit" && !name.endsWith(".rm")) select(target);
  };

  const show = (spec: (typeof fields)[number]) => (
    <SchemaField
      key={spec.key}
      spec={spec}
      text={texts[spec.key] ?? ""}
      error={faults[spec.key]}
      onChange={(text) => keep((before) => keepingText(before, first, spec.key, text))}
    />
  );

  return (
    <Dialog open onClose={close} title={action.title} className="w-120">
      <code className="font-mono text-sm text-faint">{lineOf(name, positional)}</code>
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        {wasKept && <KeptNote onForget={forget} />}
        {needed.map(show)}
        {others.length > 0 && (
          <details className="more" open={isOpen}>
            <summary>{needed.length === 0 ? "Settings" : "More settings"}</summary>
            <div className="form">{others.map(show)}</div>
          </details>
        )}
        <FormFoot
          submit="Do it"
          onCancel={() => {
            forget();
            close();
          }}
        />
      </form>
    </Dialog>
  );
}
