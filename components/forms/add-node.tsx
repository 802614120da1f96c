"use client";

import type { FormEvent } from "react";
import { sizes } from "../canvas/plan";
import { useRoom } from "../canvas/room";
import { Dialog } from "../dialog/dialog";
import { FormFoot } from "../parts/form-foot";
import { useDoing } from "../state/doing";
import { bringIntoView, focusNode } from "../state/focus";
import { type Adding, select, useView } from "../state/view";
import { addingCalls, promptCalls } from "./adding";
import { DraftFields } from "./draft-fields";
import { Field } from "./field";
import { JoiningNote, useJoining } from "./joining";
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
  const { edit } = useDoing();
  const room = useRoom();
  const gate = adding.kind === "gate";
  const needs = adding.into ? [adding.into[0]] : adding.needs;
  const feeds = [...adding.feeds, ...(adding.into ? [adding.into[1]] : [])];
  const fallback = gate ? "review" : "step";
  const node = useNewNode({ form: "new", kind: adding.kind, fallback, needs, feeds });
  const { draft, whole, later, change, forget, faultOf, isReady } = node;
  const { id } = whole;
  const joining = useJoining(draft.needs);

  const submit = async (event: FormEvent) => {
    event.preventDefault();
    if (!isReady()) {
      const form = event.currentTarget as HTMLElement;
      requestAnimationFrame(() => {
        const wrong = form.querySelector<HTMLElement>('[aria-invalid="true"]');
        if (wrong) bringIntoView(wrong);
      });
      return;
    }
    const positions = {
      ...(adding.spot ? { [id]: adding.spot } : {}),
      ...(adding.into ? room(adding.into, sizes[adding.kind]) : {}),
    };
    if (await edit(addingCalls(whole, adding), { places: { positions } })) {
      await edit(promptCalls(whole));
      forget();
      close();
      select(id);
      focusNode(id);
    }
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
          nests
          faultOf={faultOf}
          onChange={change}
        />
        <Field label="Depends on" error={faultOf("needs")}>
          {(ids) => (
            <NodesInput
              ids={ids}
              label="Depends on"
              value={draft.needs}
              without={later}
              onChange={(needs) => change({ needs })}
            />
          )}
        </Field>
        {feeds.length > 0 && <p className="field-hint">Then {feeds.join(", ")} will wait for it.</p>}
        {!gate && <JoiningNote joining={joining} />}
        <FormFoot
          submit={gate ? "Add gate" : joining === "now" ? "Add and start" : "Add step"}
          onCancel={() => {
            forget();
            close();
          }}
        />
      </form>
    </Dialog>
  );
}
