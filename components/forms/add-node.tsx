"use client";

import type { FormEvent } from "react";
import type { barredFrom } from "../canvas/judge";
import { Dialog } from "../dialog/dialog";
import { useDoing } from "../state/doing";
import { focusNode } from "../state/focus";
import { type Adding, select, useView } from "../state/view";
import { addingCalls, promptCalls } from "./adding";
import { DraftFields } from "./draft-fields";
import { Field } from "./field";
import { KeptNote } from "./kept-note";
import { NodesInput } from "./needs-field";
import { useNewNode } from "./new-node";

/** The form for a new step or gate. */
export function AddNode() {
  const adding = useView((view) => view.adding);
  if (!adding) return null;
  return <Form adding={adding} />;
}

const close = () => useView.setState({ adding: null });

function Form({ adding }: { adding: Adding }) {
  const { edit, place } = useDoing();
  const gate = adding.kind === "gate";
  const needs = adding.into ? [adding.into[0]] : adding.needs;
  const node = useNewNode({ form: "new", kind: adding.kind, fallback: gate ? "review" : "step", needs });
  const { plan, draft, whole, change, forget, faultOf, isReady } = node;
  const { id } = whole;
  const feeds = [...adding.feeds, ...(adding.into ? [adding.into[1]] : [])];
  // What is going to wait for it, and all that comes before that, is out of the question.
  const later = new Set(feeds.flatMap((target) => afterAnd(plan, target)));

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady()) return;
    if (adding.spot) place({ positions: { [id]: adding.spot } });
    if (await edit(addingCalls(whole, adding))) {
      await edit(promptCalls(whole));
      forget();
      close();
      select(id);
      focusNode(id);
    } else if (adding.spot) place({ positions: { [id]: null } });
  };

  return (
    <Dialog open onClose={close} title={gate ? "Add a gate" : "Add a step"} className="w-110">
      <form className="form" onSubmit={(event) => void submit(event)} noValidate>
        <fieldset className="switch" aria-label="What to add">
          {(["step", "gate"] as const).map((kind) => (
            <button
              key={kind}
              type="button"
              aria-pressed={adding.kind === kind}
              onClick={() => useView.setState({ adding: { ...adding, kind } })}
            >
              {kind === "step" ? "Step" : "Gate"}
            </button>
          ))}
        </fieldset>
        {node.wasKept && <KeptNote onForget={forget} />}
        <DraftFields
          draft={draft}
          id={id}
          hint={gate ? "Review the result" : "Run the tests"}
          faultOf={faultOf}
          onChange={change}
        />
        <Field label="Waits for">
          {(ids) => (
            <NodesInput
              ids={ids}
              label="Waits for"
              value={draft.needs}
              without={later}
              onChange={(needs) => change({ needs })}
            />
          )}
        </Field>
        {feeds.length > 0 && <p className="field-hint">Then {feeds.join(", ")} will wait for it.</p>}
        <div className="mt-1 flex justify-end gap-2">
          <button
            type="button"
            className="button"
            onClick={() => {
              forget();
              close();
            }}
          >
            Cancel
          </button>
          <button type="submit" className="button button-main">
            {gate ? "Add gate" : "Add step"}
          </button>
        </div>
      </form>
    </Dialog>
  );
}

/** A node and everything that comes after it. */
function afterAnd(plan: Parameters<typeof barredFrom>[0], id: string): string[] {
  const found = new Set([id]);
  for (const at of found) for (const node of plan) if (node.needs.includes(at)) found.add(node.id);
  return [...found];
}
